import type { AlertEnvelope } from '../core/model/alert.ts';
import type { DegradedReason } from '../core/health/degraded.ts';
import type { Rule } from '../core/model/rule-schema.ts';
import type { CountedRule } from '../core/model/stored-rule.ts';

/** What the API needs of the rest of vigil. `src/app` wires the real ones; tests may give their own. */
export interface ApiDeps {
  rules: RulesPort;
  sets: SetsPort;
  events: EventsPort;
  deadLetters: DeadLetterBoxPort;
  live: LivePort;
  health: () => HealthReport;
  metrics: MetricsPort;
  /** Absent when the simulator is off. */
  machines?: MachinesPort;
  /** Where people can look further, shown by the page. */
  links: { temporalUi: string | null; nats: string };
}

export interface RulesPort {
  /** @throws VigilError RULE_INVALID */
  put(rule: Rule): Promise<CountedRule>;
  get(clientId: string, ruleId: string): Promise<CountedRule | null>;
  list(clientId: string): Promise<CountedRule[]>;
  clients(): Promise<string[]>;
  /** false when there was no such rule */
  delete(clientId: string, ruleId: string): Promise<boolean>;
}

/** One partition set (one workflow), as Temporal's visibility knows it. */
export interface SetSummary {
  workflowId: string;
  clientId: string;
  ruleId: string;
  status: 'inactive' | 'pending' | 'firing';
}

export interface SetsPort {
  /** Within 2 seconds. @throws VigilError TEMPORAL_UNREACHABLE */
  list(clientId: string): Promise<SetSummary[]>;
}

export interface EventsPort {
  /** Publishes on `events.<clientId>.<type>`; resolves when the stream has stored it. */
  publish: (clientId: string, type: string, data: Record<string, unknown>) => Promise<{ sequence: number }>;
  /** Publishes a test alert on the alert stream, marked as such by the label `test: "true"`. */
  publishTestAlert(clientId: string): Promise<{ id: string }>;
}

/** Null is what its headers do not say: then somebody else than vigil wrote it. Times are ISO 8601. */
export interface DeadLetterSummary {
  /** In the dead-letter stream. */
  sequence: number;
  /** `_unknown` where the event's subject named no client. */
  clientId: string;
  reason: string | null;
  detail: string | null;
  /** Where the event was published, its sequence in the event stream, and when that stored it. */
  subject: string | null;
  eventSequence: number | null;
  eventStoredAt: string | null;
  buriedAt: string;
  /** Length of the event. */
  bytes: number;
  /** How it begins. */
  preview: string;
}

export interface DeadLetter extends DeadLetterSummary {
  /** The event as it came; only its beginning when it is not whole. */
  payload: Uint8Array;
  isWhole: boolean;
}

/** Each @throws VigilError NATS_UNREACHABLE */
export interface DeadLetterBoxPort {
  /** Newest first; `next`: say it as `before` to get the following ones, null when there are none. */
  list(query: {
    clientId?: string | undefined;
    reason?: string | undefined;
    limit: number;
    before?: number | undefined;
  }): Promise<{ deadLetters: DeadLetterSummary[]; next: number | null }>;
  get(sequence: number): Promise<DeadLetter | null>;
  /** Publishes the event, and once the stream has it, drops the letter. The same again within the stream's duplicate window is taken once. */
  replay(letter: DeadLetterSummary, event: { subject: string; payload: Uint8Array }): Promise<{ sequence: number }>;
  /** false when there was no such letter */
  drop(sequence: number): Promise<boolean>;
}

export type LiveMessage =
  | { kind: 'event'; clientId: string; type: string; sequence: number; time: string; data: Record<string, unknown> }
  | { kind: 'alert'; sequence: number; alert: AlertEnvelope };

export interface LivePort {
  /** Calls `listener` for every event and alert from now on. Returns the function that ends it. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
}

/** `degraded`: it is up, and something in it needs a person. */
export type PartState = 'starting' | 'up' | 'degraded' | 'down' | 'off';

export interface HealthReport {
  /** `ok` only when every part that should run is up, and nothing needs a person. */
  status: 'ok' | 'degraded' | 'starting' | 'down';
  parts: Record<string, { state: PartState; detail?: string }>;
  /** Why parts are degraded: the 20 oldest, oldest first. */
  reasons: ({ part: string } & DegradedReason)[];
  /** How many reasons there are in all. */
  reasonCount: number;
}

export interface MetricsPort {
  /** Everything measured, in Prometheus's text format. */
  text(): Promise<string>;
  /** The content type of it. */
  contentType: string;
  httpSeconds: { observe(labels: { method: string; route: string; status: number }, seconds: number): void };
}

export const MACHINE_STATES = ['stopped', 'starting', 'running'] as const;
export type MachineState = (typeof MACHINE_STATES)[number];

export interface Machine {
  clientId: string;
  machineId: string;
  state: MachineState;
  /** true once somebody pressed start or stop: the animation leaves it alone until released */
  held: boolean;
}

export interface MachinesPort {
  list(): Machine[];
  start(clientId: string, machineId?: string): void;
  stop(clientId: string, machineId?: string): void;
  /** Gives the machines back to the animation. */
  release(clientId: string): void;
}
