import * as wf from '@temporalio/workflow';
import { applyEvent, endPartitionSet, replaceRule } from '../../src/core/evaluation/evaluate.ts';
import type { PartitionSetEnd } from '../../src/core/model/partition-set-messages.ts';
import type { ProjectedEvent } from '../../src/core/model/projected-event.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import type { PartitionSetMessage } from '../messages.ts';
import { catchUpBefore } from '../shared/catch-up.ts';
import { counting } from '../shared/metrics.ts';
import { forward, splitIfHeavy } from '../shard/splitting.ts';
import { openAt } from './rebuilding.ts';
import { openedSet, ruleVersionOf, storedRuleOf, type RunState } from './run-state.ts';

/** Applies a message to the set. Returns false if some of it must wait: the outbox is full, or the run ends. */
export function applyMessage(run: RunState, message: PartitionSetMessage): boolean {
  if (run.outbox.isFull() || run.coordinator?.isEnding() === true || run.isIntakeClosed) return false;
  if (message.kind === 'rule') useRule(run, message.rule);
  else if (message.kind === 'end') end(run, message.end);
  else return applyEvents(run, message);
  return true;
}

function applyEvents(run: RunState, message: Extract<PartitionSetMessage, { kind: 'events' }>): boolean {
  const { version, rule, events } = message.batch;
  if (run.recovery?.startsWithEvent === true && events[0] !== undefined)
    openAt(run, events[0].at, rule ?? storedRuleOf(run), run.recovery);
  if (rule !== undefined) useRule(run, rule, events[0]?.at);
  // Late events of an ended rule: drop them.
  if (run.ended !== null) return true;
  // A paused reader may still use an older rule. The next reader sends these events for the new one.
  if (version < ruleVersionOf(run)) return true;
  counting(
    run.set.rule.rule,
    () => run.set.state.counters,
    () => {
      while (message.done < events.length && apply(run, events[message.done] as ProjectedEvent)) message.done += 1;
    },
  );
  run.coordinator?.flush();
  return message.done >= events.length;
}

/** Returns false if the outbox is full and the event must wait. */
function apply(run: RunState, event: ProjectedEvent): boolean {
  if (run.outbox.isFull()) return false;
  const isHeldUp = run.faults.guard(() => {
    if (run.coordinator !== null) forward(run, run.coordinator, event);
    else if (!catchUpBefore(run.set, event, run.outbox, run.faults)) return true;
    else applyEvent(run.set, event);
    return false;
  });
  if (isHeldUp === true) return false;
  run.outbox.collect(run.set);
  splitIfHeavy(run);
  return true;
}

/** Applies a rule version. A known version changes nothing; after an end, a newer one opens the set again. */
function useRule(run: RunState, stored: StoredRule, startedAtMs = stored.storedAtMs): void {
  run.faults.guard(() => {
    if (stored.version <= Math.max(ruleVersionOf(run), run.ended?.version ?? 0)) return;
    // `mark`: stored name of the last applied sequence.
    const { group, mark } = run.set.state;
    if (run.ended !== null) {
      run.set = openedSet(stored, group, startedAtMs);
      run.set.state.mark = mark;
      run.ended = null;
    } else if (run.coordinator === null) run.set = replaceRule(run.set, stored.rule, stored.version);
    else run.coordinator.changeRule(stored, wf.patched('rule-moment'));
  });
}

function end(run: RunState, reason: PartitionSetEnd): void {
  if (reason.version < ruleVersionOf(run)) return;
  if (run.coordinator !== null) return run.coordinator.end(reason);
  run.faults.guard(() => endPartitionSet(run.set, reason.reason, reason.atMs));
  run.ended = reason;
}
