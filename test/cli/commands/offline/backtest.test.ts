import { describe, expect, it } from 'vitest';
import { VigilError } from '../../../../src/core/primitives/errors.ts';
import type { EventArchive } from '../../../../src/cli/ports.ts';
import type { StoredEvent } from '../../../../src/core/model/event/stored-event.ts';
import { tempFiles } from '../../../support/temp-files.ts';
import { vigil } from '../../run-vigil.ts';

/** Timeout of a test with many events on a slow machine. */
const LONG_MS = 60_000;

const { folder, write } = tempFiles();

const RULES = write(
  'rules.yaml',
  `id: stopped
clientId: client-01
where: [{ property: type, equals: status }]
groupBy: [site]
partitionBy: [machineId]
evaluate: { type: each, having: { calc: latest, property: state, equals: stopped } }
for: 1m
message: '{{partition.machineId}} is stopped'
---
id: quiet
clientId: client-02
where: [{ property: type, equals: status }]
evaluate: { type: any, having: { calc: latest, property: state, equals: stopped } }
`,
);

const status = (time: string | number, state: string, machineId = 'm1'): string =>
  JSON.stringify({ clientId: 'client-01', type: 'status', time, site: 'berlin', machineId, state });
const RECORDING = [
  status('2026-01-01T00:00:00Z', 'stopped'),
  status(Date.UTC(2026, 0, 1, 0, 5), 'running'),
  status('2026-01-01T00:06:00Z', 'stopped'),
];
const recording = (lines: string[], name = 'events.jsonl'): string => write(name, `${lines.join('\n')}\n`);

const backtest = (...args: string[]) => vigil(['backtest', '--rules', RULES, ...args]);
const jsonLines = (out: string): unknown[] =>
  out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);

const firing = (at: string, episode: number) => ({
  ...{
    at,
    clientId: 'client-01',
    ruleId: 'stopped',
    group: { site: 'berlin' },
    partition: { machineId: 'm1' },
    episode,
  },
  ...{ status: 'firing', reason: 'condition', severity: 'warning' },
});

describe('vigil backtest --json', () => {
  it('prints one line per transition, in time order, and nothing else', async () => {
    const { code, out, err } = await backtest(
      '--events',
      recording(RECORDING),
      '--until',
      '2026-01-01T00:07:00Z',
      '--json',
    );
    expect([code, err]).toEqual([0, '']);
    expect(jsonLines(out)).toEqual([
      firing('2026-01-01T00:01:00.000Z', 1),
      { ...firing('2026-01-01T00:05:00.000Z', 1), status: 'resolved', reason: 'cleared' },
      firing('2026-01-01T00:07:00.000Z', 2),
    ]);
  });

  it('ends at the last event or at --until', async () => {
    const file = recording(RECORDING);
    const transitions = async (...args: string[]): Promise<number> =>
      jsonLines((await backtest('--events', file, '--json', ...args)).out).length;
    expect(await transitions()).toBe(2);
    expect(await transitions('--until', '2026-01-01T00:01:00Z')).toBe(1);
    expect(await transitions('--until', '2026-01-01T00:00:59')).toBe(0);
    expect(await transitions('--until', String(Date.UTC(2027, 0)))).toBe(3);
  });

  it('accepts rules of several files', async () => {
    const other = write(
      'other.yaml',
      'id: all\nclientId: client-01\nwhere: [{ property: type, equals: status }]\nevaluate: { type: any, having: { calc: latest, property: state, equals: stopped } }\n',
    );
    const { out } = await backtest(other, '--events', recording(RECORDING), '--json');
    const rules = jsonLines(out).map((line) => (line as { ruleId: string }).ruleId);
    expect(rules.sort()).toEqual(['all', 'all', 'all', 'stopped', 'stopped']);
  });

  it('skips invalid lines and prints the first twenty to stderr', async () => {
    const bad = Array.from({ length: 25 }, (_, index) =>
      index % 2 === 0 ? '{"clientId":' : '{"clientId": "client-01"}',
    );
    const file = recording(['', ...RECORDING.slice(0, 1), ...bad, '  ', ...RECORDING.slice(1)], 'bad.jsonl');
    const { code, out, err } = await backtest('--events', file, '--json');
    expect(code).toBe(0);
    expect(jsonLines(out)).toHaveLength(2);
    const lines = err.trimEnd().replaceAll(`${folder}/`, '').split('\n');
    expect(lines).toHaveLength(22);
    expect(lines[0]).toMatch(/^bad.jsonl:3: The event is not valid. It is not valid JSON: /);
    expect(lines[1]).toMatch(/^bad.jsonl:4: The event is not valid. It needs a `time`/);
    expect(lines.slice(20)).toEqual(['… and 5 others', '25 invalid events skipped']);
  });

  it('reads any line endings, and a last line without one', async () => {
    const file = write('windows.jsonl', `\uFEFF${RECORDING.join('\r\n')}`);
    expect(jsonLines((await backtest('--events', file, '--json')).out)).toHaveLength(2);
  });

  it('fails if no line is valid', async () => {
    const { code, err } = await backtest('--events', recording(['{}'], 'useless.jsonl'), '--json');
    expect(code).toBe(1);
    expect(err).toContain('1 invalid event skipped');
  });

  it('evaluates a long recording', { timeout: LONG_MS }, async () => {
    const lines = Array.from({ length: 50_000 }, (_, index) => {
      const machine = index % 100;
      const round = Math.floor(index / 100);
      return status(Date.UTC(2026, 0, 1) + index * 1_000, round % 2 === 0 ? 'stopped' : 'running', `m${machine}`);
    });
    const { code, out } = await backtest('--events', recording(lines, 'long.jsonl'), '--json');
    expect(code).toBe(0);
    // Every machine is stopped for 100 s, then runs for 100 s, 250 times; each stop fires after a minute.
    const found = jsonLines(out) as { at: string; status: string }[];
    expect(found.filter((line) => line.status === 'firing')).toHaveLength(25_000);
    expect(found.filter((line) => line.status === 'resolved')).toHaveLength(25_000);
    expect(found.every(({ at }, index) => index === 0 || at >= (found[index - 1]?.at ?? ''))).toBe(true);
  });
});

describe('vigil backtest', () => {
  it('prints the alerts, the counts of each rule, and the throughput', async () => {
    const { code, out } = await backtest('--events', recording(RECORDING), '--until', '2026-01-01T00:07:00Z');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.slice(0, -1)).toEqual([
      'FIRED                     RESOLVED                  CLIENT     RULE     WHERE                     SEVERITY  MESSAGE',
      '2026-01-01T00:01:00.000Z  2026-01-01T00:05:00.000Z  client-01  stopped  site=berlin machineId=m1  warning   m1 is stopped',
      '2026-01-01T00:07:00.000Z  still firing              client-01  stopped  site=berlin machineId=m1  warning   m1 is stopped',
      '',
      'CLIENT     RULE     FIRED  RESOLVED  STILL FIRING',
      'client-01  stopped  2      1         1',
      'client-02  quiet    0      0         0',
      '',
    ]);
    expect(lines.at(-1)).toMatch(
      /^3 events from 2026-01-01T00:00:00.000Z to 2026-01-01T00:07:00.000Z in \d+\.\d s: [\d,]+ events\/s, peak memory [\d,]+ MB$/,
    );
  });

  it('prints the first twenty alerts', async () => {
    const stops = Array.from({ length: 30 }, (_, minute) =>
      status(Date.UTC(2026, 0, 1, 0, minute), 'stopped', `m${minute}`),
    );
    const { out } = await backtest('--events', recording(stops, 'many.jsonl'), '--until', '2026-01-02');
    expect(out).toContain('m19 is stopped\n… and 10 more; --json lists every transition\n');
    expect(out).toContain('client-01  stopped  30     0         30');
  });

  it('shows progress on a terminal and erases it', async () => {
    let err = '';
    const stderr = { write: (text: string) => (err += text), isTTY: true };
    const { out } = await vigil(['backtest', '--rules', RULES, '--events', recording(RECORDING)], {}, { stderr });
    expect(err).toMatch(/█+ 100 % {2}3 events.*\r\x1b\[K$/);
    expect(out).not.toContain('█');
  });

  it('does not start with invalid rules and prints all their issues', async () => {
    const bad = write('bad.yaml', 'id: A\n---\nid: B\n');
    const { code, out, err } = await backtest(bad, '--events', recording(RECORDING));
    expect([code, out]).toEqual([1, '']);
    expect(err.replaceAll(`${folder}/`, '')).toMatch(/^bad.yaml:1: id: must have [^]*\nbad.yaml:3: id: must have /);
  });

  it.each([
    [[], 'error: use --events <file> or --stream'],
    [['--events', 'x', '--stream'], "option '--events <file>' cannot be used with option '--stream'"],
    [['--events', 'x', '--since', '7d'], "option '--events <file>' cannot be used with option '--since <time>'"],
    [['--events', 'x', '--until', 'soon'], "argument 'soon' is invalid. Use ISO 8601"],
    [['--events', 'x', '--from', 'soon'], "argument 'soon' is invalid. Use ISO 8601"],
    [['--events', 'x', '--from', '2026-01-02', '--until', '2026-01-01'], 'error: --from is after --until'],
    [['--events', 'nowhere.jsonl'], 'vigil: FILE_UNREADABLE: A file cannot be read. nowhere.jsonl: ENOENT'],
    [['--events', folder], 'vigil: FILE_UNREADABLE: A file cannot be read.'],
  ])('%j: %s', async (args, message) => {
    const { code, err } = await backtest(...args);
    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

describe('vigil backtest --stream', () => {
  const NOW = Date.UTC(2026, 0, 1, 1);
  const asked: unknown[] = [];
  let isClosed = false;

  const stored = RECORDING.map((text, index): StoredEvent => {
    const { time, ...data } = JSON.parse(text) as { time: string | number };
    return {
      subject: 'events.client-01.status',
      sequence: 7 + index,
      storedAtMs: new Date(time).getTime(),
      bytes: new TextEncoder().encode(JSON.stringify(data)),
    };
  });
  const broken: StoredEvent = {
    subject: 'events.client-01.status',
    sequence: 99,
    storedAtMs: NOW,
    bytes: new TextEncoder().encode('{'),
  };

  const archive = (events: StoredEvent[]): EventArchive => ({
    read(from) {
      asked.push(from);
      return Promise.resolve({
        total: events.length,
        atMs: NOW,
        async *[Symbol.asyncIterator]() {
          yield* events;
        },
      });
    },
    close: () => Promise.resolve(void (isClosed = true)),
  });
  const play = (args: string[], events = stored, env: Record<string, string> = {}) =>
    vigil(['backtest', '--rules', RULES, '--stream', ...args], env, {
      openArchive(natsUrl) {
        asked.push(natsUrl);
        return Promise.resolve(archive(events));
      },
    });

  it('evaluates the events of the rules’ clients in the stream, up to now', async () => {
    asked.length = 0;
    const { code, out } = await play(['--json']);
    expect(code).toBe(0);
    expect(jsonLines(out)).toMatchObject([
      { at: '2026-01-01T00:01:00.000Z', status: 'firing' },
      { at: '2026-01-01T00:05:00.000Z', status: 'resolved' },
      { at: '2026-01-01T00:07:00.000Z', status: 'firing' },
    ]);
    expect(asked).toEqual(['nats://localhost:4222', { sinceMs: undefined, clientIds: ['client-01', 'client-02'] }]);
    expect(isClosed).toBe(true);
  });

  it('prints the same tables', async () => {
    expect((await play([])).out).toContain('client-01  stopped  2      1         1');
  });

  it.each([
    ['2026-01-01T00:00:00Z', () => Date.UTC(2026, 0, 1)],
    ['7d', () => expect.closeTo(Date.now() - 7 * 86_400_000, -5) as number],
  ])('starts at --since %s', async (since, expected) => {
    asked.length = 0;
    await play(['--since', since, '--nats', 'nats://there:4222']);
    expect(asked).toEqual(['nats://there:4222', { sinceMs: expected(), clientIds: ['client-01', 'client-02'] }]);
  });

  it('uses NATS_URL', async () => {
    asked.length = 0;
    await play([], stored, { NATS_URL: 'nats://elsewhere:4222' });
    expect(asked[0]).toBe('nats://elsewhere:4222');
  });

  it('reports invalid messages by sequence', async () => {
    const { code, err } = await play(['--json'], [...stored, broken]);
    expect(code).toBe(0);
    expect(err).toMatch(/^message:99: The event is not valid. The payload is not valid JSON: /);
  });

  it('prints advice if NATS does not answer', async () => {
    const openArchive = () => Promise.reject(new VigilError('NATS_UNREACHABLE', 'Nothing answers there.'));
    const { code, err } = await vigil(['backtest', '--rules', RULES, '--stream'], {}, { openArchive });
    expect([code, err]).toEqual([1, 'vigil: NATS_UNREACHABLE: NATS does not answer. Nothing answers there.\n']);
  });
});
