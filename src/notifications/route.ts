import type { AlertData } from '../core/model/alert/alert.ts';
import { compileComparison } from '../core/compilation/conditions/predicate.ts';
import type { AlertMatch, Policy } from './policy-schema.ts';

/** Whether the policy routes an alert to the receiver: at least one of its routes must match. */
export function routeTo(policy: Policy, receiver: string): (alert: AlertData) => boolean {
  const matchers = policy.routes.filter(({ notify }) => notify.includes(receiver)).map(({ match }) => matcher(match));
  return (alert) => matchers.some((matches) => matches(alert));
}

/** All given conditions must match; in a list, one entry must match. */
function matcher({
  clientId,
  ruleId,
  status,
  severity,
  reason,
  labels = {},
}: AlertMatch): (alert: AlertData) => boolean {
  const [clients, rules] = [globs(clientId), globs(ruleId)];
  const wanted = Object.entries(labels).map(([name, patterns]) => [name, globs(patterns)] as const);
  return (alert) =>
    clients(alert.clientId) &&
    rules(alert.ruleId) &&
    (status?.includes(alert.status) ?? true) &&
    (severity?.includes(alert.severity) ?? true) &&
    (reason?.includes(alert.reason) ?? true) &&
    wanted.every(([name, matches]) => matches(alert.labels[name]));
}

function globs(patterns: readonly string[] | undefined): (value: unknown) => boolean {
  if (patterns === undefined) return () => true;
  const tests = patterns.map((glob) => compileComparison({ glob }));
  return (value) => tests.some((test) => test(value));
}
