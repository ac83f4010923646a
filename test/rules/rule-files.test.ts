import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRuleFiles, readRuleFolder } from '../../src/rules/rule-files.ts';
import { issueText } from '../../src/rules/yaml-entries.ts';
import { tempFiles } from '../support/temp-files.ts';

const { folder, write } = tempFiles();

const rule = (id: string, clientId = 'c'): string =>
  `id: ${id}
clientId: ${clientId}
where: [{ property: type, equals: status }]
evaluate: { type: any, having: { calc: latest, property: state, equals: stopped } }
`;
const asJson = (...ids: string[]): string =>
  JSON.stringify(
    ids.map((id) => ({
      id,
      clientId: 'c',
      where: [{ property: 'type', equals: '*' }],
      evaluate: { type: 'any', having: { calc: 'latest', property: 'x', gt: 1 } },
    })),
  );

async function read(...files: string[]): Promise<{ ids: string[]; issues: string[] }> {
  const { rules, issues } = await readRuleFiles(files);
  return {
    ids: rules.map(({ rule: { id } }) => id),
    issues: issues.map((issue) => issueText(issue).replace(`${folder}/`, '')),
  };
}

describe('rule files', () => {
  it('hold a rule, several documents, or a list, in YAML or JSON', async () => {
    const files = [
      write('one.yaml', rule('a')),
      write('two.yml', `# two\n---\n${rule('b')}---\n${rule('d')}`),
      write('list.json', asJson('e', 'f')),
    ];
    expect(await read(...files)).toEqual({ ids: ['a', 'b', 'd', 'e', 'f'], issues: [] });
  });

  it('may also contain tests, which are skipped', async () => {
    expect(await read(write('mixed.yaml', `${rule('a')}---\nrules: [x]\ntests: []\n`))).toEqual({
      ids: ['a'],
      issues: [],
    });
  });

  it('are read as far as possible, and every issue has a line', async () => {
    const broken = write(
      'broken.yaml',
      `${rule('good')}---\n${rule('Bad Id')}heartbeet: 5m\n---\n- id: x\n  clientId: c\n  partitionbuy: [a]\n---\njust text\n`,
    );
    const { ids, issues } = await read(broken);
    expect(ids).toEqual(['good']);
    expect(issues).toEqual([
      'broken.yaml:6: id: must have 1 to 64 characters of a-z, 0-9 and "-", and start with a letter or digit',
      'broken.yaml:10: heartbeet: is not a known field; did you mean "heartbeat"?',
      expect.stringMatching(/^broken.yaml:12: where: is missing/),
      expect.stringMatching(/^broken.yaml:12: evaluate: /),
      'broken.yaml:14: partitionbuy: is not a known field; did you mean "partitionBy"?',
      expect.stringMatching(/^broken.yaml:16: the rule .*must be an object/),
    ]);
  });

  it.each([
    ['invalid YAML', 'id: [1, 2\nx: y\n', /^x.yaml:2: is not valid YAML or JSON: /],
    ['a duplicate key', 'id: a\nid: b\n', /^x.yaml:2: is not valid YAML or JSON: Map keys must be unique/],
    ['an unresolved alias', 'id: *a\n', /^x.yaml:1: is not valid YAML or JSON: Unresolved alias/],
    [
      'a circular reference',
      'id: &a { b: *a }\n',
      /^x.yaml:1: is not valid YAML or JSON: Converting circular structure/,
    ],
    [
      'exponential aliases',
      `a: &a [${'x,'.repeat(40)}]\nb: &b [${'*a,'.repeat(40)}]\nc: [${'*b,'.repeat(40)}]\n`,
      /^x.yaml:1: is not valid YAML or JSON: Excessive alias count/,
    ],
    ['deeply nested lists', '['.repeat(200_000), /^x.yaml(:1)?: is (not valid YAML or JSON|nested too deeply)/],
    ['no content', '# nothing yet\n', /^x.yaml: is empty/],
  ])('with %s produce an issue, not an exception', async (_what, text, message) => {
    const { ids, issues } = await read(write('x.yaml', text));
    expect(ids).toEqual([]);
    expect(issues[0]).toMatch(message);
  });

  it('that do not exist produce an issue', async () => {
    expect((await read(join(folder, 'nowhere.yaml'))).issues).toEqual([
      expect.stringMatching(/^nowhere.yaml: cannot be read: ENOENT/),
    ]);
  });

  it('yield each rule once: ids are unique within a client', async () => {
    const [first, second] = [
      write('first.yaml', rule('a')),
      write('second.yaml', `${rule('a', 'other')}---\n${rule('a')}`),
    ];
    const { ids, issues } = await read(first, second, first);
    expect(ids).toEqual(['a', 'a']);
    expect(issues).toEqual([
      `second.yaml:6: id: c already has a rule a, in ${first}:1; ids must be unique within a client`,
    ]);
  });
});

describe('a folder of rules', () => {
  it('is read in the order of names, and tests are skipped', async () => {
    write('rules/b.yaml', rule('b'));
    write('rules/a.json', asJson('a'));
    write('rules/b.test.yaml', 'rules: [b.yaml]\ntests: []\n');
    write('rules/notes.txt', 'no rule');
    expect((await readRuleFolder(join(folder, 'rules'))).map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('is rejected with every issue', async () => {
    write('wrong/a.yaml', rule('A'));
    write('wrong/b.yaml', rule('B'));
    await expect(readRuleFolder(join(folder, 'wrong'))).rejects.toMatchObject({
      code: 'RULE_INVALID',
      message: expect.stringMatching(/a\.yaml:1: id: must have .*\n.*b\.yaml:1: id: must have /) as string,
    });
  });

  it('must exist', async () => {
    await expect(readRuleFolder(join(folder, 'nowhere'))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringContaining('VIGIL_RULES_DIR') as string,
    });
  });
});
