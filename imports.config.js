// Which folder may import what. `npm run lint` checks it, types included. No import may close a circle.

/** The folders of the core, from the bottom up: each may import those above its own line. */
const CORE = [
  'primitives',
  'health',
  'model',
  'windows',
  'compilation',
  'matching',
  'partition-set',
  'alerts',
  'evaluation',
  'sharding',
  'language',
].map((name) => `src/core/${name}`);

/** folder: [what it may import, of what it may import only types, what to do where an import is refused] */
const LAYERS = {
  'src/offline': [['src/core'], [], 'Playing events is pure, as the core is: take what you need as an argument.'],
  workflows: [
    ['src/core'],
    ['activities'],
    'Workflow code is bundled and replayed: put logic into src/core, and effects into an activity.',
  ],
  activities: [
    ['src/core'],
    ['src/nats'],
    'Take it as a dependency of createActivities(deps); src/app passes the real one.',
  ],
  'src/nats': [
    ['src/core'],
    ['src/ingest/ports.ts', 'src/api/ports.ts', 'src/cli/ports.ts', 'src/observability/log.ts'],
    'src/nats knows NATS, src/core and the ports that it fills: take the rest as an argument.',
  ],
  'src/ingest': [
    ['src/core'],
    ['src/temporal/client', 'src/observability/log.ts'],
    'Take it as a dependency (src/ingest/ports.ts); src/app passes the real one.',
  ],
  'src/notifications': [
    ['src/core', 'src/nats'],
    ['src/observability/log.ts'],
    'Notifications know src/core and src/nats: take the rest as an argument.',
  ],
  'src/temporal': [
    ['src/core', 'workflows'],
    ['activities', 'src/observability/log.ts'],
    'Take it as an argument of the function that creates the client or the worker; src/app passes it.',
  ],
  'src/observability': [
    ['src/core', 'workflows/shared/metric-names.ts'],
    ['activities', 'src/api/ports.ts', 'src/ingest/ports.ts', 'src/ingest/metrics-port.ts', 'src/temporal/client'],
    'Metrics and traces wrap a port: take it as an argument; src/app passes the real one.',
  ],
  'src/rules': [
    ['src/core', 'src/offline'],
    [],
    'Rule files are read for src/core and src/offline: take the rest as an argument.',
  ],
  'src/reference': [
    ['src/core'],
    [],
    'The reference page is made of src/core and of files: take the rest as an argument.',
  ],
  'src/simulator': [
    ['src/core'],
    ['src/api'],
    'The simulator uses the ports of the API: take the rest as an argument.',
  ],
  'src/dev-servers': [
    ['src/core'],
    [],
    'The servers start without the rest of vigil: take what you need as an argument.',
  ],
  'src/api': [['src/core'], [], 'Take it through ApiDeps (src/api/ports.ts); src/app passes the real one.'],
  'src/cli': [
    [
      'src/core',
      'src/offline',
      'src/rules',
      'src/reference',
      'src/app/run.ts',
      'src/app/open-event-archive.ts',
      'src/app/paths.ts',
    ],
    [],
    'Ask the HTTP API; only `vigil start` loads src/app/run.ts, lazily.',
  ],
  'src/console': [[], [], 'The console uses the HTTP API only, with fetch and EventSource.'],
};

/** Packages: who may use which. A folder that is not here may use any but NATS. */
const PACKAGES = {
  'src/core': 'zod|mustache|@types/mustache|fastest-levenshtein',
  'src/offline': 'zod',
  workflows: '@temporalio/(workflow|common)',
  'src/console': 'htm|preact',
};
/** Only these may use the NATS client, so that it can be replaced. */
const NATS_FOLDERS = '^(src/nats|src/dev-servers|test|bench)/';
/** They load zod: a workflow is passed its rule parsed, and zod stays out of the bundle. */
const SCHEMA_FILES = '^src/core/(model/rule-schema|language/parse-rule)[.]ts$';

const OURS = '^(src|workflows|activities|bench|test|scripts)/';
const pathsOf = (paths) => paths.map((path) => (path.endsWith('.ts') ? `^${path}$` : `^${path}/`));
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const layerRules = [
  ...CORE.map((folder, index) => [folder, [CORE.slice(0, index), [], 'A folder of the core imports those below it.']]),
  ...Object.entries(LAYERS),
].flatMap(([folder, [use, types, instead]]) => {
  const from = { path: `^${folder}/` };
  const mayUse = pathsOf([folder, ...use]);
  return [
    rule(folder, instead, from, { path: OURS, pathNot: [...mayUse, ...pathsOf(types)] }),
    rule(`${folder} (types)`, `Only types: use \`import type\`. ${instead}`, from, {
      path: OURS,
      pathNot: mayUse,
      dependencyTypesNot: ['type-only'],
    }),
  ];
});

const packageRules = Object.entries(PACKAGES).flatMap(([folder, packages]) => {
  const from = { path: `^${folder}/` };
  const may = LAYERS[folder]?.[2] ?? 'The core is pure: take what you need as an argument.';
  return [
    rule(`${folder} (packages)`, `It may use ${packages} only. ${may}`, from, {
      path: 'node_modules',
      pathNot: `node_modules/(${packages})/`,
    }),
    rule(`${folder} (Node)`, `No Node modules here. ${may}`, from, { dependencyTypes: ['core'] }),
  ];
});

export default {
  forbidden: [
    rule('no-circles', 'Move what both need into a file below both.', {}, { circular: true }),
    ...layerRules,
    ...packageRules,
    rule(
      'nats',
      'Use a function of src/nats, or add one: the NATS client stays behind it.',
      { pathNot: NATS_FOLDERS },
      { path: 'node_modules/(nats|@nats-io)/' },
    ),
    rule(
      'no zod in workflows',
      'Use `import type`.',
      { path: '^workflows/' },
      { path: SCHEMA_FILES, dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'not to tests',
      'Tests import the code, not the other way round.',
      { path: '^(src|workflows|activities)/' },
      { path: '^(test|bench)/' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
  },
};
