import { afterEach, expect, it } from 'vitest';
import { startFakeVigil, type FakeVigil, type Reply } from '../../fake-vigil.ts';
import { vigil } from '../../run-vigil.ts';

let server: FakeVigil | undefined;
afterEach(() => server?.stop());

async function run(args: string[], body: object) {
  const reply: Reply = () => ({ status: 200, body });
  server = await startFakeVigil(reply);
  const { code, out, err } = await vigil(args, { VIGIL_URL: server.url });
  const { method, path, body: sent } = server.asked[0] ?? {};
  return { code, out, err, request: [method, path, sent] };
}

const CLIENT = ['--client', 'client-01'];
const RULE = [...CLIENT, '--rule', 'hot'];

it.each([
  [['pause', ...RULE, '--note', 'why'], '/rules/hot/pause', { note: 'why' }, { changed: true }, 'client-01/hot paused'],
  [['pause', ...RULE], '/rules/hot/pause', {}, { changed: false }, 'client-01/hot is paused already'],
  [['resume', ...RULE], '/rules/hot/resume', { mode: 'publish' }, { changed: true }, 'client-01/hot resumed'],
  [
    ['resume', ...RULE, '--mode', 'afresh'],
    '/rules/hot/resume',
    { mode: 'afresh' },
    { changed: false },
    'client-01/hot is not paused',
  ],
  [['pause', ...CLIENT], '/pause', {}, { changed: true, rules: 3, problems: [] }, 'client-01 paused (3 rules)'],
  [
    ['resume', ...CLIENT],
    '/resume',
    { mode: 'publish' },
    { changed: true, rules: 2, problems: [] },
    'client-01 resumed (2 rules)',
  ],
] as const)('vigil %j', async (args, path, sent, answer, said) => {
  const { code, out, request } = await run([...args], answer);
  expect([code, out]).toEqual([0, `${said}\n`]);
  expect(request).toEqual(['POST', `/api/clients/client-01${path}`, sent]);
});

it('fails if a rule of the client was refused, and names it', async () => {
  const problems = [{ ruleId: 'hot', problem: { code: 'RULE_CHANGED', message: 'Again.' } }];
  const { code, err } = await run(['pause', ...CLIENT], { changed: true, rules: 0, problems });
  expect([code, err]).toEqual([1, 'vigil: client-01/hot: RULE_CHANGED: Again.\n']);
});
