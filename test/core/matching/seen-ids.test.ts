import { expect, it } from 'vitest';
import { EVENT_ID_WINDOW_MS } from '../../../src/core/model/event/event-id.ts';
import { MOST_EVENT_IDS, SeenIds } from '../../../src/core/matching/seen-ids.ts';

it.each<[what: string, events: [id: string, storedAtMs: number][], repetitions: boolean[]]>([
  ['an id is new', [['a', 0]], [false]],
  [
    'an id again is a repetition',
    [
      ['a', 0],
      ['b', 1],
      ['a', 1],
    ],
    [false, false, true],
  ],
  [
    'up to the end of the window',
    [
      ['a', 0],
      ['a', EVENT_ID_WINDOW_MS - 1],
    ],
    [false, true],
  ],
  [
    'after the window it is new',
    [
      ['a', 0],
      ['a', EVENT_ID_WINDOW_MS],
    ],
    [false, false],
  ],
  [
    'the window begins again with each repetition',
    [
      ['a', 0],
      ['a', EVENT_ID_WINDOW_MS - 1],
      ['a', EVENT_ID_WINDOW_MS + 1],
    ],
    [false, true, true],
  ],
])('%s', (_, events, repetitions) => {
  const seen = new SeenIds();
  expect(events.map(([id, storedAtMs]) => seen.see(id, storedAtMs))).toEqual(repetitions);
});

it('remembers so many ids, the newest', () => {
  const seen = new SeenIds();
  for (let n = 0; n <= MOST_EVENT_IDS; n++) seen.see(String(n), 0);
  expect(seen.size).toBe(MOST_EVENT_IDS);
  expect(seen.see('1', 0)).toBe(true);
  expect(seen.see('0', 0)).toBe(false);
});

it('forgets what no later event can repeat', () => {
  const seen = new SeenIds();
  seen.see('a', 0);
  seen.see('b', 1);
  seen.forget(EVENT_ID_WINDOW_MS);
  expect(seen.size).toBe(1);
});
