import type { AlertSummary, Severity } from '../../server/wire.ts';
import { isSnoozed, keyText } from '../describe.ts';

/** What the list shows, and how: all of it is in the address of the page. */
export interface Filters {
  state: ShownState;
  client: string;
  severity: Severity | '';
  text: string;
  acknowledged: YesOrNo;
  snoozed: YesOrNo;
  /** `rule`, `client` or `label:<name>`; empty: one list. */
  group: string;
  order: 'newest' | 'severity';
}

export type ShownState = 'open' | 'all';
type YesOrNo = 'yes' | 'no' | '';

export const NO_FILTERS: Filters = {
  ...{ state: 'open', client: '', severity: '', text: '', acknowledged: '', snoozed: '' },
  ...{ group: '', order: 'newest' },
};

/** From the most severe on. */
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info'];
const YES_OR_NO: readonly YesOrNo[] = ['yes', 'no', ''];
const LABEL_GROUP = /^label:./;

/** Values that the page does not know count as absent. */
export function readFilters(query: Readonly<Record<string, string>>): Filters {
  const { client = '', text = '', group = '' } = query;
  return {
    ...{ client, text },
    state: oneOf(['open', 'all'], query['state'], 'open'),
    severity: oneOf(SEVERITIES, query['severity'], ''),
    acknowledged: oneOf(YES_OR_NO, query['acknowledged'], ''),
    snoozed: oneOf(YES_OR_NO, query['snoozed'], ''),
    group: group === 'rule' || group === 'client' || LABEL_GROUP.test(group) ? group : '',
    order: oneOf(['newest', 'severity'], query['order'], 'newest'),
  };
}

/** The address of the list with these filters. */
export function addressOf(filters: Filters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters))
    if (value !== NO_FILTERS[name as keyof Filters]) query.set(name, String(value));
  return query.size === 0 ? '/alerts' : `/alerts?${query}`;
}

/** Whether something other than the state limits what is shown. */
export const isFiltered = ({ client, severity, text, acknowledged, snoozed }: Filters): boolean =>
  [client, severity, text, acknowledged, snoozed].some((each) => each !== '');

export function isShown(alert: AlertSummary, filters: Filters, nowMs: number): boolean {
  const { state, client, severity, text, acknowledged, snoozed } = filters;
  return (
    (state === 'all' || alert.state === 'firing') &&
    (client === '' || alert.clientId === client) &&
    (severity === '' || alert.severity === severity) &&
    (acknowledged === '' || (acknowledged === 'yes') === (alert.acknowledged !== undefined)) &&
    (snoozed === '' || (snoozed === 'yes') === isSnoozed(alert, nowMs)) &&
    hasText(alert, text)
  );
}

/** Each word is somewhere in the alert. */
function hasText(alert: AlertSummary, text: string): boolean {
  const { message, ruleId, clientId, group, partition, labels } = alert;
  const searched = [message, ruleId, clientId, keyText(group), keyText(partition), keyText(labels)].join('\n');
  const words = text.toLowerCase().split(/\s+/);
  return words.every((word) => searched.toLowerCase().includes(word));
}

const oneOf = <Each extends string>(known: readonly Each[], value: string | undefined, otherwise: Each | ''): Each =>
  known.find((each) => each === value) ?? (otherwise as Each);
