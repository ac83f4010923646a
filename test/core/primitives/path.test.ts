import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Elements } from '../../../src/core/primitives/elements.ts';
import { getter, hasEvery, isPath, pathProblem } from '../../../src/core/primitives/path.ts';

describe('property paths', () => {
  it.each([
    'a',
    'data.motor.temp',
    'a-b',
    'größe',
    'a b',
    '0',
    'toString',
    'a[0]',
    'a[0][1].b',
    'tags[*]',
    'tags[*].name',
    'a[*].b[*][0]["c.d"]',
    '["a.b"]',
    'a["b.c"].d',
    'temp [°C]',
    'a[b]',
    'a]',
  ])('%j is a path', (path) => expect(isPath(path)).toBe(true));

  it.each([
    '',
    '.',
    'a.',
    '.a',
    'a..b',
    '__proto__',
    'a.__proto__.b',
    'constructor',
    'a.prototype',
    'constructor.prototype.x',
  ])('%j is not a path', (path) => expect(isPath(path)).toBe(false));

  it.each<[string, RegExp]>([
    ['', /a name is empty/],
    ['a.["b"]', /a name is empty/],
    ['a[""]', /a name is empty/],
    ['a["__proto__"]', /__proto__ leads to a prototype/],
    ['a[0].constructor', /constructor leads to a prototype/],
    ['a["b', /\["b must be an index such as \[0\], \[\*\] for every element, or a name in quotes/],
    ['a["b"]c', /\["b"\]c must be an index/],
    ['tags[*]name', /\[\*\]name must be an index/],
    ['[*].name', /an event is no list, so a name must stand before \[\*\]/],
    ['tags[*].__proto__', /__proto__ leads to a prototype/],
    ['tags.[*]', /a name is empty/],
  ])('%j is refused, with the reason', (path, why) => expect(pathProblem(path)).toMatch(why));

  const data = {
    a: 1,
    attributes: { 'http.status_code': 503, 'a"b\\c': 'signs', '[x]': 'brackets' },
    readings: [{ value: 1 }, { value: [7, 8] }],
    'temp [°C]': 20,
    'flat[0].value': 'flat in brackets',
    old: { 'list[0]': 'a name', list: ['an element'] },
    b: { c: { d: 'deep' } },
    list: ['x', 'y'],
    nothing: null,
    'e.f': 'flat',
    e: { f: 'nested' },
    text: 'text',
  };

  it.each<[string, unknown]>([
    ['a', 1],
    ['b.c.d', 'deep'],
    ['b.c', { d: 'deep' }],
    ['list.1', 'y'],
    ['nothing', null],
    ['e.f', 'flat'],
    ['attributes["http.status_code"]', 503],
    ['["attributes"]["http.status_code"]', 503],
    [String.raw`attributes["a\"b\\c"]`, 'signs'],
    ['attributes["[x]"]', 'brackets'],
    ['["e.f"]', 'flat'],
    ['readings[0].value', 1],
    ['readings[1].value[1]', 8],
    ['readings[01].value[0]', 7],
    ['temp [°C]', 20],
    ['flat[0].value', 'flat in brackets'],
    ['old.list[0]', 'a name'],
  ])('%s leads to %j', (path, value) => expect(getter(path)(data)).toEqual(value));

  it.each([
    'z',
    'a.b',
    'nothing.x',
    'b.c.d.e',
    'text.length',
    'toString',
    'hasOwnProperty',
    'list.length.x',
    'b.toString',
    'a.constructor',
    'readings[2].value',
    'readings["length"].x',
    'text[0]',
    'attributes["toString"]',
    'attributes[0]',
  ])('%s leads nowhere', (path) => expect(getter(path)(data)).toBeUndefined());

  it('never reaches a prototype, even if an event names one', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
    ) as Record<string, unknown>;
    for (const path of ['polluted', '__proto__.polluted.x', 'constructor.name'])
      expect(getter(path)(hostile)).toBeUndefined();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(getter('__proto__')({})).toBeUndefined();
  });

  it('finds a property of any name in quotes', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (name, value) => {
        const path = `a["${name.replaceAll(/["\\]/g, String.raw`\$&`)}"]`;
        fc.pre(isPath(path));
        expect(getter(path)({ a: Object.fromEntries([[name, value]]) })).toEqual(value);
      }),
    );
  });

  it('finds a property of any name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (name, value) => {
        expect(getter(name)(Object.fromEntries([[name, value]]))).toEqual(value);
      }),
    );
  });
});

describe('a path to every element of a list', () => {
  const data = {
    tags: [{ name: 'a' }, { name: null }, { id: 1 }, 'text', [{ name: 'inner' }], { name: ['x'] }],
    grid: [[1, 2], 3, [[4]]],
    empty: [],
    object: { 0: { name: 'a' } },
    text: 'abc',
    'flat[*].x': 'a name',
    deep: { list: [{ more: [{ v: 1 }, { v: 2 }] }, { more: 3 }, { more: [{ v: 3 }] }] },
    signs: { '[*]': 'a sign' },
  };

  it.each<[path: string, values: unknown[]]>([
    ['tags[*].name', ['a', null, ['x']]],
    ['tags[*].name[*]', ['x']],
    ['tags[*][0].name', ['inner']],
    ['grid[*]', [[1, 2], 3, [[4]]]],
    ['grid[*][*]', [1, 2, [4]]],
    ['deep.list[*].more[*].v', [1, 2, 3]],
    ['deep.list[*].more[0].v', [1, 3]],
    ['deep.list[0].more[*].v', [1, 2]],
    // Of the array, a property of its own.
    ['tags[*].length', [1]],
    ['tags[*].toString', []],
    ['empty[*].name', []],
  ])('%s finds %j', (path, values) => {
    expect(getter(path)(data)).toEqual(new Elements(values));
  });

  it.each(['none[*]', 'object[*].name', 'text[*]', 'deep[*].list', 'tags[0].name[*]'])('%s finds no list', (path) =>
    expect(getter(path)(data)).toBeUndefined(),
  );

  it('may be the name of a property', () => expect(getter('flat[*].x')(data)).toBe('a name'));

  it.each<[path: string, every: boolean]>([
    ['tags[*]', true],
    ['tags[*].name', true],
    ['tags[0]', false],
    ['signs["[*]"]', false],
    ['tags["*"]', false],
  ])('%s: %j', (path, every) => expect(hasEvery(path)).toBe(every));
});
