import { describe, expect, it } from 'vitest';
import { reportLimit } from '../../../src/core/alerts/limit-alert.ts';
import { LIMITS, type ReportedLimit } from '../../../src/core/primitives/limits.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { advanceTo, countOverflow, openPartitionSet, takeAlerts } from '../../../src/core/evaluation/evaluate.ts';

const open = () => {
  const rule = parseRule({
    id: 'r',
    clientId: 'c',
    where: [{ property: 'm', equals: '*' }],
    partitionBy: ['m'],
    evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
    expect: [{ m: 'a' }, { m: 'b' }],
  });
  return openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: 0 });
};

describe('a cap that a partition set reaches', () => {
  it.each<[ReportedLimit, RegExp, advice: RegExp]>([
    ['groups', new RegExp(`^The rule has ${LIMITS.groups} groups`), /Group by a property with fewer values/],
    ['partitions', /^2 partitions are as many/, /Split the rule with groupBy, or let data go stale/],
    ['stateBytes', /^The state of 2 partitions is as large/, /use shorter windows/],
  ])('%s: is reported with the number and what to do', (limit, much, advice) => {
    const set = open();
    reportLimit(set, limit);
    const [alert] = takeAlerts(set);
    expect(alert?.data).toMatchObject({ status: 'limit', message: expect.stringMatching(much) as string });
    expect(alert?.data.message).toMatch(advice);
  });

  it('is reported again after an hour, and every dropped event is counted', () => {
    const set = open();
    for (const atMs of [0, 1, LIMITS.limitReportMs - 1, LIMITS.limitReportMs]) {
      advanceTo(set, atMs);
      countOverflow(set);
    }
    expect(takeAlerts(set).map(({ time }) => Date.parse(time))).toEqual([0, LIMITS.limitReportMs]);
    expect(set.state.counters.overflow).toBe(4);
  });
});
