import type { Rule } from '../../src/core/model/rule-schema.ts';
import { SEVERITIES, type Severity } from '../../src/core/model/severity.ts';
import type { Scalar } from '../../src/core/primitives/value.ts';
import { AlertLife } from './alert-life.ts';
import { compares, satisfies } from './compare.ts';
import type { Arrival, Instant, Transition } from './model.ts';
import { ms } from './ms.ts';
import { isLive, levelsOf, newPartition, partitionValues, update, type Partition } from './partition.ts';

export interface Recording {
  rule: Rule;
  /** When the set began. */
  start: number;
  /** Up to and including which moment its deadlines are handled. */
  until: number;
  /** In the order in which they were delivered. */
  arrivals: Arrival[];
  /** All durations and times are whole multiples of this, counted from the start. */
  unit: number;
}

/** All that one set says about a recording, in order. */
export function reference({ rule, start, until, arrivals, unit }: Recording): Transition[] {
  const world = new World(rule, start);
  const events = arrivals.filter(({ sequence, data }, index) => {
    const repeated = arrivals.slice(0, index).some((earlier) => earlier.sequence >= sequence);
    return (
      !repeated &&
      rule.where.every((predicate) => satisfies(predicate, data)) &&
      partitionValues(rule, data) !== undefined
    );
  });
  const tolerance = rule.lateTolerance === undefined ? 0 : ms(rule.lateTolerance);
  const taken = inTurn(events, start, tolerance);
  const end = until - tolerance;
  const clocks = taken.map(({ turn }) => Math.max(start, turn));
  const moments = [...new Set([...momentsOf(start, end, unit), ...clocks, ...events.map(({ at }) => at)])].sort(
    (a, b) => a - b,
  );
  for (const moment of moments) {
    taken
      .filter(({ turn }, index) => clocks[index] === moment && (tolerance === 0 || turn <= end))
      .forEach(({ event, arrived }) => world.arrive(event, moment, arrived));
    if (moment <= end && moment >= start) world.endMoment(moment);
  }
  return world.transitions;
}

/**
 * When each event has its turn: as it arrives, or with `lateTolerance` when the clock, which is that far behind the
 * arrivals, has come to its own time. The clock never runs back.
 */
function inTurn(
  events: readonly Arrival[],
  start: number,
  tolerance: number,
): { event: Arrival; arrived: number; turn: number }[] {
  const turns = events.map((event, index) => {
    const arrived = Math.max(start, ...events.slice(0, index + 1).map(({ at }) => at));
    return { event, arrived, turn: tolerance === 0 ? arrived : Math.max(event.time, arrived - tolerance) };
  });
  return turns.sort((a, b) => a.turn - b.turn);
}

/** Every moment at which anything can change: the next millisecond too, for what must be greater and not equal. */
function momentsOf(start: number, until: number, unit: number): number[] {
  const moments: number[] = [];
  for (let moment = start; moment <= until; moment += unit) moments.push(moment, moment + 1);
  return moments.filter((moment) => moment <= until);
}

class World {
  readonly transitions: Transition[] = [];
  private readonly rule: Rule;
  private readonly start: number;
  private readonly ownAlerts: boolean;
  private readonly partitions = new Map<string, Partition>();
  private readonly expected: Set<string>;
  private readonly silent = new Set<string>();
  private readonly alerts = new Map<string, AlertLife>();

  constructor(rule: Rule, start: number) {
    this.rule = rule;
    this.start = start;
    this.ownAlerts = rule.evaluate.type === 'each' || rule.evaluate.type === 'sequence';
    this.expected = new Set((rule.expect ?? []).map((values) => this.partition(values)));
  }

  /** One event: its partition is brought up to date, then the alert that hangs on it is judged. */
  arrive(event: Arrival, clock: number, arrival: number): void {
    const instant = { clock, cause: event.time, end: false, arrival };
    const key = this.partition(partitionValues(this.rule, event.data) ?? {});
    const expired = update(this.partitions.get(key) as Partition, this.rule, instant, this.changedAt(key), event);
    this.judge(instant, [key], expired ? [key] : []);
    // What an event completes ceases at once.
    if (this.rule.evaluate.type === 'sequence') this.judgeSequence(key, instant);
    this.forget(key);
  }

  /** The end of a moment: all partitions are brought up to date together, then the alerts are judged. */
  endMoment(clock: number): void {
    const instant = { clock, cause: clock, end: true, arrival: -Infinity };
    const expired = [...this.partitions]
      .filter(([key, partition]) => update(partition, this.rule, instant, this.changedAt(key)))
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

  private judge(instant: Instant, keys: readonly string[], expired: readonly string[]): void {
    for (const key of this.ownAlerts ? keys : ['']) {
      const alert = this.alert(key);
      const severities = levelsOf(this.rule).map(({ severity }) => severity);
      alert.judge(instant, {
        severity: highest(severities.filter((severity) => this.holdsAt(severity, key))),
        silent: this.isSilent(instant, key),
        of: instant.end ? null : (keys[0] ?? null),
        expired: this.ownAlerts ? expired.includes(key) : expired.length > 0,
      });
      this.collect(alert);
    }
  }

  /** A partition without data that has never fired, and that nobody expects or misses, is as if it had never been. */
  private forget(key: string): void {
    if (!this.ownAlerts || this.rule.noData?.then === 'alert') return;
    if (isLive(this.partitions.get(key) as Partition) || this.expected.has(key) || this.alert(key).hasFired()) return;
    this.partitions.delete(key);
    this.alerts.delete(key);
    this.silent.delete(key);
  }

  private holdsAt(severity: Severity, key: string): boolean {
    return this.ownAlerts ? this.partitions.get(key)?.satisfies.has(severity) === true : this.aggregate(severity);
  }

  private judgeSequence(key: string, instant: Instant): void {
    const partition = this.partitions.get(key) as Partition;
    partition.satisfies = new Set(partition.sequence.held ? levelsOf(this.rule).map(({ severity }) => severity) : []);
    this.judge(instant, [key], []);
  }

  /** "Across partitions" of docs/semantics.md. */
  private aggregate(severity: Severity): boolean {
    const { evaluate } = this.rule;
    const all = [...this.partitions.values()];
    const live = all.filter(isLive);
    const satisfying = live.filter((partition) => partition.satisfies.has(severity));
    if (evaluate.type === 'count') return compares(evaluate, satisfying.length);
    if (live.length === 0) return false;
    switch (evaluate.type) {
      case 'all':
        return (
          satisfying.length === live.length &&
          [...this.expected].every((key) => isLive(this.partitions.get(key) as Partition))
        );
      case 'any':
        return satisfying.length > 0;
      case 'none':
        return satisfying.length === 0;
      case 'percent':
        return compares(evaluate, (100 * satisfying.length) / live.length);
      default:
        throw new Error(`${evaluate.type} is not across partitions`);
    }
  }

  /** Events end silence, and only time brings it about. Without any event it counts from the set's start, if partitions are expected. */
  private isSilent({ clock, end }: Instant, key: string): boolean {
    if (this.rule.noData === undefined) return false;
    const scope = this.ownAlerts ? [this.partitions.get(key) as Partition] : [...this.partitions.values()];
    const times = scope.flatMap(({ newest }) => newest ?? []);
    const rostered = this.ownAlerts ? this.expected.has(key) : this.expected.size > 0;
    const since = times.length > 0 ? Math.max(...times) : rostered ? this.start : Infinity;
    const silent = clock - since >= ms(this.rule.noData.after) && (end || this.silent.has(key));
    if (silent) this.silent.add(key);
    else this.silent.delete(key);
    return silent;
  }

  /** The key of a partition, which exists from here on. */
  private partition(values: Record<string, Scalar>): string {
    const own = (this.rule.partitionBy ?? []).map((property) => [property, values[property] ?? null] as const);
    const key = JSON.stringify(own);
    if (!this.partitions.has(key)) this.partitions.set(key, newPartition(Object.fromEntries(own)));
    return key;
  }

  private alert(key: string): AlertLife {
    const alert =
      this.alerts.get(key) ?? new AlertLife(this.rule, this.ownAlerts ? (this.partitions.get(key)?.values ?? {}) : {});
    this.alerts.set(key, alert);
    return alert;
  }

  private changedAt(key: string): number {
    return this.ownAlerts ? this.alert(key).changedAt() : -Infinity;
  }

  private collect(alert: AlertLife): void {
    this.transitions.push(...alert.transitions.splice(0));
  }
}

function highest(severities: readonly Severity[]): Severity | null {
  return [...SEVERITIES].reverse().find((severity) => severities.includes(severity)) ?? null;
}
