import { parseRule } from '../../src/core/language/parse/parse-rule.ts';
import type { RuleIndex } from '../../src/core/matching/rule-index.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { alternate, nanosecondsEach } from '../measure.ts';
import { row, type Bench } from '../row.ts';
import { eventOf, indexOf, payloadsOf } from './stream.ts';
import { machineEvents } from './workload.ts';

const [FEW, MANY] = [1, 10_000];
const DISTINCT_EVENTS = 4_096;
const LAPS = 50;
const EVENTS = LAPS * DISTINCT_EVENTS;
const MACHINES = 50;
/** A Map larger than the CPU caches is a little slower; a factor near 2 would mean a scan over the rules. */
const TARGET = { atMost: 2 };

export const routing: Bench = {
  name: 'core/routing',
  about: `Matching an event to rules: a client with one matching rule and ${MANY} rules for other machines, against a client with one matching rule and ${FEW} other.`,
  run: async () => {
    const payloads = payloadsOf(machineEvents(MACHINES, DISTINCT_EVENTS));
    const events = payloads.map((_, number) => eventOf(payloads, number));
    const [few, many] = [clientWith(FEW), clientWith(MANY)];
    const round = (index: RuleIndex): Promise<number> =>
      nanosecondsEach(EVENTS, () => {
        let matches = 0;
        for (let lap = 0; lap < LAPS; lap++) for (const event of events) matches += index.match(event).length;
        return matches;
      });
    const figures = await alternate({ few: () => round(few), many: () => round(many) });
    return [
      row(
        'rules that do not match',
        'ns/event',
        { what: `${MANY} rules`, ...figures.many },
        { what: `${FEW} rule`, ...figures.few },
        { target: TARGET },
      ),
    ];
  },
};

const clientWith = (others: number): RuleIndex =>
  indexOf([
    ruleFor('wanted', '*'),
    ...Array.from({ length: others }, (_, number) => ruleFor(`other-${number}`, `elsewhere-${number}`)),
  ]);

const ruleFor = (id: string, machineId: string): Rule =>
  parseRule({
    id,
    clientId: 'client-01',
    where: [
      { property: 'type', equals: 'status' },
      { property: 'machineId', equals: machineId },
    ],
    partitionBy: ['machineId'],
    evaluate: { type: 'all', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  });
