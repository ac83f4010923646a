import type { Rule } from '../../model/rule/rule-schema.ts';
import type { Beginning, ChangeEffect } from './change-effect.ts';

/** A change of a rule, and the words of the rule that it changes. */
export interface Change {
  before: Rule | undefined;
  after: Rule | undefined;
  words: readonly (keyof Rule)[];
}

/** The effect of a change in plain English. */
export function linesOf({ kind, begins, primedFrom }: Omit<ChangeEffect, 'lines'>, change: Change): string[] {
  if (kind === 'nothing')
    return [change.words.length === 0 ? 'Nothing changes.' : 'Nothing runs: the rule is disabled.'];
  if (kind === 'ends') return endLines(change);
  if (primedFrom !== undefined) return primedLines(kind, primedFrom, change);
  if (kind === 'starts') return ['The rule starts without any state. It sees the events that are stored from now on.'];
  if (kind === 'beginsAnew') return anewLines(change);
  return [
    ...begins.map(beginningLine),
    begins.length > 0 ? 'Everything else is kept.' : 'Values, windows, pending times and alerts are kept.',
    ...(kind === 'keepsAll' ? [] : ['Conditions are judged again at once: alerts may fire or resolve.']),
    ...intervalLines(change),
  ];
}

/** `kind`: one that begins something. */
function primedLines(kind: ChangeEffect['kind'], backfill: string, change: Change): string[] {
  const events = `the events of the last ${backfill} (backfill)`;
  if (kind === 'starts')
    return [`The rule starts with ${events}. It publishes what fires now, and nothing that is over.`];
  if (kind === 'beginsAnew') return [...anewLines(change), `They begin with ${events}, and publish what fires now.`];
  return [
    `The partition sets would lose state, so they begin again with ${events}. They publish only what differs now; other alerts go on.`,
  ];
}

const LOST = 'Windows and pending times are lost, and so are acknowledgements and snoozes.';

function endLines({ after }: Change): string[] {
  const reason = after === undefined ? 'ruleDeleted' : 'ruleDisabled';
  return [`Its partition sets end: alerts that fire resolve (${reason}).`, LOST];
}

function anewLines({ before, after, words }: Change): string[] {
  const routes = (['where', 'groupBy'] as const).filter((word) => words.includes(word));
  const cause =
    routes.length > 0
      ? `Another ${routes.join(' and ')}: the partition sets end, and new ones begin without any state`
      : words.includes('partitionBy')
        ? 'Another partitionBy: all partitions begin without any state'
        : `From ${before?.evaluate.type} to ${after?.evaluate.type}: all partitions begin without any state`;
  return [`${cause}. Alerts that fire resolve (ruleUpdated).`, LOST];
}

function beginningLine({ part, condition = '' }: Beginning): string {
  switch (part) {
    case 'values':
      return `${condition}: begins without values. It sees only events after the change.`;
    case 'time':
      return `${condition}: counts from the change since when it holds.`;
    case 'fill':
      return `${condition}: is unknown until its window has filled after the change (whenFull).`;
    case 'levels':
      return 'Each level counts its for and keepFiringFor from the change; an alert that fires continues.';
    case 'matches':
      return 'Other steps: partial matches of the sequence are lost.';
    case 'settings':
      return 'Values that settings brought are lost until they come again.';
  }
}

const intervalLines = ({ words }: Change): string[] => [
  ...(words.includes('repeat') ? ['Reminders count from the change.'] : []),
  ...(words.includes('heartbeat') ? ['Heartbeats count from the change.'] : []),
];
