/** A rule to start from. */
export interface Template {
  id: string;
  title: string;
  /** When it fires, in one sentence. */
  about: string;
  /** Without the client. */
  yaml: string;
}

export const TEMPLATES: readonly Template[] = [
  {
    id: 'above',
    title: 'Above a threshold for 5 minutes',
    about: 'A value of a machine is too high, and stays there. It is over once the value is clearly lower.',
    yaml: `id: too-hot
name: Machine too hot
where:
  - { property: type, equals: temperature }
partitionBy: [machineId]
evaluate:
  type: each
  having: { calc: latest, property: celsius, gt: 80 }
for: 5m
# The alert resolves only below this, so that it does not flap.
clear: { calc: latest, property: celsius, lt: 75 }
severity: warning
message: '{{partition.machineId}} is at {{value}} °C'
`,
  },
  {
    id: 'any-stopped',
    title: 'Any machine has stopped',
    about: 'At least one of the machines is stopped: one alert for all of them.',
    yaml: `id: any-stopped
name: A machine is stopped
where:
  - { property: type, equals: status }
partitionBy: [machineId]
evaluate:
  type: any
  having: { calc: latest, property: state, equals: stopped }
severity: warning
message: '{{count}} of {{total}} machines are stopped'
`,
  },
  {
    id: 'all-stopped',
    title: 'All machines have stopped',
    about: 'Every machine that reports is stopped.',
    yaml: `id: all-stopped
name: All machines are stopped
where:
  - { property: type, equals: status }
partitionBy: [machineId]
evaluate:
  type: all
  having: { calc: latest, property: state, equals: stopped }
severity: critical
message: 'All {{total}} machines are stopped'
`,
  },
  {
    id: 'silent',
    title: 'A machine went silent',
    about: 'A machine has sent nothing for 10 minutes.',
    yaml: `id: silent
name: Machine is silent
where:
  - { property: machineId, exists: true }
partitionBy: [machineId]
evaluate:
  type: each
  having: { calc: age, gt: 10m }
severity: warning
message: '{{partition.machineId}} has sent nothing for 10 minutes'
`,
  },
  {
    id: 'too-many',
    title: 'Too many events within a window',
    about: 'The same thing happens more than 5 times in 10 minutes.',
    yaml: `id: too-many-faults
name: Too many faults
where:
  - { property: type, equals: fault }
partitionBy: [machineId]
evaluate:
  type: each
  having: { calc: count, within: 10m, gt: 5 }
severity: warning
message: '{{partition.machineId}} had {{value}} faults in 10 minutes'
`,
  },
  {
    id: 'failing-share',
    title: 'A share of events has failed',
    about: 'More than 5 % of at least 20 requests of the last 5 minutes have failed.',
    yaml: `id: failing-requests
name: Requests fail
where:
  - { property: type, equals: request }
evaluate:
  type: any
  having:
    calc: ratio
    where:
      - { property: status, gte: 500 }
    within: 5m
    minSamples: 20
    gt: 0.05
severity: critical
message: 'Too many requests of {{clientId}} fail'
`,
  },
  {
    id: 'average',
    title: 'An average is too high',
    about: 'The average of a value over 15 minutes is too high: single peaks do not count.',
    yaml: `id: average-too-high
name: Pressure too high on average
where:
  - { property: type, equals: pressure }
partitionBy: [machineId]
evaluate:
  type: each
  having: { calc: avg, property: bar, within: 15m, gt: 6 }
severity: warning
message: '{{partition.machineId}} is at {{value}} bar on average'
`,
  },
  {
    id: 'share-of-machines',
    title: 'A share of the machines is affected',
    about: 'At least half of the machines are stopped at the same time.',
    yaml: `id: half-stopped
name: Half of the machines are stopped
where:
  - { property: type, equals: status }
partitionBy: [machineId]
evaluate:
  type: percent
  having: { calc: latest, property: state, equals: stopped }
  gte: 50
severity: critical
message: '{{count}} of {{total}} machines are stopped'
`,
  },
  {
    id: 'did-not-follow',
    title: 'Something did not follow',
    about: 'A machine was started, and did not run within 2 minutes.',
    yaml: `id: start-failed
name: Start failed
where:
  - { property: type, equals: status }
partitionBy: [machineId]
evaluate:
  type: sequence
  steps:
    - where: [{ property: state, equals: starting }]
    - not: { where: [{ property: state, equals: running }] }
      within: 2m
severity: warning
message: '{{partition.machineId}} was started and does not run'
`,
  },
];

/** For who wants to write it all. */
export const EMPTY_ID = 'empty';
const EMPTY = `id: my-rule
where:
  - { property: type, equals: '*' }
evaluate:
  type: any
  having: { calc: count, within: 5m, gt: 0 }
`;

/** The text of a template for a client; null if there is none with that name. */
export function textOf(templateId: string, clientId: string): string | null {
  const yaml = templateId === EMPTY_ID ? EMPTY : TEMPLATES.find(({ id }) => id === templateId)?.yaml;
  return yaml?.replace('\n', `\nclientId: ${clientId}\n`) ?? null;
}
