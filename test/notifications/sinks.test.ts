import { afterEach, describe, expect, it } from 'vitest';
import { logSink } from '../../src/notifications/sinks/log.ts';
import { fillSubject, natsSink } from '../../src/notifications/sinks/nats.ts';
import { webhookSink } from '../../src/notifications/sinks/webhook.ts';
import { startReceiver, type Answer, type Receiver } from './receiver.ts';
import { sampleAlert } from './sample-alert.ts';

const alert = sampleAlert('client-01/rules/stopped/x#1.1:firing');

describe('a webhook', () => {
  let receiver: Receiver;
  afterEach(() => receiver.stop());

  async function deliveryTo(answer: Answer, timeoutMs = 5_000) {
    receiver = await startReceiver(answer);
    return webhookSink({ url: receiver.url, headers: { authorization: 'Bearer x' }, timeoutMs }).deliver(alert);
  }

  it('gets the CloudEvent with the alert id as Idempotency-Key', async () => {
    expect(await deliveryTo(() => 200)).toEqual({ ok: true });
    expect(receiver.requests).toMatchObject([
      {
        alert,
        headers: {
          'content-type': 'application/cloudevents+json',
          'idempotency-key': alert.id,
          authorization: 'Bearer x',
        },
      },
    ]);
  });

  it.each([500, 502, 503, 429, 408])('that answers %i is retried', async (status) => {
    expect(await deliveryTo(() => status)).toMatchObject({ ok: false, retry: true, reason: `answered ${status}` });
  });

  it.each([400, 401, 404, 410, 422])('that answers %i is not retried', async (status) => {
    expect(await deliveryTo(() => status)).toMatchObject({ ok: false, retry: false, reason: `answered ${status}` });
  });

  it('with Retry-After is retried after that time', async () => {
    const delivery = await deliveryTo((_alert, response) => {
      response.writeHead(429, { 'retry-after': '7' }).end();
      return undefined;
    });
    expect(delivery).toMatchObject({ retry: true, retryAfterMs: 7_000 });
  });

  it('with a redirect is not followed, and the reason has the location', async () => {
    const delivery = await deliveryTo((_alert, response) => {
      response.writeHead(301, { location: 'https://new.example/alerts' }).end();
      return undefined;
    });
    expect(delivery).toMatchObject({
      ok: false,
      retry: false,
      reason: expect.stringContaining('https://new.example/alerts') as string,
    });
  });

  it('that times out is retried', async () => {
    expect(await deliveryTo(() => undefined, 50)).toEqual({ ok: false, retry: true, reason: 'no answer within 50 ms' });
  });

  it('that is unreachable is retried', async () => {
    receiver = await startReceiver();
    await receiver.stop();
    const delivery = await webhookSink({ url: receiver.url, timeoutMs: 1_000 }).deliver(alert);
    expect(delivery).toMatchObject({
      ok: false,
      retry: true,
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
    receiver = await startReceiver();
  });
});

describe('a NATS subject', () => {
  it('is filled with the values of the alert', () => {
    expect(fillSubject('pages.{{clientId}}.{{ruleId}}.{{severity}}.{{status}}', alert.data)).toBe(
      'pages.client-01.all-machines-stopped.critical.firing',
    );
  });

  it.each(['a.b', 'a b', '*', '>', '{{ruleId}}', ''])('has one token per value, even for %j', (clientId) => {
    const subject = fillSubject('pages.{{clientId}}.end', sampleAlert('a', { clientId }).data);
    expect(subject).toMatch(/^pages\.[\w-]+\.end$/);
  });

  it('that rejects the alert is retried', async () => {
    const publish = () => Promise.reject(new Error('no answer'));
    expect(await natsSink({ receiver: 'pages', subject: 'pages', publish }).deliver(alert)).toEqual({
      ok: false,
      retry: true,
      reason: 'no answer',
    });
  });
});

describe('the log', () => {
  it('has a line with the transition and the alert', async () => {
    const lines: [Record<string, unknown>, string][] = [];
    const write = (fields: Record<string, unknown>, text: string): unknown => lines.push([fields, text]);
    expect(await logSink({ info: write, warn: write, error: write }).deliver(alert)).toEqual({ ok: true });
    expect(lines).toMatchObject([
      [
        { clientId: 'client-01', ruleId: 'all-machines-stopped', alert: { id: alert.id, severity: 'critical' } },
        'client-01 all-machines-stopped #1 firing: All machines are stopped',
      ],
    ]);
  });
});
