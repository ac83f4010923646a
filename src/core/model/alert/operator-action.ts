import type { Acknowledgement, AlertPhase, Snooze } from './alert.ts';
import type { Severity } from './severity.ts';
import type { Scalar } from '../../primitives/value.ts';

/** What people can do about an alert. Temporal stores the names as those of updates: they never change. */
export const ALERT_ACTIONS = ['acknowledge', 'unacknowledge', 'snooze', 'unsnooze'] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** The input of an action, as people and programs send it. */
export interface ActionInput {
  /** The alert's `partition`, where each partition has its own alert. */
  partition?: Record<string, Scalar>;
  /** Only if this is the alert's newest episode. */
  episode?: number;
  /** Who acts. */
  by: string;
  note?: string;
  /** The end of a snooze, ISO 8601. */
  until?: string;
}

/** An action whose input is valid. */
export interface OperatorAction extends Omit<ActionInput, 'until'> {
  name: AlertAction;
  /** Epoch ms; only of a snooze. */
  until?: number;
}

/** The alert after an action. */
export interface ActionResult {
  /** Whether the action changed anything. */
  changed: boolean;
  partition: Record<string, Scalar>;
  episode: number;
  state: AlertPhase;
  severity: Severity;
  acknowledged?: Acknowledgement;
  snoozed?: Snooze;
}
