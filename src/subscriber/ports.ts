import type { SetsClient } from '../client/sets-client.ts';
import type { Log } from '../adapters/log.ts';
import type { RuleChange } from '../core/stored-rule.ts';

/** What the subscriber needs of the world. `src/app` gives the real things, from src/adapters. */
export interface SubscriberDeps {
  log: EventLogPort;
  floors: FloorPort;
  rules: RuleFeedPort;
  deadLetters: DeadLetterPort;
  sets: SetsClient;
  logger: Log;
}

/** A message of the event stream. `storedAtMs`: epoch ms. */
export interface LogMessage {
  subject: string;
  sequence: number;
  storedAtMs: number;
  bytes: Uint8Array;
  /** Messages that the stream held after this one when it was handed out. */
  left: number;
}

export interface LogReading extends AsyncIterable<LogMessage> {
  /** What the server has not handed out yet, the newest sequence that it has, and its clock (epoch ms). */
  position: () => Promise<{ pending: number; handedOut: number; atMs: number }>;
  stop: () => Promise<void>;
}

export interface EventLogPort {
  /** Strict stream order, from a sequence on, or one client's events from a moment on. */
  read: (from: { sequence: number } | { timeMs: number; clientId: string }) => Promise<LogReading>;
  extent: () => Promise<{ first: number; last: number }>;
}

/** How far a lane has come: below `sequence` all was accepted by Temporal; rules up to `rulesVersion` have all their events. */
export interface LaneFloor {
  sequence: number;
  /** When the message at the floor was stored, epoch ms. */
  storedAtMs: number;
  rulesVersion: number;
}

export interface FloorPort {
  load(lane: string): Promise<LaneFloor | null>;
  save(lane: string, floor: LaneFloor): Promise<void>;
}

export interface RuleFeedPort {
  /** Every rule as it stands, `onCaughtUp`, then every change in order. Returns the function that ends it. */
  watch(onChange: (change: RuleChange) => void, onCaughtUp: () => void, onBad: (key: string, error: Error) => void): Promise<() => void>;
}

export interface DeadLetterPort {
  bury(message: LogMessage, clientId: string, reason: string, detail: string): Promise<void>;
}
