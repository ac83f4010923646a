import { connect as connectTcp, type AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/app/settings/config.ts';
import { natsSecurity } from '../../../src/app/security/nats-security.ts';
import { temporalSecurity } from '../../../src/app/security/temporal-security.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { connectNats } from '../../../src/nats/connection/connection.ts';
import { fileAuthenticator } from '../../../src/nats/connection/security.ts';
import { connectTemporal } from '../../../src/temporal/connection/connect.ts';
import { makeCertificates } from '../../support/servers/certificates.ts';
import { startGuardedNats, type GuardedNats } from '../../support/nats/guarded-nats.ts';
import { nkeys, type Nkey } from '../../support/nats/nkeys.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { tempFiles } from '../../support/temp-files.ts';
import { startVigil } from '../../support/vigil/vigil.ts';

/* NATS and Temporal that require client certificates, and NATS with nkeys and with credentials files. */

const servers = await fileServers();
const files = tempFiles();
const { ca, server, client } = await makeCertificates();
const [caFile, certFile, keyFile] = [
  files.write('ca.pem', ca.cert),
  files.write('client.pem', client.cert),
  files.write('client-key.pem', client.key),
];
const WITHIN = { timeout: 20_000, interval: 50 };
/** The NATS client checks an address without a name as localhost. */
const tlsUrl = (port: number): string => `tls://localhost:${port}`;
const plainUrl = (port: number): string => `nats://127.0.0.1:${port}`;

/** TLS with client certificates in front of a Temporal that has none. */
let temporalTls: Server;
let temporalAddress: string;
beforeAll(async () => {
  const [host = '', port = ''] = servers.temporalAddress.split(':');
  const options = { ca: ca.cert, cert: server.cert, key: server.key, requestCert: true, rejectUnauthorized: true };
  temporalTls = createServer({ ...options, ALPNProtocols: ['h2'] }, (secure) => {
    const plain = connectTcp(Number(port), host);
    secure.pipe(plain).pipe(secure);
    for (const socket of [secure, plain]) socket.on('error', () => [secure, plain].forEach((each) => each.destroy()));
  });
  temporalTls.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => temporalTls.listen(0, '127.0.0.1', resolve));
  temporalAddress = `127.0.0.1:${(temporalTls.address() as AddressInfo).port}`;
});
afterAll(() => void temporalTls.close());

const TLS = { NATS_CA_FILE: caFile, NATS_CERT_FILE: certFile, NATS_KEY_FILE: keyFile };
const TEMPORAL = { TEMPORAL_CA_FILE: caFile, TEMPORAL_CERT_FILE: certFile, TEMPORAL_KEY_FILE: keyFile };

describe.concurrent('client certificates', () => {
  let nats: GuardedNats;
  beforeAll(async () => {
    const serverFiles = [files.write('server.pem', server.cert), files.write('server-key.pem', server.key)];
    const [cert, key] = serverFiles.map((file) => JSON.stringify(file));
    nats = await startGuardedNats({
      config: `tls { cert_file: ${cert}, key_file: ${key}, ca_file: ${JSON.stringify(caFile)}, verify: true }`,
      urlOf: tlsUrl,
      security: { tls: { ca: ca.cert, cert: client.cert, key: client.key } },
    });
  });
  afterAll(() => nats.stop());

  it('let all of vigil use NATS and Temporal', async ({ expect }) => {
    const vigil = await startVigil({
      servers: { temporalAddress, natsUrl: tlsUrl(nats.port) },
      env: { ...TLS, ...TEMPORAL },
    });
    try {
      await vigil.put(
        parseRule({
          ...{ id: 'hot', clientId: 'client-01', where: [{ property: 't', gt: 0 }] },
          evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
        }),
      );
      const alerts: string[] = [];
      vigil.app.live.subscribe((message) => message.kind === 'alert' && alerts.push(message.alert.data.status));
      await fetch(`${vigil.app.url}/api/clients/client-01/events/status`, { method: 'POST', body: '{"t":90}' });
      await expect.poll(() => alerts, WITHIN).toEqual(['firing']);
    } finally {
      await vigil.stop();
    }
  });

  it.each<[what: string, env: Record<string, string>]>([
    ['without any', {}],
    ['without the CA', { NATS_CERT_FILE: certFile, NATS_KEY_FILE: keyFile }],
  ])('are needed by NATS: %s vigil is rejected', async (_what, env) => {
    const security = natsSecurity(loadConfig({ NATS_URL: tlsUrl(nats.port), ...env }));
    await expect(connectNats(tlsUrl(nats.port), 'test', security)).rejects.toMatchObject({ code: 'NATS_UNREACHABLE' });
  });

  it.each<[what: string, env: Record<string, string>]>([
    ['without any', { TEMPORAL_TLS: 'true' }],
    ['without its own', { TEMPORAL_CA_FILE: caFile }],
  ])('are needed by Temporal: %s vigil is rejected', async (_what, env) => {
    const security = temporalSecurity(loadConfig({ TEMPORAL_ADDRESS: temporalAddress, ...env }));
    const refused = connectTemporal(temporalAddress, 'default', security);
    await expect(refused).rejects.toMatchObject({ code: 'TEMPORAL_UNREACHABLE' });
  });
});

describe('NATS_CREDENTIALS_FILE', () => {
  const user = nkeys.createUser();
  const [seed, id] = [text(user.getSeed()), user.getPublicKey()];

  it('may have the nkey seed of a user', async () => {
    const authenticator = fileAuthenticator(new TextEncoder().encode(`${seed}\n`));
    const config = `authorization { users: [{ nkey: ${id} }] }`;
    await expectLogin(config, { authenticator }, files.write('user.nk', `${seed}\n`));
  });

  it('may be a credentials file, as nsc writes it', async () => {
    const [operator, account, system] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createAccount()];
    const limits = {
      conn: -1,
      subs: -1,
      data: -1,
      payload: -1,
      mem_storage: -1,
      disk_storage: -1,
      streams: -1,
      consumer: -1,
    };
    const accountJwt = jwt(operator, account.getPublicKey(), { type: 'account', version: 2, limits });
    const systemJwt = jwt(operator, system.getPublicKey(), {
      type: 'account',
      version: 2,
      limits: { conn: -1, subs: -1 },
    });
    const operatorJwt = jwt(operator, operator.getPublicKey(), { type: 'operator', version: 2 });
    const config = `operator: ${operatorJwt}
system_account: ${system.getPublicKey()}
resolver: MEMORY
resolver_preload: { ${account.getPublicKey()}: ${accountJwt}, ${system.getPublicKey()}: ${systemJwt} }`;
    const userJwt = jwt(account, id, { type: 'user', version: 2, subs: -1, data: -1, payload: -1 });
    const creds = `-----BEGIN NATS USER JWT-----\n${userJwt}\n------END NATS USER JWT------\n
-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
    const authenticator = fileAuthenticator(new TextEncoder().encode(creds));
    await expectLogin(config, { authenticator }, files.write('user.creds', creds));
  });
});

/** Starts a NATS with this login, and connects as vigil does: with it, and without. */
async function expectLogin(config: string, security: ReturnType<typeof natsSecurity>, file: string): Promise<void> {
  const nats = await startGuardedNats({ config, urlOf: plainUrl, security });
  try {
    const url = plainUrl(nats.port);
    const own = natsSecurity(loadConfig({ NATS_URL: url, NATS_CREDENTIALS_FILE: file }));
    const connection = await connectNats(url, 'test', own);
    expect(await (await connection.jetstreamManager()).getAccountInfo()).toMatchObject({ streams: 0 });
    await connection.close();
    await expect(connectNats(url, 'test')).rejects.toMatchObject({ code: 'NATS_UNREACHABLE' });
  } finally {
    await nats.stop();
  }
}

/** A JWT of NATS: signed by the nkey of its issuer. */
function jwt(issuer: Nkey, subject: string, nats: object): string {
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = {
    jti: subject,
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    sub: subject,
    name: 'test',
    nats,
  };
  const content = `${encoded({ typ: 'JWT', alg: 'ed25519-nkey' })}.${encoded(claims)}`;
  return `${content}.${Buffer.from(issuer.sign(Buffer.from(content))).toString('base64url')}`;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
