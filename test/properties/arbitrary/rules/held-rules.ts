import fc from 'fast-check';
import type { StreamShape } from '../arbitrary-events.ts';
import { choosing } from '../arbitrary-operand.ts';
import { oneOf, ordering, sometimes } from '../arbitrary-parts.ts';
import { ruleAround } from './arbitrary-rule.ts';

/** Every millisecond is looked at: values that move with the clock reach a threshold at any of them. */
export const MILLISECONDS: StreamShape = {
  unit: 1,
  length: 20,
  partitions: ['a', 'a', 'a', 'a', 'b'],
  gaps: [0, 0, 1, 1, 2, 3, 7, 13, -2],
  numbers: fc.constantFrom(-1, 0, 0.1, 0.1, 0.3, 1, 2, 3, 7),
};

/** Time-weighted averages and `timeIn`, also as operands. */
export function ruleOfHeldValues(): fc.Arbitrary<object> {
  const milliseconds = fc.integer({ min: 1, max: 40 }).map((count) => `${count}ms`);
  const bound = fc.constantFrom(-0.5, 0, 0.1, 0.2, 0.3, 0.7, 1, 1.5, 2, 3, 6.9);
  const calc = fc.oneof(
    { weight: 5, arbitrary: fc.constant('avg') },
    { weight: 1, arbitrary: fc.constantFrom('min', 'max', 'range', 'delta', 'deltaPercent', 'distinct') },
  );
  const held = { property: fc.constant('t'), within: milliseconds, hold: fc.constant(true) };
  const side = fc.oneof(
    { weight: 6, arbitrary: bound },
    { weight: 1, arbitrary: fc.record({ calc: fc.constant('avg'), ...held, plus: fc.constantFrom(0, 0.5) }) },
    { weight: 1, arbitrary: fc.constant({ latest: 'n.v' }) },
  );
  const compared = oneOf(
    { weight: 5, arbitrary: fc.record({ word: ordering, side }).map(({ word, side: right }) => ({ [word]: right })) },
    bound.map((equals) => ({ equals })),
    fc.tuple(bound, bound).map((between) => ({ between })),
  );
  const numbers = fc.record({ calc, ...held, is: compared, where: sometimes(fc.tuple(choosing), 4) });
  const durations = fc.record({
    calc: fc.constant('timeIn'),
    within: milliseconds,
    where: fc.tuple(choosing),
    is: fc.record({ word: ordering, length: milliseconds }).map(({ word, length }) => ({ [word]: length })),
  });
  // The elements of a list, each against an average that moves.
  const average = fc.record({ calc: fc.constant('avg'), ...held, plus: fc.constantFrom(0, 0.5) });
  const elements = fc.record({
    calc: fc.constant('latest'),
    property: fc.constantFrom('l[*]', 'l[*].v'),
    is: fc.record({ word: ordering, average }).map(({ word, average: right }) => ({ [word]: right })),
  });
  const leaf = fc
    .tuple(oneOf({ weight: 3, arbitrary: numbers }, durations, elements), sometimes(milliseconds, 3))
    .map(([{ is, where, ...rest }, lasting]: [{ is?: object; where?: unknown }, string | undefined]) => ({
      ...rest,
      ...(where !== undefined && { where }),
      ...is,
      ...(lasting !== undefined && { for: lasting }),
    }));
  const having = oneOf(
    { weight: 4, arbitrary: leaf },
    leaf.map((not) => ({ not })),
    fc.tuple(leaf, leaf).map((all) => ({ all })),
  );
  const evaluation = fc
    .tuple(fc.constantFrom('any', 'each', 'all'), having)
    .map(([type, condition]) => ({ type, having: condition }));
  // Heartbeats and repeats are longer than all of this.
  return ruleAround(evaluation, 'ms').map(({ heartbeat: _heartbeat, repeat: _repeat, ...rule }: Unrepeated) => rule);
}

type Unrepeated = { heartbeat?: unknown; repeat?: unknown };
