import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { latest, rule, any, nested, steps, step } from './rules-to-check.ts';

describe('a valid rule is accepted unchanged', () => {
  it.each<[string, object]>([
    ['the smallest', rule],
    ['without partitions', { ...rule, partitionBy: undefined }],
    [
      'all other fields',
      {
        ...rule,
        name: 'N',
        enabled: false,
        groupBy: ['site'],
        expect: [{ machineId: 'm1' }, { machineId: 2, site: 'berlin' }],
        for: '5m',
        keepFiringFor: '1m',
        clear: latest,
        staleAfter: '15m',
        noData: { after: '10m', then: 'alert' },
        heartbeat: '1m',
        repeat: '4h',
        severity: 'critical',
        labels: { team: 'a' },
        message: 'All {{total}}',
        schedule: { timezone: 'Europe/Berlin', days: ['mon'], from: '22:00', to: '06:00' },
      },
    ],
    [
      'a schedule with several stretches',
      {
        ...rule,
        schedule: {
          timezone: 'UTC',
          open: [{ days: ['mon'], from: '08:00', to: '12:00' }, { from: '13:00' }, {}],
          except: ['2028-02-29', '2026-12-25'],
          onClose: 'resolve',
        },
      },
    ],
    ['conditions eight deep', any(nested(8))],
    [
      'levels',
      {
        ...rule,
        evaluate: {
          type: 'any',
          levels: [
            { severity: 'warning', having: latest },
            { severity: 'critical', having: latest },
          ],
        },
      },
    ],
    ['a count', { ...rule, evaluate: { type: 'count', gte: 3, having: latest } }],
    ['flapping without a comparison', any({ calc: 'flapping', property: 's' })],
    ['an age as a duration', any({ calc: 'age', between: ['1m', '1h30m'] })],
    ['a sequence', steps([step, { ...step, as: 'b', within: '5m' }, { not: step, within: '2m' }])],
    [
      'a sequence with unless, strict, times and within',
      {
        ...rule,
        evaluate: {
          type: 'sequence',
          within: '1h',
          steps: [
            { ...step, times: 3, within: '1m' },
            { ...step, strict: true, times: 2, unless: step },
            { not: step, within: '2m', unless: step },
            { ...step, strict: false, unless: step },
          ],
        },
      },
    ],
    ['a name of 200 three-byte characters', { ...rule, name: '温'.repeat(200) }],
    ['a name of 200 quotes', { ...rule, name: '"'.repeat(200) }],
    [
      'a large expect with small groups',
      {
        ...any({
          all: Array.from({ length: 60 }, (_, index) => ({ calc: 'avg', property: `p${index}`, within: '1h', gt: 1 })),
        }),
        groupBy: ['site'],
        expect: Array.from({ length: 1_000 }, (_, machineId) => ({ machineId, site: machineId % 10 })),
      },
    ],
    ['any path that is not a prototype', any({ ...latest, property: 'toString.größe.a b' })],
  ])('%s', (_, definition) => expect(parseRule(definition)).toEqual(definition));
});
