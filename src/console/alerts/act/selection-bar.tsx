import type { AlertSummary } from '../../server/wire.ts';
import type { Asked } from './act-dialog.tsx';
import { toggleOf } from './actions.ts';

interface SelectionBarProps {
  alerts: readonly AlertSummary[];
  onToggle: () => void;
  onAsk: (kind: Asked['kind']) => void;
  onClear: () => void;
}

/** The actions on all selected alerts. */
export const SelectionBar = ({ alerts, onToggle, onAsk, onClear }: SelectionBarProps) => (
  <div class="selection" role="toolbar" aria-label="selected alerts">
    <strong>{alerts.length} selected</strong>
    <button type="button" onClick={onToggle}>
      {toggleOf(alerts) === 'acknowledge' ? 'Acknowledge' : 'Unacknowledge'}
    </button>
    <button type="button" aria-haspopup="dialog" onClick={() => onAsk('acknowledge')}>
      Acknowledge with a note
    </button>
    <button type="button" aria-haspopup="dialog" onClick={() => onAsk('snooze')}>
      Snooze
    </button>
    <button type="button" class="quiet" onClick={onClear}>
      Clear
    </button>
  </div>
);
