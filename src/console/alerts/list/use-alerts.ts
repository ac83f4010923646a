import { useEffect, useReducer, useRef, useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import type { ShownState } from './filters.ts';
import { followAlerts, type Following } from '../follow.ts';
import { alertsOf, FIRST_STATE, reduce } from '../state.ts';
import { useActs } from '../act/use-acts.ts';

/** The alerts of all clients that the user may see, kept up to date, and the way to act on them. */
export function useAlerts(shown: ShownState) {
  const { live } = useConsole();
  const [state, dispatch] = useReducer(reduce, FIRST_STATE);
  const [failure, setFailure] = useState<string | null>(null);
  const following = useRef<Following | null>(null);
  useEffect(() => {
    following.current = followAlerts(live, shown, { dispatch, onFailure: setFailure });
    return following.current.stop;
  }, [shown]);
  const act = useActs((alerts, results) => dispatch({ type: 'acted', alerts, results }));
  return {
    alerts: alertsOf(state),
    clientIds: [...state.lists.keys()].sort(),
    isComplete: state.isComplete,
    failure,
    refresh: () => following.current?.refresh(),
    act,
  };
}
