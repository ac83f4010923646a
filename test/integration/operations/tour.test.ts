import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { packageRoot } from '../../../src/app/paths.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const servers = await fileServers();
let vigil: TestVigil;
beforeAll(async () => {
  vigil = await startVigil({ servers });
});
afterAll(() => vigil.stop());

it('examples/tour.sh leads through the operation of a rule', async () => {
  const { stdout } = await promisify(execFile)('bash', [join(packageRoot, 'examples/tour.sh')], {
    env: { ...process.env, VIGIL_URL: vigil.app.url },
  });
  const lines = stdout.split('\n');
  const steps = lines.filter((line) => line.startsWith('# '));
  expect(steps).toHaveLength(12);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^ {2}latest\(celsius\) gt 80: no \(is 75, lacks 5, event \d+ of .*\)$/),
      expect.stringMatching(/^The alert is firing \(warning, episode 1\)/),
      expect.stringMatching(/^[\w-]{22} {2}acknowledged$/),
      expect.stringMatching(/^[\w-]{22} {2}snoozed$/),
      expect.stringMatching(/^\{"id":"[\w-]{22}","changed":true,"state":"firing","acknowledged":\{"by":"ana"/),
      expect.stringMatching(/^\S+ {2}unsnoozed {5}operator {3}warning/),
      expect.stringMatching(/^\{"rule":.*"change":"changed",.*"kind":"judgesAgain","resolvesAlerts":false/),
      expect.stringMatching(/^\{"rule":.*"change":"changed",.*"kind":"beginsAnew","resolvesAlerts":true/),
      'It would have published no alerts.',
      'Only with the running version:',
      expect.stringContaining('"code":"RULE_CHANGED"'),
      expect.stringMatching(/^The alert is firing \(warning, episode 2\)/),
      expect.stringMatching(/^tour\/rules\/too-hot\S+ {2}reset$/),
      'tour/too-hot paused',
      expect.stringMatching(/^Paused since \S+ by .* \(maintenance\): events and deadlines from then on wait/),
      'tour/too-hot resumed',
      'tour/too-hot deleted',
    ]),
  );
  expect(vigil.failures).toEqual([]);
});
