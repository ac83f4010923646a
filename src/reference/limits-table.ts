import { formatDuration } from '../core/duration.ts';
import { LIMITS } from '../core/limits.ts';

type Limit = keyof typeof LIMITS;

/** What each cap is, and what happens beyond it. */
const MEANINGS: Record<Limit, string> = {
  conditionDepth: 'how deep `all`, `any` and `not` nest; beyond, the rule is refused',
  conditionLeaves: 'comparisons in all conditions of a rule; beyond, the rule is refused',
  listEntries: 'entries of `in` and `notIn`; beyond, the rule is refused',
  ruleBytes: 'bytes of a rule as JSON; beyond, it is refused',
  rosterEntries: 'entries of `expect`; beyond, the rule is refused',
  keyProperties: 'properties in `groupBy`, and in `partitionBy`; beyond, the rule is refused',
  pathLength: 'characters of a property path; beyond, the rule is refused',
  keyValueLength: 'characters of one value of `groupBy` or `partitionBy`; an event with a longer one is not for the rule',
  globLength: 'characters of a `glob`; beyond, the rule is refused',
  textLength: 'characters of a text value, and of `message`; a longer value matches no comparison but `exists` and `*`',
  partitions: 'partitions in one set; events of further ones are left out, and a `limit` alert says so',
  windowSamples: 'samples that a window keeps one by one; beyond, they are summarised in slices',
  windowSlices: 'slices of a summarised window; a slice counts until its newest sample leaves',
  distinctValues: 'different values that `distinct` tells apart in one window; beyond, the oldest is forgotten',
  flappingValues: 'values that `flapping` looks at',
  unchangedSamples: 'events by which one may be late and `unchanged` is still exact',
  sequenceSteps: 'steps of a sequence; beyond, the rule is refused',
  partialMatches: 'partial matches of a sequence in one partition; a further one takes the place of the oldest',
  stateBytes: 'bytes of the state of one set, about; above, windows are kept more coarsely, no further partitions are taken, and a `limit` alert says so',
  comparedLength: 'characters up to which `changes`, `distinct`, `unchanged` and `flapping` keep a text as it is; a longer one is kept as its hash',
  evidenceItems: 'partitions in the evidence of an alert; their total is told beside them',
  messageLength: 'characters of a message; the rest is cut off',
  idBitsLength: 'characters of the readable part of a workflow id; longer ones end with a hash',
  shortestIntervalMs: 'the shortest `heartbeat` and `repeat`; below, the rule is refused',
  longestDurationMs: 'the longest duration; beyond, the rule is refused',
  limitReportMs: 'a `limit` alert is published again this often while the cap stays reached',
  futureToleranceMs: 'how far the own time of an event may be ahead of its arrival; beyond, it goes to the dead letters',
};

export function limitsTable(): string {
  const rows = Object.entries(MEANINGS).map(([name, meaning]) => `| \`${name}\` | ${shown(name as Limit)} | ${meaning} |`);
  return ['| Limit | | What it is |', '|---|---|---|', ...rows].join('\n');
}

const shown = (name: Limit): string => (name.endsWith('Ms') ? formatDuration(LIMITS[name]) : LIMITS[name].toLocaleString('en-US'));
