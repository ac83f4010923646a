import type { AlertData } from '../core/model/alert/alert.ts';
import type { Rule } from '../core/model/rule/rule-schema.ts';
import type { Severity } from '../core/model/alert/severity.ts';
import type { Scalar } from '../core/primitives/value.ts';

/** Episodes kept for display; the others are only counted. */
const EPISODES_KEPT = 20;

/** Transitions of one rule. */
export interface RuleCount {
  clientId: string;
  ruleId: string;
  fired: number;
  resolved: number;
}

export interface Episode {
  clientId: string;
  ruleId: string;
  /** Group and partition. */
  place: Record<string, Scalar>;
  severity: Severity;
  message: string;
  /** ISO 8601. */
  firedAt: string;
  /** Null while it fires. */
  resolvedAt: string | null;
}

/** Counts what would have fired, in bounded memory. */
export class Tally {
  readonly episodes: Episode[] = [];
  private readonly byRule = new Map<string, RuleCount>();
  private readonly open = new Map<string, Episode>();

  constructor(rules: readonly Rule[]) {
    for (const { clientId, id } of rules)
      this.byRule.set(`${clientId}/${id}`, { clientId, ruleId: id, fired: 0, resolved: 0 });
  }

  add({ clientId, ruleId, group, partition, episode, severity, status, message, evaluatedAt }: AlertData): void {
    const count = this.byRule.get(`${clientId}/${ruleId}`);
    if (count === undefined) return;
    const key = JSON.stringify([clientId, ruleId, group, partition, episode]);
    if (status === 'firing') {
      count.fired += 1;
      if (this.episodes.length >= EPISODES_KEPT) return;
      const place = { ...group, ...partition };
      const kept: Episode = { clientId, ruleId, place, severity, message, firedAt: evaluatedAt, resolvedAt: null };
      this.episodes.push(kept);
      this.open.set(key, kept);
    } else if (status === 'resolved') {
      count.resolved += 1;
      const kept = this.open.get(key);
      if (kept !== undefined) kept.resolvedAt = evaluatedAt;
      this.open.delete(key);
    } else if (status === 'severity') {
      const kept = this.open.get(key);
      if (kept !== undefined) kept.severity = severity;
    }
  }

  /** One for each rule, those that fired most first. */
  counts(): RuleCount[] {
    return [...this.byRule.values()].sort((a, b) => b.fired - a.fired);
  }
}
