import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../../src/core/compilation/compile-rule.ts';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { driver } from '../../../support/evaluation/driver.ts';

const rule = (having: object) => ({
  id: 'rule',
  clientId: 'client-01',
  where: [{ property: 'type', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having },
});
const latest = (more: object) => ({ calc: 'latest', property: 't', ...more });
const statuses = (set: ReturnType<typeof driver>): string[] => set.alerts().map(({ data }) => data.status);

describe('a calculation with as: number', () => {
  it('has its own values, beside those of the same property without it', () => {
    const set = driver(rule({ all: [latest({ equals: 'off' }), latest({ as: 'number', gt: 5 })] }));
    set.send(1, { m: 'm1', t: '7' });
    set.send(2, { m: 'm1', t: 'off' });
    expect(statuses(set)).toEqual(['firing']);
  });

  it('does not continue with the values of a version of the rule without it', () => {
    const set = driver(rule(latest({ exists: true })));
    set.send(1, { m: 'm1', t: 'off' });
    set.change(rule(latest({ as: 'number', exists: true })));
    set.send(2, { m: 'm1', t: '7' });
    expect(statuses(set)).toEqual(['firing', 'resolved', 'firing']);
  });

  it('shows the number in the alert', () => {
    const set = driver({ ...rule(latest({ as: 'number', gt: 5 })), message: '{{value}}' });
    set.send(1, { m: 'm1', t: ' 7.50 ' });
    expect(set.alerts().map(({ data }) => [data.message, data.evidence.items[0]?.value])).toEqual([['7.5', 7.5]]);
  });

  it('changes nothing for a rule without the word', () => {
    expect(compileRule(parseRule(rule(latest({ gt: 5 })))).slots).toEqual([
      { key: 'latest(t)', kind: 'latest', property: 't', withinMs: 0 },
    ]);
  });
});
