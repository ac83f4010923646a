import { collectGarbage, figuresOf } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import type { PartitionSet } from '../../src/core/partition-set/partition-set.ts';
import { evaluate, open, payloadsOf, setDataOf } from './stream.ts';
import { machineEvents, WORKLOADS } from './workload.ts';

const ROUNDS = 3;
const MACHINES = 50;
/** Six minutes of events; a one-minute window has about 120 samples. */
const EVENTS = 36_000;

export const memory: Bench = {
  name: 'core/memory',
  about: `Heap bytes per partition of a running set, against the bytes of its state as JSON (${MACHINES} partitions, ${EVENTS} events).`,
  run: () => Promise.resolve(WORKLOADS.map(memoryOf)),
};

function memoryOf({ name, rule }: (typeof WORKLOADS)[number]): Row {
  const heap: number[] = [];
  const json: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = heapUsed();
    // The events are collected, like those of a signal; only the state of the set stays.
    const set = grow(open(rule));
    heap.push((heapUsed() - before) / MACHINES);
    json.push(JSON.stringify(set.state).length / MACHINES);
  }
  return row(
    `${name}: memory`,
    'bytes/partition',
    { what: 'heap', ...figuresOf(heap) },
    { what: 'state', ...figuresOf(json) },
  );
}

function grow(set: PartitionSet): PartitionSet {
  evaluate(set, setDataOf(set.rule.rule, payloadsOf(machineEvents(MACHINES, EVENTS))), EVENTS);
  return set;
}

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
