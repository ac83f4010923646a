import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/core/explain/explain.ts';
import { inWords } from '../../../src/core/explain/in-words.ts';
import { EPOCH_MS, driver } from '../../support/evaluation/driver.ts';

const MINUTE = 60;
const base = { id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }], partitionBy: ['m'] };
const temp = (comparison: object) => ({ calc: 'latest', property: 't', ...comparison });

type Sent = [atMinutes: number, data: Record<string, unknown>];

/** What `vigil explain` prints; times as minutes since the start. */
function lines(words: object, sent: readonly Sent[], atMinutes: number, partition?: string): string[] {
  const set = driver({ ...base, ...words });
  for (const [at, data] of sent) set.send(at * MINUTE, data);
  const before = JSON.stringify(set.state());
  const atMs = EPOCH_MS + atMinutes * MINUTE * 1000;
  const explanation = explain(set.set(), { atMs, ...(partition !== undefined && { partition: [partition] }) });
  expect(JSON.stringify(set.state())).toBe(before);
  return inWords(explanation).map((line) =>
    line.replaceAll(/2026-[-0-9T:.]+Z/g, (time) => `${(Date.parse(time) - EPOCH_MS) / MINUTE / 1000}m`),
  );
}

describe('an explanation', () => {
  it.each<[what: string, words: object, sent: Sent[], at: number, partition: string | undefined, expected: string[]]>([
    [
      'says why all does not hold: who holds it back, and who is missing',
      { evaluate: { type: 'all', having: temp({ gt: 80 }) }, expect: [{ m: 'c' }] },
      [
        [0, { m: 'a', t: 90 }],
        [1, { m: 'b', t: 75 }],
      ],
      2,
      undefined,
      [
        'The alert is inactive.',
        'all: no. 1 of 2 live partitions satisfy.',
        '0 of 1 expected partitions are live.',
        '  m=c: not live',
        '  m=b: does not satisfy',
        'Nothing changes before the next event.',
      ],
    ],
    [
      'says by how much a comparison fails, with the event behind it',
      {
        evaluate: { type: 'any', having: { all: [temp({ gt: 80 }), { calc: 'latest', property: 's', equals: 'on' }] } },
      },
      [
        [0, { m: 'a', t: 75 }],
        [1, { m: 'a', s: 'on' }],
      ],
      2,
      'a',
      [
        'The alert is inactive.',
        'any: no. 0 of 1 live partitions satisfy.',
        'm=a is live; its newest event is event 2 of 1m.',
        'Condition: no',
        '  all: no',
        '    latest(t) gt 80: no (is 75, lacks 5, event 1 of 0m)',
        '    latest(s) equals "on": yes (is "on", event 2 of 1m)',
        'Nothing changes before the next event.',
      ],
    ],
    [
      'says when a pending alert fires, and when data goes stale',
      { evaluate: { type: 'each', having: temp({ gt: 80 }) }, for: '5m', staleAfter: '1h' },
      [[2, { m: 'a', t: 90 }]],
      3,
      'a',
      [
        'm=a is live; its newest event is event 1 of 2m.',
        'Its alert is pending (warning, episode 1), its condition began at 2m.',
        'Condition: yes',
        '  latest(t) gt 80: yes (is 90, event 1 of 2m)',
        'Without another event:',
        '  7m  the alert fires',
        '  62m  its data expires (staleAfter)',
      ],
    ],
    [
      'counts the alerts that partitions have of their own',
      { evaluate: { type: 'each', having: temp({ gt: 80 }) } },
      [
        [0, { m: 'a', t: 90 }],
        [1, { m: 'b', t: 75 }],
      ],
      2,
      undefined,
      [
        'Every partition has its own alert: 1 firing, 0 pending, 1 inactive. 2 partitions are live.',
        '  m=a: firing since 0m',
      ],
    ],
    [
      'compares with operands as they are now',
      { evaluate: { type: 'any', having: temp({ gt: { latest: 'max', times: 2 } }) } },
      [[0, { m: 'a', t: 9, max: 8 }]],
      1,
      'a',
      [
        'The alert is inactive.',
        'any: no. 0 of 1 live partitions satisfy.',
        'm=a is live; its newest event is event 1 of 0m.',
        'Condition: no',
        '  latest(t) gt {"latest":"max","times":2}: no (is 9, compared with 16, lacks 7, event 1 of 0m)',
        'Nothing changes before the next event.',
      ],
    ],
    [
      'counts what moves with the clock up to now',
      { evaluate: { type: 'any', having: { calc: 'age', gt: '1h' } } },
      [[0, { m: 'a' }]],
      20,
      'a',
      [
        'The alert is inactive.',
        'any: no. 0 of 1 live partitions satisfy.',
        'm=a is live; its newest event is event 1 of 0m.',
        'Condition: no',
        '  age() gt "1h": no (is "20m", event 1 of 0m)',
        'Without another event:',
        '  60m  a value changes, as events leave their window or time passes',
      ],
    ],
    [
      'says what latches a partition',
      { evaluate: { type: 'any', having: temp({ gt: 80 }) }, clear: temp({ lt: 70 }) },
      [
        [0, { m: 'a', t: 90 }],
        [1, { m: 'a', t: 75 }],
      ],
      2,
      'a',
      [
        'The alert is firing (warning, episode 1), its condition began at 0m.',
        'any: yes. 1 of 1 live partitions satisfy.',
        '  m=a: satisfies',
        'm=a is live; its newest event is event 2 of 1m.',
        'Condition: yes, until `clear` holds',
        '  latest(t) gt 80: no (is 75, lacks 5, event 2 of 1m)',
        '  clear:',
        '    latest(t) lt 70: no (is 75, lacks 5, event 2 of 1m)',
        'Nothing changes before the next event.',
      ],
    ],
    [
      'says which step a match waits for',
      {
        evaluate: {
          type: 'sequence',
          steps: [
            { where: [{ property: 's', equals: 'open' }] },
            { not: { where: [{ property: 's', equals: 'closed' }] }, within: '3m' },
          ],
        },
      },
      [[0, { m: 'a', s: 'open' }]],
      1,
      'a',
      [
        'm=a is live; its newest event is event 1 of 0m.',
        'Its alert is inactive.',
        '  a match waits for step 2 of 2 since 0m',
        'Without another event:',
        '  3m  a `not` of the sequence has passed',
      ],
    ],
    [
      'says the value across partitions, by level',
      {
        evaluate: {
          type: 'sum',
          of: { calc: 'latest', property: 't' },
          levels: [
            { severity: 'warning', gt: 80 },
            { severity: 'critical', gt: 100, for: '5m' },
          ],
        },
      },
      [
        [0, { m: 'a', t: 50 }],
        [1, { m: 'b', t: 60 }],
      ],
      2,
      undefined,
      [
        'The alert is firing (warning, episode 1), its condition began at 1m.',
        'sum at warning: yes. The value is 110.',
        'sum at critical: yes. The value is 110.',
        'Without another event:',
        '  6m  a level ends or begins',
      ],
    ],
  ])('%s', (_what, words, sent, at, partition, expected) => {
    expect(lines(words, sent, at, partition)).toEqual(expected);
  });

  it('has no partition that the set does not know', () => {
    const set = driver({ ...base, evaluate: { type: 'any', having: temp({ gt: 80 }) } });
    expect(explain(set.set(), { atMs: EPOCH_MS, partition: ['z'] }).partition).toBeNull();
  });
});
