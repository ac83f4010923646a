import { describe, expect, it } from 'vitest';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { Groups } from '../../../src/core/matching/groups.ts';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { RuleIndex, type Match } from '../../../src/core/matching/rule-index.ts';

const HOUR_MS = 3_600_000;
const index = new RuleIndex();
for (const [id, groupBy] of [
  ['by-site', ['site']],
  ['other', ['site']],
  ['whole', undefined],
] as const) {
  const rule = {
    id,
    clientId: 'c',
    where: [{ property: 'rule', equals: id }],
    groupBy,
    evaluate: { type: 'any', having: { calc: 'count', within: '1m', gt: 0 } },
  };
  index.put({ rule: parseRule(rule), version: 1, storedAtMs: 0 });
}

/** The match of an event from this site. */
function at(site: string | number, rule = 'by-site'): Match {
  const [match] = index.match(
    toEvent({ subject: 'events.c.reading', payload: { rule, site }, sequence: 1, storedAtMs: 0 }),
  );
  if (match === undefined) throw new Error('the event is for no rule');
  return match;
}
const idOf = (site: string | number, rule?: string): string => at(site, rule).setId;

describe('the groups of a rule', () => {
  it('have one partition set each while there is room, and keep it', () => {
    const groups = new Groups(2);
    expect([at('a'), at('b'), at('a'), at('b')].map((match) => groups.setFor(match, 0))).toEqual(
      ['a', 'b', 'a', 'b'].map((site) => idOf(site)),
    );
    expect(groups.setFor(at('c'), 0)).not.toBe(idOf('c'));
  });

  it('do not take room from another rule, and a rule without groups needs none', () => {
    const groups = new Groups(1);
    groups.setFor(at('a'), 0);
    expect(groups.setFor(at('b', 'other'), 0)).toBe(idOf('b', 'other'));
    expect(groups.setFor(at('b', 'whole'), 0)).toBe(idOf('b', 'whole'));
  });

  it('above the limit are dropped; once an hour of stream time one set reports it, whichever came first', () => {
    for (const order of [
      ['a', 'b'],
      ['b', 'a'],
    ]) {
      const groups = new Groups(2);
      for (const site of order) groups.setFor(at(site), 0);
      const targets = [0, 1, HOUR_MS - 1, HOUR_MS, HOUR_MS + 1, 5 * HOUR_MS].map((atMs) =>
        groups.setFor(at(`more-${atMs}`), atMs),
      );
      expect(targets).toEqual([idOf('a'), null, null, idOf('a'), null, idOf('a')]);
    }
  });

  it('do not begin with an event that only removes a partition', () => {
    const groups = new Groups(1);
    const forgetting: Match = { ...at('a'), forgets: true };
    expect(groups.setFor(forgetting, 0)).toBe(null);
    expect([at('b'), { ...at('b'), forgets: true as const }].map((match) => groups.setFor(match, 0))).toEqual([
      idOf('b'),
      idOf('b'),
    ]);
  });

  it('that existed before count, and those that have ended do not', () => {
    const groups = new Groups(1);
    groups.add(idOf('a'));
    expect(groups.setFor(at('b'), 0)).toBe(idOf('a'));
    groups.delete(idOf('a'));
    expect(groups.setFor(at('b'), 0)).toBe(idOf('b'));
  });

  it('have room for as many sets as the quota of the client, those of all its rules together', () => {
    let quota: number | null = 2;
    const groups = new Groups(9, () => quota);
    const begins = (match: Match, atMs = 0): boolean => {
      const isOver = groups.overQuota(match, atMs) !== null;
      if (!isOver) groups.setFor(match, atMs);
      return !isOver;
    };
    groups.add(idOf('a', 'whole'));
    expect([at('a'), at('b'), at('a', 'other'), at('a')].map((match) => begins(match))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    groups.delete(idOf('a', 'whole'));
    groups.delete(idOf('a', 'whole'));
    expect([at('b'), at('c')].map((match) => begins(match))).toEqual([true, false]);
    quota = 1;
    expect([at('a'), at('b'), at('c'), at('d', 'whole')].map((match) => begins(match))).toEqual([
      true,
      true,
      false,
      true,
    ]);
    quota = null;
    expect(begins(at('c'))).toBe(true);
  });

  it('over the quota are reported once an hour for each rule', () => {
    const groups = new Groups(9, () => 0);
    const firsts = [0, 1, HOUR_MS, HOUR_MS + 1, 1].map((atMs) => groups.overQuota(at('a'), atMs)?.isFirst);
    expect(firsts).toEqual([true, false, true, false, false]);
    expect(groups.overQuota(at('a', 'other'), 1)).toEqual({ isFirst: true });
    expect(groups.overQuota({ ...at('a'), forgets: true }, 5 * HOUR_MS)).toBeNull();
  });

  it(`are at most ${LIMITS.groups}, whatever a tenant sends`, () => {
    const groups = new Groups();
    const taken = Array.from({ length: 2 * LIMITS.groups }, (_, site) => groups.setFor(at(site), 0));
    expect(new Set(taken.filter((setId) => setId !== null)).size).toBe(LIMITS.groups);
    expect(taken.slice(LIMITS.groups + 1).every((setId) => setId === null)).toBe(true);
  });
});
