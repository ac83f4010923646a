import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema, loadConfig, variableOf } from '../../../src/app/settings/config.ts';
import { VigilError } from '../../../src/core/primitives/errors.ts';

function problemWith(env: Record<string, string>): VigilError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof VigilError) return error;
    throw error;
  }
  throw new Error('The settings were accepted.');
}

describe('the settings', () => {
  it('have defaults for everything', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      allowedHosts: [],
      temporalNamespace: 'default',
      temporalTaskQueue: 'vigil-v1',
      temporalPort: 7233,
      temporalUiPort: 8233,
      natsPort: 4222,
      dataDir: '.vigil',
      logLevel: 'info',
    });
    expect(loadConfig({})).not.toHaveProperty('natsUrl', expect.anything());
  });

  it('are read from the environment', () => {
    const env = {
      PORT: '8080',
      TEMPORAL_ADDRESS: 'temporal:7233',
      NATS_URL: 'nats://a:4222,nats://b:4222',
      VIGIL_ALLOWED_HOSTS: 'a.example, b.example',
    };
    expect(loadConfig(env)).toMatchObject({
      port: 8080,
      temporalAddress: 'temporal:7233',
      natsUrl: 'nats://a:4222,nats://b:4222',
      allowedHosts: ['a.example', 'b.example'],
    });
  });

  it('treat an empty variable as not set', () => {
    expect(loadConfig({ PORT: '', NATS_URL: '' })).toEqual(loadConfig({}));
  });

  it('find default files in the package, for any working directory', () => {
    const { rulesDir, policyFile } = loadConfig({});
    expect([rulesDir, policyFile].map((path) => existsSync(dirname(path)))).toEqual([true, true]);
  });

  it('each have a unique variable and a description', () => {
    const types = Object.values(configSchema.shape);
    expect(new Set(types.map(variableOf)).size).toBe(types.length);
    for (const type of types) expect(type.meta()?.description).toMatch(/\.$/);
  });
});

describe('an invalid setting', () => {
  it.each([
    ['PORT', 'eighty', 'PORT is "eighty": it must be a port, a number from 0 to 65535.'],
    ['PORT', '65536', 'PORT is "65536": it must be a port, a number from 0 to 65535.'],
    ['NATS_PORT', '-1', 'NATS_PORT is "-1": it must be a port, a number from 0 to 65535.'],
    [
      'TEMPORAL_ADDRESS',
      'http://temporal',
      'TEMPORAL_ADDRESS is "http://temporal": it must be host:port, such as localhost:7233.',
    ],
    ['TEMPORAL_TLS', 'yes', 'TEMPORAL_TLS is "yes": it must be true or false.'],
    ['TEMPORAL_UI_URL', 'temporal', 'TEMPORAL_UI_URL is "temporal": it must be an http or https address.'],
    ['NATS_URL', 'localhost', 'NATS_URL is "localhost": it must be nats://host:port, or several separated by commas.'],
    [
      'VIGIL_ALLOWED_HOSTS',
      'a b',
      'VIGIL_ALLOWED_HOSTS is "a b": it must be host names separated by commas, such as vigil.example.com.',
    ],
    [
      'VIGIL_LOG_LEVEL',
      'loud',
      'VIGIL_LOG_LEVEL is "loud": it must be trace, debug, info, warn, error, fatal or silent.',
    ],
  ])('%s=%s is reported with the valid values', (variable, value, advice) => {
    const problem = problemWith({ [variable]: value });
    expect(problem.code).toBe('CONFIG_INVALID');
    expect(problem.message).toContain(advice);
    expect(problem.fields).toMatchObject({ problems: [{ variable, value }] });
  });

  it('is reported together with all others', () => {
    expect(problemWith({ PORT: 'x', NATS_URL: 'y' }).fields).toMatchObject({
      problems: [{ variable: 'PORT' }, { variable: 'NATS_URL' }],
    });
  });

  it.each([
    'http://me:secret@nats:4222',
    'me:secret@nats',
    'nats://me:p@secret@nats 4222',
    'nats://me:a,secret@nats,',
    'nats://me:a/secret@nats ',
  ])('is reported without its password: %s', (url) => {
    const { message, fields } = problemWith({ NATS_URL: url });
    expect(`${message} ${JSON.stringify(fields)}`).not.toContain('secret');
  });
});
