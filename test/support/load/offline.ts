import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { StoredEvents, type StoredBytes } from '../../../bench/soak/stored-events.ts';

/** The expected alerts of these messages, by set, including deadlines up to `untilMs` after the last event. */
export function alertsOffline(
  rules: readonly StoredRule[],
  messages: readonly StoredBytes[],
  untilMs: number,
): Map<string, AlertEnvelope[]> {
  const events = new StoredEvents(rules);
  for (const message of messages) events.add(message);
  return events.finish(untilMs);
}
