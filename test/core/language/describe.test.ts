import { describe, expect, it } from 'vitest';
import { jsonBytes } from '../../../src/core/primitives/text/bytes.ts';
import { describeRule, titleOf } from '../../../src/core/language/describe.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';

const rule = parseRule({
  id: 'r',
  clientId: 'c',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
});
const list = Array.from({ length: 1_000 }, (_, index) => `${index}${'温'.repeat(40)}`);

describe('the description of a rule in the Temporal UI', () => {
  it('has a title with its client and its name, or else its id', () => {
    expect(titleOf({ ...rule, name: 'Machines' })).toBe('c: Machines');
    expect(titleOf(rule)).toBe('c: r');
  });

  it('has the rule in one line', () => expect(describeRule(rule)).toBe('any having latest(s) equals "off", by m'));

  it('has the steps of a sequence', () => {
    const where = [{ property: 's', equals: 'on' }];
    const steps = [
      { where, as: 'on', times: 3 },
      { where, strict: true },
      { not: { where }, within: '2m', unless: { where } },
    ];
    expect(describeRule(parseRule({ ...rule, evaluate: { type: 'sequence', within: '5m', steps } }))).toBe(
      'sequence of 3 times on, then directly event, then not within 2m (with unless), all within 5m, by m',
    );
  });

  it.each(['温', '😀', '\u0001'])('is cut by bytes, with %j', (character) => {
    const title = titleOf({ ...rule, name: character.repeat(200 / character.length) });
    expect(jsonBytes(title)).toBeLessThanOrEqual(300);
    expect(title).toMatch(new RegExp(`^c: (?:${character})+…$`, 'u'));
  });

  it('is cut if a list is long', () => {
    const line = describeRule(
      parseRule({ ...rule, evaluate: { type: 'any', having: { calc: 'latest', property: 's', in: list } } }),
    );
    expect(jsonBytes(line)).toBeLessThanOrEqual(4_096);
    expect(line).toMatch(/^any having latest\(s\) in \["0温+",.*…$/);
  });
});
