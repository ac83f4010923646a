// Which folder may import what: one row a folder. Each ban says what to use instead.
import { builtinModules } from 'node:module';

const ANY = 'any';

/**
 * use:      folders or files that it may import, or ANY
 * types:    folders or files of which it may import types only; src/app gives it the values
 * packages: the only packages it may import, and nothing of Node; any where there is no such list
 * instead:  what to do where an import is refused
 */
const LAYERS = {
  'src/core': {
    use: [],
    packages: ['zod', 'mustache'],
    instead: 'The core is pure: take what is needed as an argument of the function.',
  },
  'src/offline': {
    use: ['src/core'],
    packages: ['zod'],
    instead: 'Playing events is pure, as the core is: take what is needed as an argument of the function.',
  },
  workflows: {
    use: ['src/core'],
    types: ['activities'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
    instead: 'Workflow code is bundled and replayed: put logic into src/core, and effects into an activity.',
  },
  activities: {
    use: ['src/core'],
    types: ['src/adapters'],
    instead: 'Take it as a dependency of createActivities(deps); src/app gives the real one.',
  },
  'src/adapters': {
    use: ['src/core'],
    types: ['src/ingest/ports.ts', 'src/api/ports.ts', 'src/cli/ports.ts'],
    instead: 'An adapter knows its system, src/core and the ports that it fills: take the rest as an argument.',
  },
  'src/client': { use: ['src/core', 'workflows/messages.ts'], instead: 'The client knows src/core and workflows/messages.ts only.' },
  'src/rules': {
    use: ['src/core', 'src/offline'],
    instead: 'Rule files are read for src/core and src/offline: take the rest as an argument.',
  },
  'src/alerts': {
    use: ['src/core', 'src/adapters'],
    instead: 'The alerts processor knows src/core and src/adapters: take the rest as an argument.',
  },
  'src/subscriber': {
    use: ['src/core', 'src/client'],
    types: ['src/adapters', 'src/rules'],
    instead: 'Take it as a dependency, typed by its interface; src/app gives the real one.',
  },
  'src/api': {
    use: ['src/core', 'src/client'],
    types: ['src/adapters', 'src/rules'],
    instead: 'Take it through ApiDeps (src/api/ports.ts); src/app gives the real one.',
  },
  'src/reference': {
    use: ['src/core'],
    instead: 'The reference is made of src/core and of files: take the rest as an argument.',
  },
  'src/cli': {
    use: ['src/core', 'src/client', 'src/offline', 'src/rules', 'src/reference', 'src/app/run.ts', 'src/app/open-event-archive.ts', 'src/app/paths.ts'],
    types: ['src/adapters'],
    instead: 'Ask the HTTP API; only `vigil start` loads src/app/run.ts, lazily.',
  },
  'src/sim': {
    use: ['src/core', 'src/client'],
    types: ['src/adapters', 'src/api'],
    instead: 'Take it as a dependency, typed by its interface; src/app gives the real one.',
  },
  'src/servers': {
    use: ['src/core'],
    instead: 'The servers are found and started without the rest of vigil: take what is needed as an argument.',
  },
  'src/worker': {
    use: ['src/core', 'src/client', 'src/adapters', 'workflows', 'activities'],
    types: ['src/rules', 'src/api'],
    instead: 'Take it as an argument of the function that creates the worker; src/app gives it.',
  },
  'src/metrics': {
    use: ['src/core', 'workflows/shared/metric-names.ts'],
    types: ['activities', 'src/api/ports.ts', 'src/ingest/ports.ts', 'src/ingest/metrics-port.ts', 'src/client'],
    instead: 'Metrics wrap a port, or are told through one: take it as an argument; src/app gives the real one.',
  },
  'src/tracing': {
    use: ['src/core'],
    types: ['activities', 'src/adapters', 'src/ingest/ports.ts'],
    instead: 'Tracing wraps a port, or is told through one: take it as an argument; src/app gives the real one.',
  },
  'src/console': {
    use: [],
    packages: ['htm'],
    instead: 'The page talks to the HTTP API only, with fetch and EventSource.',
  },
  'src/app': { use: ANY },
  bench: { use: ANY },
};

/** NATS stays behind one folder, so that its client can be replaced. src/servers asks a server whether it is ready. */
const NATS = {
  folders: ['src/adapters/nats', 'src/servers'],
  ban: { regex: '^(nats$|@nats-io/)', message: 'Use a function of src/adapters/nats, or add one: NATS and its types stay behind it.' },
};

/** Of these a workflow may import types only: they bring zod into the bundle. */
const SCHEMA_FILES = {
  regex: String.raw`/core/(rule-schema|parse-rule)\.ts$`,
  allowTypeImports: true,
  message: 'Use `import type`: a workflow is given its rule parsed, and zod stays out of the bundle.',
};

const layers = Object.entries(LAYERS);
const folders = Object.keys(LAYERS);
const within = (path, folder) => path.startsWith(`${folder}/`);
const escaped = (text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const list = (words) => (words.length > 0 ? words.join(', ') : 'nothing else');

/** Bans by place: whatever way the import is written, static or lazy, value or type. */
function zonesOf([folder, { use, types = [], packages, instead }]) {
  if (use === ANY) return [];
  const allowed = [...use, ...types];
  const message = `${folder} may import ${list([...use, ...types.map((path) => `types of ${path}`)])} of this project. ${instead}`;
  const zones = [...folders, 'test', 'scripts']
    .filter((other) => other !== folder && !allowed.includes(other))
    .map((other) => {
      const files = allowed.filter((path) => within(path, other)).map((path) => `.${path.slice(other.length)}`);
      return { target: `./${folder}`, from: `./${other}`, except: files, message };
    });
  if (packages === undefined) return zones;
  // A package without types of its own resolves to its @types.
  const except = packages.flatMap((name) => [`./${name}`, `./@types/${name}`]);
  const told = `${folder} may use the packages ${list(packages)} only. ${instead}`;
  return [...zones, { target: `./${folder}`, from: './node_modules', except, message: told }];
}

/** Bans by name: Node's modules, packages, and values where only types may be imported. */
function patternsOf([folder, { types = [], packages, instead }]) {
  const typesOnly = types.map((path) => ({
    regex: String.raw`^\.\.?/(.*/)?${escaped(path.replace('src/', ''))}${path.endsWith('.ts') ? '$' : '/'}`,
    allowTypeImports: true,
    message: `${folder} may import types of ${path} only, by \`import type\`. ${instead}`,
  }));
  const builtins = { regex: `^(node:.*|(${builtinModules.map(escaped).join('|')})(/.*)?)$`, message: `No Node modules here. ${instead}` };
  return [
    ...typesOnly,
    ...(packages === undefined ? [] : [builtins]),
    ...(NATS.folders.includes(folder) ? [] : [NATS.ban]),
    ...(folder === 'workflows' ? [SCHEMA_FILES] : []),
  ];
}

const CLOCK = 'The core has no clock: take `nowMs` as an argument.';
const CHANCE = 'The core has no chance: take what must differ as an argument.';
const WORLD = 'The core knows no outside world: return an effect, and let the caller carry it out.';
const forbidden = (message, globals) => globals.map((name) => ({ name, message }));

const pureCore = {
  files: ['src/core/**/*.ts'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...forbidden(CLOCK, ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance']),
      ...forbidden(CHANCE, ['crypto']),
      ...forbidden(WORLD, ['process', 'console', 'fetch', 'globalThis', 'global', 'require']),
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: CLOCK },
      { object: 'Math', property: 'random', message: CHANCE },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK },
      { selector: "CallExpression[callee.name='Date']", message: CLOCK },
    ],
  },
};

const bansByName = (layer) => ({
  files: [`${layer[0]}/**/*.ts`],
  rules: { 'no-restricted-imports': ['error', { patterns: patternsOf(layer) }] },
});

export const layerConfigs = [
  { rules: { 'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: layers.flatMap(zonesOf) }] } },
  ...layers.map(bansByName),
  // The folder that may import NATS, inside one that may not.
  bansByName(['src/adapters/nats', LAYERS['src/adapters']]),
  pureCore,
];
