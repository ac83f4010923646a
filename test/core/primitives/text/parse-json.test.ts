import { fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { mayHaveWholeNumber, parseJson } from '../../../../src/core/primitives/text/parse-json.ts';
import { writeForOthers, writeJson } from '../../../../src/core/primitives/text/write-json.ts';

const ID = 9007199254740993n;

describe('JSON with whole numbers of many digits', () => {
  it.each<[string, unknown]>([
    ['9007199254740993', ID],
    ['[9007199254740993,-9007199254740993]', [ID, -ID]],
    ['{"id":9007199254740993}', { id: ID }],
    [' { "id" :\n\t9007199254740993 , "b" : [ true , null , "x" ] } ', { id: ID, b: [true, null, 'x'] }],
    ['{"id":9007199254740992,"t":0.12345678901234567}', { id: 9007199254740992, t: 0.12345678901234567 }],
    [
      '{"a":9007199254740993.0,"b":9007199254740993e1,"c":9007199254740993}',
      { a: 9007199254740992, b: 90071992547409930, c: ID },
    ],
    ['{"text":"9007199254740993","id":9007199254740993}', { text: '9007199254740993', id: ID }],
    ['{"text":"a, 9007199254740993, \\"","id":1}', { text: 'a, 9007199254740993, "', id: 1 }],
    ['{"int":"9007199254740993","id":9007199254740993}', { int: '9007199254740993', id: ID }],
    ['{"id":1,"id":9007199254740993}', { id: ID }],
    ['[]', []],
    ['[[],{},9007199254740993]', [[], {}, ID]],
  ])('%s', (text, value) => expect(parseJson(text)).toEqual(value));

  it('has own properties only, whatever their names', () => {
    const value = parseJson('{"__proto__":{"x":1},"id":9007199254740993}') as object;
    expect(Object.keys(value)).toEqual(['__proto__', 'id']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('leaves out what is undefined, like JSON.stringify', () => {
    expect(writeJson({ id: ID, a: undefined, b: [undefined, null] })).toBe('{"id":9007199254740993,"b":[null,null]}');
  });

  it.each([
    '',
    '{',
    '{"id":9007199254740993',
    '{"id":09007199254740993}',
    '[9007199254740993,]',
    '{"id":- 9007199254740993}',
  ])('refuses %s', (text) => expect(() => parseJson(text)).toThrow(SyntaxError));

  it.each<[string, boolean]>([
    ['{"id":9007199254740993}', true],
    ['{"at":1767225600123,"v":23.456789012345678}', false],
    ['{"serial":"9007199254740993"}', false],
    ['{"id":123456789012345}', false],
    ['{"id":1234567890123456}', true],
    ['9007199254740993', true],
    ['-9007199254740993', true],
    ['1', false],
    ['"9007199254740993900719925474099390071992547409939007199254740993"', false],
    ['9007199254740993900719925474099390071992547409939007199254740993', true],
  ])('%s may have one: %s', (text, may) => expect(mayHaveWholeNumber(text)).toBe(may));

  it('may have one at any place, of any length', () => {
    const whole = fc.bigInt({ min: 10n ** 15n, max: 10n ** 60n });
    const around = fc.array(fc.oneof(fc.integer(), fc.string(), fc.double(), fc.bigInt().map(String)));
    fc.assert(
      fc.property(around, whole, around, (before, number, after) => {
        expect(mayHaveWholeNumber(writeJson([...before, number, ...after]))).toBe(true);
      }),
    );
  });

  // All JSON, with spaces, of which numbers are whole.
  const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
      fc.constantFrom(ID, -ID, 2n ** 53n, 1n, 0n),
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('9007199254740993', ' 9007199254740993,', '\\', '"')),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('int', '__proto__')), tie('value'), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  }));
  /** The same value, with numbers as parseJson gives them. */
  const asRead = (value: unknown): unknown => {
    if (typeof value === 'bigint') return String(Number(value)) === String(value) ? Number(value) : value;
    if (Array.isArray(value)) return value.map(asRead);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asRead(each)]));
  };

  it('is read with all digits, and written as it was', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = writeJson(value);
        const read = parseJson(text);
        expect(read).toEqual(asRead(value));
        expect(writeJson(read)).toBe(text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is like JSON.parse otherwise, with any white space', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, '\t'), (text, indent) => {
        const spaced = JSON.stringify([JSON.parse(text), 1], null, indent).replace(/1(\s*\])$/, '9007199254740993$1');
        expect(parseJson(spaced)).toEqual([(JSON.parse(spaced) as unknown[])[0], ID]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('JSON of rules and alerts for others', () => {
  it.each<[string, unknown]>([
    ['{"partition":{"id":9007199254740993}}', { partition: { id: { int: '9007199254740993' } } }],
    ['[-9007199254740993,9223372036854775808]', [{ int: '-9007199254740993' }, { int: '9223372036854775808' }]],
    ['{"id":9007199254740993}', { id: ID }],
    ['{"message":"{\\"int\\":\\"9007199254740993\\"}"}', { message: '{"int":"9007199254740993"}' }],
    ['{"labels":{"int":"no"}}', { labels: { int: 'no' } }],
  ])('%s', (text, value) => expect(writeForOthers(value)).toBe(text));

  it('may have several lines', () => {
    expect(writeForOthers({ id: { int: '9007199254740993' } }, 2)).toBe('{\n  "id": 9007199254740993\n}');
  });
});
