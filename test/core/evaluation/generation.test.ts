import { expect, it } from 'vitest';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { generationAfter } from '../../../src/core/evaluation/generation.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { EPOCH_MS, driver } from '../../support/evaluation/driver.ts';

const having = { calc: 'latest', property: 's', equals: 'off' };
const ruleOf = (type: string, partitionBy: string[]): object => ({
  ...{ id: 'r', clientId: 'c', where: [{ property: 'm', equals: '*' }] },
  ...{ partitionBy, evaluate: { type, having } },
});
const started = EPOCH_MS.toString(36);

it.each<[what: string, generation: string, before: object, next: object, expected: string]>([
  ['other partitions', 'v1', ruleOf('each', ['m']), ruleOf('each', ['n']), `${started}.7`],
  [
    'other partitions after an incomplete rebuild',
    'a.1-5f',
    ruleOf('each', ['m']),
    ruleOf('each', ['n']),
    `${started}.7-5f`,
  ],
  ['the same partitions', 'v1', ruleOf('each', ['m']), ruleOf('each', ['m']), 'v1'],
  ['alerts of partitions instead of one', 'v1', ruleOf('any', ['m']), ruleOf('each', ['m']), `${started}.7`],
  ['one alert instead of those of partitions', 'v1', ruleOf('each', ['m']), ruleOf('any', ['m']), `${started}.7`],
  ['one alert, which counts on', 'v1', ruleOf('any', ['m']), ruleOf('any', ['n']), 'v1'],
])('a version with %s', (_what, generation, before, next, expected) => {
  const set = driver(before).set();
  set.state.generation = generation;
  expect(generationAfter(set, compileRule(parseRule(next)), 7)).toBe(expected);
});
