import type { z } from 'zod';
import { jsonBytes } from '../../core/primitives/text/bytes.ts';
import type { CloudEventHeaders } from '../../core/model/event/cloud-event.ts';
import type { IdOf } from '../../core/model/event/event-id.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { RequestError } from '../errors.ts';
import type { EventsPort } from '../ports/events.ts';
import { EVENT_TYPE } from '../schemas/shared/params.ts';
import type { eventAnswer, publishedEvents } from '../schemas/events.ts';
import { limitJson, type JsonObject } from './body.ts';
import { checkEvent } from './check-event.ts';
import type { EventGate } from './event-gate.ts';
import type { SentEvents } from './read-events.ts';

export type EventAnswer = z.infer<typeof eventAnswer>;

/** Where the events of a request go. */
export interface Destination {
  clientId: string;
  /** Undefined: each event says its own. */
  type: string | undefined;
  /** Identifies the request, and so each of its events that has no id. */
  requestId: string | undefined;
}

/** Published at the same time. Their order is kept: the connection sends them one after the other. */
const AT_ONCE = 100;
const NOT_SENT = 'NATS has not answered for an earlier event of the request, so this one was not sent. Send it again.';

export class EventPublisher {
  private readonly events: Pick<EventsPort, 'publish'>;
  private readonly idOf: IdOf;
  private readonly gate: Pick<EventGate, 'pass'>;

  constructor(events: Pick<EventsPort, 'publish'>, idOf: IdOf, gate: Pick<EventGate, 'pass'>) {
    this.events = events;
    this.idOf = idOf;
    this.gate = gate;
  }

  /**
   * Publishes an event, or refuses one that would become a dead letter.
   * @throws VigilError EVENT_INVALID, QUOTA_EVENTS, NATS_UNREACHABLE @throws RequestError BODY_TOO_LARGE
   */
  async one(
    event: JsonObject,
    to: Destination,
    cloudEvent: CloudEventHeaders | undefined,
    place = '',
  ): Promise<{ sequence: number; duplicate: boolean }> {
    const { clientId, requestId, type = typeOf(event, cloudEvent) } = to;
    const checked = checkEvent(`events.${clientId}.${type}`, event, cloudEvent);
    limitJson(jsonBytes(event));
    const id = this.idOf(checked) ?? (requestId === undefined ? undefined : JSON.stringify({ requestId, place }));
    this.gate.pass(clientId, Date.now());
    return this.events.publish(clientId, type, event, { id, cloudEvent });
  }

  /**
   * Publishes each event of a list; one that is refused does not hold up the others.
   * @throws VigilError NATS_UNREACHABLE if NATS has stored none of them
   */
  async all({ events, cloudEvent }: SentEvents, to: Destination): Promise<z.infer<typeof publishedEvents>> {
    const answers: EventAnswer[] = [];
    let away: VigilError | undefined;
    for (let next = 0; next < events.length; next += AT_ONCE) {
      const some = events.slice(next, next + AT_ONCE);
      const publish = (read: () => JsonObject, index: number): Promise<EventAnswer> =>
        answered(
          async () => this.one(read(), to, cloudEvent, String(next + index)),
          (error) => (away ??= error),
        );
      if (away === undefined) answers.push(...(await Promise.all(some.map(publish))));
      else answers.push(...some.map(() => refusal(new VigilError('NATS_UNREACHABLE', NOT_SENT))));
    }
    const count = (status: EventAnswer['status']): number => answers.filter((each) => each.status === status).length;
    const counts = { accepted: count('accepted'), duplicates: count('duplicate'), refused: count('refused') };
    if (away !== undefined && counts.accepted + counts.duplicates === 0) throw away;
    return { ...counts, events: answers };
  }
}

async function answered(
  publish: () => Promise<{ sequence: number; duplicate: boolean }>,
  onAway: (error: VigilError) => void,
): Promise<EventAnswer> {
  try {
    const { sequence, duplicate } = await publish();
    return { status: duplicate ? 'duplicate' : 'accepted', sequence };
  } catch (error) {
    if (!(error instanceof VigilError || error instanceof RequestError)) throw error;
    if (error instanceof VigilError && error.code === 'NATS_UNREACHABLE') onAway(error);
    return refusal(error);
  }
}

const refusal = ({ code, message, fields }: VigilError | RequestError): EventAnswer => ({
  status: 'refused',
  problem: { code, message, fields },
});

/** The type that an event says itself: a CloudEvent in its `type`, another one in a property of that name. */
function typeOf(event: JsonObject, cloudEvent: CloudEventHeaders | undefined): string {
  const type = cloudEvent?.attributes?.['type'] ?? event['type'];
  if (typeof type === 'string' && EVENT_TYPE.test(type)) return type;
  const advice =
    'Each event needs a "type" of up to 128 letters, digits, "-" and "_", in parts separated by dots; or POST to /events/{type}.';
  throw new VigilError('EVENT_INVALID', advice, { reason: 'type' });
}
