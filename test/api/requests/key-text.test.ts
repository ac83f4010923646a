import { describe, expect, it } from 'vitest';
import { possibleKeys } from '../../../src/api/requests/key-text.ts';
import { RequestError } from '../../../src/api/errors.ts';

describe('the values of a key in a URL', () => {
  it.each<[what: string, properties: string[], text: string | undefined, keys: unknown[][]]>([
    ['no properties', [], undefined, [[]]],
    ['a text', ['m'], 'm1', [['m1']]],
    ['a text with a comma', ['m'], 'a,b', [['a,b']]],
    ['a number, which may be a text', ['m'], '3', [['3'], [3]]],
    ['a boolean, which may be a text', ['m'], 'true', [['true'], [true]]],
    ['many digits', ['m'], '9007199254740993', [['9007199254740993'], [{ int: '9007199254740993' }]]],
    [
      'several values',
      ['site', 'line'],
      'berlin,3',
      [
        ['berlin', '3'],
        ['berlin', 3],
      ],
    ],
    ['a JSON object', ['site', 'line'], '{"line":3,"site":"berlin"}', [['berlin', 3]]],
    ['a quoted text', ['m'], '"3"', [['"3"']]],
  ])('%s', (_what, properties, text, keys) => expect(possibleKeys(properties, text, 'partition')).toEqual(keys));

  it.each<[what: string, properties: string[], text: string, advice: string]>([
    ['too few', ['site', 'line'], 'berlin', 'partition needs a value for each of site, line'],
    ['too many', ['site', 'line'], 'berlin,3,4', 'partition needs a value for each of site, line'],
    ['a property that is missing', ['site', 'line'], '{"site":"berlin"}', 'partition needs a value for each'],
    ['a value that is no scalar', ['m'], '{"m":[1]}', 'partition needs a value for each of m'],
    ['a value of a rule without any', [], 'm1', 'Omit partition: the rule has no partitionBy.'],
  ])('are refused: %s', (_what, properties, text, advice) => {
    expect(() => possibleKeys(properties, text, 'partition')).toThrow(RequestError);
    expect(() => possibleKeys(properties, text, 'partition')).toThrow(advice);
  });
});
