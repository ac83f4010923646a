/** Events of one type, the id of the rule unless it says another, and all alerts that they lead to. */
export interface LanguageStep {
  events: readonly ({ m?: string; type?: string } & Record<string, unknown>)[];
  /** `<status> <severity> <partition>: <message>`, as `lineOf` of the test writes them. */
  alerts: readonly string[];
}

/** A rule with words of 1.1, and what must be published for its events. The next step waits for the alerts of the last. */
export interface LanguageCase {
  name: string;
  rule: { id: string } & Record<string, unknown>;
  steps: readonly LanguageStep[];
}

const latest = (property: string, comparison: object): object => ({ calc: 'latest', property, ...comparison });
const temp = (comparison: object): object => latest('temp', comparison);

export const LANGUAGE_CASES: readonly LanguageCase[] = [
  {
    name: 'each level waits for its own `for`, and goes on until its own `clear`',
    rule: {
      id: 'levels',
      evaluate: {
        type: 'each',
        levels: [
          { severity: 'warning', having: temp({ gt: 80 }), clear: temp({ lt: 70 }), for: '1s' },
          { severity: 'critical', having: temp({ gt: 100 }), clear: temp({ lt: 95 }), for: '2s' },
        ],
      },
      message: '{{partition.m}} has {{value}} °C',
    },
    steps: [
      {
        events: [
          { m: 'b', temp: 75 },
          { m: 'a', temp: 110 },
        ],
        alerts: ['firing warning a: a has 110 °C', 'severity critical a: a has 110 °C'],
      },
      {
        // 97 and 75 are between `having` and `clear`.
        events: [
          { m: 'a', temp: 97 },
          { m: 'a', temp: 90 },
          { m: 'a', temp: 75 },
          { m: 'a', temp: 60 },
        ],
        alerts: ['severity warning a: a has 90 °C', 'resolved warning a: Resolved: a has 60 °C'],
      },
    ],
  },
  {
    name: '`tags[*]` in `where` takes the events of which any element matches',
    rule: {
      id: 'elements',
      where: [{ property: 'tags[*].name', equals: 'urgent' }],
      evaluate: { type: 'each', having: latest('state', { equals: 'open' }) },
      message: '{{partition.m}} is {{event.state}}',
    },
    steps: [
      {
        events: [
          { m: 'a', state: 'open', tags: [{ name: 'minor' }] },
          { m: 'b', state: 'open', tags: [{ name: 'minor' }, { name: 'urgent' }] },
          { m: 'b', state: 'closed', tags: [] },
          { m: 'b', state: 'closed', tags: [{ name: 'urgent' }] },
        ],
        alerts: ['firing warning b: b is open', 'resolved warning b: Resolved: b is closed'],
      },
    ],
  },
  {
    name: 'a comparison with another property of the event',
    rule: {
      id: 'property-operand',
      where: [{ property: 'used', gt: { property: 'quota', times: 0.9 } }],
      evaluate: { type: 'each', having: { calc: 'count', within: '1h', gte: 2 } },
      message: '{{partition.m}}: {{value}}',
    },
    steps: [
      {
        events: [
          { m: 'a', used: 90, quota: 100 },
          { m: 'a', used: 90, quota: 100 },
          { m: 'b', used: 91, quota: 100 },
          { m: 'b', used: 91, quota: 100 },
        ],
        alerts: ['firing warning b: b: 2'],
      },
    ],
  },
  {
    name: 'a comparison with what `settings` brought: for all, and for one partition',
    rule: {
      id: 'settings',
      settings: [{ property: 'type', equals: 'limits' }],
      evaluate: { type: 'each', having: temp({ gt: { latest: 'max', default: 80 } }) },
      message: '{{value}} °C exceed {{threshold}}',
    },
    steps: [
      {
        events: [
          { m: 'a', temp: 65 },
          { m: 'b', temp: 65 },
          { m: 'b', type: 'limits', max: 70 },
          { type: 'limits', max: 60 },
        ],
        alerts: ['firing warning a: 65 °C exceed 60'],
      },
      { events: [{ m: 'a', temp: 50 }], alerts: ['resolved warning a: Resolved: 50 °C exceed 60'] },
    ],
  },
  {
    name: 'with `hold`, a value counts for as long as it lasts',
    rule: {
      id: 'hold',
      evaluate: { type: 'each', having: { calc: 'avg', property: 'load', within: '2s', hold: true, gt: 50 } },
      message: '{{partition.m}}',
    },
    steps: [
      {
        events: [
          { m: 'a', load: 20 },
          { m: 'a', load: 80 },
        ],
        alerts: ['firing warning a: a'],
      },
      { events: [{ m: 'a', load: 20 }], alerts: ['resolved warning a: Resolved: a'] },
    ],
  },
  {
    name: '`last` looks at the newest samples, however old',
    rule: {
      id: 'last',
      evaluate: { type: 'each', having: { calc: 'avg', property: 'load', last: 3, gt: 60 } },
      message: '{{value}}',
    },
    steps: [
      {
        events: [10, 60, 80, 70, 0].map((load) => ({ m: 'a', load })),
        alerts: ['firing warning a: 70', 'resolved warning a: Resolved: 50'],
      },
    ],
  },
];
