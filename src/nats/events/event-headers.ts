import { headers, type MsgHdrs } from 'nats';
import { attributeHeaders, cloudEventHeaders, type CloudEventHeaders } from '../../core/model/cloud-event.ts';

/** What vigil reads of the headers of an event. */
export interface EventHeaders {
  traceparent?: string;
  cloudEvent?: CloudEventHeaders;
}

export function readEventHeaders(head: MsgHdrs): EventHeaders {
  const traceparent = head.get('traceparent');
  const cloudEvent = cloudEventHeaders(pairs(head));
  return { ...(traceparent !== '' && { traceparent }), ...(cloudEvent !== undefined && { cloudEvent }) };
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
