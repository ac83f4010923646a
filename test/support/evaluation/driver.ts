import type { AlertEnvelope } from '../../../src/core/model/alert/alert.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { matchRule } from '../../../src/core/matching/rule-index.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { PartitionSet } from '../../../src/core/partition-set/partition-set.ts';
import type { PartitionSetState } from '../../../src/core/model/partition-set/partition-set-state.ts';
import {
  advanceTo,
  applyEvent,
  endPartitionSet,
  nextDeadline,
  openPartitionSet,
  replaceRule,
  resumePartitionSet,
  takeAlerts,
} from '../../../src/core/evaluation/evaluate.ts';
import { nextRunOf } from './next-run.ts';

/** Epoch of the core tests, whose clock is in seconds. */
export const EPOCH_MS = Date.UTC(2026, 0, 1);
const SECOND_MS = 1000;

/**
 * Drives one partition set. Times are seconds since EPOCH_MS; the time of an event is its arrival unless it has `time`.
 */
export function driver(definition: object, { group = [] as (string | number)[], type = 'status' } = {}) {
  let rule: Rule = parseRule(definition);
  let set = openPartitionSet({ rule, ruleVersion: 1, group, atMs: EPOCH_MS });
  let sequence = 0;
  const alerts: AlertEnvelope[] = [];
  const atMs = (seconds: number): number => EPOCH_MS + seconds * SECOND_MS;
  const collect = (): void => void alerts.push(...takeAlerts(set));

  return {
    /** Returns the sequence of the event. `time` in the data is in seconds, like `at`. */
    send(at: number, { time, ...data }: Record<string, unknown> & { time?: number }, seq = ++sequence): number {
      sequence = Math.max(sequence, seq);
      const payload = time === undefined ? data : { ...data, time: atMs(time) };
      const event = toEvent({
        subject: `events.${rule.clientId}.${type}`,
        payload,
        sequence: seq,
        storedAtMs: atMs(at),
      });
      const match = matchRule({ rule: set.rule, stored: { rule, version: 1, storedAtMs: EPOCH_MS } }, event);
      if (match !== undefined) applyEvent(set, projectEvent(set.rule, event));
      collect();
      return seq;
    },
    advance(at: number): void {
      advanceTo(set, atMs(at));
      collect();
    },
    change(changes: object): void {
      rule = parseRule({ ...rule, ...changes });
      set = replaceRule(set, rule, set.state.ruleVersion + 1);
      collect();
    },
    end(at: number, reason: 'ruleDeleted' | 'ruleDisabled' | 'ruleResumed'): void {
      endPartitionSet(set, reason, atMs(at));
      collect();
    },
    /** Serializes and restores the state, like a continue-as-new. */
    restore(): void {
      set = resumePartitionSet(rule, nextRunOf(set.state));
    },
    alerts: (): AlertEnvelope[] => alerts,
    set: (): PartitionSet => set,
    state: (): PartitionSetState => set.state,
    nextDeadline: (): number | null => {
      const at = nextDeadline(set);
      return at === null ? null : (at - EPOCH_MS) / SECOND_MS;
    },
  };
}

/** Summary of alerts for assertions: time, status, reason and partition. */
export function alertsOf(set: ReturnType<typeof driver>) {
  return set.alerts().map(({ data }) => ({
    at: (Date.parse(data.evaluatedAt) - EPOCH_MS) / SECOND_MS,
    status: data.status,
    reason: data.reason,
    episode: data.episode,
    ...(Object.keys(data.partition).length > 0 && { partition: data.partition }),
  }));
}
