import type { AlertEnvelope } from '../../src/core/alert.ts';
import { VigilError } from '../../src/core/errors.ts';
import { toEvent } from '../../src/core/event.ts';
import type { LiveSet } from '../../src/core/live-set.ts';
import { RuleIndex } from '../../src/core/routing.ts';
import { toSetEvent } from '../../src/core/set-event.ts';
import { advanceTo, applyEvent, openSet, takeAlerts } from '../../src/core/step.ts';
import type { StoredRule } from '../../src/core/stored-rule.ts';

/** A message of the EVENTS stream. `storedAtMs`: epoch ms. */
export interface StoredBytes {
  subject: string;
  sequence: number;
  storedAtMs: number;
  data: Uint8Array;
}

/**
 * The alerts that there must be, by set: the stored events run through the pure core, in stream order, with no server.
 * Deadlines up to `untilMs` are handled after the last event.
 */
export function alertsOffline(rules: readonly StoredRule[], messages: readonly StoredBytes[], untilMs: number): Map<string, AlertEnvelope[]> {
  const index = new RuleIndex();
  for (const rule of rules) index.put(rule);
  const sets = new Map<string, LiveSet>();
  for (const { subject, sequence, storedAtMs, data } of messages) {
    const event = readEvent({ subject, sequence, storedAtMs, data });
    if (event === undefined) continue;
    for (const { rule, stored, setId, group } of index.match(event)) {
      if (storedAtMs < stored.storedAtMs) continue;
      const set = sets.get(setId) ?? openSet({ rule: stored.rule, ruleVersion: stored.version, group, atMs: group.length > 0 ? storedAtMs : stored.storedAtMs });
      sets.set(setId, set);
      applyEvent(set, toSetEvent(rule, event));
    }
  }
  for (const set of sets.values()) advanceTo(set, untilMs);
  return new Map([...sets].map(([setId, set]) => [setId, takeAlerts(set)]));
}

function readEvent({ data, ...message }: StoredBytes): ReturnType<typeof toEvent> | undefined {
  try {
    return toEvent({ ...message, payload: JSON.parse(new TextDecoder().decode(data)) as unknown });
  } catch (error) {
    if (error instanceof VigilError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Published alerts by set, in stream order. The id of an alert begins with that of its set. */
export function bySet(alerts: readonly AlertEnvelope[], setIds: Iterable<string>): Map<string, AlertEnvelope[]> {
  const found = new Map<string, AlertEnvelope[]>([...setIds].map((setId) => [setId, []]));
  for (const alert of alerts) {
    const owner = [...found.keys()].find((setId) => alert.id.startsWith(`${setId}#`) || alert.id.startsWith(`${setId}/`));
    if (owner === undefined) throw new Error(`An alert of no set that there should be: ${alert.id}`);
    found.get(owner)?.push(alert);
  }
  return found;
}

/** What must be the same, offline and live, for each alert: all but what names the workflow's run. */
export const essence = ({ id, data }: AlertEnvelope) => ({
  id: id.replace(/#.*\.(\d+:)/, '#$1'),
  clientId: data.clientId,
  ruleId: data.ruleId,
  group: data.group,
  partition: data.partition,
  episode: data.episode,
  status: data.status,
  reason: data.reason,
  startsAt: data.startsAt,
  endsAt: data.endsAt,
  evaluatedAt: data.evaluatedAt,
  evidence: data.evidence,
});
