import { Engine } from 'json-rules-engine';
import { alternate, perSecond } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import { evaluate, indexOf, open, parse, parseRouteEvaluate, payloadsOf, setDataOf } from './stream.ts';
import { machineEvents, WORKLOADS, type MachineEvent, type Workload } from './workload.ts';

const EVENTS = 200_000;
/** Fewer, because the rules engine is slower. */
const ENGINE_EVENTS = 20_000;
const DISTINCT_EVENTS = 4_096;
const UNIT = 'events/s';

export const speeds: readonly Bench[] = WORKLOADS.map((workload) => ({
  name: `core/${workload.name}`,
  about: workload.about,
  run: () => speedOf(workload),
}));

async function speedOf({ name, rule, machines, conditions, facts, target, aim }: Workload): Promise<Row[]> {
  const events = machineEvents(machines, DISTINCT_EVENTS);
  const payloads = payloadsOf(events);
  const data = setDataOf(rule, payloads);
  const index = indexOf([rule]);
  const engine = new Engine([{ conditions, event: { type: 'alert' } }]);
  const factsOfEvents = events.map(facts);

  // Sets are long-lived: their streams continue across rounds.
  const [set, pathSet] = [open(rule), open(rule)];
  const [next, pathNext] = [counter(EVENTS), counter(EVENTS)];

  const { ours, path, parseAlone, engineAlone, parseEngine } = await alternate({
    ours: () => perSecond(EVENTS, () => evaluate(set, data, EVENTS, next())),
    path: () => perSecond(EVENTS, () => parseRouteEvaluate(index, pathSet, payloads, EVENTS, pathNext())),
    parseAlone: () => perSecond(EVENTS, () => parseAll(payloads)),
    engineAlone: () => perSecond(ENGINE_EVENTS, () => runAll(engine, factsOfEvents)),
    parseEngine: () => perSecond(ENGINE_EVENTS, () => parseAndRunAll(engine, payloads, facts)),
  });
  return [
    row(
      `${name}: evaluate`,
      UNIT,
      { what: 'vigil', ...ours },
      { what: 'json-rules-engine', ...engineAlone },
      { target, aim },
    ),
    row(
      `${name}: parse + route + evaluate`,
      UNIT,
      { what: 'vigil', ...path },
      { what: 'JSON.parse + json-rules-engine', ...parseEngine },
    ),
    row(
      `${name}: parse + route + evaluate`,
      UNIT,
      { what: 'vigil', ...path },
      { what: 'JSON.parse alone', ...parseAlone },
    ),
  ];
}

/** 0, `step`, 2 × `step`, … */
function counter(step: number): () => number {
  let next = -step;
  return () => (next += step);
}

async function runAll(engine: Engine, factsOfEvents: readonly Record<string, unknown>[]): Promise<void> {
  for (let number = 0; number < ENGINE_EVENTS; number++) await engine.run(factsOfEvents[number % factsOfEvents.length]);
}

async function parseAndRunAll(
  engine: Engine,
  payloads: readonly Uint8Array[],
  facts: Workload['facts'],
): Promise<void> {
  for (let number = 0; number < ENGINE_EVENTS; number++) {
    await engine.run(facts(parse(payloads[number % payloads.length] as Uint8Array) as MachineEvent));
  }
}

function parseAll(payloads: readonly Uint8Array[]): number {
  let objects = 0;
  for (let number = 0; number < EVENTS; number++)
    if (typeof parse(payloads[number % payloads.length] as Uint8Array) === 'object') objects += 1;
  return objects;
}
