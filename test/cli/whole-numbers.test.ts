import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeForOthers } from '../../src/core/primitives/text/write-json.ts';
import { tempFiles } from '../support/temp-files.ts';
import { apiInProcess } from './api-in-process.ts';
import { vigil } from './run-vigil.ts';

const ID = '9007199254740993';
const NEXT = '9007199254740992';
const { write } = tempFiles();

const RULE = `id: by-id
clientId: client-01
where: [{ property: account, in: [${ID}, ${NEXT}] }]
partitionBy: [account]
evaluate: { type: each, having: { calc: count, within: 1h, gte: 1 } }
message: 'account {{partition.account}}'
`;
const rule = write('rule.yaml', RULE);

describe('whole numbers of many digits', () => {
  it('are two numbers in a rule test, and a text is none of them', async () => {
    const test = (expected: string): string => `rules: [./rule.yaml]
tests:
  - name: two accounts
    events:
      - { at: 0s, clientId: client-01, type: login, account: ${ID} }
      - { at: 1s, clientId: client-01, type: login, account: ${NEXT} }
      - { at: 2s, clientId: client-01, type: login, account: '${ID}' }
    expect:
      - { at: 0s, status: firing, partition: { account: ${expected} }, message: account ${ID} }
      - { at: 1s, status: firing, partition: { account: ${NEXT} } }
`;
    expect(await vigil(['rules', 'test', write('good.test.yaml', test(ID))])).toMatchObject({ code: 0 });
    const wrong = await vigil(['rules', 'test', write('wrong.test.yaml', test(NEXT))]);
    expect(wrong.code).toBe(1);
    expect(wrong.out).toContain(`partition={"account":${NEXT}}`);
    expect(wrong.out).toContain(`partition={"account":${ID}}`);
  });

  it('are two numbers in a recording, and are printed with all digits', async () => {
    const event = (account: string): string =>
      `{"clientId":"client-01","type":"login","time":"2026-01-01T00:00:00Z","account":${account}}`;
    const events = write('events.jsonl', [event(ID), event(NEXT), event(`"${ID}"`)].join('\n'));
    const lines = await vigil(['backtest', '--rules', rule, '--events', events, '--json']);
    expect(lines.out.match(/"partition":\{[^}]*\}/g)).toEqual([ID, NEXT].map((id) => `"partition":{"account":${id}}`));
    const report = await vigil(['backtest', '--rules', rule, '--events', events]);
    expect(report.out).toContain(`account=${ID} `);
  });

  it('are in no warning', async () => {
    const between = RULE.replace(/in: .*?\]/, `gt: ${NEXT}, lt: 9007199254740994`);
    expect((await vigil(['rules', 'check', write('between.yaml', between)])).out).not.toContain('never');
    const never = RULE.replace(/in: .*?\]/, `gt: ${ID}, lt: 9007199254740994`);
    expect((await vigil(['rules', 'check', write('never.yaml', never)])).out).toContain(`gt ${ID}`);
  });
});

describe('a rule on the server', () => {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.end(`{"rule":{"id":"by-id","where":[{"property":"account","equals":${ID}}]}}`));
  });
  let url = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it('is compared, applied and pruned with all digits', async () => {
    const server = apiInProcess([]);
    expect((await server.run(['rules', 'diff', rule])).out).toContain(`+      - ${ID}\n+      - ${NEXT}\n`);
    expect((await server.run(['rules', 'apply', rule])).code).toBe(0);
    const stored = await server.rules.get('client-01', 'by-id');
    expect(writeForOthers(stored?.rule.where)).toContain(`[${ID},${NEXT}]`);
    const other = write('other.yaml', RULE.replace('id: by-id', 'id: other'));
    const { out } = await server.run(['rules', 'diff', other, '--prune', '--client', 'client-01']);
    expect(out).toContain(`-      - ${ID}\n-      - ${NEXT}\n`);
  });

  it.each([
    ['YAML', [], `equals: ${ID}\n`],
    ['JSON', ['--json'], `"equals": ${ID}\n`],
  ])('is printed with all digits as %s', async (_what, options, text) => {
    expect((await vigil(['rules', 'get', 'client-01', 'by-id', '--url', url, ...options])).out).toContain(text);
  });
});
