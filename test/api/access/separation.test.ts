import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createApi } from '../../../src/api/api.ts';
import { hashOf, newTokenText } from '../../../src/api/access/token-text.ts';
import { explain } from '../../../src/core/explain/explain.ts';
import { listPartitions } from '../../../src/core/explain/list-partitions.ts';
import { mayAct, ROLES, type Role } from '../../../src/core/model/access/access.ts';
import { partitionSetIds } from '../../../src/core/model/partition-set/partition-set-ids.ts';
import { createSimulator } from '../../../src/simulator/simulator.ts';
import { driver } from '../../support/evaluation/driver.ts';
import { deadLetter } from '../fakes/fake-dead-letters.ts';
import { alertOf, fakeVigil, machineRule, type FakeVigil } from '../fakes/fake-ports.ts';

/*
 * Every operation of the OpenAPI document, with every role, for the right client and the wrong one. All data of client-01
 * has this text; nobody else may ever read it.
 */
const SECRET = 'kept-from-others';
const OWN = 'client-01';
const OTHER = 'client-02';
const ALERT = 'hot-hot-hot-hot-hot-00';

interface Operation {
  operationId: string;
  security?: object[];
  'x-vigil-role'?: Role;
  'x-vigil-scope'?: 'client' | 'own' | 'all';
}
interface Request {
  method: string;
  path: string;
  operation: Operation;
}

const { machines } = createSimulator({ publish: async () => undefined, logger: { warn: () => undefined } });
let vigil: FakeVigil;
let requests: Request[];
const tokens = new Map<string, string>();

beforeAll(async () => {
  const document = (await (await createApi(fakeVigil().deps).request('/api/openapi.json')).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  requests = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
});

/** The vigil that is asked; null: the next request needs another one, as the last one may have changed something. */
let asked: ReturnType<typeof createApi> | null = null;

async function start(): Promise<ReturnType<typeof createApi>> {
  const rule = { ...machineRule(OWN, 'hot'), name: SECRET, labels: { note: SECRET } };
  vigil = fakeVigil({ rules: [rule, { ...machineRule(OTHER, 'mine') }], machines });
  const set = driver(rule);
  set.send(0, { type: 'status', machineId: SECRET, state: 'stopped' });
  const setId = partitionSetIds(rule).of([]);
  vigil.sets.push({ workflowId: setId, clientId: OWN, ruleId: 'hot', status: 'firing' });
  vigil.running.set(setId, (request) => explain(set.set(), request));
  vigil.listing.set(setId, (request) => listPartitions(set.set(), request));
  vigil.acting.set(`${OWN}/hot/1/firing`, (_action, { by }) => {
    const acknowledged = { by, at: '2026-01-01T00:00:00Z', note: SECRET };
    return { changed: true, partition: {}, episode: 1, state: 'firing', severity: 'info', acknowledged };
  });
  vigil.alerts.add(ALERT, alertOf({ clientId: OWN, ruleId: 'hot', message: SECRET }));
  vigil.archive.store(OWN, 'status', { machineId: SECRET, state: 'stopped' });
  vigil.deadLetters.stored.set(7, deadLetter(7, { clientId: OWN, bytes: SECRET }));
  vigil.health.reasons.push({
    part: 'nats',
    code: 'SET_HELD',
    message: SECRET,
    since: '2026-01-01T00:00:00Z',
    fields: {},
  });
  vigil.audit.push({
    ...{ at: '2026-01-01T00:00:00.000Z', by: SECRET, from: { channel: 'api', address: null } },
    ...{ action: 'putRule', clientId: OWN, result: 'ok', note: SECRET },
  });
  for (const clientId of [OWN, OTHER, null])
    for (const role of ROLES) await issue(`${role} ${clientId ?? 'all'}`, { role, clientId });
  await issue('expired', { role: 'admin', clientId: null, expiresAt: '2020-01-01T00:00:00.000Z' });
  await issue('revoked', { role: 'admin', clientId: null, revokedAt: '2020-01-01T00:00:00.000Z' });
  asked = createApi(vigil.deps, { logger: { error: () => undefined } });
  return asked;
}

async function issue(
  who: string,
  given: { role: Role; clientId: string | null; expiresAt?: string; revokedAt?: string },
): Promise<void> {
  const { id, secret, text } = newTokenText();
  tokens.set(who, text);
  await vigil.deps.tokens.put({
    ...{ id, name: given.clientId === OWN ? SECRET : who, hash: hashOf(secret) },
    ...{ createdAt: '2026-01-01T00:00:00.000Z', createdBy: null, expiresAt: null, revokedAt: null },
    ...given,
  });
}

/** The path of an operation for a client. */
const addressOf = ({ path }: Request, clientId: string): string =>
  path
    .replace('{clientId}', clientId)
    .replace('{ruleId}', 'hot')
    .replace('{alertId}', ALERT)
    .replace('{sequence}', '7')
    .replace('{version}', '1')
    .replace('{type}', 'status')
    .replace('{machineId}', 'machine-01')
    .replace('{setId}', encodeURIComponent(`${OWN}/hot`))
    .replace('{partitionSetId}', encodeURIComponent(`${OWN}/hot`))
    .replace('{tokenId}', [...vigil.deps.tokens.all()].find(({ clientId: of }) => of === OWN)?.id ?? '');

const bodyOf = ({ operation: { operationId }, method }: Request): string | undefined => {
  if (method === 'GET') return undefined;
  const rule = machineRule(OWN, 'hot');
  const bodies: Record<string, object> = {
    putRule: rule,
    previewRule: { rule, since: '1h' },
    rollBackRule: { version: 1 },
    createToken: { name: 'new', role: 'viewer', clientId: OWN },
    decodePayloads: { payloads: [payloadOfOwn(), { data: '' }] },
    encodePayloads: { payloads: [{ data: btoa(SECRET) }] },
    logIn: { token: 'vigil_000000000000_0000000000000000000000000000000000000000000' },
    publishEvent: { machineId: 'm1' },
    publishEvents: { machineId: 'm1', type: 'status' },
    replayDeadLetter: { payload: { machineId: 'm1' }, subject: `events.${OWN}.status` },
  };
  return JSON.stringify(bodies[operationId] ?? { by: 'ana', until: '2099-01-01T00:00:00Z', ids: [ALERT] });
};

function payloadOfOwn(): object {
  const { metadata, data } = vigil.deps.codec.seal({ data: Buffer.from(SECRET) }, OWN);
  const base64 = (bytes: Uint8Array | null = null): string => Buffer.from(bytes ?? []).toString('base64');
  return {
    metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, base64(value)])),
    data: base64(data),
  };
}

interface Answer {
  status: number;
  code: string | undefined;
  text: string;
}

async function ask(request: Request, who: string | null, address?: string): Promise<Answer> {
  const api = asked ?? (await start());
  const token = who === null ? undefined : (tokens.get(who) ?? who);
  const body = bodyOf(request);
  const answer = await api.request(address ?? addressOf(request, OWN), {
    method: request.method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body }),
  });
  if (request.method !== 'GET' && answer.status < 400) asked = null;
  // A live stream never ends.
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') === true) {
    await answer.body?.cancel();
    return { status: answer.status, code: undefined, text: '' };
  }
  const text = await answer.text();
  const { code } = text.startsWith('{') ? (JSON.parse(text.split('\n')[0] ?? '{}') as { code?: string }) : {};
  return { status: answer.status, code, text };
}

const isRefusal = ({ code }: Answer): boolean => code === 'UNAUTHENTICATED' || code === 'FORBIDDEN';
const nameOf = ({ method, path }: Request): string => `${method} ${path}`;
/** About one client, but nothing that its own admin may do. */
const OF_ALL = ['setQuotas', 'clearQuotas'];
/** What needs no token: it shows nothing of any client. */
const PUBLIC = ['getHealth', 'getOpenApiDocument', 'getAsyncApiDocument', 'getDocs', 'getSession', 'logIn', 'logOut'];

describe('every operation', () => {
  test('says which role it needs, or is public', () => {
    const undeclared = requests.filter(
      ({ operation }) => operation['x-vigil-role'] === undefined && !PUBLIC.includes(operation.operationId),
    );
    expect(undeclared.map(nameOf)).toEqual([]);
    expect(requests.length).toBeGreaterThan(40);
  });

  test('of one client has the client in its path', () => {
    const misplaced = requests.filter(
      ({ path, operation }) =>
        !OF_ALL.includes(operation.operationId) &&
        (operation['x-vigil-scope'] === 'client') !== /^\/api\/clients\/\{clientId\}(\/|$)/.test(path),
    );
    expect(misplaced.map(nameOf)).toEqual([]);
    const ofAll = requests.filter(({ operation }) => OF_ALL.includes(operation.operationId));
    expect(ofAll.map(({ operation }) => operation['x-vigil-scope'])).toEqual(['all', 'all']);
  });

  test('refuses whoever has no valid token', async () => {
    const open: string[] = [];
    for (const request of requests)
      for (const who of [null, 'nonsense', 'expired', 'revoked', `vigil_000000000000_${'0'.repeat(43)}`]) {
        const answer = await ask(request, who);
        expect(answer.text, `${nameOf(request)} ${who ?? 'without token'}`).not.toContain(SECRET);
        if (answer.code !== 'UNAUTHENTICATED') open.push(request.operation.operationId);
      }
    expect([...new Set(open)].sort()).toEqual(PUBLIC.filter((id) => id !== 'logIn').sort());
  });
});

describe('each role', () => {
  test.each(ROLES)('%s may do what the document says, for its client and for all', async (role) => {
    const wrong: string[] = [];
    for (const request of requests) {
      const { 'x-vigil-role': needed, 'x-vigil-scope': scope } = request.operation;
      if (needed === undefined) continue;
      for (const of of [OWN, 'all']) {
        const may = mayAct(role, needed) && (scope !== 'all' || of === 'all');
        const answer = await ask(request, `${role} ${of}`);
        if (isRefusal(answer) === may) wrong.push(`${nameOf(request)} as ${role} of ${of}: ${answer.status}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

test('its own data is what a token shows: the secret is there to be found', async () => {
  const shown: string[] = [];
  for (const request of requests)
    if ((await ask(request, `admin ${OWN}`)).text.includes(SECRET)) shown.push(request.operation.operationId);
  const some = ['listRules', 'getRule', 'getVersion', 'getAlert', 'listClientAudit', 'getDeadLetter', 'listTokens'];
  expect(shown).toEqual(expect.arrayContaining(some));
});

/** Ways to write the path of client-01, or of all clients. */
const DISGUISES = [
  ...[OWN, 'client%2D01', 'CLIENT-01', '*', '%2A', '>', '%3E', 'client-*', 'client-01.', '.client-01', 'client-01%20'],
  ...['client-02/../client-01', 'client-02%2F..%2Fclient-01', '..%2Fclient-01', '%2e%2e/client-01', 'client-01%00'],
  ...['client‑01', 'cliеnt-01', 'ｃlient-01', 'client-01\u200b', 'client-02,client-01', 'client-02%0Aclient-01'],
];

describe('a token of another client', () => {
  test.each(ROLES)('%s: reads and changes nothing, whatever it asks for', async (role) => {
    let tried = 0;
    const leaks: string[] = [];
    for (const request of requests) {
      const isPublic = PUBLIC.includes(request.operation.operationId);
      const disguises = request.path.includes('{clientId}') ? DISGUISES : [OWN];
      for (const disguise of disguises) {
        const answer = await ask(request, `${role} ${OTHER}`, addressOf(request, disguise));
        tried += 1;
        if (answer.text.includes(SECRET))
          leaks.push(`${nameOf(request)} with ${disguise}: ${answer.text.slice(0, 200)}`);
        if (request.path.includes('{clientId}') && answer.status < 400 && !isPublic)
          leaks.push(`${nameOf(request)} with ${disguise}: ${answer.status}`);
        if (hasChanged()) leaks.push(`${nameOf(request)} with ${disguise} changed something of ${OWN}`);
      }
      for (const query of [`client=${OWN}`, `clientId=${OWN}`, `clientId=_unknown`]) {
        const answer = await ask(request, `${role} ${OTHER}`, `${addressOf(request, OTHER)}?${query}`);
        tried += 1;
        if (answer.text.includes(SECRET)) leaks.push(`${nameOf(request)}?${query}`);
      }
    }
    expect(leaks).toEqual([]);
    console.log(`separation: ${tried} requests as ${role} of ${OTHER}, ${leaks.length} leaks`);
  });
});

/** Whether anything of client-01 is other than at the start. */
function hasChanged(): boolean {
  const mine = vigil.deps.tokens.all().filter(({ clientId }) => clientId === OWN);
  return (
    vigil.published.some(
      (message) => (message.kind === 'event' ? message.clientId : message.alert.data.clientId) === OWN,
    ) ||
    vigil.deadLetters.stored.size !== 1 ||
    mine.length !== ROLES.length ||
    mine.some(({ revokedAt }) => revokedAt !== null)
  );
}

test('a live stream shows only the client of its token', async () => {
  const api = await start();
  const authorization = `Bearer ${tokens.get(`viewer ${OTHER}`) ?? ''}`;
  const answer = await api.request('/api/live', { headers: { authorization } });
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const event = { kind: 'event' as const, type: 'status', time: '2026-01-01T00:00:00Z', data: { text: SECRET } };
  vigil.send({ ...event, clientId: OWN, sequence: 1 });
  vigil.send({ kind: 'alert', sequence: 1, alert: alertOf({ clientId: OWN, ruleId: 'hot', message: SECRET }) });
  vigil.send({ ...event, clientId: OTHER, sequence: 2, data: { text: 'own' } });
  let text = '';
  while (!text.includes('"own"')) text += new TextDecoder().decode((await reader.read()).value);
  expect(text).not.toContain(SECRET);
  await reader.cancel();
});

test('a live stream ends when its token is revoked', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const api = await start();
  const who = `viewer ${OTHER}`;
  const answer = await api.request('/api/live', { headers: { authorization: `Bearer ${tokens.get(who) ?? ''}` } });
  const token = vigil.deps.tokens.all().find(({ name }) => name === who);
  if (token === undefined) throw new Error('no token');
  await vi.advanceTimersByTimeAsync(60_000);
  await vigil.deps.tokens.put({ ...token, revokedAt: '2026-01-01T00:00:00.000Z' });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await answer.text()).toMatch(/^retry: 1000\n\n(: still here\n\n){4}$/);
  expect(vigil.listeners()).toBe(0);
});
