import { expect, it } from 'vitest';
import { driver } from '../../support/evaluation/driver.ts';

const rule = (more: object): object => ({
  ...{ id: 'rule', clientId: 'client-01', partitionBy: ['m'], where: [{ property: 'type', equals: '*' }] },
  ...more,
});

it('settings find the partition of an id of many digits', () => {
  const having = { calc: 'latest', property: 'used', gt: { latest: 'quota' } };
  const set = driver(rule({ settings: [{ property: 'kind', equals: 'quota' }], evaluate: { type: 'any', having } }));
  set.send(0, { m: 9007199254740993n, used: 5 });
  set.send(1, { m: 9007199254740993n, kind: 'quota', quota: 4 });
  expect(set.alerts().map(({ data }) => data.status)).toEqual(['firing']);
});

it('silence ends no alert before the event that started it', () => {
  const having = { calc: 'latest', property: 't', equals: 1 };
  const set = driver(
    rule({
      forgetOn: [{ property: 's', equals: 'scrapped' }],
      noData: { after: '1s', then: 'resolve' },
      evaluate: { type: 'count', lte: 1, having },
    }),
  );
  set.send(0, { m: 'm1', t: 1 });
  set.send(0, { m: 'm2', t: 1 });
  set.send(1, { m: 'm1', s: 'scrapped', time: 2 });
  set.advance(9);
  const resolved = set.alerts().at(-1)?.data;
  expect(resolved?.reason).toBe('noData');
  expect(Date.parse(resolved?.endsAt ?? '')).toBe(Date.parse(resolved?.startsAt ?? ''));
});
