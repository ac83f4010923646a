import { readFileSync } from 'node:fs';
import { vi } from 'vitest';
import { packagePath } from '../../src/api/package-files.ts';

const CLIENT = 'client-03';
const BEFORE_MS = 30 * 60_000;
const STEP_MS = 60_000;
const WITHIN = { timeout: 60_000, interval: 100 };

interface Listed {
  alerts: { id: string; clientId: string; ruleId: string; message: string }[];
}

/** Half an hour of temperatures of two ovens: both become too hot, and somebody has seen one of them. */
export async function playScene(url: string): Promise<{ alertPath: string }> {
  const send = async (path: string, body: unknown, method = 'POST', type = 'application/json'): Promise<void> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer = await fetch(`${url}${path}`, { method, headers: { 'content-type': type }, body: text });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  const rule = readFileSync(packagePath('examples/too-hot.yaml'), 'utf8');
  await send(`/api/clients/${CLIENT}/rules/too-hot`, rule, 'PUT', 'application/yaml');
  const startMs = Date.now() - BEFORE_MS;
  const events = Array.from({ length: BEFORE_MS / STEP_MS }, (_, step) =>
    ['oven-1', 'oven-2'].map((machineId, oven) => ({
      machineId,
      celsius: Math.round(10 * (62 + oven * 2 + step * (0.9 - oven * 0.1) + 5 * Math.sin(step / 2 + oven))) / 10,
      time: new Date(startMs + step * STEP_MS).toISOString(),
    })),
  ).flat();
  await send(`/api/clients/${CLIENT}/events/temperature`, events);

  const open = async (): Promise<Listed['alerts']> =>
    ((await (await fetch(`${url}/api/clients/${CLIENT}/alerts`)).json()) as Listed).alerts;
  const alerts = await vi.waitUntil(async () => {
    const found = await open();
    return found.length === 2 ? found : false;
  }, WITHIN);
  const [first, second] = alerts.toSorted((a, b) => a.message.localeCompare(b.message));
  await send(`/api/clients/${CLIENT}/alerts/${second?.id}/acknowledge`, { by: 'ana', note: 'The fan is on its way.' });
  return { alertPath: `/alerts/${CLIENT}/${first?.id}` };
}
