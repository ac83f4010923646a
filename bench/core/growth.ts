import { alternate, nanosecondsEach, type Round } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import { resumeSet } from '../../src/core/step.ts';
import type { Rule } from '../../src/core/rule-schema.ts';
import type { SetEvent } from '../../src/core/set-event.ts';
import type { SetState } from '../../src/core/state.ts';
import { evaluate, open, payloadsOf, setDataOf } from './stream.ts';
import { machineEvents, WORKLOADS } from './workload.ts';

const [FEW, MANY] = [10, 100_000];
const EVENTS = 200_000;
/** As many for both sizes: whether an event is in the processor's caches is not what is compared. */
const DISTINCT_EVENTS = 100_000;
/** Fewer than any set of these rules takes. */
const CHUNK = 200;
/** log 100,000 / log 10: what O(log n) may cost. */
const TARGET = { atMost: Math.log(MANY) / Math.log(FEW) };

export const growth: Bench = {
  name: 'core/growth',
  about:
    'What an event costs a set of 100,000 partitions, against one of 10. The large state is put together of smaller ones and resumed, as a set takes in no more partitions than `stateBytes` allows. The target is what O(log n) may cost; most of it is the memory: 10 partitions stay in the processor.',
  run: async (): Promise<Row[]> => {
    const rows: Row[] = [];
    for (const { name, rule } of WORKLOADS.filter(({ name }) => name === 'seed' || name === 'count')) {
      const figures = await alternate({ few: eventCosts(rule, FEW), many: eventCosts(rule, MANY) });
      rows.push(row(`${name}: growth`, 'ns/event', { what: `${MANY} partitions`, ...figures.many }, { what: `${FEW} partitions`, ...figures.few }, TARGET));
    }
    return rows;
  },
};

interface Grown {
  state: SetState;
  /** Of the events that come next. */
  data: SetEvent['data'][];
}

/** What an event costs a set of so many partitions, whose stream goes on from round to round. */
function eventCosts(rule: Rule, machines: number): Round {
  const { state, data } = grownSet(rule, machines);
  const set = resumeSet(rule, state);
  return () => nanosecondsEach(EVENTS, () => evaluate(set, data, EVENTS, state.mark));
}

/** A state in which so many machines have reported. */
function grownSet(rule: Rule, machines: number): Grown {
  const reports = Array.from({ length: machines }, (_, machine) => ({ machineId: `machine-${machine}`, state: 'running', celsius: 20 }));
  const roll = setDataOf(rule, payloadsOf(reports));
  const { state } = open(rule);
  for (let from = 0; from < machines; from += CHUNK) {
    const set = open(rule);
    evaluate(set, roll, Math.min(CHUNK, machines), from);
    Object.assign(state.partitions, set.state.partitions);
    Object.assign(state, { now: set.state.now, mark: set.state.mark });
  }
  return { state, data: setDataOf(rule, payloadsOf(machineEvents(machines, DISTINCT_EVENTS))) };
}
