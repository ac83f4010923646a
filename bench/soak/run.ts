import { setTimeout as delay } from 'node:timers/promises';
import { thisMachine } from '../machine.ts';
import { compareWithCore } from './report/comparison.ts';
import { historiesOf } from './histories.ts';
import { RULES, SETS_PER_EVENT } from './load.ts';
import type { SoakReport } from './report/report.ts';
import { runEndsSince } from './run-ends.ts';
import { metricsOf, serverRss, type Sample } from './samples.ts';
import { createSender, type Sender } from './sender.ts';
import { startSoakStack, type SoakStack } from './soak-stack.ts';
import type { Point } from './report/trend.ts';
import { judge } from './report/verdict.ts';

const WARM_UP_MS = 10_000;
const PEAK_MS = 30_000;
/** Enough that no set waits for the sender, but not so many that this becomes a memory test. */
const EVENTS_AHEAD = 40_000;
const POLL_MS = 200;
const SAMPLE_EVERY_MS = 2_000;
/** Enough for a slope over the second half; each pauses vigil for tens of milliseconds. */
const LIVE_HEAP_SAMPLES = 20;
const PROGRESS_EVERY_MS = 30_000;
const DRAINED_WITHIN_MS = 120_000;
const MINUTE_MS = 60_000;

/** Runs vigil at half of its peak load for `minutes`. Passes progress lines to `progress`. */
export async function soak(minutes: number, progress: (line: string) => void): Promise<SoakReport> {
  const at = new Date().toISOString();
  const stack = await startSoakStack();
  try {
    const rules = [];
    for (const rule of RULES) rules.push(await stack.put(rule));
    const sender = createSender(stack.nats);
    progress(`vigil runs with ${RULES.length} rules; measuring the peak for ${(WARM_UP_MS + PEAK_MS) / 1_000} s`);
    const peak = await findPeak(stack, sender);
    await drained(stack, sender);
    const rate = Math.floor(peak / 2);
    progress(`peak ${Math.round(peak)} events/s; running at ${rate} events/s for ${minutes} min`);
    const sinceMs = Date.now();
    const untilMs = performance.now() + minutes * MINUTE_MS;
    const [samples, liveHeap] = await Promise.all([
      takeSamples(stack, untilMs, progress),
      followLiveHeap(stack, minutes),
      sender.steadily(rate, untilMs),
    ]);
    await drained(stack, sender);
    progress('all events are processed; comparing with the core');
    const histories = await historiesOf(stack.temporal);
    const runEnds = await runEndsSince(stack.temporal, sinceMs);
    const comparison = await compareWithCore(stack, rules);
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
    await stack.stop();
  }
}

async function findPeak({ vigil }: SoakStack, sender: Sender): Promise<number> {
  let done = 0;
  const over = new AbortController();
  const polling = (async () => {
    while (!over.signal.aborted) {
      done = (await metricsOf(vigil.url)).applied / SETS_PER_EVENT;
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

/**
 * Waits until Temporal has accepted everything. The applied count can be higher, because repeated tasks count twice.
 */
async function drained({ vigil }: SoakStack, sender: Sender): Promise<void> {
  await sender.settle();
  const untilMs = performance.now() + DRAINED_WITHIN_MS;
  for (;;) {
    const { applied, lagMessages } = await metricsOf(vigil.url);
    if (lagMessages === 0 && applied >= sender.sent() * SETS_PER_EVENT) return;
    if (performance.now() > untilMs)
      throw new Error(
        `${lagMessages} messages left; ${applied} of ${sender.sent() * SETS_PER_EVENT} deliveries applied`,
      );
    await delay(POLL_MS);
  }
}

async function takeSamples(
  { vigil, dataDir, temporal }: SoakStack,
  untilMs: number,
  progress: (line: string) => void,
): Promise<Sample[]> {
  const begun = performance.now();
  const samples: Sample[] = [];
  for (let progressAt = begun + PROGRESS_EVERY_MS; performance.now() < untilMs;) {
    const next = delay(SAMPLE_EVERY_MS);
    const [metrics, temporalRss, natsRss] = await Promise.all([
      metricsOf(vigil.url),
      serverRss(dataDir, 'temporal'),
      serverRss(dataDir, 'nats'),
    ]);
    const sample = { minute: (performance.now() - begun) / MINUTE_MS, ...metrics, temporalRss, natsRss };
    samples.push(sample);
    if (performance.now() >= progressAt) {
      progressAt += PROGRESS_EVERY_MS;
      const { continuedAsNew, events, megabytes } = await historiesOf(temporal);
      progress(
        `${sample.minute.toFixed(1)} min: vigil ${sample.rss.toFixed(0)} MB (heap ${sample.heapUsed.toFixed(0)}), Temporal ${temporalRss.toFixed(0)} MB, NATS ${natsRss.toFixed(0)} MB; ` +
          `lag ${sample.lagMessages} messages, ${sample.lagSeconds.toFixed(2)} s, ${sample.aside} parked clients; ${sample.applied} applied, ${sample.signals} signals, ${sample.alerts} alerts; ` +
          `longest history ${events} events, ${megabytes.toFixed(1)} MB; continued as new ${continuedAsNew} times`,
      );
    }
    await next;
  }
  return samples;
}

async function followLiveHeap({ vigil }: SoakStack, minutes: number): Promise<Point[]> {
  const points: Point[] = [];
  for (let look = 0; look < LIVE_HEAP_SAMPLES; look++) {
    const next = delay((minutes * MINUTE_MS) / LIVE_HEAP_SAMPLES);
    points.push({ minute: (look * minutes) / LIVE_HEAP_SAMPLES, value: await vigil.liveHeap() });
    await next;
  }
  return points;
}
