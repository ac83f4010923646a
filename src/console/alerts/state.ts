import type { AlertActed, AlertSummary } from '../server/wire.ts';
import { alertKey } from './describe.ts';

/** The alerts that the page knows. */
export interface AlertsState {
  /** By client. */
  lists: ReadonlyMap<string, readonly AlertSummary[]>;
  /** Whether the alerts of all clients have been read. */
  isComplete: boolean;
  /** What actions have answered, by alert: the lists follow a moment later. */
  acted: ReadonlyMap<string, Acted>;
}

interface Acted {
  /** As it was before the action: a list with a newer transition of it has the action. */
  alert: AlertSummary;
  result: Extract<AlertActed, { changed: boolean }>;
}

export type Change =
  /** All lists have been read, of these clients. */
  | { type: 'complete'; clientIds: readonly string[] }
  | { type: 'list'; clientId: string; alerts: readonly AlertSummary[] }
  | { type: 'acted'; alerts: readonly AlertSummary[]; results: readonly AlertActed[] };

export const FIRST_STATE: AlertsState = { lists: new Map(), isComplete: false, acted: new Map() };

export function reduce(state: AlertsState, change: Change): AlertsState {
  switch (change.type) {
    case 'complete': {
      const known = [...state.lists].filter(([clientId]) => change.clientIds.includes(clientId));
      return { ...state, lists: new Map(known), isComplete: true };
    }
    case 'list':
      return {
        ...state,
        lists: new Map(state.lists).set(change.clientId, change.alerts),
        acted: stillNeeded(state.acted, change.clientId, change.alerts),
      };
    case 'acted':
      return { ...state, acted: withResults(state.acted, change.alerts, change.results) };
  }
}

/** All alerts, as they are after the actions of this page. */
export const alertsOf = ({ lists, acted }: AlertsState): AlertSummary[] =>
  [...lists.values()].flat().map((alert) => afterAction(alert, acted.get(alertKey(alert))));

function afterAction(alert: AlertSummary, acted: Acted | undefined): AlertSummary {
  if (acted === undefined || alert.sequence > acted.alert.sequence) return alert;
  const { acknowledged: _acknowledged, snoozed: _snoozed, ...rest } = alert;
  const { state, acknowledged, snoozed } = acted.result;
  // Who acknowledges a latched alert ends it.
  return { ...rest, state: state === 'firing' ? alert.state : 'resolved', acknowledged, snoozed };
}

/** A list without the alert says that it is over. */
function stillNeeded(
  acted: AlertsState['acted'],
  clientId: string,
  alerts: readonly AlertSummary[],
): AlertsState['acted'] {
  const listed = new Map(alerts.map((alert) => [alert.id, alert.sequence]));
  const isNeeded = ({ alert, result: { id } }: Acted): boolean =>
    alert.clientId !== clientId || (listed.get(id) ?? Infinity) <= alert.sequence;
  return new Map([...acted].filter(([, each]) => isNeeded(each)));
}

function withResults(
  acted: AlertsState['acted'],
  alerts: readonly AlertSummary[],
  results: readonly AlertActed[],
): AlertsState['acted'] {
  const byId = new Map(results.map((result) => [result.id, result]));
  const changed = alerts.flatMap((alert): [string, Acted][] => {
    const result = byId.get(alert.id);
    if (result === undefined || 'problem' in result || !result.changed) return [];
    return [[alertKey(alert), { alert, result }]];
  });
  return new Map([...acted, ...changed]);
}
