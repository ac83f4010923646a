// Import rules, including type imports, checked by `npm run lint`. Import cycles are not allowed.

/** The folders of the core, bottom layer first: each may import the folders listed before it. */
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
  'packing',
  'sharding',
  'language',
  'explain',
].map((name) => `src/core/${name}`);

/** folder: [allowed imports, allowed type-only imports, what to do instead of a forbidden import] */
const LAYERS = {
  'src/offline': [['src/core'], [], 'src/offline is pure like the core: pass dependencies as arguments.'],
  workflows: [
    ['src/core'],
    ['activities'],
    'Workflow code is bundled and replayed: put logic into src/core and effects into activities.',
  ],
  activities: [
    ['src/core'],
    ['src/nats'],
    'Add it to the dependencies of createActivities(deps); src/app passes the adapter.',
  ],
  'src/nats': [
    ['src/core'],
    ['src/ingest/ports.ts', 'src/api/ports', 'src/cli/ports.ts', 'src/observability/log.ts'],
    'src/nats depends on NATS, src/core and the ports that it implements: pass the rest as arguments.',
  ],
  'src/ingest': [
    ['src/core'],
    ['src/temporal/client', 'src/observability/log.ts'],
    'Add a port to src/ingest/ports.ts; src/app passes the adapter.',
  ],
  'src/notifications': [
    ['src/core', 'src/nats'],
    ['src/observability/log.ts'],
    'src/notifications depends on src/core and src/nats: pass the rest as arguments.',
  ],
  'src/temporal': [
    ['src/core', 'workflows'],
    ['activities', 'src/observability/log.ts'],
    'Pass it as an argument to the function that creates the client or the worker; src/app does so.',
  ],
  'src/observability': [
    ['src/core', 'workflows/shared/metric-names.ts'],
    ['activities', 'src/api/ports', 'src/ingest/ports.ts', 'src/ingest/metrics-port.ts', 'src/temporal/client'],
    'Metrics and traces wrap a port: pass the port as an argument; src/app passes the adapter.',
  ],
  'src/rules': [
    ['src/core', 'src/offline'],
    [],
    'src/rules depends on src/core and src/offline: pass the rest as arguments.',
  ],
  'src/reference': [['src/core'], [], 'src/reference depends on src/core and files: pass the rest as arguments.'],
  'src/simulator': [['src/core'], ['src/api'], 'The simulator uses the ports of the API: pass the rest as arguments.'],
  'src/dev-servers': [
    ['src/core'],
    [],
    'src/dev-servers is independent of the rest of vigil: pass dependencies as arguments.',
  ],
  'src/api': [
    ['src/core', 'src/offline', 'src/rules/rule-diff.ts'],
    [],
    'Add it to ApiDeps (src/api/ports.ts); src/app passes the adapter.',
  ],
  'src/cli': [
    [
      'src/core',
      'src/offline',
      'src/rules',
      'src/reference',
      'src/app/run.ts',
      'src/app/open-event-archive.ts',
      'src/app/paths.ts',
      'src/api/asyncapi',
    ],
    [],
    'Use the HTTP API; only `vigil start` loads src/app/run.ts, lazily.',
  ],
  'src/console': [[], [], 'The console uses only the HTTP API, with fetch and EventSource.'],
};

/** Allowed packages by folder. Folders that are not listed may use all packages except NATS. */
const PACKAGES = {
  'src/core': 'zod|mustache|@types/mustache|fastest-levenshtein',
  'src/offline': 'zod',
  workflows: '@temporalio/(workflow|common)',
  'src/console': 'preact|@preact/signals|preact-iso|yaml|diff|uplot|@codemirror/[a-z-]+|@lezer/highlight',
};
/** Only these folders may use the NATS client, so that it can be replaced. */
const NATS_FOLDERS = '^(src/nats|src/dev-servers|test|bench)/';
/** These files load zod. Workflows get parsed rules, so that zod stays out of the bundle. */
const SCHEMA_FILES = '^src/core/(model/rule/rule-schema|language/parse/parse-rule)[.]ts$';

const OURS = '^(src|workflows|activities|bench|test|scripts)/';
const pathsOf = (paths) => paths.map((path) => (path.endsWith('.ts') ? `^${path}$` : `^${path}/`));
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const layerRules = [
  ...CORE.map((folder, index) => [folder, [CORE.slice(0, index), [], 'Core folders may only import lower layers.']]),
  ...Object.entries(LAYERS),
].flatMap(([folder, [use, types, instead]]) => {
  const from = { path: `^${folder}/` };
  const mayUse = pathsOf([folder, ...use]);
  return [
    rule(folder, instead, from, { path: OURS, pathNot: [...mayUse, ...pathsOf(types)] }),
    rule(`${folder} (types)`, `Type-only: use \`import type\`. ${instead}`, from, {
      path: OURS,
      pathNot: mayUse,
      dependencyTypesNot: ['type-only'],
    }),
  ];
});

const packageRules = Object.entries(PACKAGES).flatMap(([folder, packages]) => {
  const from = { path: `^${folder}/` };
  const may = LAYERS[folder]?.[2] ?? 'The core is pure: pass dependencies as arguments.';
  return [
    rule(`${folder} (packages)`, `Only ${packages} are allowed here. ${may}`, from, {
      path: 'node_modules',
      pathNot: `node_modules/(${packages})/`,
    }),
    rule(`${folder} (Node)`, `Node modules are not allowed here. ${may}`, from, { dependencyTypes: ['core'] }),
  ];
});

export default {
  forbidden: [
    rule('no-circles', 'Move the shared code into a file that both can import.', {}, { circular: true }),
    ...layerRules,
    ...packageRules,
    rule(
      'nats',
      'Use or add a function in src/nats, which wraps the NATS client.',
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
      'Production code must not import tests.',
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
