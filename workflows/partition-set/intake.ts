import { limitPartitions } from '../../src/core/partition-set/partitions-max.ts';
import { takesFrom } from '../../src/core/model/stored-rule/backfill.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set/partition-set-messages.ts';
import type { ProjectedEvent } from '../../src/core/model/event/projected-event.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import type { PartitionSetMessage } from '../messages.ts';
import { counting } from '../shared/metrics.ts';
import { unmuteAt } from '../rebuild/muting.ts';
import { changeRule } from '../rebuild/priming.ts';
import {
  comparedWith,
  compareFurther,
  correctBefore,
  correctComparedBefore,
  finishRebuild,
  openAt,
} from '../rebuild/rebuilding.ts';
import { defer, isReadAgain } from '../rebuild/start-recovery.ts';
import { openedSet, storedRuleOf, type RunState } from './run-state.ts';

/** Applies a message to the set. Returns false if some of it must wait: the outbox is full, or the run ends. */
export function applyMessage(run: RunState, message: PartitionSetMessage): boolean {
  if (run.outbox.isFull() || run.evaluation.mustWait() || run.isIntakeClosed) return false;
  if (message.kind === 'recovered') run.inbox.addNext(finishRebuild(run, message.rule));
  else if (message.kind === 'published') compareFurther(run, message.alerts);
  // A version of the rule in a message before it has begun a recovery.
  else if (run.recovery !== null && message.kind !== 'events') defer(run, [message]);
  else if (message.kind === 'rule') useRule(run, message.rule);
  else if (message.kind === 'end') end(run, message.end);
  else return applyEvents(run, message);
  return true;
}

function applyEvents(run: RunState, message: Extract<PartitionSetMessage, { kind: 'events' }>): boolean {
  const { version, rule, events } = message.batch;
  if (run.recovery?.startsWithEvent === true && events[0] !== undefined)
    openAt(run, events[0].at, rule ?? storedRuleOf(run), run.recovery);
  // Events wait until the set has begun again.
  if (run.evaluation.isOpening) return false;
  const before = run.recovery?.before;
  if (before && (rule?.version ?? 0) > before.ruleVersion) correctBefore(run, events[message.done]?.seq ?? 0);
  const { ruleVersion = Infinity } = comparedWith(run) ?? {};
  if ((rule?.version ?? 0) > ruleVersion) correctComparedBefore(run, events[message.done]?.at ?? 0);
  if (rule !== undefined) useRule(run, rule, events[0]?.at);
  // With its new rule the set begins again.
  if (isReadAgain(run, message)) return true;
  // Late events of an ended rule: drop them.
  if (run.ended !== null) return true;
  // A paused reader may still use an older rule. The next reader sends these events for the new one.
  if (version < run.evaluation.ruleVersion) return true;
  limitPartitions(run.set.state, message.batch.partitionsMax);
  counting(
    run.set.rule.rule,
    () => run.set.state.counters,
    () => {
      while (message.done < events.length && apply(run, events[message.done] as ProjectedEvent)) message.done += 1;
    },
  );
  run.evaluation.flush();
  return message.done >= events.length;
}

/** Returns false if the outbox is full and the event must wait. */
function apply(run: RunState, event: ProjectedEvent): boolean {
  correctBefore(run, event.seq);
  correctComparedBefore(run, event.at);
  unmuteAt(run, event.at);
  if (run.outbox.isFull()) return false;
  if (run.faults.guard(() => run.evaluation.apply(event)) === false) return false;
  run.outbox.collect(run.set);
  run.evaluation = run.outgrow() ?? run.evaluation;
  return true;
}

/** Applies a rule version. A known version changes nothing; after an end, a newer one opens the set again. */
function useRule(run: RunState, stored: StoredRule, startedAtMs = takesFrom(stored)): void {
  run.faults.guard(() => {
    if (stored.version <= Math.max(run.evaluation.ruleVersion, run.ended?.version ?? 0)) return;
    // `mark`: stored name of the last applied sequence.
    const { group, mark } = run.set.state;
    if (run.ended !== null) {
      run.set = openedSet(stored, group, startedAtMs);
      run.ended = null;
      run.pause = stored.pause;
      if (startedAtMs < stored.storedAtMs) run.evaluation.mute(stored.storedAtMs, 'cleared');
      else run.set.state.mark = mark;
    } else changeRule(run, stored);
  });
}

function end(run: RunState, end: PartitionSetEnd): void {
  if (end.version < run.evaluation.ruleVersion) return;
  run.evaluation.end(end);
}
