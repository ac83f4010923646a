import { describe, it } from 'vitest';
import { LIMITS } from '../../../../src/core/primitives/limits.ts';
import { rule, steps, step, expectIssue, type Issue } from './rules-to-check.ts';

describe('an invalid sequence is reported with its path and what would be valid', () => {
  it.each<[string, unknown, Issue]>([
    [
      'case without a comparison of texts, deep inside a step',
      steps([{ where: [{ not: { property: 'a', notEquals: 'a', ignoreCase: true } }] }]),
      { path: 'evaluate.steps[0].where[0].not.ignoreCase', message: /move notEquals to another entry/ },
    ],
    [
      'an empty step name',
      steps([{ ...step, as: '' }]),
      { path: 'evaluate.steps[0].as', message: /^must have at least 1 character$/ },
    ],
    [
      'a sequence that starts with not',
      steps([{ not: step, within: '1m' }]),
      { path: 'evaluate.steps[0]', message: /must be an event/ },
    ],
    [
      'unless on the first step',
      steps([{ ...step, unless: step }, step]),
      { path: 'evaluate.steps[0].unless', message: /is not allowed: .* put unless on a later step/ },
    ],
    [
      'strict on the first step',
      steps([{ ...step, strict: true }, step]),
      { path: 'evaluate.steps[0].strict', message: /is not allowed: .* put strict on the step that must come/ },
    ],
    [
      'strict after a not',
      steps([step, { not: step, within: '1m' }, { ...step, strict: true }]),
      { path: 'evaluate.steps[2].strict', message: /is not allowed: it follows a not, .* use unless/ },
    ],
    [
      'strict on a not',
      steps([step, { not: step, within: '1m', strict: true }]),
      { path: 'evaluate.steps[1].strict', message: /is not allowed here/ },
    ],
    [
      'times on a not',
      steps([step, { not: step, within: '1m', times: 2 }]),
      { path: 'evaluate.steps[1].times', message: /is not allowed here/ },
    ],
    [
      'within on a first step of one event',
      steps([{ ...step, times: 1, within: '1m' }]),
      { path: 'evaluate.steps[0].within', message: /is not allowed: the first step has no previous step/ },
    ],
    [
      'more times than fit',
      steps([{ ...step, times: LIMITS.stepTimes + 1 }]),
      { path: 'evaluate.steps[0].times', message: /^must be at most 16$/ },
    ],
    ['no times', steps([{ ...step, times: 0 }]), { path: 'evaluate.steps[0].times', message: /^must be at least 1$/ }],
    [
      'an unless without conditions',
      steps([step, { ...step, unless: { where: [] } }]),
      { path: 'evaluate.steps[1].unless.where', message: /^must have at least 1 entry$/ },
    ],
    [
      'a within of a sequence that is no duration',
      { ...rule, evaluate: { type: 'sequence', within: '5', steps: [step, step] } },
      { path: 'evaluate.within', message: /duration/ },
    ],
    [
      'conditions of unless beyond the limit',
      steps([step, ...Array.from({ length: 8 }, () => ({ ...step, unless: { where: Array(8).fill(step.where[0]) } }))]),
      { path: 'evaluate', message: /has 74 conditions in total/ },
    ],
  ])('%s', (_, definition, issue) => expectIssue(definition, issue));
});
