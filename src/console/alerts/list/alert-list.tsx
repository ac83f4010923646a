import type { RefObject } from 'preact';
import type { Acting } from '../act/acting.ts';
import { AlertRow } from './alert-row.tsx';
import { alertKey } from '../describe.ts';
import type { AlertGroup } from './grouping.ts';

interface AlertListProps {
  groups: readonly AlertGroup[];
  nowMs: number;
  currentKey: string | null;
  selected: ReadonlySet<string>;
  list: RefObject<HTMLDivElement | null>;
  onCurrent: (key: string) => void;
  /** Absent: the user may only look. */
  acting?: Acting;
}

export function AlertList({ groups, nowMs, currentKey, selected, list, onCurrent, acting }: AlertListProps) {
  const keys = groups.flatMap(({ alerts }) => alerts.map(alertKey));
  // One row can be reached with Tab; arrows lead to the others.
  const reachable = currentKey !== null && keys.includes(currentKey) ? currentKey : keys[0];
  return (
    <div class="alert-list" ref={list}>
      {groups.map(({ name, alerts }) => (
        <section key={name} aria-label={name || 'alerts'}>
          {name !== '' && (
            <h2>
              {name} <span class="aside">{alerts.length}</span>
            </h2>
          )}
          <ul>
            {alerts.map((alert) => {
              const key = alertKey(alert);
              return (
                <AlertRow
                  key={key}
                  {...{ alert, nowMs }}
                  isReachable={key === reachable}
                  isSelected={selected.has(key)}
                  onFocus={() => onCurrent(key)}
                  {...(acting && { acting })}
                />
              );
            })}
          </ul>
        </section>
      ))}
    </div>
  );
}
