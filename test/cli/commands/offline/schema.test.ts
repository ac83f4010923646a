import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { vigil } from '../../run-vigil.ts';

const RULE_SCHEMA = 'schema/rule.schema.json';
const TEST_SCHEMA = 'schema/rule-test.schema.json';
const read = (file: string): object => JSON.parse(readFileSync(file, 'utf8')) as object;

describe('the JSON Schema for editors', () => {
  it.each([
    [RULE_SCHEMA, ['rules', 'schema']],
    [TEST_SCHEMA, ['rules', 'schema', '--test']],
  ])('%s is up to date', async (file, args) => {
    const { out } = await vigil(args);
    const advice = `${file} is out of date: npm run build && npm run -s vigil -- ${args.join(' ')} > ${file}`;
    expect(readFileSync(file, 'utf8'), advice).toBe(out);
  });

  const ajv = new Ajv({ allErrors: true, strictTuples: false, allowUnionTypes: true });
  const validate = { [RULE_SCHEMA]: ajv.compile(read(RULE_SCHEMA)), [TEST_SCHEMA]: ajv.compile(read(TEST_SCHEMA)) };

  const examples = readdirSync('examples', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => join('examples', file))
    .filter((file) => file !== 'examples/alert-policy.yaml');

  const schemaOf = (file: string) => (file.endsWith('.test.yaml') ? TEST_SCHEMA : RULE_SCHEMA);

  it.each(examples)('%s is valid', (file) => {
    const accepts = validate[schemaOf(file)];
    for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
      expect(accepts(document.toJS()), JSON.stringify(accepts.errors)).toBe(true);
    }
  });

  // The examples of words are shown in the reference, without this line.
  it.each(examples.filter((file) => !file.startsWith('examples/words/')))(
    '%s names the schema in its first line',
    (file) => {
      const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(file, 'utf8')) ?? [];
      expect(resolve(dirname(file), named)).toBe(resolve(schemaOf(file)));
    },
  );

  const rule = {
    id: 'a',
    clientId: 'c',
    where: [{ property: 'type', equals: '*' }],
    evaluate: { type: 'any', having: { calc: 'latest', property: 'x', gt: 1 } },
  };

  it.each([
    ['a misspelled word', { fro: '5m' }],
    ['an unknown severity', { severity: 'high' }],
    ['an invalid duration', { for: '5 minutes' }],
    ['an unknown comparison', { where: [{ property: 'type', equal: 'x' }] }],
    ['an unknown calculation', { evaluate: { type: 'any', having: { calc: 'mean', property: 'x', gt: 1 } } }],
  ])('rejects %s', (_what, change) => {
    expect(validate[RULE_SCHEMA](rule)).toBe(true);
    expect(validate[RULE_SCHEMA]({ ...rule, ...change })).toBe(false);
  });
});
