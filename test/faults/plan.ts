import { between, pick, type Random } from '../../src/simulator/random.ts';

/** A kind of fault and how to recover from it. */
export interface FaultKind {
  /** The name in `VIGIL_FAULT_KINDS`. */
  name: string;
  /** Possible victims. Faults of the same victim are sequential; those of different victims overlap. */
  victims: readonly string[];
  /** Range of its duration. */
  forMs: readonly [number, number];
  /**
   * `chance` in [0, 1) makes choices that the plan cannot make; `log` logs them. Resolves when the fault has started.
   */
  inject(victim: string, chance: number, log: (what: string) => void): Promise<void>;
  /** Resolves when the fault is recovered. */
  recover(victim: string): Promise<void>;
}

export interface Fault {
  kind: FaultKind;
  victim: string;
  forMs: number;
  /** Time from the start of this fault to the next one. */
  thenMs: number;
  chance: number;
}

/** Often shorter than a fault, so that faults overlap. */
const NEXT_AFTER_MS = [500, 5_000] as const;

/** Plans the faults: each kind once before any repeats, and each victim of a kind once before any of them repeats. */
export function planFaults(random: Random, kinds: readonly FaultKind[], count: number): Fault[] {
  const planned: Pick<Fault, 'kind' | 'victim'>[] = [];
  while (planned.length < count) planned.push(...oneRound(random, kinds));
  return planned.slice(0, count).map(({ kind, victim }) => ({
    kind,
    victim,
    forMs: between(random, ...kind.forMs),
    thenMs: between(random, ...NEXT_AFTER_MS),
    chance: random(),
  }));
}

function oneRound(random: Random, kinds: readonly FaultKind[]): Pick<Fault, 'kind' | 'victim'>[] {
  const dealt = kinds.map((kind) =>
    pick(random, kind.victims, kind.victims.length).map((victim) => ({ kind, victim })),
  );
  const turns = Math.max(...dealt.map(({ length }) => length));
  return Array.from({ length: turns }, (_, turn) =>
    pick(
      random,
      dealt.flatMap((own) => own[turn] ?? []),
      kinds.length,
    ),
  ).flat();
}

/** The kinds in a comma-separated list; without a list, all. */
export function chooseKinds(kinds: readonly FaultKind[], names: string | undefined): FaultKind[] {
  if (names === undefined) return [...kinds];
  return names.split(',').map((name) => {
    const kind = kinds.find((one) => one.name === name.trim());
    if (kind === undefined)
      throw new Error(
        `VIGIL_FAULT_KINDS: unknown kind ${name.trim()}; available: ${kinds.map((one) => one.name).join(', ')}`,
      );
    return kind;
  });
}
