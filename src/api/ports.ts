import type { AlertEnvelope } from '../core/alert.ts';
import type { Rule } from '../core/rule-schema.ts';
import type { StoredRule } from '../core/stored-rule.ts';

/** What the API needs of the rest of vigil. `src/app` wires the real ones; tests may give their own. */
export interface ApiDeps {
  rules: RulesPort;
  sets: SetsPort;
  events: EventsPort;
  live: LivePort;
  health: () => HealthReport;
  /** Absent when the simulator is off. */
  machines?: MachinesPort;
  /** Where people can look further, shown by the page. */
  links: { temporalUi: string | null; nats: string };
}

export interface RulesPort {
  /** @throws VigilError RULE_INVALID */
  put(rule: Rule): Promise<StoredRule>;
  get(clientId: string, ruleId: string): Promise<StoredRule | null>;
  list(clientId: string): Promise<StoredRule[]>;
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
  list(clientId: string): Promise<SetSummary[]>;
}

export interface EventsPort {
  /** Publishes on `events.<clientId>.<type>`; resolves when the stream has stored it. */
  publish: (clientId: string, type: string, data: Record<string, unknown>) => Promise<{ sequence: number }>;
  /** Publishes a test alert on the alert stream, marked as such by the label `test: "true"`. */
  publishTestAlert(clientId: string): Promise<{ id: string }>;
}

export type LiveMessage =
  | { kind: 'event'; clientId: string; type: string; sequence: number; time: string; data: Record<string, unknown> }
  | { kind: 'alert'; sequence: number; alert: AlertEnvelope };

export interface LivePort {
  /** Calls `listener` for every event and alert from now on. Returns the function that ends it. */
  subscribe(listener: (message: LiveMessage) => void): () => void;
}

export type PartState = 'starting' | 'up' | 'down' | 'off';

export interface HealthReport {
  /** `ok` only when every part that should run is up. */
  status: 'ok' | 'starting' | 'down';
  parts: Record<string, { state: PartState; detail?: string }>;
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
