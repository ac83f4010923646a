/**
 * Every limit of vigil. Rules and events of tenants are untrusted: state stays bounded whatever arrives. docs/limits.md
 * documents all of them.
 */
export const LIMITS = {
  /** Maximum nesting of `all`, `any` and `not`. */
  conditionDepth: 8,
  /** Leaves of one rule, across all its conditions. */
  conditionLeaves: 64,
  /** Entries of `in` and `notIn`. */
  listEntries: 1_000,
  /** Bytes of a rule as JSON in UTF-8. */
  ruleBytes: 131_072,
  /** Bytes of a rule's name in UTF-8. */
  nameBytes: 600,
  /** Bytes of all labels of a rule as JSON: every alert has a copy. */
  labelsBytes: 16_384,
  /** Entries of `expect`. */
  rosterEntries: 2_000,
  /** Properties in `groupBy`, and in `partitionBy`. */
  keyProperties: 8,
  /** Characters of a property path. */
  pathLength: 256,
  /** Characters of one value of a group or partition key; a rule that needs a longer one does not match the event. */
  keyValueLength: 256,
  /** Characters of a glob pattern, and of a text to search; with `textLength` it bounds the cost of one match. */
  globLength: 256,
  /** Characters kept of a string value; a longer one matches no glob and contains no text. */
  textLength: 1_024,
  /** Different values that a partition set receives of the elements of a list (`[*]`). */
  elements: 128,
  /** JSON bytes of them. */
  elementsBytes: 4_096,
  /**
   * JSON bytes of the values that a partition set receives of one event; the longest strings are cut until they fit.
   */
  eventBytes: 65_536,
  /** Groups of one rule, and so its partition sets. */
  groups: 5_000,
  /** Partitions in one set. */
  partitions: 100_000,
  /** Samples that a window keeps individually; above that, it is summarised. `distinct` with `hold` keeps no more. */
  windowSamples: 256,
  /** `last` of a calculation. They are kept individually, so it is at most `windowSamples`. */
  last: 256,
  /** `minSamples` of a calculation. */
  minSamples: 10_000,
  /** Slices of a summarised window. */
  windowSlices: 64,
  /** Distinct values that `distinct` counts in one window. */
  distinctValues: 256,
  /** Values that `flapping` considers. */
  flappingValues: 21,
  /** An event may be late by this many events before `unchanged` becomes inexact. */
  unchangedSamples: 16,
  /** Steps of a sequence. */
  sequenceSteps: 16,
  /** `times` of a step. Every event of a first step starts a partial match, so it is at most `partialMatches`. */
  stepTimes: 16,
  /** Stretches in `open` of a schedule. */
  scheduleStretches: 32,
  /** Dates in `except` of a schedule. */
  scheduleExceptions: 400,
  /** Partial matches of a sequence in one partition. */
  partialMatches: 16,
  /** Newest events of a partition that a sequence keeps, if its `not` or `unless` compares with an earlier step. */
  recentEvents: 16,
  /** Longest `lateTolerance`, milliseconds. */
  longestToleranceMs: 3_600_000,
  /** Longest `backfill`, milliseconds: 30 days. */
  longestBackfillMs: 30 * 86_400_000,
  /** Events that wait in a set for its clock (`lateTolerance`); a further one makes the oldest go first. */
  waitingEvents: 3_000,
  /** Approximate bytes of these events. */
  waitingBytes: 400_000,
  /** Approximate bytes of a set's state; above that, no partition may grow and no partition is added. */
  stateBytes: 800_000,
  /** Characters of a string that is only compared for equality; a longer one is stored as its hash. */
  comparedLength: 64,
  /** JSON bytes of such a string; differs from characters if they are not ASCII or need escaping. */
  comparedBytes: 70,
  /** Evidence items in one alert, which also has the total. */
  evidenceItems: 20,
  /** JSON bytes of the evidence items of one alert; one item always fits. */
  evidenceBytes: 32_768,
  /** Characters of a rendered message. */
  messageLength: 2_000,
  /** Bytes of a rendered message as JSON. */
  messageBytes: 8_192,
  /** Properties of the event behind the alert that the messages of a rule name. */
  messageProperties: 16,
  /** Characters kept of each of them. */
  messageTextLength: 256,
  /** Characters of one readable part of a workflow id, an alert id or an alert's subject. */
  idBitsLength: 200,
  /** Shortest heartbeat and repeat, milliseconds. */
  shortestIntervalMs: 1_000,
  /** Longest duration in a rule, milliseconds: 400 days. */
  longestDurationMs: 400 * 86_400_000,
  /** Interval at which a cap that stays reached is reported again, milliseconds. */
  limitReportMs: 3_600_000,
  /** Characters of the name of who acts on an alert. */
  actorLength: 256,
  /** Characters of the note of an action. */
  noteLength: 1_024,
  /** Longest snooze of an alert, milliseconds. */
  longestSnoozeMs: 366 * 86_400_000,
  /** An event further ahead of the stream's clock is rejected, milliseconds. */
  futureToleranceMs: 5 * 60_000,
} as const;

/** The limits that a running partition set can reach. When it does, it publishes an alert with the status `limit`. */
export type ReportedLimit = Extract<
  keyof typeof LIMITS,
  'groups' | 'partitions' | 'stateBytes' | 'windowSamples' | 'distinctValues' | 'partialMatches' | 'waitingEvents'
>;
