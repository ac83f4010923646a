/* Addresses of the pages, which say what they show. */

export interface RuleAddress {
  clientId: string;
  ruleId: string;
}

export const rulePath = ({ clientId, ruleId }: RuleAddress): string =>
  `/rules/${encodeURIComponent(clientId)}/${encodeURIComponent(ruleId)}`;

export const editPath = (rule: RuleAddress): string => `${rulePath(rule)}/edit`;

/** @param clientId for which client; null: to be chosen */
export const newRulePath = (clientId: string | null): string => withQuery('/rules/new', { client: clientId });

/** The query of an address as preact-iso has it: with the path. */
export const queryOf = (url: string): URLSearchParams => new URLSearchParams(url.split('?')[1] ?? '');

/** An address with these values in its query instead of those with the same names; empty ones are left out. */
export function withQuery(url: string, changes: Record<string, string | readonly string[] | null>): string {
  const query = queryOf(url);
  for (const [name, values] of Object.entries(changes)) {
    query.delete(name);
    for (const value of [values ?? []].flat()) if (value !== '') query.append(name, value);
  }
  const path = url.split('?')[0] ?? url;
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** The page of a workflow in the Temporal UI. */
export const workflowPage = (ui: string, namespace: string, workflowId: string): string =>
  `${ui.replace(/\/$/, '')}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
