import { setTimeout as delay } from 'node:timers/promises';
import { between, pick, type Random } from '../../src/sim/random.ts';
import type { Victim } from './cluster.ts';

export interface Fault {
  victim: string;
  kind: 'kill' | 'pause';
  /** How long it is gone. */
  forMs: number;
  /** How long nothing else is done to anybody, from the beginning of the fault. */
  thenMs: number;
}

/** Who is killed is soon there again; who is paused often wakes as a zombie: it takes longer than a lease. */
const FOR_MS = { kill: [0, 3_000], pause: [500, 9_000] } as const;
/** Often shorter than a fault, so that several are under way at once. */
const NEXT_AFTER_MS = [500, 5_000] as const;

/** What will be done to whom; each kind at least once for each victim, as far as there are enough. */
export function planFaults(random: Random, victims: readonly string[], count: number): Fault[] {
  const all = victims.flatMap((victim) => (['kill', 'pause'] as const).map((kind) => ({ victim, kind })));
  const rounds = Array.from({ length: Math.ceil(count / all.length) }, () => pick(random, all, all.length));
  return rounds
    .flat()
    .slice(0, count)
    .map(({ victim, kind }) => ({ victim, kind, forMs: between(random, FOR_MS[kind][0], FOR_MS[kind][1]), thenMs: between(random, NEXT_AFTER_MS[0], NEXT_AFTER_MS[1]) }));
}

/** Does it all, and sees that everybody is back at the end. One that is gone already is left alone until it is back. */
export async function makeMischief(faults: readonly Fault[], victims: Record<string, Victim>, tell: (line: string) => void): Promise<void> {
  const gone = new Map<string, Promise<void>>();
  for (const fault of faults) {
    const victim = victims[fault.victim];
    if (victim === undefined) throw new Error(`nobody is called ${fault.victim}`);
    await gone.get(fault.victim);
    tell(`${fault.kind} ${fault.victim} for ${Math.round(fault.forMs)} ms`);
    const back = strike(victim, fault).then(() => tell(`${fault.victim} is back`));
    gone.set(fault.victim, back);
    await delay(fault.thenMs);
  }
  await Promise.all(gone.values());
}

async function strike(victim: Victim, { kind, forMs }: Fault): Promise<void> {
  if (kind === 'kill') await victim.kill();
  else victim.pause();
  await delay(forMs);
  if (kind === 'kill') await victim.restart();
  else victim.resume();
}
