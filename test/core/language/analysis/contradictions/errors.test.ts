import { describe, expect, it } from 'vitest';
import { checkRule } from '../../../../../src/core/language/parse/parse-rule.ts';
import { latest, base, any, step, sequence } from './rules-with-warnings.ts';

describe('errors, not warnings', () => {
  it.each([
    [
      'a step within zero time',
      sequence([step('open'), step('shut', { within: '0s' })]),
      'evaluate.steps[1].within: must be greater than zero',
    ],
    [
      'within on the first step',
      sequence([step('open', { within: '1m' })]),
      'evaluate.steps[0].within: is not allowed: the first step has no previous step',
    ],
    [
      'a schedule that never opens',
      any(latest({ gt: 1 }), { schedule: { timezone: 'UTC', from: '24:00', to: '00:00' } }),
      'schedule.from: must be a time of day such as 06:00',
    ],
  ])('%s', (_name, rule, error) => {
    expect(checkRule({ ...base, ...rule }).issues.map(({ path, message }) => `${path}: ${message}`)).toEqual([error]);
  });
});
