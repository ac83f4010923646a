import { setTimeout as delay } from 'node:timers/promises';
import { thisMachine } from '../machine.ts';
import { compareWithCore } from './comparison.ts';
import { historiesOf } from './histories.ts';
import { RULES, SETS_AN_EVENT } from './load.ts';
import type { SoakReport } from './report.ts';
import { runEndsSince } from './run-ends.ts';
import { metricsOf, serverRss, type Sample } from './samples.ts';
import { createSender, type Sender } from './sender.ts';
import { startStand, type Stand } from './stand.ts';
import type { Point } from './trend.ts';
import { judge } from './verdict.ts';

const WARM_UP_MS = 10_000;
const PEAK_MS = 30_000;
/** Enough that no set ever waits for the sender, and no more, so that this is no memory test. */
const EVENTS_AHEAD = 40_000;
const POLL_MS = 200;
const SAMPLE_EVERY_MS = 2_000;
/** Enough for a slope over the second half; each halts vigil for some tens of milliseconds. */
const LOOKS_AT_LIVE_HEAP = 20;
const TELL_EVERY_MS = 30_000;
const WORKED_OFF_WITHIN_MS = 120_000;
const MINUTE_MS = 60_000;

/** Half of what vigil can take, for a long time. `tell` gets a line now and then. */
export async function soak(minutes: number, tell: (line: string) => void): Promise<SoakReport> {
  const at = new Date().toISOString();
  const stand = await startStand();
  try {
    const rules = [];
    for (const rule of RULES) rules.push(await stand.put(rule));
    const sender = createSender(stand.nats);
    tell(`vigil runs with ${RULES.length} rules; looking for the peak, ${(WARM_UP_MS + PEAK_MS) / 1_000} s`);
    const peak = await findPeak(stand, sender);
    await workedOff(stand, sender);
    const rate = Math.floor(peak / 2);
    tell(`peak ${Math.round(peak)} events/s; from now on ${rate} events/s for ${minutes} min`);
    const sinceMs = Date.now();
    const untilMs = performance.now() + minutes * MINUTE_MS;
    const [samples, liveHeap] = await Promise.all([
      takeSamples(stand, untilMs, tell),
      followLiveHeap(stand, minutes),
      sender.steadily(rate, untilMs),
    ]);
    await workedOff(stand, sender);
    tell('all is worked off; comparing with the core');
    const histories = await historiesOf(stand.temporal);
    const runEnds = await runEndsSince(stand.temporal, sinceMs);
    const comparison = await compareWithCore(stand, rules);
    return {
      at,
      machine: thisMachine(),
      minutes,
      sets: RULES.length,
      peak,
      rate,
      judged: judge(samples, liveHeap),
      histories,
      runEnds,
      comparison,
      samples,
      liveHeap,
    };
  } finally {
    await stand.stop();
  }
}

async function findPeak({ vigil }: Stand, sender: Sender): Promise<number> {
  let done = 0;
  const over = new AbortController();
  const polling = (async () => {
    while (!over.signal.aborted) {
      done = (await metricsOf(vigil.url)).applied / SETS_AN_EVENT;
      await delay(POLL_MS);
    }
  })();
  const ahead = (forMs: number): Promise<void> => sender.asFastAs(() => done, EVENTS_AHEAD, performance.now() + forMs);
  await ahead(WARM_UP_MS);
  const [begun, before] = [performance.now(), done];
  await ahead(PEAK_MS);
  const figure = ((done - before) * 1_000) / (performance.now() - begun);
  over.abort();
  await polling;
  return figure;
}

/** Until Temporal has taken everything. What workflows count as applied is a little more than that: also what a task had done that was tried again. */
async function workedOff({ vigil }: Stand, sender: Sender): Promise<void> {
  await sender.settle();
  const untilMs = performance.now() + WORKED_OFF_WITHIN_MS;
  for (;;) {
    const { applied, lagMessages } = await metricsOf(vigil.url);
    if (lagMessages === 0 && applied >= sender.sent() * SETS_AN_EVENT) return;
    if (performance.now() > untilMs)
      throw new Error(
        `${lagMessages} messages are still to be taken, ${applied} deliveries were applied of ${sender.sent() * SETS_AN_EVENT}`,
      );
    await delay(POLL_MS);
  }
}

async function takeSamples(
  { vigil, dataDir, temporal }: Stand,
  untilMs: number,
  tell: (line: string) => void,
): Promise<Sample[]> {
  const begun = performance.now();
  const samples: Sample[] = [];
  for (let tellAt = begun + TELL_EVERY_MS; performance.now() < untilMs;) {
    const next = delay(SAMPLE_EVERY_MS);
    const [metrics, temporalRss, natsRss] = await Promise.all([
      metricsOf(vigil.url),
      serverRss(dataDir, 'temporal'),
      serverRss(dataDir, 'nats'),
    ]);
    const sample = { minute: (performance.now() - begun) / MINUTE_MS, ...metrics, temporalRss, natsRss };
    samples.push(sample);
    if (performance.now() >= tellAt) {
      tellAt += TELL_EVERY_MS;
      const { continuedAsNew, events, megabytes } = await historiesOf(temporal);
      tell(
        `${sample.minute.toFixed(1)} min: vigil ${sample.rss.toFixed(0)} MB (heap ${sample.heapUsed.toFixed(0)}), Temporal ${temporalRss.toFixed(0)} MB, NATS ${natsRss.toFixed(0)} MB; ` +
          `lag ${sample.lagMessages} messages, ${sample.lagSeconds.toFixed(2)} s, ${sample.aside} clients set aside; ${sample.applied} applied, ${sample.signals} signals, ${sample.alerts} alerts; ` +
          `longest history ${events} events, ${megabytes.toFixed(1)} MB; continued as new ${continuedAsNew} times`,
      );
    }
    await next;
  }
  return samples;
}

async function followLiveHeap({ vigil }: Stand, minutes: number): Promise<Point[]> {
  const points: Point[] = [];
  for (let look = 0; look < LOOKS_AT_LIVE_HEAP; look++) {
    const next = delay((minutes * MINUTE_MS) / LOOKS_AT_LIVE_HEAP);
    points.push({ minute: (look * minutes) / LOOKS_AT_LIVE_HEAP, value: await vigil.liveHeap() });
    await next;
  }
  return points;
}
