import { setTimeout as delay } from 'node:timers/promises';
import type { Fault } from './plan.ts';

/** Injects all faults; resolves when all have been recovered. Faults of the same victim run one after another. */
export async function injectFaults(faults: readonly Fault[], log: (line: string) => void): Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  for (const [index, fault] of faults.entries()) {
    await underWay.get(fault.victim);
    const title = `${index + 1}/${faults.length} ${fault.kind.name} ${fault.victim}`;
    log(`${title} for ${Math.round(fault.forMs)} ms`);
    const over = strike(fault, (what) => log(`${title}: ${what}`)).then(() => log(`${title}: recovered`));
    // A rejection is handled below, or by the victim's next fault.
    over.catch(() => undefined);
    underWay.set(fault.victim, over);
    await delay(fault.thenMs);
  }
  await Promise.all(underWay.values());
}

async function strike({ kind, victim, forMs, chance }: Fault, log: (what: string) => void): Promise<void> {
  await kind.inject(victim, chance, log);
  await delay(forMs);
  await kind.recover(victim);
}
