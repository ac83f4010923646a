import type { Role } from '../../core/model/access/access.ts';

/**
 * What an operation needs. `of`: `client`, access to the client in its path; `own`, access to any client, and the
 * operation shows only that; `all`, access to all clients.
 */
export interface Need {
  role: Role;
  of: 'client' | 'own' | 'all';
}

const needs = (role: Role, of: Need['of'], ...operations: string[]): [string, Need][] =>
  operations.map((operation) => [operation, { role, of }]);

/** Operations that need no token: they show nothing of any client. */
export const PUBLIC = new Set([
  ...['getHealth', 'getOpenApiDocument', 'getAsyncApiDocument', 'getDocs'],
  ...['getSession', 'logIn', 'logOut'],
]);

/** What each other operation needs, by its id. An operation that is missing here is refused. */
export const NEEDS: ReadonlyMap<string, Need> = new Map([
  ...needs('sender', 'client', 'publishEvent', 'publishEvents'),
  ...needs('viewer', 'client', 'listRules', 'getRule', 'listVersions', 'getVersion', 'explainRule'),
  ...needs('viewer', 'client', 'listPartitionSets', 'getPartitionSet', 'listPartitions'),
  ...needs(
    'viewer',
    'client',
    'listAlerts',
    'getAlert',
    'listAlertValues',
    'listClientAudit',
    'getClient',
    'getQuotas',
  ),
  ...needs('viewer', 'client', 'listEventProperties'),
  ...needs('viewer', 'own', 'decodePayloads'),
  ...needs('viewer', 'own', 'listClients', 'listMachines', 'listDeadLetters', 'getDeadLetter', 'followLive'),
  ...needs('viewer', 'all', 'getMetrics', 'getLinks', 'listAudit'),
  ...needs('operator', 'client', 'acknowledgeAlert', 'unacknowledgeAlert', 'snoozeAlert', 'unsnoozeAlert'),
  ...needs('operator', 'client', 'acknowledgeAlerts', 'unacknowledgeAlerts', 'snoozeAlerts', 'unsnoozeAlerts'),
  ...needs('operator', 'client', 'publishTestAlert', 'startMachine', 'stopMachine'),
  ...needs('operator', 'client', 'silenceMachine', 'unsilenceMachine'),
  ...needs('operator', 'client', 'startMachines', 'stopMachines', 'releaseMachines'),
  ...needs('operator', 'client', 'pauseRule', 'resumeRule', 'pauseClient', 'resumeClient'),
  ...needs('operator', 'all', 'listProcesses'),
  ...needs('operator', 'own', 'replayDeadLetter', 'dropDeadLetter', 'encodePayloads'),
  ...needs('editor', 'client', 'putRule', 'deleteRule', 'enableRule', 'disableRule', 'rollBackRule', 'previewRule'),
  ...needs('admin', 'client', 'resetRule', 'closeOrphanedAlerts'),
  ...needs('admin', 'own', 'listTokens', 'createToken', 'revokeToken'),
  ...needs('admin', 'all', 'rebuildAlerts', 'setQuotas', 'clearQuotas'),
]);
