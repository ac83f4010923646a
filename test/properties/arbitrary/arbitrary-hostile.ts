import fc from 'fast-check';
import { checkRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';

/** Characters for strings: one byte in JSON, two, three, four, an escape of two, and one of six. */
export const FILLINGS = ['x', '"', 'ü', '温', '😀', '\u0001', '\ud800'] as const;
export type Filling = (typeof FILLINGS)[number];

/** A string of an exact number of UTF-16 units, with a unique beginning. */
export const filled = (name: string, filling: string, length: number): string =>
  (name + filling.repeat(length)).slice(0, length);

export const KINDS = {
  latest: (property: string) => ({ calc: 'latest', property, exists: true }),
  lasting: (property: string) => ({ calc: 'latest', property, exists: true, for: '1h' }),
  elements: (property: string) => ({ calc: 'latest', property: `${property}[*]`, exists: true }),
  flapping: (property: string) => ({ calc: 'flapping', property }),
  unchanged: (property: string) => ({ calc: 'unchanged', property, gt: '1h' }),
  distinct: (property: string) => ({ calc: 'distinct', property, within: '1h', gt: 1e6 }),
  changes: (property: string) => ({ calc: 'changes', property, within: '1h', gt: 1e6 }),
  avg: (property: string) => ({ calc: 'avg', property, within: '1h', gt: 1e307 }),
  last: (property: string) => ({ calc: 'max', property, last: 256, whenFull: true, gt: 1e307 }),
  lastValues: (property: string) => ({ calc: 'distinct', property, last: 256, gt: 1e6 }),
  samples: (property: string) => ({ calc: 'distinct', property, within: '1h', minSamples: 5, gt: 1e6 }),
  short: (property: string) => ({ calc: 'max', property, within: '1ms', gt: 1e307 }),
} as const;
export type Kind = keyof typeof KINDS;

export interface HostileShape {
  filling: Filling;
  kind: Kind | 'sequence';
  type: 'any' | 'each' | 'count';
  /** Conditions, each on its own property. */
  leaves: number;
  /** Properties of the group key, and of the partition key. */
  keys: number;
  /** Characters of each property's name, and of each value of a key. */
  nameLength: number;
  keyLength: number;
}

export const keyName = (index: number, { filling, nameLength }: HostileShape): string =>
  filled(`k${index}`, filling, nameLength);
export const leafName = (index: number, { filling, nameLength }: HostileShape): string =>
  filled(`p${index}`, filling, nameLength);

/** A rule with as much of everything as fits. */
export function hostileRule(shape: HostileShape): object {
  const { filling, kind, type, leaves, keys } = shape;
  const properties = Array.from({ length: leaves }, (_, index) => leafName(index, shape));
  const names = Array.from({ length: keys }, (_, index) => keyName(index, shape));
  // The last step never matches, so that there are as many partial matches as possible.
  const steps = [...properties.slice(0, 15), 'never'].map((property, index) => ({
    where: [{ property, exists: true }],
    ...(index > 0 && { within: '1h', times: 2, unless: { where: [{ property, in: ['stop'] }] } }),
  }));
  return {
    id: 'r'.repeat(64),
    clientId: 'c'.repeat(64),
    name: filled('', filling, filling === '\ud800' ? 150 : 200),
    where: [{ property: 'type', equals: '*' }],
    groupBy: names,
    partitionBy: names,
    evaluate:
      kind === 'sequence'
        ? { type: kind, within: '2h', steps }
        : {
            type,
            having: { any: properties.map((property) => KINDS[kind](property)) },
            ...(type === 'count' && { gte: 1 }),
          },
    labels: labels(filling),
    message:
      '{{#evidence.items}}{{value}}{{partition}}{{/evidence.items}}{{name}}{{#labels}}{{l0}}{{l1}}{{/labels}}'.repeat(
        10,
      ),
    resolvedMessage: filled('', filling, 1_024),
    repeat: '1h',
  };
}

/** As many as validation accepts. */
function labels(filling: string): Record<string, string> {
  const valid: Record<string, string> = {};
  for (let index = 0; ; index++) {
    const more = { ...valid, [`l${index}`]: filled('', filling, 256) };
    if (Buffer.byteLength(JSON.stringify(more)) > 16_384) return valid;
    Object.assign(valid, more);
  }
}

export const hostileShapes: fc.Arbitrary<HostileShape> = fc.record({
  filling: fc.constantFrom(...FILLINGS),
  kind: fc.constantFrom<(Kind | 'sequence')[]>(...(Object.keys(KINDS) as Kind[]), 'sequence'),
  type: fc.constantFrom('any', 'each', 'count'),
  leaves: fc.constantFrom(1, 4, 16, 60),
  keys: fc.constantFrom(1, 2, 8),
  nameLength: fc.constantFrom(4, 40, 256),
  keyLength: fc.constantFrom(8, 40, 256),
});

/** The rule of a shape, or undefined if validation rejects it. */
export const validRule = (shape: HostileShape): Rule | undefined => checkRule(hostileRule(shape)).rule;
