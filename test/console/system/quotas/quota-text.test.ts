import type { z } from '@hono/zod-openapi';
import { expect, expectTypeOf, test } from 'vitest';
import type { clientQuotas } from '../../../../src/api/schemas/quotas.ts';
import type { ClientQuotas } from '../../../../src/console/server/wire.ts';
import { sectionsFor } from '../../../../src/console/system/sections.ts';
import { fieldText, QUOTAS, readFields } from '../../../../src/console/system/quotas/quota-text.ts';
import { QUOTA_KINDS } from '../../../../src/core/model/quotas/quota-kinds.ts';

const FIELDS = {
  ...{ rules: '', partitionSets: '', partitions: '' },
  ...{ eventsPerSecond: '', alertsPerMinute: '', previewSecondsPerHour: '' },
};

test('the quotas are those of the API', () => {
  expectTypeOf<z.infer<typeof clientQuotas>>().toExtend<ClientQuotas>();
  expect(QUOTAS.map(([kind]) => kind)).toEqual(QUOTA_KINDS);
});

test.each([
  ['nothing is the default', {}, {}],
  ['a number is a quota', { rules: ' 500 ', eventsPerSecond: '0.5' }, { rules: 500, eventsPerSecond: 0.5 }],
  ['none is no quota', { alertsPerMinute: 'None' }, { alertsPerMinute: null }],
])('%s', (_what, changes, own) => expect(readFields({ ...FIELDS, ...changes })).toEqual({ own }));

test.each(['-1', 'many', '1e9x', '1,5'])('%s is no quota', (rules) =>
  expect(readFields({ ...FIELDS, rules })).toEqual({ problem: expect.stringContaining('Rules: a number') as string }),
);

test.each([undefined, null, 0, 7])('the field of %s reads back', (rules) => {
  const own = rules === undefined ? {} : { rules };
  expect(readFields({ ...FIELDS, rules: fieldText(rules) })).toEqual({ own });
});

test.each([
  [null, true],
  ['client-01', false],
])('an admin of %s is offered the quotas: %s', (clientId, isOffered) => {
  const sections = sectionsFor({ name: 'ana', role: 'admin', clientId }).map(({ section }) => section);
  expect(sections.includes('quotas')).toBe(isOffered);
});
