import type { AlertState } from '../partition-set/partition-set-state.ts';
import type { Scalar } from '../../primitives/value.ts';

/** What the alert stream has of a partition set. A set that has lost its state compares itself with it. Stored names. */
export interface StreamAlerts {
  /** When the last of its alerts was evaluated, epoch ms: what the set published before is on the stream. */
  untilMs: number;
  /** Of its newest alert. */
  generation: string;
  ruleVersion: number;
  /** Each alert of this generation as it was published last; the set's own first. More may follow. */
  alerts: StreamAlert[];
}

export interface StreamAlert {
  /** Its partition as in alert ids; empty for the alert of the set. */
  place: string;
  partition: Record<string, Scalar>;
  /** Id of its newest transition, from `#` on; empty: it has never fired. Earlier builds have stored all of the id. */
  id: string;
  /** As far as alerts tell it. */
  alert: ToldAlert;
}

/** The state of an alert without what is as in a new one. */
export type ToldAlert = Partial<AlertState> & Pick<AlertState, 'severity'>;
