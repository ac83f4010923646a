import { describe, expect, it } from 'vitest';
import { alertsOf, driver } from '../../support/driver.ts';

const is = (state: string) => [{ property: 'state', equals: state }];
const thenStop = { where: is('stop'), within: '10s' };
const noStop = { not: { where: is('stop') }, within: '10s' };

/** What a sequence that begins with a fault says of these states, [seconds, state, own seconds], by second 100. */
function fires(steps: object[], sent: [at: number, state: string, own?: number][]): number[] {
  const set = driver({
    id: 'r',
    clientId: 'c',
    where: [{ property: 'm', equals: '*' }],
    partitionBy: ['m'],
    evaluate: { type: 'sequence', steps: [{ where: is('fault') }, ...steps] },
  });
  for (const [at, state, time = at] of sent) set.send(at, { m: 'a', state, time });
  set.advance(100);
  return alertsOf(set).flatMap(({ at, status }) => (status === 'firing' ? [at] : []));
}

describe('a sequence', () => {
  it.each<[string, object[], [number, string, number?][], number[]]>([
    [
      'fires when the next step comes at the very end of its time',
      [thenStop],
      [
        [0, 'fault'],
        [10, 'stop'],
      ],
      [10],
    ],
    [
      'does not a moment later',
      [thenStop],
      [
        [0, 'fault'],
        [10.001, 'stop'],
      ],
      [],
    ],
    [
      'goes on waiting when something else comes',
      [thenStop],
      [
        [0, 'fault'],
        [5, 'run'],
        [9, 'stop'],
      ],
      [9],
    ],
    [
      'of which the time is up begins anew with the next first step',
      [thenStop],
      [
        [0, 'fault'],
        [20, 'fault'],
        [25, 'stop'],
      ],
      [25],
    ],
    ['fires when nothing comes within its time', [noStop], [[0, 'fault']], [10]],
    [
      'is not ended by something else',
      [noStop],
      [
        [0, 'fault'],
        [5, 'run'],
      ],
      [10],
    ],
    [
      'is ended by what must not come, at the very end of its time too',
      [noStop],
      [
        [0, 'fault'],
        [10, 'stop'],
      ],
      [],
    ],
    [
      'is not ended by what must not come when its time is up',
      [noStop],
      [
        [0, 'fault'],
        [10.001, 'stop'],
      ],
      [10],
    ],
    [
      'is judged by when things happened, not by when they came',
      [noStop],
      [
        [0, 'fault'],
        [5, 'stop', 4],
      ],
      [],
    ],
    [
      'takes up what comes after a step that nothing may follow',
      [noStop, { where: is('run'), within: '5s' }],
      [
        [0, 'fault'],
        [14, 'run'],
      ],
      [14],
    ],
    [
      'counts the time of what comes then from when the other was up',
      [noStop, { where: is('run'), within: '5s' }],
      [
        [0, 'fault'],
        [15.001, 'run'],
      ],
      [],
    ],
  ])('%s', (_what, steps, sent, expected) => expect(fires(steps, sent)).toEqual(expected));
});
