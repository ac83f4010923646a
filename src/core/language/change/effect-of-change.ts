import { compileRule, type CompiledRule } from '../../compilation/compile-rule.ts';
import { continuationOf } from '../../evaluation/continuation.ts';
import type { Rule } from '../../model/rule/rule-schema.ts';
import { writeForOthers } from '../../primitives/text/write-json.ts';
import { beginningsOf } from './beginnings.ts';
import type { ChangeEffect } from './change-effect.ts';
import { linesOf, type Change } from './in-lines.ts';

/** @param before undefined: there is no such rule yet. `after` undefined: the rule is deleted */
export function effectOfChange(before: Rule | undefined, after: Rule | undefined): ChangeEffect {
  const words = changedWords(before ?? {}, after ?? {});
  const effect = primed(judge({ before, after, words }), after);
  return { ...effect, lines: linesOf(effect, { before, after, words }) };
}

type Effect = Omit<ChangeEffect, 'lines'>;

function judge({ before, after, words }: Change): Effect {
  const nothing: Effect = { kind: 'nothing', resolvesAlerts: false, begins: [] };
  if (!isRunning(before)) return isRunning(after) ? { ...nothing, kind: 'starts' } : nothing;
  if (!isRunning(after)) return { ...nothing, kind: 'ends', resolvesAlerts: true };
  const [old, next] = [compileRule(before), compileRule(after)];
  const kept = continuationOf(old, next);
  if (!sameRoute(old, next) || !kept.partitions) return { ...nothing, kind: 'beginsAnew', resolvesAlerts: true };
  const begins = beginningsOf(old, next, kept);
  if (begins.length > 0) return { ...nothing, kind: 'resetsConditions', begins };
  if (words.length === 0) return nothing;
  return { ...nothing, kind: words.every((word) => WITHOUT_JUDGEMENT.has(word)) ? 'keepsAll' : 'judgesAgain' };
}

/** Whatever starts or loses state begins with the events of `backfill`: see isPrimedAgain. */
function primed(effect: Effect, after: Rule | undefined): Effect {
  const begins = effect.kind === 'starts' || effect.kind === 'beginsAnew' || effect.kind === 'resetsConditions';
  return begins && after?.backfill !== undefined ? { ...effect, primedFrom: after.backfill } : effect;
}

const isRunning = (rule: Rule | undefined): rule is Rule => rule !== undefined && (rule.enabled ?? true);

/** With another route, other partition sets run. */
const sameRoute = (old: CompiledRule, next: CompiledRule): boolean => old.ids.route === next.ids.route;

/** What alerts say, and how often: no condition depends on it. A rule is enabled whether or not it says so. */
const WITHOUT_JUDGEMENT: ReadonlySet<string> = new Set<keyof Rule>([
  ...(['name', 'labels', 'message', 'resolvedMessage', 'severity', 'repeat', 'heartbeat', 'enabled'] as const),
]);

function changedWords(before: Partial<Rule>, after: Partial<Rule>): (keyof Rule)[] {
  const words = new Set([...Object.keys(before), ...Object.keys(after)] as (keyof Rule)[]);
  return [...words].filter((word) => textOf(before[word]) !== textOf(after[word]));
}

const textOf = (value: unknown): string => (value === undefined ? '' : writeForOthers(value));
