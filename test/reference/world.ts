import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import type { Severity } from '../../src/core/model/alert/severity.ts';
import type { Scalar } from '../../src/core/primitives/value.ts';
import { AlertLife, type Truth } from './alerts/alert-life.ts';
import { answerAcross } from './conditions/across.ts';
import { calculate } from './conditions/calculate.ts';
import type { Answer } from './conditions/condition.ts';
import { isMeasuring, measures } from './conditions/measures.ts';
import { UNKNOWN } from './conditions/operands.ts';
import { satisfies } from './conditions/predicate.ts';
import type { Arrival, Instant, Transition } from './model.ts';
import { ms } from './ms.ts';
import { firstLeaf, isLive, levelsOf, newPartition, partitionValues, update, type Partition } from './partition.ts';
import { isForAll, isSettings } from './settings.ts';

export const isForgetting = ({ forgetOn }: Rule, data: Record<string, unknown>): boolean =>
  forgetOn?.every((predicate) => satisfies(predicate, data)) === true;

/** A partition set as docs/semantics.md describes it, as plainly as possible. */
export class World {
  readonly transitions: Transition[] = [];
  private readonly rule: Rule;
  private readonly start: number;
  private readonly ownAlerts: boolean;
  /** Settings for all partitions. */
  private readonly shared: Arrival[] = [];
  private readonly partitions = new Map<string, Partition>();
  private readonly expected: Set<string>;
  /** Expected, but forgotten since they last reported. */
  private readonly forgotten = new Set<string>();
  private readonly silent = new Set<string>();
  private readonly alerts = new Map<string, AlertLife>();

  constructor(rule: Rule, start: number) {
    this.rule = rule;
    this.start = start;
    this.ownAlerts = rule.evaluate.type === 'each' || rule.evaluate.type === 'sequence';
    this.expected = new Set((rule.expect ?? []).map((values) => this.partition(values, start)));
  }

  /** One event: its partition is brought up to date, then the alert that hangs on it is judged. */
  arrive(event: Arrival, clock: number, arrival: number): void {
    const instant = { clock, cause: event.time, end: false, arrival };
    const hasKey = partitionValues(this.rule, event.data) !== undefined;
    if (hasKey && isForgetting(this.rule, event.data)) return this.remove(event, instant);
    if (isSettings(this.rule, event.data)) return this.set(event, clock);
    const key = this.partition(partitionValues(this.rule, event.data) ?? {});
    this.forgotten.delete(key);
    const expired = update(this.partitions.get(key) as Partition, this.rule, instant, this.alertOf(key), event);
    this.judge(instant, [key], expired ? [key] : []);
    // What an event completes ceases at once.
    if (this.rule.evaluate.type === 'sequence') this.judgeSequence(key, instant);
    this.forget(key);
  }

  /** Settings: what compares with them is brought up to date as of their arrival. */
  private set(event: Arrival, clock: number): void {
    const instant = { clock, cause: clock, end: false, settings: true, arrival: clock };
    const forAll = isForAll(this.rule, event.data);
    const keys = forAll ? [...this.partitions.keys()] : [this.partition(partitionValues(this.rule, event.data) ?? {})];
    const settings = forAll ? this.shared : (this.partitions.get(keys[0] ?? '') as Partition).settings.own;
    settings.push(event);
    for (const key of keys) update(this.partitions.get(key) as Partition, this.rule, instant, this.alertOf(key));
    this.judge(instant, keys, []);
  }

  /** An event that removes its partition: there is nothing left of it but that its alert has fired. */
  private remove(event: Arrival, instant: Instant): void {
    const key = this.keyOf(partitionValues(this.rule, event.data) ?? {});
    const partition = this.partitions.get(key);
    if (partition === undefined) return;
    const isGone = !this.ownAlerts && !isLive(partition) && !this.expectedNow().includes(key);
    if (this.ownAlerts) this.alert(key).forget(instant);
    this.collect(this.alert(this.ownAlerts ? key : ''));
    const newest = this.ownAlerts ? undefined : partition.newest;
    const blank = newPartition(partition.values, { own: [], shared: this.shared }, partition.expected);
    this.partitions.set(key, { ...blank, newest, known: undefined });
    if (this.expected.has(key)) this.forgotten.add(key);
    // What counted for nothing leaves nothing to judge.
    if (isGone) return;
    this.judge({ ...instant, settings: true }, [key], [], true);
    this.forget(key);
  }

  /** The end of a moment: all partitions are brought up to date together, then the alerts are judged. */
  endMoment(clock: number): void {
    const instant = { clock, cause: clock, end: true, arrival: -Infinity };
    const expired = [...this.partitions]
      .filter(([key, partition]) => update(partition, this.rule, instant, this.alertOf(key)))
      .map(([key]) => key);
    this.judge(instant, this.alertKeys(), expired);

    const beats =
      this.rule.heartbeat !== undefined && clock > this.start && (clock - this.start) % ms(this.rule.heartbeat) === 0;
    for (const key of this.alertKeys()) {
      const alert = this.alert(key);
      alert.remind(clock);
      if (beats && (!this.ownAlerts || isLive(this.partitions.get(key) as Partition))) alert.heartbeat(clock);
      this.collect(alert);
    }
    for (const key of this.partitions.keys()) this.forget(key);
  }

  private alertKeys(): string[] {
    return this.ownAlerts ? [...this.partitions.keys()] : [''];
  }

  private judge(instant: Instant, keys: readonly string[], expired: readonly string[], forgotten = false): void {
    for (const key of this.ownAlerts ? keys : ['']) {
      const alert = this.alert(key);
      const severities = levelsOf(this.rule).map(({ severity }) => severity);
      const wasFiring = alert.fires();
      if (instant.end) alert.closeAt(instant.clock);
      if (wasFiring && !alert.fires()) this.unlatch(key);
      const firedUntilNow = alert.fires();
      const truth = (): Truth => ({
        answers: new Map(severities.map((severity) => [severity, this.answerAt(severity, key, instant)])),
        silent: this.isSilent(instant, key),
        forgotten,
        of: instant.end ? null : (keys[0] ?? null),
        expired: this.ownAlerts ? expired.includes(key) : expired.length > 0,
      });
      alert.judge(instant, truth());
      if (firedUntilNow && !alert.fires() && this.unlatch(key)) alert.judge(instant, truth());
      this.collect(
        alert,
        this.ownAlerts && this.rule.partitionBy !== undefined ? this.isKnown(key, instant) : undefined,
      );
    }
  }

  /** A partition without data that has never fired, and that nobody expects or misses, is as if it had never been. */
  private forget(key: string): void {
    if (!this.ownAlerts) return;
    const partition = this.partitions.get(key) as Partition;
    if (partition.settings.own.length > 0) return;
    if (this.rule.noData?.then === 'alert' && partition.newest !== undefined) return;
    if (isLive(partition) || this.expected.has(key) || this.alert(key).hasFired()) return;
    this.partitions.delete(key);
    this.alerts.delete(key);
    this.silent.delete(key);
  }

  /** Only while the alert fires, partitions continue to satisfy until `clear` holds. Returns whether one did so. */
  private unlatch(key: string): boolean {
    // A sequence has no `clear`.
    if (this.rule.evaluate.type === 'sequence') return false;
    const partitions = this.ownAlerts ? [this.partitions.get(key) as Partition] : [...this.partitions.values()];
    const latched = partitions.filter(({ satisfies, having }) =>
      [...satisfies].some(([severity, answer]) => answer !== having.get(severity)),
    );
    for (const partition of latched) partition.satisfies = partition.having;
    return latched.length > 0;
  }

  private answerAt(severity: Severity, key: string, { clock }: Instant): Answer {
    if (this.ownAlerts) return this.partitions.get(key)?.satisfies.get(severity) ?? 'no';
    const { evaluate } = this.rule;
    if (!isMeasuring(evaluate)) {
      const expected = this.expectedNow().map((key) => this.partitions.get(key) as Partition);
      return answerAcross(this.rule, severity, this.live(), expected);
    }
    return this.live().length === 0 ? 'no' : measures(evaluate, severity, this.live(), clock);
  }

  private live(): Partition[] {
    return [...this.partitions.values()].filter(isLive);
  }

  /** The keys of the partitions that are expected now. */
  private expectedNow(): string[] {
    return [...this.expected].filter((key) => !this.forgotten.has(key));
  }

  private judgeSequence(key: string, instant: Instant): void {
    const partition = this.partitions.get(key) as Partition;
    partition.satisfies = new Map(
      partition.sequence.held ? levelsOf(this.rule).map(({ severity }) => [severity, 'yes']) : [],
    );
    this.judge(instant, [key], []);
  }

  /** Events end silence, and only time brings it about. Without any event it counts from the set's start, if partitions are expected. */
  private isSilent({ clock, end }: Instant, key: string): boolean {
    if (this.rule.noData === undefined) return false;
    const scope = this.ownAlerts ? [this.partitions.get(key) as Partition] : [...this.partitions.values()];
    const times = scope.flatMap(({ newest }) => newest ?? []);
    const expected = this.expectedNow();
    const rostered = this.ownAlerts ? expected.includes(key) : expected.length > 0;
    const since = times.length > 0 ? Math.max(...times) : rostered ? this.start : Infinity;
    const silent = clock - since >= ms(this.rule.noData.after) && (end || this.silent.has(key));
    if (silent) this.silent.add(key);
    else this.silent.delete(key);
    return silent;
  }

  /** The key of a partition, which exists from here on. */
  private partition(values: Record<string, Scalar>, known?: number): string {
    const key = this.keyOf(values);
    const own = JSON.parse(key) as [string, Scalar][];
    if (!this.partitions.has(key))
      this.partitions.set(key, newPartition(Object.fromEntries(own), { own: [], shared: this.shared }, known));
    return key;
  }

  private keyOf(values: Record<string, Scalar>): string {
    return JSON.stringify((this.rule.partitionBy ?? []).map((property) => [property, values[property] ?? null]));
  }

  private alert(key: string): AlertLife {
    const alert =
      this.alerts.get(key) ?? new AlertLife(this.rule, this.ownAlerts ? (this.partitions.get(key)?.values ?? {}) : {});
    this.alerts.set(key, alert);
    return alert;
  }

  /** What the alert that a partition belongs to tells it. */
  private alertOf(key: string): { changedAt: number; fires: boolean } {
    const alert = this.alert(this.ownAlerts ? key : '');
    return { changedAt: this.ownAlerts ? alert.changedAt() : -Infinity, fires: alert.fires() };
  }

  /** Whether the value that evidence shows is known: that of the first calculation of the least severe level. */
  private isKnown(key: string, instant: Instant): boolean {
    const { life, known } = this.partitions.get(key) as Partition;
    const leaf = firstLeaf(this.rule);
    return ![UNKNOWN, undefined, null].includes(
      (leaf && calculate(leaf, life, { ...instant, known })) as symbol | undefined | null,
    );
  }

  /** `isKnown`: of what fires now for its condition. */
  private collect(alert: AlertLife, isKnown?: boolean): void {
    const fires = ({ status, reason }: Transition): boolean => status === 'firing' && reason === 'condition';
    const collected = alert.transitions.splice(0);
    this.transitions.push(
      ...collected.map((each) => (isKnown !== undefined && fires(each) ? { ...each, isKnown } : each)),
    );
  }
}
