const WORKFLOW_TASKS_FAIL = 'Workflow tasks fail';
const NOT_PUBLISHED = 'Alerts cannot be published';

/** The section of docs/operations.md about a degraded reason, by its code. A test compares them with that page. */
export const SECTIONS_OF_REASONS: Readonly<Record<string, string>> = {
  WORKFLOW_NONDETERMINISM: WORKFLOW_TASKS_FAIL,
  WORKFLOW_TOO_LARGE: WORKFLOW_TASKS_FAIL,
  WORKFLOW_UNREADABLE: WORKFLOW_TASKS_FAIL,
  WORKFLOW_BUG: WORKFLOW_TASKS_FAIL,
  SET_HELD: 'A partition set is held',
  ALERTS_NOT_PUBLISHED: NOT_PUBLISHED,
  DEAD_LETTERS_NOT_STORED: NOT_PUBLISHED,
  AUDIT_NOT_STORED: NOT_PUBLISHED,
  DELIVERY_FAILS: 'Temporal is down',
};
