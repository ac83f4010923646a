import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Leaf } from '../../src/core/compilation/conditions/leaf.ts';
import { conditionText } from '../../src/core/language/condition-text.ts';
import type { ChangeEffect } from '../../src/core/language/change/change-effect.ts';
import { effectOfChange } from '../../src/core/language/change/effect-of-change.ts';
import { compileRule } from '../../src/core/compilation/compile-rule.ts';
import { replaceRule, resumePartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import {
  newLeafMemory,
  newSequence,
  type PartitionState,
  type PartitionSetState,
} from '../../src/core/model/partition-set/partition-set-state.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { emptyAccumulator } from '../../src/core/windows/accumulators.ts';
import { changes } from './arbitrary/arbitrary-change.ts';
import { SECONDS, START, streams } from './arbitrary/arbitrary-events.ts';
import { ruleOfSteps } from './arbitrary/rules/rule-of-steps.ts';
import { ruleOfValues, ruleOverPartitions } from './arbitrary/rules/arbitrary-rule.ts';
import { play } from './play/play.ts';

const RUNS = 500;
const PATIENT_MS = 120_000;

const pairs = fc.oneof(
  { weight: 5, arbitrary: changes(ruleOverPartitions()) },
  { weight: 1, arbitrary: changes(ruleOfValues()) },
  { weight: 2, arbitrary: changes(ruleOfSteps()) },
);

interface Changed {
  before: Rule;
  after: Rule;
  effect: ChangeEffect;
  /** The state before the change. */
  was: PartitionSetState;
  /** The set as the new version continues it, and as the old version, stored again, does. */
  now: PartitionSet;
  same: PartitionSet;
}

const always = (isWanted: (effect: ChangeEffect) => boolean, says: (changed: Changed) => void): void =>
  fc.assert(
    fc.property(pairs, streams(SECONDS), ([before, after], { arrivals, end }) => {
      const effect = effectOfChange(before, after);
      if (!isWanted(effect)) return;
      const { state: was } = play({ rule: before, start: START, until: end, arrivals });
      const [now, same] = [after, before].map((rule) =>
        replaceRule(resumePartitionSet(before, structuredClone(was)), rule, 2),
      ) as [PartitionSet, PartitionSet];
      says({ ...{ before, after, effect, was, now, same } });
    }),
    { numRuns: RUNS },
  );

/** What two versions have in common: partitions with data in both. */
const both = ({ now, same }: Changed): [PartitionState, PartitionState][] =>
  Object.entries(now.state.partitions).flatMap(([key, partition]) => {
    const other = same.state.partitions[key];
    const hasData = other !== undefined && [partition, other].every(({ last, stale }) => last !== null && !stale);
    return hasData ? [[partition, other] as [PartitionState, PartitionState]] : [];
  });

const begins = ({ begins: all }: ChangeEffect, part: string, leaf?: Leaf): boolean =>
  all.some((each) => each.part === part && (leaf === undefined || each.condition === conditionText(leaf.node)));

const continues = ({ kind }: ChangeEffect): boolean => !['beginsAnew', 'starts', 'ends'].includes(kind);

describe('the effect of a change is what happens to the state', { timeout: PATIENT_MS }, () => {
  it('begins anew: no partition keeps its data, and what fired has resolved', () => {
    always(
      ({ kind }) => kind === 'beginsAnew',
      ({ before, after, was, now }) => {
        // A new route ends the set itself.
        if (compileRule(before).ids.route !== compileRule(after).ids.route) return;
        for (const { last } of Object.values(now.state.partitions)) expect(last).toBeNull();
        const alerts = [was.alert, ...Object.values(was.partitions).flatMap(({ alert }) => alert ?? [])];
        const ended = now.outbox.filter(({ data }) => data.status === 'resolved' && data.reason === 'ruleUpdated');
        expect(ended.length).toBeGreaterThanOrEqual(alerts.filter(({ phase }) => phase === 'firing').length);
      },
    );
  });

  it('continues: partitions with data, and the time since when alerts are pending, stay', () => {
    always(continues, (changed) => {
      for (const [partition, other] of both(changed)) expect(partition.last).toEqual(other.last);
      const { was, now, effect } = changed;
      if (effect.kind === 'judgesAgain' || was.alert.phase !== 'pending' || now.rule.each) return;
      if (now.state.alert.phase === 'pending' && !begins(effect, 'levels'))
        expect(now.state.alert.since).toBe(was.alert.since);
    });
  });

  it('keeps all: the same state follows, as if the rule were the same', () => {
    always(
      ({ kind }) => kind === 'nothing' || kind === 'keepsAll',
      ({ now, same }) => {
        const core = ({ state }: PartitionSet): unknown =>
          JSON.parse(
            JSON.stringify(state, (word, value: unknown) =>
              ['nextHeartbeatAt', 'remindAt', 'severity', 'changes', 'changedAt'].includes(word) ? undefined : value,
            ),
          );
        expect(core(now)).toEqual(core(same));
        const transitions = ({ outbox }: PartitionSet): unknown[] =>
          outbox.flatMap(({ data: { status, reason, partition, startsAt } }) =>
            status === 'severity' ? [] : [{ status, reason, partition, startsAt }],
          );
        expect(transitions(now)).toEqual(transitions(same));
      },
    );
  });

  it('values of a condition: empty if they begin, else those that the old version had', () => {
    always(continues, (changed) => {
      const { now, same, effect } = changed;
      const { slots, leaves, measure } = now.rule;
      for (const leaf of measure === null ? leaves : [...leaves, measure.leaf]) {
        if (conditionText(leaf.node).length > 200) continue;
        const places = [leaf, ...(leaf.operands ?? []).map(({ calculated }) => calculated)].flatMap((each) => [
          each.slot,
          each.knowledge?.counted ?? -1,
        ]);
        const used = places.flatMap((place) => (place < 0 ? [] : [{ place, slot: slots[place] }]));
        for (const [partition, other] of both(changed)) {
          const isKept = used.map(({ place, slot }) => {
            const from = same.rule.slots.findIndex(({ key }) => key === slot?.key);
            const kept = JSON.stringify(other.stores[from]) === JSON.stringify(partition.stores[place]);
            const empty =
              JSON.stringify(partition.stores[place]) === JSON.stringify(emptyAccumulator(slot?.kind ?? 'latest'));
            expect(kept || empty).toBe(true);
            return from >= 0 && kept;
          });
          expect(begins(effect, 'values', leaf)).toBe(!isKept.every(Boolean));
        }
      }
    });
  });

  it('times of a condition: those that begin have no past', () => {
    always(continues, (changed) => {
      const { now, effect } = changed;
      for (const leaf of now.rule.leaves.filter(({ memory, forMs }) => memory >= 0 && forMs > 0))
        for (const [{ memory: memories }] of both(changed)) {
          const memory = memories[leaf.memory] ?? newLeafMemory();
          if (begins(effect, 'values', leaf) || begins(effect, 'time', leaf))
            expect(memory.since === null || memory.since === now.state.now).toBe(true);
        }
    });
  });

  it('matches of a sequence: none if they begin, else those that the old version had', () => {
    always(continues, (changed) => {
      for (const [{ sequence }, other] of both(changed))
        expect(sequence).toEqual(begins(changed.effect, 'matches') ? newSequence() : other.sequence);
    });
  });

  it('values of settings: none if they begin', () => {
    always(
      (effect) => continues(effect) && begins(effect, 'settings'),
      ({ before, after, now }) => {
        if (JSON.stringify(before.settings) === JSON.stringify(after.settings)) return;
        expect(now.state.settings).toBeUndefined();
        for (const partition of Object.values(now.state.partitions)) expect(partition.settings).toBeUndefined();
      },
    );
  });
});
