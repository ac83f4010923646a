import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { EMPTY_ID, TEMPLATES, textOf } from '../../../../src/console/rules/editor/templates/templates.ts';
import { driver } from '../../../support/evaluation/driver.ts';

type Data = Record<string, unknown>;
/** Events by seconds, and when the clock ends. */
interface Story {
  type: string;
  events: [at: number, data: Data][];
  until: number;
  fires: string[];
}

const machine = (machineId: string, state: string): Data => ({ machineId, state });
const many = (count: number, data: (index: number) => Data): [number, Data][] =>
  Array.from({ length: count }, (_, index) => [index, data(index)]);

/** What makes each template fire, and what its alerts say. */
const STORIES: Record<string, Story> = {
  above: {
    type: 'temperature',
    events: [
      [0, { machineId: 'm1', celsius: 85 }],
      [400, { machineId: 'm1', celsius: 70 }],
    ],
    until: 400,
    fires: ['m1 is at 85 °C'],
  },
  'any-stopped': {
    type: 'status',
    events: [
      [0, machine('m1', 'running')],
      [1, machine('m2', 'stopped')],
    ],
    until: 1,
    fires: ['1 of 2 machines are stopped'],
  },
  'all-stopped': {
    type: 'status',
    events: [
      [0, machine('m1', 'running')],
      [1, machine('m2', 'stopped')],
      [2, machine('m1', 'stopped')],
    ],
    until: 2,
    fires: ['All 2 machines are stopped'],
  },
  silent: {
    type: 'status',
    events: [[0, machine('m1', 'running')]],
    until: 700,
    fires: ['m1 has sent nothing for 10 minutes'],
  },
  'too-many': {
    type: 'fault',
    events: many(6, () => ({ machineId: 'm1' })),
    until: 6,
    fires: ['m1 had 6 faults in 10 minutes'],
  },
  'failing-share': {
    type: 'request',
    events: many(40, (index) => ({ status: index === 30 || index > 37 ? 503 : 200 })),
    until: 40,
    fires: ['Too many requests of client-03 fail'],
  },
  average: {
    type: 'pressure',
    events: [[0, { machineId: 'm1', bar: 7 }]],
    until: 1,
    fires: ['m1 is at 7 bar on average'],
  },
  'share-of-machines': {
    type: 'status',
    events: [
      [0, machine('m1', 'running')],
      [0, machine('m2', 'running')],
      [0, machine('m3', 'running')],
      [1, machine('m1', 'stopped')],
      [2, machine('m2', 'stopped')],
    ],
    until: 2,
    fires: ['2 of 3 machines are stopped'],
  },
  'did-not-follow': {
    type: 'status',
    events: [[0, machine('m1', 'starting')]],
    until: 200,
    fires: ['m1 was started and does not run'],
  },
};

test.each(TEMPLATES)('the template $id is a rule, and fires as it says', ({ id }) => {
  const rule = parseRule(parse(textOf(id, 'client-03') ?? ''));
  expect(rule.clientId).toBe('client-03');
  const { type, events, until, fires } = STORIES[id] as Story;
  const set = driver(rule, { type });
  for (const [at, data] of events) set.send(at, data);
  set.advance(until);
  const firing = set.alerts().filter(({ data }) => data.status === 'firing');
  expect(firing.map(({ data }) => data.message)).toEqual(fires);
});

test('who wants to write it all starts with the smallest rule', () => {
  expect(parseRule(parse(textOf(EMPTY_ID, 'c') ?? ''))).toMatchObject({ id: 'my-rule', clientId: 'c' });
});

test('there is no other template', () => expect(textOf('other', 'c')).toBeNull());
