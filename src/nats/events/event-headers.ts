import { headers, type MsgHdrs } from 'nats';
import { attributeHeaders, cloudEventHeaders, type CloudEventHeaders } from '../../core/model/event/cloud-event.ts';

/** What vigil reads of the headers of an event. */
export interface EventHeaders {
  traceparent?: string;
  cloudEvent?: CloudEventHeaders;
  isFirstCount?: true;
}

/** Of a replayed event that was over the quota: it has not counted yet, whatever its id. */
export const REPLAY_HEADER = { name: 'Vigil-Replay', value: 'quota' } as const;

export function readEventHeaders(head: MsgHdrs): EventHeaders {
  const traceparent = head.get('traceparent');
  const cloudEvent = cloudEventHeaders(pairs(head));
  return {
    ...(traceparent !== '' && { traceparent }),
    ...(cloudEvent !== undefined && { cloudEvent }),
    ...(head.get(REPLAY_HEADER.name) === REPLAY_HEADER.value && { isFirstCount: true }),
  };
}

function* pairs(head: MsgHdrs): Generator<[name: string, value: string]> {
  for (const name of head.keys()) for (const value of head.values(name)) yield [name, value];
}

/** The headers of a CloudEvent for a message. */
export function writeEventHeaders({ mediaType, attributes = {} }: CloudEventHeaders): MsgHdrs {
  const head = headers();
  if (mediaType !== undefined) head.set('content-type', mediaType);
  for (const [name, value] of attributeHeaders(attributes)) head.set(name, value);
  return head;
}
