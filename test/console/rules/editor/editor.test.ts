import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createApi } from '../../../../src/api/api.ts';
import {
  addClear,
  addFilter,
  addLabel,
  removeFilter,
  removeLabel,
  setCalc,
  setComparison,
  setNames,
  setText,
  setType,
  setValue,
} from '../../../../src/console/rules/editor/form/form-edits.ts';
import { withEdits, type Edit } from '../../../../src/console/rules/editor/yaml/edit-text.ts';
import { formOf, type RuleForm } from '../../../../src/console/rules/editor/form/form-model.ts';
import { foundIn, placed, readText } from '../../../../src/console/rules/editor/check/issues.ts';
import { readLines } from '../../../../src/console/rules/editor/preview/read-lines.ts';
import { lanesOf, laneText } from '../../../../src/console/rules/editor/preview/strip.ts';
import { textOf } from '../../../../src/console/rules/editor/templates/templates.ts';
import { changeBetween } from '../../../../src/console/rules/editor/code/text-change.ts';
import { valueOf } from '../../../../src/console/rules/editor/yaml/yaml-text.ts';
import { RequestFailed } from '../../../../src/console/server/send.ts';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import { fakeVigil } from '../../../api/fakes/fake-ports.ts';

/* The rule editor of the console: what it says about a text, what its form does to it, and the strip of a preview. */

describe('a problem is at its line', () => {
  const TEXT = `id: hot
clientId: c
where:
  - { property: type, equals: 7 }
evaluate:
  type: each
  having:
    calc: latest
`;
  test.each<[path: string, line: number, marked: string]>([
    ['id', 1, 'id: hot'],
    ['where', 3, 'where'],
    ['where[0].equals', 4, 'equals: 7'],
    ['where[0]', 4, '{ property: type, equals: 7 }'],
    ['evaluate.having.gt', 7, 'having'],
    ['evaluate.having.calc', 8, 'calc: latest'],
    ['', 1, ''],
    ['where[7].equals', 3, 'where'],
  ])('%s: line %i, %j', (path, line, marked) => {
    const [issue] = placed(TEXT, [{ path, message: 'is wrong' }]);
    expect([issue?.line, TEXT.slice(issue?.from, issue?.to)]).toEqual([line, marked]);
  });

  test.each<[what: string, text: string, line: number, message: RegExp]>([
    ['a bracket that is not closed', 'id: hot\nwhere: [', 2, /end with a \]/],
    ['a word that is begun', 'id: hot\nwher\n', 2, /needs a colon/],
    ['a key twice', 'id: hot\nfor: 5m\nid: cold', 3, /unique/],
    ['no object', '- a\n- b', 1, /has keys/],
    ['an alias to nothing', 'id: *other', 1, /alias/i],
    ['nested too deeply', '['.repeat(20_000), 1, /nested too deeply/],
  ])('of YAML: %s', (_what, text, line, message) => {
    const { issues } = readText(text);
    expect(issues[0]).toMatchObject({ line, message: expect.stringMatching(message) as string });
  });

  test('an id that is no text is missing', () => {
    expect(readText('id: 7\nclientId: c')).toEqual({ issues: [], id: null, clientId: 'c' });
    expect(readText('')).toEqual({ issues: [], id: null, clientId: null });
  });

  test('the API says them, and nothing else becomes one', async () => {
    const api = createApi(fakeVigil().deps);
    const put = async (body: string) => {
      const answer = await api.request('/api/clients/c/rules/hot?dryRun=true', { method: 'PUT', body });
      const { title, code, fields } = (await answer.json()) as {
        title: string;
        code: string;
        fields: Record<string, unknown>;
      };
      return new RequestFailed(title, { status: answer.status, code, fields });
    };
    expect(foundIn(await put('where: []'))?.map(({ path }) => path)).toEqual(['where', 'evaluate']);
    expect(foundIn(await put('id: cold'))).toMatchObject([{ path: 'id' }]);
    expect(foundIn(new RequestFailed('vigil does not answer'))).toBeNull();
    expect(foundIn(new Error('no'))).toBeNull();
  });
});

describe('what a change in the form makes of the rule', () => {
  const START = textOf('above', 'c') ?? '';
  const form = (text: string): RuleForm => formOf(valueOf(text) as Record<string, unknown>);
  const after = (edits: (form: RuleForm) => readonly Edit[], text = START) => withEdits(text, edits(form(text)), []);
  const having = ({ having }: RuleForm) => having ?? expect.fail('there is no condition');
  const PROPERTY = { property: true, within: false };

  test.each<[what: string, edits: (form: RuleForm) => readonly Edit[], expected: object]>([
    ['a count of partitions has a number', (of) => setType(of, 'count'), { evaluate: { type: 'count', gte: 1 } }],
    ['another value', (of) => setValue(having(of), '70.5'), { evaluate: { having: { gt: 70.5 } } }],
    ['another comparison', (of) => setComparison(having(of), 'lt'), { evaluate: { having: { lt: 80 } } }],
    ['whether it is present', (of) => setComparison(having(of), 'exists'), { evaluate: { having: { exists: true } } }],
    [
      'a calculation over a window',
      (of) => setCalc(having(of), 'avg', { property: true, within: true }),
      { evaluate: { having: { calc: 'avg', within: '5m', property: 'celsius' } } },
    ],
    ['properties', () => setNames('groupBy', 'site,  line ,'), { groupBy: ['site', 'line'] }],
    ['a label', addLabel, { labels: { label: '' } }],
    ['a text', () => setText(['for'], '7m'), { for: '7m' }],
  ])('%s', (_what, edits, expected) => {
    const text = after(edits);
    expect(valueOf(text)).toMatchObject(JSON.parse(JSON.stringify(expected), bigInts) as object);
    expect(text).toContain('# The alert resolves only below this');
    expect(() => parseRule(JSON.parse(JSON.stringify(valueOf(text), plain)))).not.toThrow();
  });

  test.each<[what: string, edits: (form: RuleForm) => readonly Edit[], gone: string]>([
    ['an empty text', () => setText(['for'], ''), 'for:'],
    ['no properties', () => setNames('partitionBy', ' '), 'partitionBy:'],
    [
      'a calculation without a property',
      (of) => setCalc(having(of), 'age', { property: false, within: false }),
      'celsius, gt',
    ],
    ['the last filter', (of) => removeFilter(of, 0), 'where:'],
  ])('%s removes the word', (_what, edits, gone) => {
    expect(START).toContain(gone);
    expect(after(edits)).not.toContain(gone);
  });

  test('from a number of partitions to each, the number goes', () => {
    const text = after((of) => setType(of, 'percent'));
    expect(text).toContain('gte: 50');
    expect(after((of) => setType(of, 'each'), text)).not.toContain('gte:');
  });

  test('a second filter and a second label come and go', () => {
    const more = after(addFilter);
    expect(form(more).where).toHaveLength(2);
    expect(form(after((of) => removeFilter(of, 1), more)).where).toHaveLength(1);
    const labels = after(addLabel, after(addLabel));
    expect(form(labels).labels.map(([name]) => name)).toEqual(['label', 'label-2']);
    const none = after(
      (of) => removeLabel(of, 'label-2'),
      after((of) => removeLabel(of, 'label'), labels),
    );
    expect(none).not.toContain('label');
  });

  test('a clear condition begins as the opposite of the condition', () => {
    const without = after(() => setText(['clear'], ''));
    expect(valueOf(after(addClear, without))).toMatchObject({
      clear: { calc: 'latest', property: 'celsius', lte: 80n },
    });
  });

  test('a comparison that is in the YAML only stays', () => {
    const [condition] = formOf({ where: [{ property: 'x', in: [1] }] }).where;
    expect(condition && [...setComparison(condition, 'gt'), ...setValue(condition, '1')]).toEqual([]);
    expect(setCalc({ path: ['clear'], comparison: null }, 'latest', PROPERTY)).toHaveLength(1);
  });
});

const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
const bigInts = (_key: string, value: unknown): unknown => (Number.isInteger(value) ? BigInt(value as number) : value);

describe('the strip of a preview', () => {
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const alert = (minute: number, status: string, machineId = 'm1') => ({
    ...{ at: at(minute), status, severity: 'warning' as const, group: {}, partition: { machineId }, message: '' },
  });
  const lanes = lanesOf(
    [
      alert(10, 'firing'),
      alert(12, 'firing', 'm2'),
      alert(15, 'severity'),
      alert(20, 'resolved'),
      alert(30, 'firing'),
      alert(31, 'resolved', 'm3'),
    ],
    at(0),
    at(40),
  );

  test('has a lane for each partition that fired, with its episodes', () => {
    expect(lanes.map(({ name, spans }) => [name, ...spans.map(({ from, to }) => [from, to])])).toEqual([
      ['machineId=m1', [0.25, 0.5], [0.75, 1]],
      ['machineId=m2', [0.3, 1]],
    ]);
  });

  test('says the same in words', () => {
    const minute = (iso: string): string => iso.slice(14, 16);
    expect(lanes.map((lane) => laneText(lane, minute))).toEqual([
      '2 times: 10 to 20, 30 until the end',
      'once: 12 until the end',
    ]);
  });

  test('without partitions, the rule has one', () => {
    const [lane] = lanesOf([{ ...alert(1, 'firing'), partition: {} }], at(0), at(0));
    expect(lane).toMatchObject({ name: 'the rule', spans: [{ from: 0, to: 1 }] });
  });
});

test('lines arrive in any pieces', async () => {
  const text = '{"progress":{"read":1}}\n{"result":"°"}\n';
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length)), async (cuts) => {
      const bytes = new TextEncoder().encode(text);
      const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          places.slice(1).forEach((end, index) => controller.enqueue(bytes.slice(places[index], end)));
          controller.close();
        },
      });
      const lines: unknown[] = [];
      for await (const line of readLines(body)) lines.push(line);
      expect(lines).toEqual([{ progress: { read: 1 } }, { result: '°' }]);
    }),
  );
});

test('the smallest change makes one text another', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'b', '\n') }),
      fc.string({ unit: fc.constantFrom('a', 'b', '\n') }),
      (before, after) => {
        const { from, to, insert } = changeBetween(before, after);
        expect(before.slice(0, from) + insert + before.slice(to)).toBe(after);
        expect(to).toBeGreaterThanOrEqual(from);
      },
    ),
  );
  expect(changeBetween('gt: 80', 'gt: 90')).toEqual({ from: 4, to: 5, insert: '9' });
});
