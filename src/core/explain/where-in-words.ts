import { writeForOthers } from '../primitives/text/write-json.ts';
import type { FailingEntry, WhereNow } from './explanation.ts';

/** Which events `where` matches, as lines of plain text. */
export function whereLines(where: WhereNow): string[] {
  const { read, from, to, unusable, matched, newestMatch, failing, lacking } = where;
  const dead = unusable === 0 ? [] : [`${unusable} more are not valid: see the dead letters.`];
  if (read === 0) return ['The stream has no events of the client.', ...dead];
  const newest = newestMatch === null ? '' : `, the newest is event ${newestMatch.sequence} of ${newestMatch.time}`;
  return [
    `\`where\` matches ${matched === 0 ? 'none' : matched} of the client's newest ${read} events, of ${from} to ${to}${newest}.`,
    ...failing.map(failingLine),
    ...lacking.map(
      ({ property, word, events }) =>
        `  ${events} of those that match: no value of ${property} (${word}) that can be a key, so the rule skips them`,
    ),
    ...dead,
  ];
}

function failingLine({ text, events, alone, example }: FailingEntry): string {
  const only = alone === 0 ? '' : alone === events ? ', and nothing else' : `, ${alone} of them nothing else`;
  const has = example.has.map(({ property, value }) =>
    value === undefined ? `no ${property}` : `${property} ${writeForOthers(value)}`,
  );
  return `  ${text}: ${events} fail it${only} (event ${example.event.sequence} has ${has.join(', ')})`;
}
