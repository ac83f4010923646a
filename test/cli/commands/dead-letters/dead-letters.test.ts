import { afterEach, describe, expect, it } from 'vitest';
import { tempFiles } from '../../../support/temp-files.ts';
import { problem, startFakeVigil, type FakeVigil, type Reply } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

const { write } = tempFiles();
let server: FakeVigil | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function deadletters(
  args: string[],
  reply: Reply = () => ({ status: 500 }),
): Promise<{ code: number; out: string; err: string }> {
  server = await startFakeVigil(reply);
  return vigil(['deadletters', ...args], { VIGIL_URL: server.url });
}
const asked = (): string[] =>
  (server?.asked ?? []).map(({ method, path }) => `${method} ${path.replace('/api/dead-letters', '')}`);

const deadLetter = (sequence: number, others: object = {}) => ({
  sequence,
  clientId: 'client-01',
  reason: 'json',
  detail: 'The payload is no JSON.',
  subject: 'events.client-01.status',
  eventSequence: 500 + sequence,
  eventStoredAt: '2026-01-01T00:00:00.000Z',
  buriedAt: '2026-01-01T00:00:01.000Z',
  bytes: 13,
  preview: '{"machineId":',
  ...others,
});

/** Replies like the API for a stream with these sequences. */
const stream =
  (...sequences: number[]): Reply =>
  ({ method, path }) => {
    const { pathname, searchParams } = new URL(path, 'http://vigil');
    const sequence = Number(pathname.split('/')[3]);
    if (method === 'POST') return { status: 202, body: { sequence: 1_000 + sequence } };
    if (method === 'DELETE') return { status: 204 };
    const limit = Number(searchParams.get('limit'));
    const found = sequences
      .filter((each) => each < Number(searchParams.get('cursor') ?? Infinity))
      .sort((a, b) => b - a);
    const page = found.slice(0, limit);
    return {
      status: 200,
      body: {
        deadLetters: page.map((each) => deadLetter(each)),
        next: found.length > limit ? String(page.at(-1)) : null,
      },
    };
  };
const missing: Reply = () => problem(404, 'DEAD_LETTER_NOT_FOUND', 'The dead letter does not exist.', 'Look.');

describe('vigil deadletters list', () => {
  it('shows the newest first', async () => {
    const { code, out } = await deadletters(['list'], stream(1, 12));
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      'SEQUENCE  WHEN                      CLIENT     SUBJECT                  REASON  PREVIEW',
      '12        2026-01-01T00:00:00.000Z  client-01  events.client-01.status  json    {"machineId":',
      '1         2026-01-01T00:00:00.000Z  client-01  events.client-01.status  json    {"machineId":',
      '',
    ]);
  });

  it('filters by client and reason', async () => {
    await deadletters(['list', '--client', '_unknown', '--reason', 'client-id', '--limit', '5'], stream());
    expect(asked()).toEqual(['GET ?limit=6&clientId=_unknown&reason=client-id']);
  });

  it('reads pages up to the limit, and reports if there are more', async () => {
    const all = Array.from({ length: 250 }, (_, index) => index + 1);
    const { out } = await deadletters(['list', '--limit', '150'], stream(...all));
    expect(asked()).toEqual(['GET ?limit=100', 'GET ?limit=100&cursor=151']);
    expect(out.split('\n')).toHaveLength(1 + 150 + 2);
    expect(out).toContain('There are more dead letters; use --limit to list them.\n');
  });

  it('prints the JSON of the API', async () => {
    const { out } = await deadletters(['list', '--json'], stream(3));
    expect(JSON.parse(out)).toEqual([deadLetter(3)]);
  });

  it('escapes control characters and keeps each event on its line', async () => {
    const nasty = deadLetter(1, {
      reason: null,
      subject: null,
      eventStoredAt: null,
      preview: '\u001b[2J{\n"a":\u0000\u009b1}',
    });
    const { out } = await deadletters(['list'], () => ({ status: 200, body: { deadLetters: [nasty], next: null } }));
    expect(out.split('\n')[1]).toBe(
      '1         2026-01-01T00:00:01.000Z  client-01  –        –       \\x1b[2J{ "a":\\x00\\x9b1}',
    );
  });

  it.each(['0', '-1', 'many'])('rejects %s as a limit', async (limit) => {
    const { code, err } = await deadletters(['list', `--limit=${limit}`]);
    expect([code, asked()]).toEqual([1, []]);
    expect(err).toContain(`"${limit}" is not a positive integer.`);
  });
});

describe('vigil deadletters show', () => {
  const whole = { ...deadLetter(7), isWhole: true, encoding: 'utf-8', payload: '{"machineId":\n\t\u001b' };

  it('shows all fields and the original event', async () => {
    const { code, out } = await deadletters(['show', '7'], () => ({ status: 200, body: whole }));
    expect([code, asked()]).toEqual([0, ['GET /7']]);
    expect(out).toBe(
      [
        'sequence  7',
        'client    client-01',
        'reason    json',
        'detail    The payload is no JSON.',
        'subject   events.client-01.status',
        'event     507, stored 2026-01-01T00:00:00.000Z',
        'stored    2026-01-01T00:00:01.000Z',
        'bytes     13',
        '',
        '{"machineId":',
        '\t\\x1b',
        '',
      ].join('\n'),
    );
  });

  it('marks truncated and base64 payloads', async () => {
    const { out } = await deadletters(['show', '7'], () => ({
      status: 200,
      body: { ...whole, isWhole: false, encoding: 'base64', payload: 'e//+fQ==' },
    }));
    expect(out).toContain('bytes     13 (truncated: only the first bytes are left), base64 (not UTF-8)\n\ne//+fQ==\n');
  });

  it('prints everything as JSON', async () => {
    const { out } = await deadletters(['show', '7', '--json'], () => ({ status: 200, body: whole }));
    expect(JSON.parse(out)).toEqual(whole);
  });

  it('reports a missing one', async () => {
    const { code, err } = await deadletters(['show', '7'], missing);
    expect([code, err]).toEqual([1, 'vigil: DEAD_LETTER_NOT_FOUND: The dead letter does not exist. Look.\n']);
  });
});

describe('vigil deadletters replay', () => {
  it('replays the given sequences, in that order', async () => {
    const { code, out } = await deadletters(['replay', '9', '7'], stream());
    expect([code, out]).toEqual([0, '9 replayed as event 1009\n7 replayed as event 1007\n']);
    expect(asked()).toEqual(['POST /9/replay', 'POST /7/replay']);
    expect(server?.asked[0]?.body).toBeUndefined();
  });

  it('replays all of a client and a reason, oldest first', async () => {
    const { code, out } = await deadletters(
      ['replay', '--all', '--client', 'client-01', '--reason', 'future', '--json'],
      stream(3, 5, 8),
    );
    expect(asked()).toEqual([
      'GET ?limit=100&clientId=client-01&reason=future',
      'POST /3/replay',
      'POST /5/replay',
      'POST /8/replay',
    ]);
    expect([code, JSON.parse(out)]).toEqual([0, [3, 5, 8].map((sequence) => ({ sequence, event: 1_000 + sequence }))]);
  });

  it('replays one with a new payload and subject', async () => {
    const file = write('fixed.json', '{\n  "machineId": "m1"\n}\n');
    const { code } = await deadletters(
      ['replay', '7', '--payload', file, '--subject', 'events.client-02.status'],
      stream(),
    );
    expect(code).toBe(0);
    expect(server?.asked[0]?.body).toEqual({ subject: 'events.client-02.status', payload: { machineId: 'm1' } });
  });

  it('reports each rejected one and replays the others', async () => {
    const refuse: Reply = (question) =>
      question.path.includes('/7/')
        ? problem(400, 'EVENT_INVALID', 'The event is not valid.', 'The payload is no JSON.')
        : stream()(question);
    const { code, out, err } = await deadletters(['replay', '7', '9'], refuse);
    expect([code, out, err]).toEqual([
      1,
      '9 replayed as event 1009\n',
      '7: EVENT_INVALID: The event is not valid. The payload is no JSON.\n',
    ]);
  });

  it('stops if vigil or NATS does not answer', async () => {
    const away: Reply = () => problem(503, 'NATS_UNREACHABLE', 'NATS does not answer.', 'Try again.');
    const { code, err } = await deadletters(['replay', '7', '9'], away);
    expect([code, err, asked()]).toEqual([
      1,
      'vigil: NATS_UNREACHABLE: NATS does not answer. Try again.\n',
      ['POST /7/replay'],
    ]);
  });

  it.each([
    ['FILE_UNREADABLE', () => 'nowhere.json'],
    ['EVENT_INVALID', () => write('broken.json', '{"a":')],
  ])('does not start with a payload that is %s', async (error, file) => {
    const { code, err } = await deadletters(['replay', '7', '--payload', file()]);
    expect([code, asked()]).toEqual([1, []]);
    expect(err).toContain(`vigil: ${error}:`);
    expect(err).toContain(file());
  });
});

describe('vigil deadletters drop', () => {
  it('drops the given sequences', async () => {
    const { code, out } = await deadletters(['drop', '7', '9'], stream());
    expect([code, out, asked()]).toEqual([0, '7 dropped\n9 dropped\n', ['DELETE /7', 'DELETE /9']]);
  });

  it('drops all of a client, oldest first', async () => {
    await deadletters(['drop', '--all', '--client', 'client-01'], stream(3, 5));
    expect(asked()).toEqual(['GET ?limit=100&clientId=client-01', 'DELETE /3', 'DELETE /5']);
  });

  it('reports if there are none', async () => {
    const { code, out } = await deadletters(['drop', '--all', '--client', 'client-01'], stream());
    expect([code, out]).toEqual([0, 'No matching dead letters.\n']);
  });

  it('reports a missing one', async () => {
    const { code, err } = await deadletters(['drop', '7'], missing);
    expect([code, err]).toEqual([1, '7: DEAD_LETTER_NOT_FOUND: The dead letter does not exist. Look.\n']);
  });
});

describe('wrong arguments do nothing:', () => {
  it.each([
    [['drop'], 'give sequences'],
    [['replay'], 'give sequences'],
    [['drop', '--all'], '--all needs --client <id>'],
    [['drop', '7', '--all', '--client', 'c'], '--all needs --client <id> and no sequences'],
    [['drop', '7', '--client', 'c'], '--client and --reason need --all'],
    [['drop', 'x'], '"x" is not a positive integer.'],
    [['drop', '7', '1e3'], '"1e3" is not a positive integer.'],
    [['show', '../../../rules'], '"../../../rules" is not a positive integer.'],
    [['replay', '7', '9', '--subject', 'events.c.status'], 'need a single sequence'],
    [['replay', '--all', '--client', 'c', '--payload', 'f.json'], 'need a single sequence'],
  ])('%j', async (args, message) => {
    const { code, err } = await deadletters(args);
    expect([code, asked()]).toEqual([1, []]);
    expect(err).toContain(message);
  });
});
