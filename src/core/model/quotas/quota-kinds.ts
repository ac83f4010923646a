/** What quotas limit, and what each number counts. */
export const QUOTA_TEXTS = {
  rules: 'rules that the client has, also paused and disabled ones',
  partitionSets: 'partition sets that the client has: one of each rule, with groupBy one of each group',
  partitions: 'partitions that each partition set of the client has, such as machines that a rule watches',
  eventsPerSecond: 'events of the client that count, each second; ten times as many in each 10 seconds',
  alertsPerMinute: 'notifications of the client that a receiver gets, each minute',
  previewSecondsPerHour: 'seconds for which previews of the client run, each hour, in each process',
} as const;
export type QuotaKind = keyof typeof QUOTA_TEXTS;

export const QUOTA_KINDS = Object.keys(QUOTA_TEXTS) as QuotaKind[];
