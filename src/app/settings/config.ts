import { join } from 'node:path';
import { z } from 'zod';
import { VigilError } from '../../core/primitives/errors.ts';
import { withoutPassword } from '../../core/primitives/nats-address.ts';
import { packageRoot } from '../paths.ts';
import {
  port,
  hostPort,
  natsUrls,
  webAddress,
  name,
  text,
  parts,
  lanes,
  flag,
  eventPath,
  hostNames,
  quota,
  MIN_TOKEN,
  LEVEL_ADVICE,
  LOG_LEVELS,
  RUNNABLE_PARTS,
} from './setting-types.ts';

/** `shownDefault`: what docs/settings.md shows if the default is not meaningful or depends on the machine. */
function setting<T extends z.ZodType>(variable: string, type: T, description: string, shownDefault?: string): T {
  return type.meta({ variable, description, ...(shownDefault === undefined ? {} : { shownDefault }) });
}

/** All settings of vigil, read from the environment. docs/settings.md is compared with it. */
export const configSchema = z.object({
  host: setting(
    'HOST',
    text.default('127.0.0.1'),
    'Address to listen on; `0.0.0.0` accepts connections from other machines. Until there is a token, vigil listens on this machine only.',
  ),
  port: setting('PORT', port.default(3000), 'Port of the console and the HTTP API; 0 picks a free port.'),
  allowedHosts: setting(
    'VIGIL_ALLOWED_HOSTS',
    hostNames.default([]),
    'Public host names of vigil, separated by commas; local names and IP addresses are always allowed.',
    'none',
  ),
  adminToken: setting(
    'VIGIL_ADMIN_TOKEN',
    z.string().min(MIN_TOKEN, `must have at least ${MIN_TOKEN} characters`).optional(),
    'A token with the role admin for all clients, to create the others with. vigil needs a token as soon as there is one.',
    'none',
  ),
  jwksUrl: setting(
    'VIGIL_JWKS_URL',
    webAddress.optional(),
    'Keys of your identity provider (JWKS): vigil also accepts its JWTs.',
    'none',
  ),
  jwtIssuer: setting(
    'VIGIL_JWT_ISSUER',
    text.optional(),
    'Issuer (`iss`) of these JWTs; needed with `VIGIL_JWKS_URL`.',
    'none',
  ),
  jwtAudience: setting('VIGIL_JWT_AUDIENCE', text.default('vigil'), 'Audience (`aud`) of these JWTs.'),
  jwtRoleClaim: setting(
    'VIGIL_JWT_ROLE_CLAIM',
    text.default('vigil_role'),
    'Their claim with the role, or a list with roles; a path such as `realm_access.roles` is possible.',
  ),
  jwtClientClaim: setting(
    'VIGIL_JWT_CLIENT_CLAIM',
    text.default('vigil_client'),
    'Their claim with the client id, `*` for all clients.',
  ),
  quotaRules: setting(
    'VIGIL_QUOTA_RULES',
    quota,
    'Rules of a client; docs/quotas.md describes all quotas.',
    'no quota',
  ),
  quotaPartitionSets: setting(
    'VIGIL_QUOTA_PARTITION_SETS',
    quota,
    'Partition sets of a client: one of each rule, with `groupBy` one of each group.',
    'no quota',
  ),
  quotaPartitions: setting(
    'VIGIL_QUOTA_PARTITIONS',
    quota,
    'Partitions of each partition set of a client, such as machines that a rule watches.',
    'no quota',
  ),
  quotaEvents: setting(
    'VIGIL_QUOTA_EVENTS_PER_SECOND',
    quota,
    'Events of a client that count, each second; must be the same for all vigil processes.',
    'no quota',
  ),
  quotaAlerts: setting(
    'VIGIL_QUOTA_ALERTS_PER_MINUTE',
    quota,
    'Notifications of a client that a receiver gets, each minute.',
    'no quota',
  ),
  quotaPreviews: setting(
    'VIGIL_QUOTA_PREVIEW_SECONDS_PER_HOUR',
    quota,
    'Seconds for which previews of a client run, each hour.',
    'no quota',
  ),
  temporalAddress: setting(
    'TEMPORAL_ADDRESS',
    hostPort.optional(),
    'Address of Temporal, `host:port`.',
    'vigil starts its own',
  ),
  temporalTls: setting('TEMPORAL_TLS', flag.default(false), 'Use TLS for `TEMPORAL_ADDRESS`: true or false.'),
  temporalApiKey: setting(
    'TEMPORAL_API_KEY',
    text.optional(),
    'API key for `TEMPORAL_ADDRESS`, for example Temporal Cloud; implies TLS.',
    'none',
  ),
  temporalCaFile: setting(
    'TEMPORAL_CA_FILE',
    text.optional(),
    'Certificates of the CA of `TEMPORAL_ADDRESS`, PEM; implies TLS.',
    'public CAs',
  ),
  temporalCertFile: setting(
    'TEMPORAL_CERT_FILE',
    text.optional(),
    'Client certificate for `TEMPORAL_ADDRESS`, PEM; implies TLS.',
    'none',
  ),
  temporalKeyFile: setting('TEMPORAL_KEY_FILE', text.optional(), 'Private key of this certificate, PEM.', 'none'),
  temporalNamespace: setting('TEMPORAL_NAMESPACE', name.default('default'), 'Temporal namespace.'),
  temporalTaskQueue: setting(
    'TEMPORAL_TASK_QUEUE',
    name.default('vigil-v1'),
    'Temporal task queue for workflows and activities.',
  ),
  temporalPort: setting('TEMPORAL_PORT', port.default(7233), 'Port of the Temporal that vigil starts.'),
  temporalUiPort: setting('TEMPORAL_UI_PORT', port.default(8233), 'Port of the UI of the Temporal that vigil starts.'),
  temporalUiUrl: setting(
    'TEMPORAL_UI_URL',
    webAddress.optional(),
    'URL of the UI of the Temporal in `TEMPORAL_ADDRESS`; the console links to it.',
    'no link',
  ),
  encryptionKeys: setting(
    'VIGIL_ENCRYPTION_KEYS',
    text.optional(),
    'Keys that encrypt what Temporal stores: `id:key`, separated by commas, each key 32 bytes in base64. The first encrypts, all decrypt. See docs/encryption.md.',
    'not encrypted',
  ),
  encryptionKeysFile: setting(
    'VIGIL_ENCRYPTION_KEYS_FILE',
    text.optional(),
    'A file with these keys instead, one a line.',
    'none',
  ),
  parts: setting(
    'VIGIL_PARTS',
    parts.default([...RUNNABLE_PARTS]),
    `Parts that this process runs, separated by commas: ${RUNNABLE_PARTS.join(', ')}. The console and the API always run.`,
    'all',
  ),
  lanes: setting(
    'VIGIL_LANES',
    lanes.default(8),
    'Number of lanes of the event stream; must be the same for all vigil processes.',
  ),
  natsUrl: setting(
    'NATS_URL',
    natsUrls.optional(),
    'URL of NATS, `nats://host:port`; credentials before the host, `user:password@` or `token@`; `tls://` requires TLS.',
    'vigil starts its own',
  ),
  natsCredentialsFile: setting(
    'NATS_CREDENTIALS_FILE',
    text.optional(),
    'Login for `NATS_URL`: a credentials file (`.creds`), or a file with the nkey seed of a user.',
    'none',
  ),
  natsCaFile: setting('NATS_CA_FILE', text.optional(), 'Certificates of the CA of `NATS_URL`, PEM.', 'those of Node'),
  natsCertFile: setting('NATS_CERT_FILE', text.optional(), 'Client certificate for `NATS_URL`, PEM.', 'none'),
  natsKeyFile: setting('NATS_KEY_FILE', text.optional(), 'Private key of this certificate, PEM.', 'none'),
  natsPort: setting('NATS_PORT', port.default(4222), 'Port of the NATS that vigil starts.'),
  natsMqttPort: setting(
    'NATS_MQTT_PORT',
    port.optional(),
    'Port for MQTT 3.1.1 of the NATS that vigil starts, usually 1883.',
    'no MQTT',
  ),
  eventId: setting(
    'VIGIL_EVENT_ID',
    eventPath.optional(),
    'Property of an event that has its id, such as `messageId` or `meta.id`: an event that is sent again counts once. CloudEvents need no setting.',
    'none',
  ),
  dataDir: setting(
    'VIGIL_DATA_DIR',
    text.default('.vigil'),
    'Directory for the data of the servers that vigil starts.',
  ),
  rulesDir: setting(
    'VIGIL_RULES_DIR',
    text.default(join(packageRoot, 'examples/seed')),
    'Directory of the rule files that vigil loads on the first start.',
    '`examples/seed` in vigil',
  ),
  policyFile: setting(
    'VIGIL_POLICY_FILE',
    text.default(join(packageRoot, 'examples/alert-policy.yaml')),
    'Alert policy file: which receivers get which alerts.',
    '`examples/alert-policy.yaml` in vigil',
  ),
  otlpEndpoint: setting(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    webAddress.optional(),
    'OTLP/HTTP endpoint for traces, such as `http://localhost:4318`.',
    'no traces',
  ),
  logLevel: setting(
    'VIGIL_LOG_LEVEL',
    z.enum(LOG_LEVELS, LEVEL_ADVICE).default('info'),
    `Log level: ${LOG_LEVELS.join(', ')}.`,
  ),
});

/** Settings that no error may show. */
const SECRETS = new Set<PropertyKey | undefined>([
  'adminToken',
  'temporalApiKey',
  'encryptionKeys',
] satisfies (keyof Config)[]);
const HIDDEN = '***';

export type Config = z.output<typeof configSchema>;

/** The environment variable of a setting. */
export const variableOf = (type: z.ZodType): string => String(type.meta()?.['variable']);

/**
 * Reads the settings. An empty variable counts as not set.
 * @throws VigilError CONFIG_INVALID with all problems in `fields.problems: {variable, value, message}[]`
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.entries(configSchema.shape).map(
    ([key, type]) => [key, env[variableOf(type)] || undefined] as const,
  );
  const parsed = configSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;

  const values = new Map<PropertyKey | undefined, string | undefined>(given);
  const problems = parsed.error.issues.map(({ path: [key], message }) => {
    const variable = variableOf(configSchema.shape[key as keyof Config]);
    return { variable, value: SECRETS.has(key) ? HIDDEN : withoutPassword(values.get(key) ?? ''), message };
  });
  const advice = problems.map(({ variable, value, message }) => `${variable} is "${value}": it ${message}.`).join(' ');
  throw new VigilError('CONFIG_INVALID', advice, { problems });
}
