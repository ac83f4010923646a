import { plotted, type Plot, type Point } from '../core/explain/plot.ts';
import { advanceTo, applyEvent, openPartitionSet, takeAlerts } from '../core/evaluation/evaluate.ts';
import { projectEvent } from '../core/matching/projection.ts';
import { matchRule, type IndexedRule } from '../core/matching/rule-index.ts';
import { compileRule } from '../core/compilation/compile-rule.ts';
import type { VigilEvent } from '../core/model/event/event.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import type { PartitionSet } from '../core/partition-set/partition-set.ts';
import type { Scalar } from '../core/primitives/value.ts';

/** Beside each event, so many moments are looked at: values change with the clock, too. */
const MOMENTS = 250;

interface PlotPlace {
  group: readonly Scalar[];
  partition: readonly Scalar[];
  /** The evaluator begins here without earlier knowledge, epoch ms. */
  beginsMs: number;
  /** What is drawn, epoch ms. */
  fromMs: number;
  toMs: number;
}

/**
 * The values that a calculation of a rule has over time: the rule's own evaluator plays the events, and is asked after
 * each, and at moments between them.
 */
export class PlotTrack {
  readonly points: Point[] = [];
  private readonly plot: Plot;
  private readonly place: PlotPlace;
  private readonly indexed: IndexedRule;
  private readonly setId: string;
  private readonly set: PartitionSet;
  private nextMs: number;

  constructor(rule: Rule, plot: Plot, place: PlotPlace) {
    const { group, beginsMs, fromMs } = place;
    const stored = { rule, version: 1, storedAtMs: beginsMs };
    this.plot = plot;
    this.place = place;
    this.indexed = { stored, rule: compileRule(rule) };
    this.setId = this.indexed.rule.ids.of([...group]);
    this.set = openPartitionSet({ rule, ruleVersion: stored.version, group: [...group], atMs: beginsMs });
    this.nextMs = fromMs;
  }

  /** Plays an event; they come in the order of the stream. */
  play(event: VigilEvent): void {
    const match = matchRule(this.indexed, event);
    if (match?.setId !== this.setId) return;
    this.passTo(event.storedAtMs);
    applyEvent(this.set, projectEvent(this.indexed.rule, event));
    this.look();
  }

  /** The stream is played up to `untilMs`, epoch ms. */
  finish(untilMs: number): void {
    this.passTo(untilMs + 1);
    const last = this.points.at(-1);
    // The newest value holds until now.
    if (last !== undefined && last.atMs < this.place.toMs) this.points.push({ ...last, atMs: this.place.toMs });
  }

  private passTo(beforeMs: number): void {
    const { fromMs, toMs } = this.place;
    const endMs = Math.min(beforeMs, toMs + 1);
    for (; this.nextMs < endMs; this.nextMs += Math.max(1, (toMs - fromMs) / MOMENTS)) {
      advanceTo(this.set, Math.floor(this.nextMs));
      this.look();
    }
  }

  private look(): void {
    const { plot, place, points, set } = this;
    // Nobody publishes them.
    takeAlerts(set);
    const point = plotted(set, plot, place.partition);
    if (point.atMs < place.fromMs || point.atMs > place.toMs) return;
    // A value that came late was there since its own time.
    while (points.at(-1)?.value === null && (points.at(-1)?.atMs ?? 0) > point.atMs) points.pop();
    const before = points.at(-1);
    // Of equal values, the first and the last.
    if (before?.value === point.value && points.at(-2)?.value === point.value) points.pop();
    if (before?.value !== point.value || before.atMs !== point.atMs) points.push(point);
  }
}
