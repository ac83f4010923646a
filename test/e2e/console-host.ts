import { createAuthenticator } from '../../src/api/access/authenticate.ts';
import { createApi } from '../../src/api/api.ts';
import { serveApi, type RunningApi } from '../../src/api/serve.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import type { Publish } from '../../src/simulator/publish-queue.ts';
import { createSimulator } from '../../src/simulator/simulator.ts';
import { alertOf, fakeVigil, machineRule, type FakeVigil } from '../api/fakes/fake-ports.ts';

export interface ConsoleHost {
  url: string;
  vigil: FakeVigil;
  /** Stops the API like a crash, and restarts it at the same address. */
  restartApi(whileDown: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export const ALL_STOPPED_RULE: Rule = {
  ...machineRule('client-01', 'all-machines-stopped'),
  name: 'All machines stopped',
};

export interface HostOptions {
  simulator?: boolean;
  /** With it, everybody needs a token. */
  adminToken?: string;
}

/** The real API and simulator with fake ports, and a minimal engine for client-01's rule. */
export async function startConsoleHost({
  simulator: withSimulator = true,
  adminToken,
}: HostOptions = {}): Promise<ConsoleHost> {
  const engine = fakeVigil({ rules: [ALL_STOPPED_RULE] });
  watchAllStopped(engine);

  const publish: Publish = (clientId, type, data) => engine.deps.events.publish(clientId, type, data);
  const simulator = withSimulator ? createSimulator({ publish, logger: console }) : undefined;
  const app = createApi({
    ...engine.deps,
    authenticator: createAuthenticator({ tokens: engine.deps.tokens, adminToken }),
    ...(simulator && { machines: simulator.machines }),
  });
  let api: RunningApi = await serveApi(app, 0);
  const { port } = api;
  return {
    url: `http://localhost:${port}`,
    vigil: engine,
    async restartApi(whileDown) {
      await api.stop();
      await whileDown();
      api = await serveApi(app, port);
    },
    async stop() {
      await simulator?.stop();
      await api.stop();
    },
  };
}

function watchAllStopped(vigil: FakeVigil): void {
  const { clientId, id: ruleId } = ALL_STOPPED_RULE;
  const states = new Map<unknown, unknown>();
  let firing = false;
  let episode = 0;
  vigil.deps.live.subscribe((message) => {
    if (message.kind !== 'event' || message.clientId !== clientId || message.type !== 'status') return;
    states.set(message.data['machineId'], message.data['state']);
    const allStopped = [...states.values()].every((state) => state === 'stopped');
    if (allStopped === firing) return;
    firing = allStopped;
    if (firing) episode += 1;
    vigil.sets.splice(0, 1, { workflowId: 'w', clientId, ruleId, status: firing ? 'firing' : 'inactive' });
    const text = firing
      ? `All ${states.size} machines of ${clientId} are stopped`
      : 'Not all machines are stopped any more';
    const alert = alertOf({ clientId, ruleId, episode, status: firing ? 'firing' : 'resolved', message: text });
    vigil.send({ kind: 'alert', sequence: vigil.published.length + 1, alert });
  });
}
