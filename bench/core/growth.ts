import { alternate, nanosecondsEach, type Round } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { resumePartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { Rule } from '../../src/core/model/rule-schema.ts';
import { evaluate, evaluateEach, open, payloadsOf, setDataOf } from './stream.ts';
import { machineEvents, WORKLOADS } from './workload.ts';

const [FEW, MANY] = [10, 100_000];
/** Sets that share the same partitions. */
const SETS = 100;
const EVENTS = 200_000;
/** As many for all: whether an event is in the processor's caches is not what is compared. */
const DISTINCT_EVENTS = 100_000;
/** Fewer than any set of these rules takes. */
const CHUNK = 200;

const ofLog = (many: number, few: number): { atMost: number } => ({ atMost: Math.log(many) / Math.log(few) });

export const growth: Bench = {
  name: 'core/growth',
  about:
    `What an event costs a set of ${MANY} partitions, by what O(log n) may cost: against ${SETS} sets that share as many, and against a set of ${FEW}. ` +
    'The former keep as much in memory: only what the evaluator does with it is compared. Ten partitions stay in the processor’s caches, where a hundred thousand ' +
    'cannot: there memory is compared too. The large sets are put together of smaller ones and resumed, as a set takes in no more partitions than `stateBytes` allows.',
  run: async (): Promise<Row[]> => {
    const rows: Row[] = [];
    for (const { name, rule } of WORKLOADS.filter(({ name }) => name === 'seed' || name === 'count')) {
      const figures = await alternate({
        few: costs(rule, FEW),
        many: costs(rule, MANY),
        spread: costs(rule, MANY, SETS),
      });
      const many = { what: `${MANY} partitions`, ...figures.many };
      rows.push(
        row(
          `${name}: growth`,
          'ns/event',
          many,
          { what: `${SETS} sets of ${MANY / SETS}`, ...figures.spread },
          { target: ofLog(MANY, MANY / SETS) },
        ),
        row(
          `${name}: growth`,
          'ns/event',
          many,
          { what: `${FEW} partitions`, ...figures.few },
          { aim: ofLog(MANY, FEW) },
        ),
      );
    }
    return rows;
  },
};

/** What an event costs where so many partitions are shared by so many sets, whose stream goes on from round to round. */
function costs(rule: Rule, machines: number, sets = 1): Round {
  const grown = Array.from({ length: sets }, (_, place) => grownSet(rule, machines, place, sets));
  const events = machineEvents(machines, DISTINCT_EVENTS);
  const data = setDataOf(rule, payloadsOf(events));
  const places = Uint8Array.from(events, ({ machineId }) => numberOf(machineId) % sets);
  let from = Math.max(...grown.map(({ state }) => state.mark));
  return () =>
    nanosecondsEach(EVENTS, () => {
      evaluateEach(grown, places, data, EVENTS, from);
      from += EVENTS;
    });
}

const machineIdOf = (number: number): string => `machine-${number}`;
const numberOf = (machineId: string): number => Number(machineId.slice(machineIdOf(0).length - 1));

/** A set to which every so-manieth machine, from `first` on, has reported. */
function grownSet(rule: Rule, machines: number, first: number, every: number): PartitionSet {
  const numbers = Array.from({ length: Math.ceil((machines - first) / every) }, (_, index) => first + index * every);
  const roll = setDataOf(
    rule,
    payloadsOf(numbers.map((number) => ({ machineId: machineIdOf(number), state: 'running', celsius: 20 }))),
  );
  const { state } = open(rule);
  for (let from = 0; from < roll.length; from += CHUNK) {
    const set = open(rule);
    evaluate(set, roll, Math.min(CHUNK, roll.length), from);
    Object.assign(state.partitions, set.state.partitions);
    Object.assign(state, { now: set.state.now, mark: set.state.mark });
  }
  return resumePartitionSet(rule, state);
}
