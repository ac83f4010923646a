import { describe, expect, it } from 'vitest';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { exactSum } from '../../../src/core/primitives/numbers/exact-sum.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { takeChanges } from '../../../src/core/sharding/shard-changes.ts';
import { resumePiece } from '../../../src/core/sharding/piece.ts';
import { splitPartitionSet } from '../../../src/core/sharding/split.ts';
import { advanceTo, applyEvent, openPartitionSet } from '../../../src/core/evaluation/evaluate.ts';

const SECOND_MS = 1000;
const stopped = { calc: 'latest', property: 'state', equals: 'stopped' };
type Sent = [atSeconds: number, machine: string, data: object];

/** The only shard of a set that started empty. */
function openShard(definition: object) {
  const rule = parseRule({
    id: 'r',
    clientId: 'c',
    where: [{ property: 'm', equals: '*' }],
    partitionBy: ['m'],
    ...definition,
  });
  const { shares } = splitPartitionSet(openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: 0 }), 1);
  const [state] = shares;
  if (state?.share === undefined) throw new Error('the input is not a shard state');
  const { share } = state;
  const set = resumePiece(rule, state);
  let sequence = 0;
  return {
    send: (...events: Sent[]): void => {
      for (const [at, m, data] of events) {
        const event = toEvent({
          subject: 'events.c.status',
          payload: { m, ...data },
          sequence: ++sequence,
          storedAtMs: at * SECOND_MS,
        });
        applyEvent(set, projectEvent(set.rule, event));
      }
    },
    advance: (seconds: number): void => advanceTo(set, seconds * SECOND_MS),
    hasChanges: () => share.log.length > 0,
    changes: () => takeChanges(share),
  };
}

describe('a shard reports to its coordinator', () => {
  const [runs, stops] = [{ state: 'running' }, { state: 'stopped' }];
  const evaluate = (type: string, comparison: object = {}) => ({ evaluate: { type, having: stopped, ...comparison } });

  const measure = (type: string) => ({ evaluate: { type, of: { calc: 'latest', property: 'kw' }, gt: 5 } });

  it.each<[what: string, definition: object, before: Sent, event: Sent, reported: boolean]>([
    ['a machine that starts to satisfy', evaluate('any'), [1, 'a', runs], [2, 'a', stops], true],
    ['a machine that stops satisfying', evaluate('any'), [1, 'a', stops], [2, 'a', runs], true],
    ['a new machine that satisfies', evaluate('count', { gte: 2 }), [1, 'a', stops], [2, 'b', stops], true],
    ['a new machine, with all', evaluate('all'), [1, 'a', stops], [2, 'b', runs], true],
    ['a new machine, with none', evaluate('none'), [1, 'a', runs], [2, 'b', runs], true],
    ['a new machine, with percent', evaluate('percent', { gte: 50 }), [1, 'a', stops], [2, 'b', runs], true],
    [
      'a new machine, if the resolved message shows the total',
      { ...evaluate('any'), resolvedMessage: '{{total}} are fine' },
      [1, 'a', runs],
      [2, 'b', runs],
      true,
    ],
    ['no new machine that does not satisfy, with any', evaluate('any'), [1, 'a', runs], [2, 'b', runs], false],
    [
      'no new machine that does not satisfy, with count',
      evaluate('count', { gte: 2 }),
      [1, 'a', stops],
      [2, 'b', runs],
      false,
    ],
    ['no event without effect', evaluate('all'), [1, 'a', stops], [2, 'a', stops], false],
    ['a value that changes the sum', measure('sum'), [1, 'a', { kw: 1 }], [2, 'a', { kw: 2 }], true],
    [
      'a new value, even 0, of which there is an average',
      measure('avg'),
      [1, 'a', { kw: 1 }],
      [2, 'b', { kw: 0 }],
      true,
    ],
    ['a new greatest value', measure('max'), [1, 'a', { kw: 1 }], [2, 'a', { kw: 2 }], true],
    ['no value that leaves the sum as it is', measure('sum'), [1, 'a', { kw: 1 }], [2, 'a', { kw: 1 }], false],
    [
      'any event, if values grow',
      { evaluate: { type: 'sum', of: { calc: 'unchanged', property: 'kw' }, gt: '5m' } },
      [1, 'a', { kw: 1 }],
      [2, 'a', { kw: 1 }],
      true,
    ],
    [
      'a machine that is forgotten',
      { ...evaluate('any'), forgetOn: [{ property: 'gone', equals: true }] },
      [1, 'a', runs],
      [2, 'a', { gone: true }],
      true,
    ],
    [
      'nothing of a machine that was not there',
      { ...evaluate('any'), forgetOn: [{ property: 'gone', equals: true }] },
      [1, 'a', runs],
      [2, 'b', { gone: true }],
      false,
    ],
  ])('%s', (_what, definition, before, event, recorded) => {
    const shard = openShard(definition);
    shard.send(before);
    shard.changes();
    shard.send(event);
    expect(shard.hasChanges()).toBe(recorded);
  });

  it('no value that is not the greatest', () => {
    const shard = openShard(measure('max'));
    shard.send([1, 'a', { kw: 9 }], [1, 'b', { kw: 1 }]);
    shard.changes();
    shard.send([2, 'b', { kw: 2 }]);
    expect(shard.hasChanges()).toBe(false);
    shard.send([3, 'a', { kw: 1 }]);
    expect(shard.changes()).toMatchObject([{ tally: { part: { size: 2, best: 2 } } }]);
  });

  it('its part of a sum, exactly', () => {
    const shard = openShard(measure('sum'));
    shard.send([1, 'a', { kw: 1e16 }], [1, 'b', { kw: 1 }], [1, 'c', { kw: 1e-9 }]);
    const parts = shard.changes().at(-1)?.tally.part?.sum?.others ?? [];
    expect(exactSum([...parts, -1e16, -1])).toBe(1e-9);
  });

  it('stale data, even of a machine that it never reported', () => {
    const shard = openShard({ ...evaluate('any'), staleAfter: '10s' });
    shard.send([1, 'spoken of', stops]);
    expect(shard.changes()).toHaveLength(1);
    shard.send([2, 'new', runs], [10, 'spoken of', stops]);
    expect(shard.hasChanges()).toBe(false);
    shard.advance(12);
    expect(shard.changes()).toMatchObject([{ at: 12 * SECOND_MS, ceased: 'staleData', tally: { live: 1 } }]);
  });

  it('an event that proves what the first one of the set made overdue, although no count changes', () => {
    const evaluate = { type: 'count', lt: 1, having: stopped };
    const shard = openShard({ evaluate, for: '3s', lateTolerance: '1s' });
    // The alert waits for its `for` since the first event, which was 15 s late.
    shard.send([1, 'a', { ...runs, time: -15 * SECOND_MS }]);
    expect(shard.changes()).toMatchObject([{ at: 0, time: -15 * SECOND_MS }]);
    shard.send([1, 'a', runs], [2, 'b', runs]);
    expect(shard.changes()).toMatchObject([{ at: 1 * SECOND_MS, causedBy: { key: ['a'] } }]);
  });

  it('a machine that replaces another, although the count stays the same', () => {
    const having = {
      any: [
        { calc: 'count', within: '10s', gte: 2 },
        { calc: 'unchanged', property: 'state', gte: '10s' },
      ],
    };
    const shard = openShard({ evaluate: { type: 'any', having } });
    shard.send([1, 'busy', {}], [1, 'busy', {}], [1, 'idle', runs]);
    expect(shard.changes().at(-1)?.tally.holding).toEqual([1]);
    shard.advance(11);
    const [change] = shard.changes();
    expect(change).toMatchObject({ at: 11 * SECOND_MS, tally: { holding: [1] } });
    expect(change?.named.map(({ key, holds }) => [...key, ...holds]).sort()).toEqual([
      ['busy', false],
      ['idle', true],
    ]);
  });
});
