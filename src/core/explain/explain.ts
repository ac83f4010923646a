import { named } from '../alerts/envelope.ts';
import { marksOf } from '../alerts/marks.ts';
import { updateAnswers } from '../evaluation/partition/evaluate-partition.ts';
import { comparisonText } from '../language/condition-text.ts';
import { comparisonOf } from '../model/rule/comparison-words.ts';
import { conditionsOf, isMeasuring } from '../model/rule/measuring.ts';
import type { AlertState, PartitionSetState } from '../model/partition-set/partition-set-state.ts';
import { aggregate } from '../partition-set/values/aggregate.ts';
import { truthOf } from '../partition-set/values/level.ts';
import { partitionKey, type PartitionEntry } from '../partition-set/partition-index.ts';
import { derivePartitionSet, expectedCount, isLive, type PartitionSet } from '../partition-set/partition-set.ts';
import type { Scalar } from '../primitives/value.ts';
import { isoTime, isoTimeOrNull } from '../primitives/text/iso-time.ts';
import { answerText, conditionNow, newestEvent } from './condition-tree.ts';
import type { AcrossNow, AlertNow, Explanation, LevelNow, OwnAlertsNow, PartitionNow } from './explanation.ts';
import { reportOf } from './list-partitions.ts';
import { nextOfPartition, nextOfSet } from './next-moments.ts';

/** Partitions that an explanation names. */
export const NAMED = 10;

export interface ExplainRequest {
  /** As of when, epoch ms; default, and at least, the clock of the set. */
  atMs?: number;
  /** The key of a partition. */
  partition?: Scalar[];
}

/** Explains what a partition set knows, and changes nothing. */
export function explain(set: PartitionSet, { atMs = 0, partition: key }: ExplainRequest = {}): Explanation {
  const { rule, state } = set;
  const now = Math.max(state.now, atMs);
  // A coordinator has only the names of some partitions.
  const isHere = key !== undefined && set.piece?.derive === undefined;
  const asked = isHere ? set.index.get(partitionKey(key)) : undefined;
  const copy = asked === undefined ? undefined : copyOf(set, asked, now);
  const entry = copy?.index.get(asked?.key ?? '');
  const next = [...nextOfSet(set), ...(copy === undefined || entry === undefined ? [] : nextOfPartition(copy, entry))];
  return {
    clientId: rule.rule.clientId,
    ruleId: rule.rule.id,
    ruleVersion: state.ruleVersion,
    group: named(rule.rule.groupBy ?? [], state.group),
    generation: state.generation,
    at: isoTime(now),
    alert: rule.each ? null : alertNow(state.alert),
    alerts: rule.each ? ownAlertsNow(set) : null,
    across: rule.each ? null : acrossNow(set),
    partition: copy === undefined || entry === undefined ? null : partitionNow(copy, entry),
    next: next.sort((a, b) => a.at.localeCompare(b.at)),
  };
}

/** A copy with only this partition, evaluated as of now: the state of a workflow must not change in a query. */
function copyOf(set: PartitionSet, { key, partition }: PartitionEntry, now: number): PartitionSet {
  const { waiting: _waiting, ...state } = set.state;
  const copied = JSON.parse(JSON.stringify({ ...state, now, partitions: { [key]: partition } })) as PartitionSetState;
  const copy = derivePartitionSet(set.rule.rule, copied);
  const entry = copy.index.get(key);
  const cause = { at: now, ceased: 'cleared', byClock: false } as const;
  if (entry !== undefined) updateAnswers(copy, entry, isLive(entry.partition), cause);
  return copy;
}

const alertNow = ({ phase, severity, episode, since, ceased, latched, silent, ...marks }: AlertState): AlertNow => ({
  state: phase,
  severity,
  episode,
  since: isoTimeOrNull(since),
  stoppedAt: isoTimeOrNull(ceased?.at ?? null),
  ...(latched !== undefined && { latched }),
  silent,
  ...marksOf(marks),
});

function ownAlertsNow({ rule, live, phases, index }: PartitionSet): OwnAlertsNow {
  const open: OwnAlertsNow['open'] = [];
  const isOpen = phases.firing + phases.pending > 0;
  for (const { partition } of isOpen ? index.all() : []) {
    if (open.length >= NAMED) break;
    const { phase, since } = partition.alert ?? { phase: 'inactive', since: null };
    if (phase !== 'inactive')
      open.push({
        partition: named(rule.partitionBy, partition.key),
        state: phase,
        since: isoTimeOrNull(since),
      });
  }
  return { live, states: { ...phases }, open };
}

function acrossNow(set: PartitionSet): AcrossNow {
  const { rule, live, rosterLive, across, state } = set;
  const { evaluate } = rule.rule;
  const comparison = comparisonText(comparisonOf(evaluate as object));
  return {
    text: comparison === '' ? evaluate.type : `${evaluate.type} ${comparison}`,
    levels: rule.levels.map(({ severity }, level) => ({
      severity,
      answer: answerText(aggregate(set, level)),
      satisfying: set.satisfying[level]?.size ?? 0,
      unknown: set.unknown[level] ?? 0,
    })),
    live,
    expected: set.roster.size === 0 ? null : { count: expectedCount(set), live: rosterLive },
    ...(across !== null && { value: across.valueAt(state.now) ?? null }),
    because: isMeasuring(evaluate) ? [] : becauseOf(set),
  };
}

/** With `all` and `none` those that hold it back, else those that satisfy. */
function becauseOf(set: PartitionSet): AcrossNow['because'] {
  const { type } = set.rule.rule.evaluate;
  const because: AcrossNow['because'] = [];
  for (const entry of set.index.all()) {
    if (because.length >= NAMED) break;
    const why = whyOf(entry);
    const matters =
      type === 'all' ? why !== 'satisfies' && (why !== 'not live' || entry.isExpected) : why === 'satisfies';
    if (matters) because.push({ partition: named(set.rule.partitionBy, entry.partition.key), why });
  }
  return because;
}

function whyOf({ partition }: PartitionEntry): AcrossNow['because'][number]['why'] {
  if (!isLive(partition)) return 'not live';
  const truth = truthOf(partition.holds[0]);
  return truth === undefined ? 'unknown' : truth ? 'satisfies' : 'does not satisfy';
}

function partitionNow(set: PartitionSet, entry: PartitionEntry): PartitionNow {
  const { rule } = set;
  const { key, last, alert, sequence } = entry.partition;
  return {
    partition: named(rule.partitionBy, key),
    state: reportOf(entry.partition),
    lastEvent: last === null ? null : newestEvent(last),
    alert: alert === undefined ? null : alertNow(alert),
    levels: levelsNow(set, entry),
    matches: (sequence?.runs ?? []).map(({ step, at }) => ({
      step: step + 1,
      of: rule.steps.length,
      since: isoTime(at),
    })),
  };
}

function levelsNow(set: PartitionSet, entry: PartitionEntry): LevelNow[] {
  const { rule } = set;
  const { holds, latched = [] } = entry.partition;
  const given = conditionsOf(rule.rule.evaluate);
  return rule.levels.map(({ severity, condition, clear }, level) => {
    const own = given.levels?.find((each) => each.severity === severity);
    const [having, until] = [own?.having ?? given.having, own?.clear ?? rule.rule.clear];
    return {
      severity,
      answer: answerText(truthOf(holds[level])),
      hysteresis: (latched[level] ?? null) !== null,
      condition: having === undefined ? null : conditionNow(set, entry, having, condition),
      clear: until === undefined || clear === null ? null : conditionNow(set, entry, until, clear),
    };
  });
}
