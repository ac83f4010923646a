/**
 * Client ids and rule ids. They are part of subjects, bucket keys and workflow ids, so they hold none of their special
 * characters.
 */
export const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** The client that a partition set belongs to. */
export const clientOfPartitionSet = (setId: string): string => setId.slice(0, setId.indexOf('/'));

/** The client and rule of a partition set or shard; empty if the workflow is not one of vigil's. */
export function ownerOfWorkflow(workflowId: unknown): { clientId?: string; ruleId?: string } {
  const [clientId, kind, ruleId] = typeof workflowId === 'string' ? workflowId.split('/', 3) : [];
  return clientId !== undefined && kind === 'rules' && ruleId !== undefined ? { clientId, ruleId } : {};
}

/** The common prefix of all partition sets of a rule: `client-01/rules/all-machines-stopped`. */
export const ruleOfPartitionSet = (setId: string): string => setId.split('/', 3).join('/');
