import { describe, expect, it } from 'vitest';
import { checkRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { latest, rule, any } from './rules-to-check.ts';

describe('a hostile rule is rejected cheaply', () => {
  it('nested a million deep', () => {
    let bomb: object = latest;
    for (let depth = 0; depth < 1_000_000; depth++) bomb = { not: bomb };
    expect(checkRule(any(bomb)).issues[0]?.message).toMatch(/is nested deeper than/);
  });

  it('with a circular reference', () => {
    const circle: { not?: object } = {};
    circle.not = circle;
    expect(checkRule(any(circle)).issues[0]?.message).toMatch(/contains a circular reference/);
  });

  it('that is huge only in bytes', () => {
    const values = Array.from({ length: 300 }, (_, index) => `${index}${'温'.repeat(200)}`);
    expect(checkRule(any({ ...latest, equals: undefined, in: values })).issues[0]?.message).toMatch(
      /^has 18\d{4} bytes of JSON; the maximum is 131072$/,
    );
  });

  it('that is huge', () =>
    expect(checkRule({ ...rule, message: 'x'.repeat(10_000_000) }).issues[0]?.message).toMatch(/bytes of JSON/));

  it('that names a prototype', () => {
    const hostile = JSON.parse(JSON.stringify(rule).replace('{', '{"__proto__": {"polluted": true}, ')) as object;
    checkRule(hostile);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
