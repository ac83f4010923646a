import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../../support/evaluation/driver.ts';

const base = {
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
};

describe('a rule that changes its reminders while it fires', () => {
  it.each<[what: string, before: object, changes: object[], reminders: number[]]>([
    ['starts to remind', {}, [{ repeat: '1m' }], [70, 130]],
    ['reminds more often', { repeat: '4h' }, [{ repeat: '1m' }], [70, 130]],
    ['reminds again after a pause', { repeat: '5s' }, [{ repeat: undefined }, { repeat: '1m' }], [5 + 1, 70, 130]],
    ['keeps its interval', { repeat: '1m' }, [{ labels: { team: 'a' } }], [61, 121]],
  ])('%s: the interval starts at the change', (_what, before, changes, reminders) => {
    const set = driver({ ...base, ...before });
    set.send(1, { m: 'a', s: 'off' });
    set.advance(10);
    for (const change of changes) set.change(change);
    set.advance(140);
    expect(
      alertsOf(set)
        .filter(({ status }) => status === 'reminder')
        .map(({ at }) => at),
    ).toEqual(reminders);
  });
});
