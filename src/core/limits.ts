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
  /** Bytes of a rule as JSON. */
  ruleBytes: 131_072,
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
  /** Bytes of a set's state, about: above, windows are kept more coarsely, and no further partitions are taken. */
  stateBytes: 800_000,
  /** Characters of a text of which only matters whether it is the same; a longer one is kept as its hash. */
  comparedLength: 64,
  /** Evidence items in one alert; the total is told beside them. */
  evidenceItems: 20,
  /** Characters of a rendered message. */
  messageLength: 2_000,
  /** Characters of the readable part of a workflow id. */
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
