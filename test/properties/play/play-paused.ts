import { advanceTo, applyEvent, openPartitionSet, takeAlerts } from '../../../src/core/evaluation/evaluate.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { matchRule, RuleIndex } from '../../../src/core/matching/rule-index.ts';
import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { pauseRule, readPauses, resumeRule, type PauseEdits } from '../../../src/core/model/stored-rule/pause-edits.ts';
import { clockEndMs } from '../../../src/core/model/stored-rule/rule-pause.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { streamTime } from '../../../src/core/partition-set/waiting-events.ts';
import { learnChange } from '../../../src/ingest/reconcile/reconciler.ts';
import type { Arrival } from '../../reference/model.ts';
import type { Recording } from './play.ts';

export interface Turn {
  /** When the stream stored the version, epoch ms: by turns a pause and a resume. */
  atMs: number;
  /** So many events after (or before, if negative) that time, the reader learns of it. */
  lag: number;
}

/** A recording with pauses: what the reader and a partition set in one piece do, with the index, the core and the stored rules. */
export function playPaused({ rule, start, until, arrivals }: Recording, turns: readonly Turn[]): AlertEnvelope[] {
  const index = new RuleIndex();
  const set = openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: start });
  let current: StoredRule = { rule, version: 1, storedAtMs: start };
  void learnChange(index, { kind: 'put', ...current });

  const deliver = ({ sequence, at, time, data }: Arrival): void => {
    const subject = `events.${rule.clientId}.status`;
    const event = toEvent({ subject, payload: { ...data, time }, sequence, storedAtMs: at });
    const entry = index.get(rule.clientId, rule.id);
    if (entry !== undefined && matchRule(entry, event) !== undefined) applyEvent(set, projectEvent(set.rule, event));
  };
  /** The timer of the set, when the reader has passed so many events. */
  const wait = (passed: number): void => {
    const nextMs = Math.min(until, arrivals[passed]?.at ?? Infinity);
    const untilMs = Math.min(nextMs - 1, clockEndMs(current));
    if (untilMs > streamTime(set)) advanceTo(set, untilMs);
  };
  const learn = (stored: StoredRule, passed: number): void => {
    const { missingFromMs } = learnChange(index, { kind: 'put', ...stored });
    current = stored;
    set.state.ruleVersion = stored.version;
    if (missingFromMs === null) return;
    for (const arrival of arrivals.slice(0, passed)) if (arrival.at >= missingFromMs) deliver(arrival);
  };

  let passed = 0;
  const readUpTo = (count: number): void => {
    for (; passed < Math.min(count, arrivals.length); passed++) {
      wait(passed);
      deliver(arrivals[passed] as Arrival);
    }
    wait(passed);
  };
  let newest = current;
  for (const { atMs, lag } of turns) {
    const edits: PauseEdits =
      (newest.pause === undefined ? pauseRule(newest, { by: null, of: 'rule' }) : resumeRule(newest, 'publish')) ?? {};
    const place = { version: newest.version + 1, storedAtMs: atMs };
    newest = { rule, ...place, ...readPauses(edits, place) };
    readUpTo(arrivals.filter(({ at }) => at < atMs).length + lag);
    learn(newest, passed);
  }
  readUpTo(arrivals.length);
  advanceTo(set, until);
  return takeAlerts(set);
}
