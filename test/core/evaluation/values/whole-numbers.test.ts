import { describe, expect, it } from 'vitest';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../../src/core/model/alert/alert.ts';
import { toEvent } from '../../../../src/core/model/event/event.ts';
import { parseJson } from '../../../../src/core/primitives/text/parse-json.ts';
import { writeForOthers } from '../../../../src/core/primitives/text/write-json.ts';
import { Player, storedAt } from '../../../../src/offline/player.ts';

const START = Date.UTC(2026, 0, 1);
const BASE = { id: 'r', clientId: 'c', where: [{ property: 'type', equals: 'e' }] };

interface Published {
  setId: string;
  alert: AlertEnvelope;
}

/** Plays events, which are JSON as senders write it, one a second, with the rule as it is stored. */
function play(rule: string, events: readonly string[]): Published[] {
  const published: Published[] = [];
  const stored: unknown = JSON.parse(JSON.stringify(parseRule({ ...BASE, ...(parseJson(rule) as object) })));
  const player = new Player(storedAt(START, [parseRule(stored)]), (alert, setId) => published.push({ setId, alert }));
  events.forEach((text, index) =>
    player.play(
      toEvent({
        subject: 'events.c.e',
        payload: parseJson(text),
        sequence: index + 1,
        storedAtMs: START + index * 1_000,
      }),
    ),
  );
  return published;
}

const json = ({ alert }: Published): string => writeForOthers(alert);
const EACH = '"partitionBy": ["id"], "evaluate": {"type":"each","having":{"calc":"count","within":"1h","gte":2}}';

describe('ids of many digits', () => {
  it('are never two in one: neither with each other nor with a text', () => {
    const ids = ['9007199254740992', '9007199254740993', '"9007199254740993"', '9007199254740994'];
    const published = play(
      `{${EACH}, "message": "{{partition.id}}"}`,
      [...ids, ...ids].map((id) => `{"id":${id}}`),
    );
    expect(published.map(({ alert }) => alert.data.message)).toEqual(ids.map((id) => id.replaceAll('"', '')));
    expect(new Set(published.map(({ alert }) => alert.id)).size).toBe(4);
    expect(published.map(({ alert }) => alert.subject)).toEqual(ids.map((id) => `id=${encodeURIComponent(id)}`));
    ids.forEach((id, index) => expect(json(published[index] as Published)).toContain(`"partition":{"id":${id}}`));
  });

  it('are groups of their own, with their digits in the id of the workflow', () => {
    const published = play(
      '{"groupBy":["id"],"evaluate":{"type":"any","having":{"calc":"latest","property":"v","gt":1}}}',
      ['{"id":9007199254740993,"v":2}', '{"id":9007199254740992,"v":2}'],
    );
    expect(published.map(({ setId }) => setId)).toEqual([
      'c/rules/r/type=e/id=9007199254740993',
      'c/rules/r/type=e/id=9007199254740992',
    ]);
    expect(json(published[0] as Published)).toContain('"group":{"id":9007199254740993}');
  });

  it('are expected by all digits', () => {
    const rule =
      '{"partitionBy":["id"],"expect":[{"id":9007199254740993}],"evaluate":{"type":"all","having":{"calc":"latest","property":"v","gt":1}}}';
    expect(play(rule, ['{"id":9007199254740992,"v":2}'])).toEqual([]);
    expect(play(rule, ['{"id":9007199254740993,"v":2}'])).toHaveLength(1);
  });

  it('are not objects that look like vigil’s own form of them', () => {
    expect(play(`{${EACH}}`, Array<string>(3).fill('{"id":{"int":"9007199254740993"}}'))).toEqual([]);
  });
});

describe('a comparison', () => {
  it.each<[comparison: string, values: string[], that: string[]]>([
    [
      '"equals":9007199254740993',
      ['9007199254740992', '9007199254740993', '"9007199254740993"', '{"int":"9007199254740993"}'],
      ['9007199254740993'],
    ],
    ['"equals":9007199254740992', ['9007199254740992', '9007199254740993'], ['9007199254740992']],
    ['"notEquals":9007199254740993', ['9007199254740992', '9007199254740993', '1', '"a"'], ['9007199254740992', '1']],
    ['"notEquals":1', ['9007199254740993', '1'], ['9007199254740993']],
    ['"in":[9007199254740993,1]', ['9007199254740992', '9007199254740993', '1'], ['9007199254740993', '1']],
    ['"notIn":[9007199254740993]', ['9007199254740992', '9007199254740993', '"a"'], ['9007199254740992']],
    [
      '"gt":9007199254740992',
      ['9007199254740992', '9007199254740993', '9007199254740994'],
      ['9007199254740993', '9007199254740994'],
    ],
    [
      '"lte":9007199254740993',
      ['9007199254740992', '9007199254740993', '9007199254740994'],
      ['9007199254740992', '9007199254740993'],
    ],
    [
      '"between":[9007199254740993,9007199254740993]',
      ['9007199254740992', '9007199254740993', '9007199254740994'],
      ['9007199254740993'],
    ],
    ['"gt":5', ['9007199254740993', '-9007199254740993'], ['9007199254740993']],
    ['"gt":9007199254740993', ['1e300', '9007199254740993', '0.5'], ['1e300']],
    [
      '"as":"number","equals":9007199254740993',
      ['" +9007199254740993 "', '"9007199254740992"', '9007199254740993'],
      ['" +9007199254740993 "', '9007199254740993'],
    ],
    ['"exists":true', ['9007199254740993'], ['9007199254740993']],
    ['"equals":"*"', ['9007199254740993'], ['9007199254740993']],
    ['"glob":"9*"', ['9007199254740993', '"9007199254740993"'], ['"9007199254740993"']],
    ['"contains":"9","ignoreCase":true', ['9007199254740993', '"9"'], ['"9"']],
  ])('%s of %j: %j', (comparison, values, that) => {
    const inWhere = `{"where":[{"property":"v",${comparison}}],"evaluate":{"type":"any","having":{"calc":"count","within":"1h","gte":1}}}`;
    const inHaving = `{"evaluate":{"type":"any","having":{"calc":"latest","property":"v",${comparison}}}}`;
    const inStep = `{"evaluate":{"type":"sequence","steps":[{"where":[{"property":"v",${comparison}}]}]}}`;
    const ofCalc = `{"evaluate":{"type":"any","having":{"calc":"count","within":"1h","where":[{"property":"v",${comparison}}],"gte":1}}}`;
    for (const rule of [inWhere, inHaving, inStep, ofCalc])
      expect([rule, values.filter((value) => play(rule, [`{"v":${value}}`]).length > 0)]).toEqual([rule, that]);
  });
});

describe('a calculation', () => {
  it.each<[having: string, holds: boolean]>([
    ['"calc":"sum","within":"1h","equals":18014398509481984', true],
    ['"calc":"max","within":"1h","equals":9007199254740992', true],
    ['"calc":"delta","within":"1h","equals":0', true],
    ['"calc":"distinct","within":"1h","equals":2', true],
    ['"calc":"changes","within":"1h","equals":1', true],
    ['"calc":"latest","equals":9007199254740993', true],
    ['"calc":"latest","equals":9007199254740992', false],
  ])('with %s of 9007199254740992 and 9007199254740993: %s', (having, holds) => {
    const published = play(`{"evaluate":{"type":"any","having":{"property":"v",${having}}},"for":"1s"}`, [
      '{"v":9007199254740992}',
      '{"v":9007199254740993}',
      '{}',
      '{}',
    ]);
    expect(published.length > 0).toBe(holds);
  });

  it('shows all digits of a value in the evidence and in the message', () => {
    const [published] = play(
      '{"evaluate":{"type":"any","having":{"calc":"latest","property":"v","gt":1}},"message":"{{value}} {{evidence.items}}"}',
      ['{"v":9007199254740993}'],
    );
    expect(json(published as Published)).toContain('"value":9007199254740993');
    expect(published?.alert.data.message).toMatch(/^9007199254740993 \[.*"value":9007199254740993\}\]$/);
  });
});
