import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { itWith } from '../../support/programs.ts';
import { fileServers } from '../../support/servers/servers.ts';
import { startTenantNats, type TenantNats, type TenantUser } from '../../support/nats/tenant-nats.ts';
import { startVigil, type TestVigil } from '../../support/vigil/vigil.ts';

/* Events over MQTT 3.1.1, by the gateway of nats-server, with the accounts of docker/nats. */

const { temporalAddress } = await fileServers();
const SOON = { timeout: 20_000 };
let nats: TenantNats;
let vigil: TestVigil;
/** Events that vigil has read, as `clientId type machineId`. */
const events: string[] = [];
const alerts: AlertEnvelope[] = [];
beforeAll(async () => {
  nats = await startTenantNats();
  vigil = await startVigil({ servers: { temporalAddress, natsUrl: nats.url } });
  vigil.app.live.subscribe((message) => {
    if (message.kind === 'alert') alerts.push(message.alert);
    else events.push(`${message.clientId} ${message.type} ${String(message.data['machineId'])}`);
  });
  await vigil.put(
    parseRule({
      id: 'too-hot',
      clientId: 'client-01',
      where: [{ property: 'type', equals: 'temperature' }],
      partitionBy: ['machineId'],
      evaluate: { type: 'each', having: { calc: 'latest', property: 'celsius', gt: 80 } },
    }),
  );
});
afterAll(async () => {
  await vigil.stop();
  await nats.stop();
});

interface Message {
  topic: string;
  machineId: string;
  qos: 0 | 1;
}
const payloadOf = (machineId: string): string => JSON.stringify({ machineId, celsius: 85 });

/** A device until the test ends. With an id it has a session. */
async function device(user: TenantUser, clientId?: string): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${nats.mqttPort}`, {
    ...{ username: user, password: nats.passwordOf(user), protocolVersion: 4, reconnectPeriod: 0 },
    ...(clientId !== undefined && { clientId, clean: false }),
  });
  onTestFinished(() => client.endAsync(true));
  return client;
}

/** Sends the messages with one connection, in order. With QoS 1 it waits for the acknowledgement of each. */
async function byMqttJs(user: TenantUser, messages: readonly Message[]): Promise<void> {
  const client = await device(user);
  for (const { topic, machineId, qos } of messages) await client.publishAsync(topic, payloadOf(machineId), { qos });
}

async function byMosquitto(user: TenantUser, messages: readonly Message[]): Promise<void> {
  for (const { topic, machineId, qos } of messages) {
    const login = ['-h', '127.0.0.1', '-p', String(nats.mqttPort), '-u', user, '-P', nats.passwordOf(user)];
    const args = [...login, '-V', '311', '-q', String(qos), '-t', topic, '-m', payloadOf(machineId)];
    await promisify(execFile)('mosquitto_pub', args);
  }
}

/** Subjects of all events in the stream. */
async function subjects(): Promise<string[]> {
  const owner = await nats.connectAs('vigil');
  const { state } = await (await owner.jetstreamManager()).streams.info('EVENTS', { subjects_filter: '>' });
  await owner.close();
  return Object.keys(state.subjects ?? {});
}

describe.each([
  ['mqtt.js', [], byMqttJs],
  ['mosquitto_pub', ['mosquitto_pub'], byMosquitto],
] as const)('%s', (program, needs, send) => {
  for (const qos of [0, 1] as const) {
    itWith(needs, `publishes an event with QoS ${qos}, which fires a rule`, async () => {
      const machineId = `${program}-${qos}`;
      await send('client-01-sender', [{ topic: 'events/client-01/temperature', machineId, qos }]);
      await vi.waitFor(() => expect(events).toContain(`client-01 temperature ${machineId}`), SOON);
      await vi.waitFor(() => expect(alerts.map(({ data }) => data.partition)).toContainEqual({ machineId }), SOON);
    });

    itWith(needs, `publishes no event of another client with QoS ${qos}, although it is acknowledged`, async () => {
      const marker = `${program}-${qos}-marker`;
      await send('client-01-sender', [
        ...forbidden.map((topic) => ({ topic, machineId: 'forged', qos })),
        { topic: 'events/client-01/marker', machineId: marker, qos },
      ]);
      await vi.waitFor(() => expect(events).toContain(`client-01 marker ${marker}`), SOON);
      expect(events.filter((event) => event.endsWith('forged'))).toEqual([]);
      expect((await subjects()).filter((subject) => !subject.startsWith('events.client-01.'))).toEqual([]);
    });
  }
});

describe('topics', () => {
  it.each([
    ['events/client-01/motor/speed', 'motor.speed'],
    ['events/client-01/motor.speed', 'motor//speed'],
    ['events/client-01/a*', 'a*'],
  ])('%s has the type %s', async (topic, type) => {
    await byMqttJs('client-01-sender', [{ topic, machineId: 'topics', qos: 1 }]);
    await vi.waitFor(() => expect(events).toContain(`client-01 ${type} topics`), SOON);
  });

  it.each(['events/client-01/*', 'events/client-01/>', 'events/client-01/motor/*'])(
    '%s is a dead letter',
    async (topic) => {
      await byMqttJs('client-01-sender', [{ topic, machineId: 'topics', qos: 1 }]);
      const subject = topic.replaceAll('/', '.');
      const answer = async (): Promise<unknown> =>
        (await fetch(`${vigil.app.url}/api/dead-letters?reason=type`)).json();
      const deadLetters: unknown = expect.arrayContaining([
        expect.objectContaining({ clientId: 'client-01', subject }),
      ]);
      await vi.waitFor(async () => expect(await answer()).toMatchObject({ deadLetters }), SOON);
    },
  );
});

describe('users', () => {
  it('of two clients may have sessions with the same MQTT client id', async () => {
    const [first, second] = [
      await device('client-01-sender', 'device-1'),
      await device('client-02-sender', 'device-1'),
    ];
    const third = await device('client-01-sender', 'device-1');
    await vi.waitFor(() => expect(first.connected).toBe(false), SOON);
    expect([second.connected, third.connected]).toEqual([true, true]);
  });

  it('who read alerts get those of their client only', async () => {
    const reader = await device('client-01-reader', 'reader');
    const got: string[] = [];
    reader.on('message', (topic) => got.push(topic));
    for (const topic of ['alerts/#', 'alerts/+/too-hot', 'alerts/client-02/#', 'events/client-01/#', '#'])
      await expect(reader.subscribeAsync(topic)).rejects.toThrow('Unspecified error');
    await reader.subscribeAsync('alerts/client-01/#', { qos: 1 });
    for (const clientId of ['client-02', 'client-01'])
      await fetch(`${vigil.app.url}/api/clients/${clientId}/test-alert`, { method: 'POST' });
    await vi.waitFor(() => expect(got).toEqual(['alerts/client-01/test-alert']), SOON);
  });

  it('who read alerts publish nothing', async () => {
    await byMqttJs('client-01-reader', [{ topic: 'events/client-01/temperature', machineId: 'of-reader', qos: 1 }]);
    await byMqttJs('client-01-sender', [{ topic: 'events/client-01/marker', machineId: 'after-reader', qos: 1 }]);
    await vi.waitFor(() => expect(events).toContain('client-01 marker after-reader'), SOON);
    expect(events).not.toContain('client-01 temperature of-reader');
  });

  it('need their password', async () => {
    const wrong = connectAsync(`mqtt://127.0.0.1:${nats.mqttPort}`, {
      ...{ username: 'client-01-sender', password: 'wrong', protocolVersion: 4, reconnectPeriod: 0 },
    });
    await expect(wrong).rejects.toThrow('Not authorized');
  });
});

const forbidden = [
  ...['events/client-02/temperature', 'events/*/temperature', 'events/>', 'alerts/client-01/too-hot'],
  ...['deadletter/client-01', 'vigil/audit/client-02', '$KV/vigil_tokens/x', '$JS/API/STREAM/DELETE/EVENTS', '$SYS/x'],
];
