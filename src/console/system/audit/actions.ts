/** What one can look for. A test compares them with the actions of the API. */
export const AUDITED_ACTIONS = [
  ...['putRule', 'deleteRule', 'enableRule', 'disableRule', 'rollBackRule', 'resetRule'],
  ...['pauseRule', 'resumeRule', 'pauseClient', 'resumeClient'],
  ...['acknowledgeAlert', 'unacknowledgeAlert', 'snoozeAlert', 'unsnoozeAlert'],
  ...['closeOrphanedAlerts', 'rebuildAlerts', 'replayDeadLetter', 'dropDeadLetter'],
  ...['createToken', 'revokeToken', 'setQuotas', 'clearQuotas'],
];
