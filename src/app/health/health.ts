import type { HealthReport, PartState } from '../../api/ports/service.ts';
import type { DegradedReason } from '../../core/health/degraded.ts';

type Probe = () => PartState | { state: PartState; detail: string };
type Reasons = () => DegradedReason[];

const REASONS_SHOWN = 20;

/** The state of every part, probed for each report. */
export class Health {
  private readonly probes = new Map<string, Probe>();
  private readonly sources: { part: string; reasons: Reasons }[] = [];

  /** Takes all parts in advance, so that a report is complete during the start. */
  constructor(parts: readonly string[]) {
    for (const part of parts) this.probes.set(part, () => 'starting');
  }

  set(part: string, probe: Probe): void {
    this.probes.set(part, probe);
  }

  /** Adds a source of reasons that make the part degraded while it is up. A part can have several. */
  degradedBy(part: string, reasons: Reasons): void {
    this.sources.push({ part, reasons });
  }

  /** All reasons, oldest first. */
  reasons(): HealthReport['reasons'] {
    const all = this.sources.flatMap(({ part, reasons }) => reasons().map((reason) => ({ part, ...reason })));
    return all.sort((a, b) => Date.parse(a.since) - Date.parse(b.since));
  }

  report(): HealthReport {
    const reasons = this.reasons();
    const isDegraded = new Set(reasons.map(({ part }) => part));
    const parts: HealthReport['parts'] = {};
    for (const [name, probe] of this.probes) {
      const answer = probe();
      const known = typeof answer === 'string' ? { state: answer } : answer;
      parts[name] = known.state === 'up' && isDegraded.has(name) ? { ...known, state: 'degraded' } : known;
    }
    const states = Object.values(parts).map(({ state }) => state);
    const status = (['down', 'starting', 'degraded'] as const).find((state) => states.includes(state)) ?? 'ok';
    return { status, parts, reasons: reasons.slice(0, REASONS_SHOWN), reasonCount: reasons.length };
  }
}
