import type { AlertSummary } from '../../server/wire.ts';
import type { Asked } from './act-dialog.tsx';

/** What an operator can do with a row. */
export interface Acting {
  onSelect: (alert: AlertSummary) => void;
  onToggle: (alerts: readonly AlertSummary[]) => void;
  onAsk: (asked: Asked) => void;
}
