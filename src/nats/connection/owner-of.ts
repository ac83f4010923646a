/** The client and rule of a message, from its subject, as log fields. */
export function ownerOf(subject: string): { clientId?: string; ruleId?: string } {
  const [kind, clientId, ruleId] = subject.split('.');
  if (clientId === undefined) return {};
  return kind === 'alerts' && ruleId !== undefined ? { clientId, ruleId } : { clientId };
}
