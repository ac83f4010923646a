import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { packageRoot } from '../../../src/app/paths.ts';
import { itWith } from '../../support/programs.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startTenantNats, type TenantNats } from '../../support/nats/tenant-nats.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

const FOLDER = join(packageRoot, 'examples/send');
const MOST_LINES = 20;
const CLIENT = 'client-01';
const ADMIN_TOKEN = 'the-token-of-the-administrator';

/** How to run each example, and what else it needs. */
const EXAMPLES: Readonly<Record<string, { command: readonly string[]; needs?: readonly string[] }>> = {
  'over-http.sh': { command: ['bash', 'over-http.sh'], needs: ['curl'] },
  'over-nats.sh': { command: ['bash', 'over-nats.sh'], needs: ['nats'] },
  'over-mqtt.sh': { command: ['bash', 'over-mqtt.sh'], needs: ['mosquitto_pub'] },
  'over-http.py': { command: ['python3', 'over-http.py'] },
  'over-http.go': { command: ['go', 'run', 'over-http.go'] },
};

const { temporalAddress } = await fileServers();
let nats: TenantNats;
let vigil: TestVigil;
/** What an example reads from its environment. */
let settings: Record<string, string>;
beforeAll(async () => {
  nats = await startTenantNats();
  vigil = await startVigil({
    servers: { temporalAddress, natsUrl: nats.url },
    env: { VIGIL_ADMIN_TOKEN: ADMIN_TOKEN },
  });
  const user = `${CLIENT}-sender`;
  const password = nats.passwordOf(user);
  const created = await fetch(`${vigil.app.url}/api/tokens`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'sender', role: 'sender', clientId: CLIENT }),
  });
  const { token } = (await created.json()) as { token: string };
  settings = {
    ...{ CLIENT, VIGIL_URL: vigil.app.url, VIGIL_TOKEN: token },
    NATS_URL: `nats://${user}:${password}@127.0.0.1:${nats.port}`,
    ...{ MQTT_HOST: '127.0.0.1', MQTT_PORT: String(nats.mqttPort), MQTT_USER: user, MQTT_PASSWORD: password },
  };
});
afterAll(async () => {
  await vigil.stop();
  await nats.stop();
});

async function run([program = '', ...args]: readonly string[], changes: Record<string, string> = {}): Promise<void> {
  const env = { ...process.env, ...settings, ...changes };
  await promisify(execFile)(program, args, { cwd: FOLDER, env });
}

for (const [file, { command, needs = [] }] of Object.entries(EXAMPLES)) {
  const programs = [command[0] ?? '', ...needs];

  itWith(programs, `examples/send/${file} sends an event`, async () => {
    const events: unknown[] = [];
    const end = vigil.app.live.subscribe((message) => message.kind === 'event' && events.push(message));
    await run(command);
    const data: unknown = expect.objectContaining({ machineId: 'm1', celsius: 85 });
    const event: unknown = expect.objectContaining({ clientId: CLIENT, type: 'temperature', data });
    await vi.waitFor(() => expect(events).toEqual([event]), { timeout: 20_000 });
    end();
  });

  if (file === 'over-mqtt.sh') continue;
  itWith(programs, `examples/send/${file} fails if it may not send for the client`, async () => {
    await expect(run(command, { CLIENT: 'client-02' })).rejects.toThrow('Command failed');
  });
}

it('each example is tried, and has fewer than 20 lines', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(EXAMPLES).sort());
  for (const file of Object.keys(EXAMPLES)) {
    const lines = readFileSync(join(FOLDER, file), 'utf8').trimEnd().split('\n');
    expect(lines.length, file).toBeLessThan(MOST_LINES);
  }
});
