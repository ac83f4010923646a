import { alternate, nanosecondsEach, type Round } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { resumePartitionSet } from '../../src/core/evaluation/evaluate.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { evaluate, evaluateEach, open, payloadsOf, setDataOf } from './stream.ts';
import { machineEvents, WORKLOADS } from './workload.ts';

const [FEW, MANY] = [10, 100_000];
/** Number of sets that the same partitions are spread over. */
const SETS = 100;
const EVENTS = 200_000;
/** The same for all contestants, so that CPU cache hits on events do not differ. */
const DISTINCT_EVENTS = 100_000;
/** Partitions per step, fewer than any set of these rules accepts. */
const CHUNK = 200;

const ofLog = (many: number, few: number): { atMost: number } => ({ atMost: Math.log(many) / Math.log(few) });

export const growth: Bench = {
  name: 'core/growth',
  about:
    `Cost of an event in a set of ${MANY} partitions, with O(log n) as the limit: against ${SETS} sets with as many partitions in total, and against a set of ${FEW}. ` +
    'The former use the same memory, so this compares only the evaluator. Ten partitions fit into the CPU caches and a hundred thousand do not, ' +
    'so the latter also compares memory access. The large sets are merged from smaller ones and resumed, because a set accepts no more partitions than `stateBytes` allows.',
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

/**
 * Measures the cost of an event with `machines` partitions spread over `sets` sets; the stream continues across rounds.
 */
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

/** A set with the state of every `every`th machine, from `first` on. */
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
