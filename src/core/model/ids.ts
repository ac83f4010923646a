/** Client ids and rule ids: they are part of subjects, bucket keys and workflow ids, so they hold nothing that any of these reads. */
export const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Whose set it is. */
export const clientOfPartitionSet = (setId: string): string => setId.slice(0, setId.indexOf('/'));

/** Whose set, or shard, it is; empty where the id is none of ours. */
export function ownerOfWorkflow(workflowId: unknown): { clientId?: string; ruleId?: string } {
  const [clientId, kind, ruleId] = typeof workflowId === 'string' ? workflowId.split('/', 3) : [];
  return clientId !== undefined && kind === 'rules' && ruleId !== undefined ? { clientId, ruleId } : {};
}

/** What all sets of its rule have in common: `client-01/rules/all-machines-stopped`. */
export const ruleOfPartitionSet = (setId: string): string => setId.split('/', 3).join('/');
