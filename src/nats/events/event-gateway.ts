import { createHash, randomUUID } from 'node:crypto';
import type { JetStreamClient } from 'nats';
import { writeJson } from '../../core/primitives/text/write-json.ts';
import type { EventsPort } from '../../api/ports/events.ts';
import type { AlertEnvelope } from '../../core/model/alert/alert.ts';
import { writeEventHeaders } from './event-headers.ts';
import { alertSubject, eventSubject } from '../connection/topology.ts';
import { orUnreachable } from '../connection/unreachable.ts';

const TEST_RULE_ID = 'test-alert';

/** Publishes events and test alerts for the console and the simulator, like any other sender. */
export function createEventGateway(js: JetStreamClient): EventsPort {
  return {
    async publish(clientId, type, data, { id, cloudEvent } = {}) {
      const options = {
        ...(id !== undefined && { msgID: messageId(clientId, id) }),
        ...(cloudEvent !== undefined && { headers: writeEventHeaders(cloudEvent) }),
      };
      const { seq, duplicate } = await orUnreachable(() =>
        js.publish(eventSubject(clientId, type), writeJson(data), options),
      );
      return { sequence: seq, duplicate };
    },
    async publishTestAlert(clientId) {
      const alert = testAlert(clientId, new Date().toISOString());
      await orUnreachable(() =>
        js.publish(alertSubject(clientId, TEST_RULE_ID), JSON.stringify(alert), { msgID: alert.id }),
      );
      return { id: alert.id };
    },
  };
}

/** The stream drops repetitions by this id. A digest, because ids are as long as senders like, and clients share the stream. */
const messageId = (clientId: string, id: string): string =>
  createHash('sha256')
    .update(JSON.stringify([clientId, id]))
    .digest('base64url');

/** Same form as a real alert, to test the notifications; the label `test` marks it. */
function testAlert(clientId: string, now: string): AlertEnvelope {
  return {
    specversion: '1.0',
    id: `${clientId}/${TEST_RULE_ID}/${randomUUID()}`,
    source: `/vigil/${clientId}/${TEST_RULE_ID}`,
    type: 'vigil.alert.v1',
    subject: TEST_RULE_ID,
    time: now,
    datacontenttype: 'application/json',
    data: {
      clientId,
      ruleId: TEST_RULE_ID,
      ruleVersion: 0,
      group: {},
      partition: {},
      episode: 0,
      status: 'firing',
      reason: 'condition',
      state: 'firing',
      severity: 'info',
      startsAt: now,
      endsAt: null,
      evaluatedAt: now,
      message: `Test alert for ${clientId}: notifications work.`,
      labels: { test: 'true' },
      evidence: { items: [], total: 0 },
    },
  };
}
