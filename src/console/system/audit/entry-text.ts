import type { AuditEntry } from '../../server/wire.ts';

/** `putRule` → `Put rule` */
export function actionText(action: string): string {
  const words = action.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What an action was about, without its client: `too-hot, version 3`. */
export const subjectText = ({ ruleId, version, alertId, deadLetter, token }: AuditEntry): string =>
  [
    ruleId,
    version !== undefined && `version ${version}`,
    alertId !== undefined && `alert ${alertId}`,
    deadLetter !== undefined && `dead letter ${deadLetter}`,
    token !== undefined && `token ${token}`,
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');

/** `console, 10.0.0.7, for 192.0.2.1, token ci` */
export const originText = ({ channel, address, forwardedFor, token }: AuditEntry['from']): string =>
  [channel, address, forwardedFor !== undefined && `for ${forwardedFor}`, token !== undefined && `token ${token}`]
    .filter((part) => typeof part === 'string')
    .join(', ');

/** The note, and how and until when. */
export const remarkText = ({ note, mode, until }: AuditEntry): string =>
  [note, mode, until !== undefined && `until ${until}`].filter((part) => typeof part === 'string').join(', ');
