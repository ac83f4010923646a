import { expect, it } from 'vitest';
import { propertiesOf, PROPERTY_LIMITS } from '../../../src/core/explain/event-properties.ts';
import type { VigilEvent } from '../../../src/core/model/event/event.ts';
import { pathProblem, getter } from '../../../src/core/primitives/path.ts';

const eventOf = (data: object, sequence = 1): VigilEvent => ({
  ...{ clientId: 'client-01', type: 'status', sequence, timeMs: 0, storedAtMs: 0 },
  data: data as VigilEvent['data'],
});
const listed = (...all: object[]): string[] =>
  propertiesOf(all.map((data) => eventOf(data))).map(
    ({ path, events, values }) => `${path} ${events}${values.map((value) => ` ${value}`).join('')}`,
  );

it('lists what most events have first, then by name', () => {
  expect(listed({ b: 1, a: 1 }, { b: 2, c: null })).toEqual(['b 2', 'a 1', 'c 1']);
});

it('lists texts, each once and in order, but no numbers', () => {
  expect(listed({ state: 'up' }, { state: 'down' }, { state: 'up' }, { state: 7 })).toEqual(['state 4 down up']);
});

it('names properties of objects by their paths, which rules can read', () => {
  const data = { motor: { celsius: 80, 'a.b': { '"quoted"': 1 } }, tags: [{ name: 'x' }] };
  const paths = propertiesOf([eventOf(data)]).map(({ path }) => path);
  expect(paths).toEqual(['motor.celsius', String.raw`motor["a.b"]["\"quoted\""]`]);
  for (const path of paths) expect([pathProblem(path), typeof getter(path)(data)]).toEqual([undefined, 'number']);
});

it('is bounded: properties, depth, texts and their lengths', () => {
  const wide = Object.fromEntries(Array.from({ length: 1_000 }, (_each, index) => [`p${index}`, 1]));
  expect(listed(wide)).toHaveLength(PROPERTY_LIMITS.properties);
  expect(listed({ a: { b: { c: { d: { e: 1, f: { g: 1 } } } } } })).toEqual(['a.b.c.d.e 1']);
  expect(listed({ ['x'.repeat(101)]: 1, text: 'y'.repeat(61) })).toEqual(['text 1']);
  const many = Array.from({ length: 50 }, (_each, index) => ({ id: `m${index}` }));
  expect(propertiesOf(many.map((data) => eventOf(data)))[0]?.values).toHaveLength(PROPERTY_LIMITS.values);
});
