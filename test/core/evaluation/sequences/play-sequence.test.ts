import { describe, expect, it } from 'vitest';
import { fires, is, type Sent } from '../../../support/evaluation/sequences.ts';

const thenStop = { where: is('stop'), within: '10s' };
const noStop = { not: { where: is('stop') }, within: '10s' };
/** A sequence that starts with a fault. */
const afterFault = (steps: object[]) => ({ steps: [{ where: is('fault') }, ...steps] });

describe('a sequence', () => {
  it.each<[string, object[], Sent[], number[]]>([
    [
      'fires if the next step arrives exactly at the time limit',
      [thenStop],
      [
        [0, 'fault'],
        [10, 'stop'],
      ],
      [10],
    ],
    [
      'does not fire one moment later',
      [thenStop],
      [
        [0, 'fault'],
        [10.001, 'stop'],
      ],
      [],
    ],
    [
      'keeps waiting if other events arrive',
      [thenStop],
      [
        [0, 'fault'],
        [5, 'run'],
        [9, 'stop'],
      ],
      [9],
    ],
    [
      'that timed out starts again with the next first step',
      [thenStop],
      [
        [0, 'fault'],
        [20, 'fault'],
        [25, 'stop'],
      ],
      [25],
    ],
    ['fires if nothing arrives in time', [noStop], [[0, 'fault']], [10]],
    [
      'is not ended by other events',
      [noStop],
      [
        [0, 'fault'],
        [5, 'run'],
      ],
      [10],
    ],
    [
      'is ended by the excluded event, even exactly at the time limit',
      [noStop],
      [
        [0, 'fault'],
        [10, 'stop'],
      ],
      [],
    ],
    [
      'is not ended by the excluded event after the time limit',
      [noStop],
      [
        [0, 'fault'],
        [10.001, 'stop'],
      ],
      [10],
    ],
    [
      'uses event time, not arrival',
      [noStop],
      [
        [0, 'fault'],
        [5, 'stop', 4],
      ],
      [],
    ],
    [
      'continues with events after a not step',
      [noStop, { where: is('run'), within: '5s' }],
      [
        [0, 'fault'],
        [14, 'run'],
      ],
      [14],
    ],
    [
      'counts the next time limit from the end of the not step',
      [noStop, { where: is('run'), within: '5s' }],
      [
        [0, 'fault'],
        [15.001, 'run'],
      ],
      [],
    ],
  ])('%s', (_what, steps, sent, expected) => expect(fires(afterFault(steps), sent)).toEqual(expected));
});
