import { describe, expect, it } from 'vitest';
import { step, not, sequence, warnings } from './rules-with-warnings.ts';

describe('sequences', () => {
  const opened = step('open');

  it.each([
    [
      'for with an event as the last step',
      sequence([opened, step('shut')], { for: '1m' }),
      'for: can never be reached: the last step is an event, so the condition ends immediately',
    ],
    [
      'an unless that where excludes',
      sequence([opened, step('shut', { unless: { where: [{ property: 'type', equals: 'door' }] } })]),
      'evaluate.steps[1].unless: has no effect: where excludes every type that unless accepts',
    ],
    [
      'an unless that ends every match',
      sequence([opened, step('shut', { unless: { where: [{ property: 'state', in: ['shut', 'locked'] }] } })]),
      'evaluate.steps[1]: can never match: every event that matches this step also matches its unless',
    ],
    [
      'an unless that covers its not',
      sequence([opened, { ...not('shut', '1m'), unless: step('shut') }]),
      'evaluate.steps[1].not: has no effect: every event that matches it also matches unless',
    ],
    [
      'within of a sequence with one event',
      { evaluate: { type: 'sequence', within: '1m', steps: [opened, not('shut', '5m')] } },
      'evaluate.within: has no effect: it limits the time between the first event and the last one, and there is only one',
    ],
    [
      'within of a sequence that a not exceeds',
      { evaluate: { type: 'sequence', within: '1m', steps: [opened, not('shut', '2m'), step('alarm')] } },
      'evaluate.within: can never be met: the not steps before the last event take longer than 1m',
    ],
    [
      'within of a step that is longer than that of the sequence',
      { evaluate: { type: 'sequence', within: '1m', steps: [opened, step('shut', { within: '2m' })] } },
      'evaluate.steps[1].within: has no effect: within of the whole sequence (1m) is shorter',
    ],
    [
      'a step that where excludes',
      sequence([{ where: [{ property: 'type', equals: 'door' }] }]),
      'evaluate.steps[0]: can never match: where excludes every type that this step accepts',
    ],
  ])('%s', (_name, rule, warning) => {
    expect(warnings(rule)).toEqual([warning]);
  });

  it('no warning for for after a not, nor for a step that narrows where', () => {
    const narrowed = {
      where: [
        { property: 'type', equals: '*' },
        { property: 'state', equals: 'open' },
      ],
    };
    expect(warnings(sequence([narrowed, not('shut', '2m')], { for: '1m' }))).toEqual([]);
    expect(warnings(sequence([opened, step('shut'), not('open', '2m')], { for: '1m' }))).toEqual([]);
  });

  it('no warning for unless next to another state, nor for within that steps can meet', () => {
    const shut = step('shut', { unless: step('locked'), within: '1m' });
    const steps = [opened, not('alarm', '1m'), shut, not('open', '5m')];
    expect(warnings({ evaluate: { type: 'sequence', within: '3m', steps } })).toEqual([]);
    expect(warnings({ evaluate: { type: 'sequence', within: '1m', steps: [{ ...opened, times: 2 }] } })).toEqual([]);
  });

  it('finds what where excludes next to conditions on several properties, which it ignores', () => {
    const either = (a: number, b: number) => ({
      any: [
        { property: 'a', equals: a },
        { property: 'b', equals: b },
      ],
    });
    const where = [{ property: 'type', equals: 'status' }, either(1, 2)];
    expect(warnings(sequence([{ where: [either(3, 4)] }], { where }))).toEqual([]);
    expect(warnings(sequence([{ where: [either(3, 4), { property: 'type', equals: 'door' }] }], { where }))).toEqual([
      'evaluate.steps[0]: can never match: where excludes every type that this step accepts',
    ]);
  });
});
