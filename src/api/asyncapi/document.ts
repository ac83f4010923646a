import { packageVersion } from '../package-files.ts';
import { messageSchemas } from './schemas.ts';

const JSON_TYPE = 'application/json';
const PARAMETERS = {
  clientId: { description: 'id of the client (tenant)', examples: ['client-03'] },
  type: { description: 'type of the event; over NATS, it may have several parts', examples: ['temperature'] },
  ruleId: { description: 'id of the rule', examples: ['too-hot'] },
};

const ref = (...path: string[]) => ({ $ref: `#/${path.join('/')}` });
const parameters = (...names: (keyof typeof PARAMETERS)[]) =>
  Object.fromEntries(names.map((name) => [name, ref('components', 'parameters', name)]));
const servers = (...names: string[]) => names.map((name) => ref('servers', name));
const messages = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, ref('components', 'messages', name)]));
const message = (title: string, schema: string, more: object = {}) => ({
  ...{ name: schema, title, contentType: JSON_TYPE, payload: ref('components', 'schemas', schema), ...more },
});
const headers = (schema: string) => ({ headers: ref('components', 'schemas', schema) });

const CHANNELS = {
  events: {
    address: 'events.{clientId}.{type}',
    description: 'What the rules read. The stream `EVENTS` keeps it.',
    servers: servers('nats'),
    parameters: parameters('clientId', 'type'),
    messages: messages('event'),
  },
  eventTopics: {
    address: 'events/{clientId}/{type}',
    description: 'The same over MQTT 3.1.1. An acknowledgement does not say that the stream has stored the event.',
    servers: servers('mqtt'),
    parameters: parameters('clientId', 'type'),
    messages: messages('event'),
  },
  alerts: {
    address: 'alerts.{clientId}.{ruleId}',
    description: 'One message for each transition of an alert. The stream `ALERTS` keeps it.',
    servers: servers('nats'),
    parameters: parameters('clientId', 'ruleId'),
    messages: messages('alert'),
  },
  deadLetters: {
    address: 'deadletter.{clientId}',
    description: 'Events that vigil cannot process. The stream `DEADLETTERS` keeps them.',
    servers: servers('nats'),
    parameters: parameters('clientId'),
    messages: messages('deadLetter'),
  },
  live: {
    address: '/api/live',
    description: 'Events and alerts as they come, as server-sent events: each `data` is one message.',
    servers: servers('http'),
    messages: messages('live'),
  },
};

const OPERATIONS = {
  readEvents: operation('receive', 'events', 'event'),
  readEventTopics: operation('receive', 'eventTopics', 'event'),
  publishAlert: operation('send', 'alerts', 'alert'),
  publishDeadLetter: operation('send', 'deadLetters', 'deadLetter'),
  followLive: operation('send', 'live', 'live'),
};

/** What vigil does with a channel. */
function operation(action: 'send' | 'receive', channel: keyof typeof CHANNELS, name: string) {
  return { action, channel: ref('channels', channel), messages: [ref('channels', channel, 'messages', name)] };
}

/** The AsyncAPI 3 document of what vigil reads and publishes. */
export function asyncApiDocument(): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'vigil',
      version: packageVersion(),
      description: 'What vigil reads and publishes. The OpenAPI document at /api/openapi.json describes the HTTP API.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: JSON_TYPE,
    servers: {
      nats: { host: 'localhost:4222', protocol: 'nats', description: 'NATS with JetStream' },
      mqtt: { host: 'localhost:1883', protocol: 'mqtt', protocolVersion: '3.1.1', description: 'its gateway for MQTT' },
      http: { host: 'localhost:3000', protocol: 'http', description: 'vigil' },
    },
    channels: CHANNELS,
    operations: OPERATIONS,
    components: {
      parameters: PARAMETERS,
      messages: {
        event: message('An event', 'Event', headers('MessageId')),
        alert: message('A transition of an alert', 'Alert', headers('MessageId')),
        deadLetter: {
          ...{ name: 'DeadLetter', title: 'The bytes of an invalid event', contentType: 'application/octet-stream' },
          ...headers('DeadLetterHeaders'),
        },
        live: message('An event or an alert', 'LiveMessage'),
      },
      schemas: messageSchemas(),
    },
  };
}
