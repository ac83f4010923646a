/**
 * Every cap of vigil, named. Rules and events of tenants are hostile until proven otherwise: whatever comes in, state
 * stays bounded. Documented in docs/limits.md.
 */
export const LIMITS = {
  /** How deep `all`, `any` and `not` may nest. */
  conditionDepth: 8,
  /** Leaves in one rule, over all its conditions. */
  conditionLeaves: 64,
  /** Entries of `in` and `notIn`. */
  listEntries: 1_000,
  /** Bytes of a rule as JSON in UTF-8. */
  ruleBytes: 131_072,
  /** Bytes of a rule's name in UTF-8: 200 characters of any script. */
  nameBytes: 600,
  /** Bytes of all labels of a rule as JSON: every alert has a copy. */
  labelsBytes: 16_384,
  /** Entries of `expect`. */
  rosterEntries: 2_000,
  /** Properties in `groupBy`, and in `partitionBy`. */
  keyProperties: 8,
  /** Characters of a property path. */
  pathLength: 256,
  /** Characters of one value of a group or partition key; an event with a longer one matches no rule that needs it. */
  keyValueLength: 256,
  /** Characters of a glob pattern; with `textLength` it bounds what one match can cost. */
  globLength: 256,
  /** Characters that are kept of a text value; a longer one matches no glob. */
  textLength: 1_024,
  /** Bytes of the values that a set gets of one event, as JSON; the longest texts are cut until they fit. */
  eventBytes: 65_536,
  /** Groups of one rule, so sets. */
  groups: 5_000,
  /** Partitions in one set. */
  partitions: 100_000,
  /** Samples that a window keeps one by one; beyond, it is summarised. */
  windowSamples: 256,
  /** Slices of a summarised window. */
  windowSlices: 64,
  /** Different values that `distinct` tells apart in one window. */
  distinctValues: 256,
  /** Values that `flapping` looks at. */
  flappingValues: 21,
  /** Events by which one may be late and `unchanged` is still exact. */
  unchangedSamples: 16,
  /** Steps of a sequence. */
  sequenceSteps: 16,
  /** Partial matches of a sequence in one partition. */
  partialMatches: 16,
  /** Bytes of a set's state, about: above, no partition may grow, and no further ones are taken. */
  stateBytes: 800_000,
  /** Characters of a text of which only matters whether it is the same; a longer one is kept as its hash. */
  comparedLength: 64,
  /** Bytes of such a text as JSON; it differs from the characters where these are not ASCII, or are escaped. */
  comparedBytes: 70,
  /** Evidence items in one alert; the total is told beside them. */
  evidenceItems: 20,
  /** Bytes of the evidence items of one alert as JSON; one always fits. */
  evidenceBytes: 32_768,
  /** Characters of a rendered message. */
  messageLength: 2_000,
  /** Bytes of a rendered message as JSON. */
  messageBytes: 8_192,
  /** Characters of a readable part of a workflow id, an alert id or an alert's subject. */
  idBitsLength: 200,
  /** Shortest heartbeat and repeat, milliseconds. */
  shortestIntervalMs: 1_000,
  /** Longest duration in a rule, milliseconds: 400 days. */
  longestDurationMs: 400 * 86_400_000,
  /** How often the same cap is reported while it stays reached, milliseconds. */
  limitReportMs: 3_600_000,
  /** An event further ahead of the stream's clock than this is refused, milliseconds. */
  futureToleranceMs: 5 * 60_000,
} as const;

/** The limits that a running partition set can reach. When it does, it publishes an alert with the status `limit`. */
export type ReportedLimit = Extract<
  keyof typeof LIMITS,
  'groups' | 'partitions' | 'stateBytes' | 'windowSamples' | 'distinctValues' | 'partialMatches'
>;

/** Reports that a limit was reached. */
export type Reached = (limit: ReportedLimit) => void;
