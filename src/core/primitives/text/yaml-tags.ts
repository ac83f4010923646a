import { wholeFrom } from '../numbers/whole-number.ts';

/** A tag of the YAML library. */
interface Tag {
  tag?: string;
  test?: RegExp;
}

/** `customTags` of the YAML library: reads decimal whole numbers as parseJson does. */
export const withWholeNumbers = <Given extends Tag | string>(tags: readonly Given[]): Given[] =>
  tags.map((tag) => (typeof tag === 'object' && isDecimal(tag) ? { ...tag, resolve: wholeFrom } : tag));

const isDecimal = ({ tag, test }: Tag): boolean => tag === 'tag:yaml.org,2002:int' && test?.test('10') === true;
