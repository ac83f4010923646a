import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeForOthers } from '../../src/core/primitives/text/write-json.ts';
import { readAlert } from '../../src/notifications/read-alert.ts';
import { logSink } from '../../src/notifications/sinks/log.ts';
import { natsSink } from '../../src/notifications/sinks/nats.ts';
import { webhookSink } from '../../src/notifications/sinks/webhook.ts';
import { sampleAlert } from './sample-alert.ts';

const stored = sampleAlert('id', { partition: { account: { int: '9007199254740993' } } });
const TEXT = '"partition":{"account":9007199254740993}';

describe('an alert with a whole number of many digits', () => {
  const published = writeForOthers(stored);
  const alert = readAlert(new TextEncoder().encode(published));
  if (alert === undefined) throw new Error('not an alert');

  let received = '';
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (received += chunk.toString()));
    request.on('end', () => response.end());
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => server.close());

  it('is published with its digits', () => expect(published).toContain(TEXT));

  it('reaches a webhook as it was published', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await webhookSink({ url, timeoutMs: 5_000 }).deliver(alert)).toEqual({ ok: true });
    expect(received).toBe(published);
  });

  it('reaches a subject as it was published', async () => {
    let sent = '';
    const publish = async (_subject: string, text: string): Promise<void> => void (sent = text);
    await natsSink({ receiver: 'r', subject: 's', publish }).deliver(alert);
    expect(sent).toBe(published);
  });

  it('is logged with its digits', async () => {
    let line = '';
    await logSink(pino({ level: 'info' }, { write: (text: string) => void (line = text) })).deliver(alert);
    expect(line).toContain(TEXT);
  });
});
