import { alertsOf, driver } from './driver.ts';

/** One row: what one partition reports, and what the alert then does. Seconds since the set's start. */
export interface Row {
  name: string;
  having: object;
  /** Arrival, and the properties; `time`: the event's own time, if it is another one. */
  events: [at: number, data: Record<string, unknown>][];
  until: number;
  alerts: [at: number, status: string][];
  /** Fields of the rule beside the usual ones. */
  rule?: object;
}

const ruleOf = ({ having, rule }: Row): object => ({
  id: 'rule',
  clientId: 'client-01',
  where: [{ property: 'type', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having },
  ...rule,
});

/** The alerts of a row. `restores`: the state makes a JSON round trip after every event. */
export function playRow(row: Row, restores: boolean): [at: number, status: string][] {
  const set = driver(ruleOf(row));
  for (const [at, data] of row.events) {
    set.send(at, { m: 'm1', ...data });
    if (restores) set.restore();
  }
  set.advance(row.until);
  return alertsOf(set).map(({ at, status }) => [at, status]);
}
