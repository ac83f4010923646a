import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import * as wf from '@temporalio/workflow';
import type { AlertEnvelope } from '../src/core/alert.ts';
import { describeSet } from '../src/core/describe.ts';
import { holdersOf } from '../src/core/envelope.ts';
import { statusOf, type LiveSet } from '../src/core/live-set.ts';
import type { StoredRule } from '../src/core/stored-rule.ts';
import { advanceTo, applyEvent, endSet, nextDeadline, openSet, replaceRule, resumeSet, takeAlerts } from '../src/core/step.ts';
import { counting } from './counting.ts';
import { SEARCH_ATTRIBUTES, type EventBatch, type SetEnd, type SetInput, type SetView } from './messages.ts';

const RULE_STATUS = defineSearchAttributeKey(SEARCH_ATTRIBUTES.ruleStatus, SearchAttributeType.KEYWORD);
const RULE_VERSION = defineSearchAttributeKey(SEARCH_ATTRIBUTES.ruleVersion, SearchAttributeType.INT);
const FAULTS_KEPT = 10;
const CATCH_UP_STEP_MS = 60_000;
/** A heartbeat that is older when it comes up is not published. */
const HEARTBEAT_FRESH_MS = 60_000;

/** The first run of the chain is the same after continue-as-new and after a reset, and another one after a terminate. */
const generationOf = (version: number): string => `${wf.workflowInfo().firstExecutionRunId.slice(0, 8)}.${version}`;

/** The evaluator of one set with its outbox, its place in the UI, and a guard: a message that fails must not freeze the workflow. */
export class SetShell {
  outbox: AlertEnvelope[];
  private set: LiveSet;
  private ended: SetEnd | null = null;
  private shown: { status: string; version: number };
  private staleHeartbeats = 0;
  private readonly faults: string[] = [];

  constructor({ rule, version, group, startedAtMs, carried }: SetInput) {
    this.shown = { status: carried?.status ?? 'inactive', version };
    this.set = carried === undefined ? openSet({ rule, ruleVersion: version, group, atMs: startedAtMs, generation: generationOf(version) }) : resumeSet(rule, carried.state);
    this.outbox = carried?.outbox ?? [];
    this.show();
  }

  applyBatch({ version, rule, events }: EventBatch): void {
    if (rule !== undefined) this.useRule(rule, events[0]?.at);
    // Stragglers of a rule that is gone: nobody waits for their alerts any more.
    if (this.ended !== null) return;
    // A reader that came back from the dead knows an older rule. Its successor brings these as the new one wants them.
    if (version < this.set.state.ruleVersion) return;
    counting(this.set.rule.rule, () => this.set.state.counters, () => {
      for (const event of events) {
        this.guard(() => applyEvent(this.set, event));
        this.collect();
      }
    });
    this.show();
  }

  /** A version that is known already changes nothing; after an end, a newer one begins the set anew. */
  useRule({ rule, version, storedAtMs }: StoredRule, startedAtMs = storedAtMs): void {
    this.guard(() => {
      if (version <= Math.max(this.set.state.ruleVersion, this.ended?.version ?? 0)) return;
      const { group, mark } = this.set.state;
      if (this.ended === null) {
        this.set = replaceRule(this.set, rule, version);
      } else {
        this.set = openSet({ rule, ruleVersion: version, group, atMs: startedAtMs, generation: generationOf(version) });
        this.set.state.mark = mark;
        this.ended = null;
      }
    });
    this.show();
  }

  end(end: SetEnd): void {
    if (end.version < this.set.state.ruleVersion) return;
    this.guard(() => endSet(this.set, end.reason, end.atMs));
    this.ended = end;
    this.show();
  }

  advanceTo(untilMs: number): void {
    // By steps: a long gap may hold very many heartbeats, and those of old are dropped as they come up.
    for (let now = this.set.state.now; now < untilMs; ) {
      now = Math.min(untilMs, Math.max(now, nextDeadline(this.set) ?? untilMs) + CATCH_UP_STEP_MS);
      this.guard(() => advanceTo(this.set, now));
      this.collect();
    }
    this.show();
  }

  /** Epoch ms of the earliest deadline, or Infinity. */
  deadline(): number {
    return this.ended === null ? (nextDeadline(this.set) ?? Infinity) : Infinity;
  }

  published(count: number): void {
    this.outbox.splice(0, count);
  }

  isFinished(): boolean {
    return this.ended !== null && this.outbox.length === 0;
  }

  carry(): Pick<SetInput, 'rule' | 'version' | 'carried'> {
    const { rule, state } = this.set;
    return { rule: rule.rule, version: state.ruleVersion, carried: { state, outbox: this.outbox, status: statusOf(this.set) } };
  }

  view(): SetView {
    const { rule, live, state } = this.set;
    const deadline = this.deadline();
    return {
      rule: rule.rule,
      status: statusOf(this.set),
      live,
      satisfying: holdersOf(this.set).size,
      nextDeadline: deadline === Infinity ? null : new Date(deadline).toISOString(),
      unpublished: this.outbox.length,
      staleHeartbeats: this.staleHeartbeats,
      faults: this.faults,
      state,
    };
  }

  private guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.faults.push(`${new Date().toISOString()} ${text}`);
      this.faults.splice(0, this.faults.length - FAULTS_KEPT);
      wf.log.error('a message could not be handled', { error: text });
    }
  }

  /** A heartbeat says how things are: one that comes late says nothing, and a storm of them less. All else is published, however late. */
  private collect(): void {
    const freshMs = Date.now() - HEARTBEAT_FRESH_MS;
    const alerts = takeAlerts(this.set);
    const kept = alerts.filter(({ data }) => data.status !== 'heartbeat' || Date.parse(data.evaluatedAt) >= freshMs);
    this.staleHeartbeats += alerts.length - kept.length;
    this.outbox.push(...kept);
  }

  private show(): void {
    this.collect();
    const status = statusOf(this.set);
    const version = this.set.state.ruleVersion;
    if (status !== this.shown.status || version !== this.shown.version) {
      wf.upsertSearchAttributes([
        { key: RULE_STATUS, value: status },
        { key: RULE_VERSION, value: version },
      ]);
      this.shown = { status, version };
    }
    wf.setCurrentDetails(describeSet(this.set));
  }
}
