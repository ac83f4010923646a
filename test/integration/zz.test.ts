import { expect, inject, it } from 'vitest';
import { connectTemporal } from '../../src/client/connect.ts';
import { parseRule } from '../../src/core/parse-rule.ts';
import { connectUser } from '../support/nats-user.ts';
import { startVigil } from '../support/vigil.ts';
it('trial', async () => {
  const servers = inject('servers');
  const vigil = await startVigil({ servers });
  const user = await connectUser(servers.natsUrl);
  const temporal = await connectTemporal(servers.temporalAddress, 'default');
  const rule = parseRule({ id: 'r', clientId: 'hasty', where: [{ property: 'type', equals: 'status' }], evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } } });
  await vigil.put(rule);
  await new Promise((r) => setTimeout(r, 500));
  await vigil.remove('hasty', 'r');
  const s = await vigil.put(rule);
  await new Promise((r) => setTimeout(r, 1500));
  console.log(JSON.stringify(s), vigil.complaints);
  for await (const e of temporal.workflow.list({ query: "ClientId='hasty'" })) {
    console.log(e.workflowId, e.runId, e.status.name);
    const h = await temporal.workflow.getHandle(e.workflowId, e.runId).fetchHistory();
    for (const ev of h.events ?? []) console.log(String(ev.eventId), ev.eventType, ev.workflowExecutionSignaledEventAttributes ? Buffer.from(ev.workflowExecutionSignaledEventAttributes.input?.payloads?.[0]?.data ?? []).toString() : '');
  }
  console.log(JSON.stringify(await temporal.workflow.getHandle('hasty/rules/r/type=status').query('state')));
  await vigil.stop(); await user.close(); expect(1).toBe(1);
});
