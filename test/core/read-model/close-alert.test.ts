import { expect, it } from 'vitest';
import { closingOf, episodeOfRecord } from '../../../src/core/read-model/close-alert.ts';
import { withTransition, type AlertRecord } from '../../../src/core/read-model/alert-record.ts';
import { driver } from '../../support/evaluation/driver.ts';

const RULE = {
  id: 'hot',
  clientId: 'client-01',
  where: [{ property: 'type', equals: 'status' }],
  groupBy: ['site'],
  partitionBy: ['m'],
  evaluate: { type: 'each', having: { calc: 'latest', property: 't', gt: 80 } },
  labels: { team: 'ops' },
};

const BY = { by: 'ana', at: '2026-02-01T00:00:00.000Z' };

it('ends the record, under the id that the partition set would have used', () => {
  const set = driver(RULE, { group: ['x'] });
  set.send(0, { site: 'x', m: 'a', t: 90 });
  set.send(1, { site: 'x', m: 'a', t: 70 });
  const [firing, resolved] = set.alerts();
  if (firing === undefined || resolved === undefined) throw new Error('no alert');
  const record = withTransition(null, firing, 1);
  const closing = closingOf(record, BY);
  expect(closing).toMatchObject({
    ...{ id: resolved.id, source: resolved.source, subject: resolved.subject, type: resolved.type },
    data: {
      ...{ status: 'resolved', reason: 'operator', state: 'inactive', episode: 1, labels: { team: 'ops' } },
      ...{ group: { site: 'x' }, partition: { m: 'a' }, startsAt: firing.data.startsAt, endsAt: BY.at, action: BY },
    },
  });
  expect(withTransition(record, closing, 2)).toMatchObject({ state: 'resolved', endsAt: BY.at });
  // What the set publishes later changes nothing.
  expect(withTransition(withTransition(record, closing, 2), resolved, 3)).toEqual(withTransition(record, closing, 2));
});

it('keeps the digits of whole numbers', () => {
  const record: AlertRecord = {
    ...withTransition(null, firstOf({ site: 'x', m: 1, t: 90 }), 1),
    // As records are read.
    partition: { m: 9007199254740993n as never },
  };
  expect(closingOf(record, BY)).toMatchObject({
    subject: 'm=9007199254740993',
    data: { partition: { m: { int: '9007199254740993' } } },
  });
});

it('knows the generation of the partition set', () => {
  expect(episodeOfRecord(withTransition(null, firstOf({ site: 'x', m: 'a', t: 90 }), 1)).generation).toBe('v1');
});

function firstOf(event: Record<string, unknown>) {
  const set = driver(RULE, { group: ['x'] });
  set.send(0, event);
  const [first] = set.alerts();
  if (first === undefined) throw new Error('no alert');
  return first;
}
