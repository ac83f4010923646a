import { VigilError } from '../core/errors.ts';
import { toEvent, type VigilEvent } from '../core/event.ts';
import { matchRule, type Entry, type Match, type RuleIndex } from '../core/routing.ts';
import { toSetEvent, type SetEvent } from '../core/set-event.ts';
import type { Budget } from './budget.ts';
import type { Floor } from './floor.ts';
import type { Letter } from './mailbox.ts';
import type { LogMessage } from './ports.ts';

export interface RouterDeps {
  index: RuleIndex;
  floor: Floor;
  budget: Budget;
  post: (setId: string, letter: Letter) => void;
  /** Takes the message out of the stream of events; calls `settle` once that is safe. */
  bury: (message: LogMessage, error: VigilError, settle: () => void) => void;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Takes messages of the lane, in order, to the mailboxes of the sets that they are for. */
export class Router {
  private readonly deps: RouterDeps;

  constructor(deps: RouterDeps) {
    this.deps = deps;
  }

  route(message: LogMessage): void {
    const { floor, index, bury } = this.deps;
    const parcels = open(message, (event) => index.match(event));
    if (parcels instanceof VigilError) {
      const slip = floor.enter(message.sequence, message.storedAtMs, 1);
      bury(message, parcels, () => floor.settle(slip));
      return;
    }
    const slip = floor.enter(message.sequence, message.storedAtMs, parcels.length);
    for (const parcel of parcels) this.post(parcel, message, () => floor.settle(slip));
  }

  /** One rule's share of a message that the lane has passed already. Resolves when Temporal has taken it. */
  async routeAgain(message: LogMessage, entry: Entry): Promise<void> {
    const parcels = open(message, (event) => [matchRule(entry, event)].filter((match) => match !== undefined));
    if (parcels instanceof VigilError) return;
    await Promise.all(parcels.map((parcel) => new Promise<void>((settle) => this.post(parcel, message, settle))));
  }

  private post({ match, event }: Parcel, message: LogMessage, settle: () => void): void {
    const { budget, post } = this.deps;
    const { rule, stored, setId, group } = match;
    budget.take(1);
    post(setId, {
      kind: 'event',
      event,
      bytes: message.bytes.length,
      rule: stored,
      place: { setId, group, startedAtMs: startOf(rule.rule.groupBy, stored.storedAtMs, message.storedAtMs) },
      settle: () => {
        budget.give(1);
        settle();
      },
    });
  }
}

interface Parcel {
  match: Match;
  event: SetEvent;
}

/** A set without groups is as old as its rule; one of a group begins with the first event of its group. */
const startOf = (groupBy: unknown, ruleMs: number, eventMs: number): number => (groupBy === undefined ? ruleMs : Math.max(ruleMs, eventMs));

/** What a message means to the rules that want it, or why it cannot be used. Whatever a tenant sends, this does not throw. */
function open(message: LogMessage, find: (event: VigilEvent) => Match[]): Parcel[] | VigilError {
  try {
    const { subject, sequence, storedAtMs, bytes } = message;
    const event = toEvent({ subject, payload: parse(bytes), sequence, storedAtMs });
    return find(event).map((match) => ({ match, event: toSetEvent(match.rule, event) }));
  } catch (error) {
    if (error instanceof VigilError) return error;
    return new VigilError('EVENT_INVALID', `The event cannot be handled: ${String(error)}.`, { reason: 'unusable' }, { cause: error });
  }
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new VigilError('EVENT_INVALID', `The payload is no JSON: ${detail}.`, { reason: 'json' }, { cause: error });
  }
}
