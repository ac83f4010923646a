import { isoTime } from '../../primitives/text/iso-time.ts';

/*
 * A pause stops the clock of a rule at a moment of the stream: events stored before it count, later ones wait. It is part
 * of the stored rule, so that every version says whether it is paused (docs/decisions/0031). Field names are stored.
 */

/** What was paused: the rule itself, or all rules of its client. */
export const PAUSES_OF = ['rule', 'client'] as const;

export interface RulePause {
  /** When somebody paused it, epoch ms. */
  sinceMs: number;
  /**
   * Events stored from then on wait, epoch ms: `sinceMs`, or later if the rule has begun anew since, because it reads
   * other events.
   */
  fromMs: number;
  /** Null if nobody said who. */
  by: string | null;
  note?: string;
  of: (typeof PAUSES_OF)[number];
}

/**
 * How a rule goes on. `publish`: as if it had not been paused, only later. `silently`: the same, but only the difference
 * is published. `afresh`: without its state.
 */
export const RESUME_MODES = ['publish', 'silently', 'afresh'] as const;
export type ResumeMode = (typeof RESUME_MODES)[number];

export interface RuleResume {
  mode: ResumeMode;
  /** It gets all events stored from then on, epoch ms. */
  fromMs: number;
  /** The version that resumed the rule; later versions keep it. */
  version: number;
}

/** Whoever can be paused. */
interface Pausable {
  readonly pause?: RulePause | undefined;
}

/** The last moment that counts, epoch ms; Infinity while it runs. */
export const clockEndMs = ({ pause }: Pausable): number => (pause === undefined ? Infinity : pause.fromMs - 1);

/** Whether an event stored at `atMs` (epoch ms) waits until the rule is resumed. */
export const mustWait = (paused: Pausable, atMs: number): boolean => atMs > clockEndMs(paused);

/** A pause as people read it. */
export interface PausedNow {
  /** ISO 8601. */
  since: string;
  by: string | null;
  note?: string;
  of: RulePause['of'];
}

export const pausedNow = ({ sinceMs, by, note, of }: RulePause): PausedNow => ({
  since: isoTime(sinceMs),
  by,
  ...(note !== undefined && { note }),
  of,
});

export function pauseInWords({ since, by, note, of }: PausedNow): string {
  const who = by === null ? '' : ` by ${by}`;
  const what = of === 'client' ? ', with all rules of the client' : '';
  const why = note === undefined ? '' : ` (${note})`;
  return `Paused since ${since}${who}${what}${why}: events and deadlines from then on wait until it is resumed.`;
}
