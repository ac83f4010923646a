import type { HealthReport, PartState } from '../api/ports.ts';

type Probe = () => PartState | { state: PartState; detail: string };

/** The state of every part, asked at the moment somebody wants to know. */
export class Health {
  private readonly probes = new Map<string, Probe>();

  /** Parts are told before they are there, so that a report never lacks one. */
  constructor(parts: readonly string[]) {
    for (const part of parts) this.probes.set(part, () => 'starting');
  }

  set(part: string, probe: Probe): void {
    this.probes.set(part, probe);
  }

  report(): HealthReport {
    const parts: HealthReport['parts'] = {};
    for (const [name, probe] of this.probes) {
      const answer = probe();
      parts[name] = typeof answer === 'string' ? { state: answer } : answer;
    }
    const states = Object.values(parts).map(({ state }) => state);
    return { status: states.includes('down') ? 'down' : states.includes('starting') ? 'starting' : 'ok', parts };
  }
}
