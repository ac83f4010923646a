import { between, pick, type Random } from '../../src/simulator/random.ts';

/** One way in which things go wrong, and how they are put right again. */
export interface FaultKind {
  /** As in `VIGIL_FAULT_KINDS`. */
  name: string;
  /** To whom it can happen. Faults of one victim follow each other; those of different victims overlap. */
  victims: readonly string[];
  /** How long it lasts, between these two. */
  forMs: readonly [number, number];
  /** `chance` in [0, 1) chooses what the plan cannot know, and `tell` says what it was. Resolves once it has happened. */
  inject(victim: string, chance: number, tell: (what: string) => void): Promise<void>;
  /** Resolves once all is as before. */
  recover(victim: string): Promise<void>;
}

export interface Fault {
  kind: FaultKind;
  victim: string;
  forMs: number;
  /** How long nothing else happens to anybody, from the beginning of the fault. */
  thenMs: number;
  chance: number;
}

/** Often shorter than a fault, so that several are under way at once. */
const NEXT_AFTER_MS = [500, 5_000] as const;

/** What will happen to whom: each kind once before any comes again, and each kind to each victim before any comes again to one of its own. */
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

/** Those of the names, separated by commas; all of them without a list. */
export function chooseKinds(kinds: readonly FaultKind[], names: string | undefined): FaultKind[] {
  if (names === undefined) return [...kinds];
  return names.split(',').map((name) => {
    const kind = kinds.find((one) => one.name === name.trim());
    if (kind === undefined)
      throw new Error(
        `VIGIL_FAULT_KINDS: there is no ${name.trim()} here, only ${kinds.map((one) => one.name).join(', ')}`,
      );
    return kind;
  });
}
