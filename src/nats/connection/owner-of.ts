/** Whose message it is, by its subject: as fields of the log. */
export function ownerOf(subject: string): { clientId?: string; ruleId?: string } {
  const [kind, clientId, ruleId] = subject.split('.');
  if (clientId === undefined) return {};
  return kind === 'alerts' && ruleId !== undefined ? { clientId, ruleId } : { clientId };
}
