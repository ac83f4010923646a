import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { getter, isPath } from '../../../src/core/primitives/path.ts';

describe('property paths', () => {
  it.each(['a', 'data.motor.temp', 'a-b', 'größe', 'a b', '0', 'toString'])('%j is a path', (path) =>
    expect(isPath(path)).toBe(true),
  );

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

  const data = {
    a: 1,
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

  it('finds a property of any name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.jsonValue(), (name, value) => {
        expect(getter(name)(Object.fromEntries([[name, value]]))).toEqual(value);
      }),
    );
  });
});
