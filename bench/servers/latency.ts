import { setTimeout as delay } from 'node:timers/promises';
import { collectGarbage, figuresOf } from '../measure.ts';
import { row, type Bench, type Row } from '../row.ts';
import { startBareProgram } from './system/bare-program.ts';
import { anyStopped, machineEvent } from './system/machines.ts';
import { quantile } from './quantile.ts';
import { withStack, type Stack } from './system/stack.ts';
import { onAlert } from './system/stream.ts';

const SAMPLES = 200;
const WARM_UP_SAMPLES = 20;
/** Longer than any sample, so that each sample starts idle. */
const PAUSE_MS = 20;
const CLIENT = 'latency';
const BUSY_CLIENTS = Array.from({ length: 20 }, (_, n) => `busy-${n}`);
const BUSY_EVENTS_PER_SECOND = 5_000;
const TICK_MS = 20;

export const latency: Bench = {
  name: 'servers/latency',
  about:
    `Time from publishing an event to receiving its alert, ${SAMPLES} samples, in turns with a minimal program: read from a stream, signal, workflow, ` +
    `activity, publish to a stream. Once idle, once while vigil processes ${BUSY_EVENTS_PER_SECOND.toLocaleString('en-US')} events/s of ${BUSY_CLIENTS.length} other clients.`,
  run: () => withStack(measure),
};

async function measure(stack: Stack): Promise<Row[]> {
  for (const clientId of [CLIENT, ...BUSY_CLIENTS]) await stack.rules.put(anyStopped(clientId));
  const stop = await stack.read();
  const bare = await startBareProgram(stack);
  const probe = await startProbe(stack);
  const idle = await inTurns(probe.roundTrip, bare.roundTrip);
  const quiet = new AbortController();
  const noise = makeNoise(stack, quiet.signal);
  const busy = await inTurns(probe.roundTrip, bare.roundTrip);
  quiet.abort();
  await noise;
  probe.stop();
  await bare.stop();
  await stop();
  return [...rows('idle', idle, { p50: 1.3, p99: 2 }), ...rows('busy', busy)];
}

interface Samples {
  vigil: number[];
  bare: number[];
}

async function inTurns(vigil: () => Promise<number>, bare: () => Promise<number>): Promise<Samples> {
  const samples: Samples = { vigil: [], bare: [] };
  for (let sample = -WARM_UP_SAMPLES; sample < SAMPLES; sample++) {
    const figures = { vigil: await pausedBefore(vigil), bare: await pausedBefore(bare) };
    if (sample < 0) continue;
    samples.vigil.push(figures.vigil);
    samples.bare.push(figures.bare);
  }
  return samples;
}

async function pausedBefore(work: () => Promise<number>): Promise<number> {
  collectGarbage();
  await delay(PAUSE_MS);
  return work();
}

function rows(when: string, { vigil, bare }: Samples, targets?: { p50: number; p99: number }): Row[] {
  const at = (fraction: number, target: number | undefined): Row =>
    row(
      `event to alert, ${when}, p${100 * fraction}`,
      'ms',
      { what: 'vigil', ...figuresOf([quantile(vigil, fraction)]) },
      { what: 'bare program', ...figuresOf([quantile(bare, fraction)]) },
      { target: target === undefined ? null : { atMost: target } },
    );
  return [at(0.5, targets?.p50), at(0.99, targets?.p99)];
}

async function startProbe({ nats }: Stack): Promise<{ roundTrip: () => Promise<number>; stop: () => void }> {
  let onProbeAlert: () => void = () => undefined;
  const stop = await onAlert(nats, ({ clientId }) => {
    if (clientId === CLIENT) onProbeAlert();
  });
  let isStopped = false;
  return {
    stop,
    async roundTrip() {
      isStopped = !isStopped;
      const { subject, data } = machineEvent(CLIENT, 'm1', isStopped ? 'stopped' : 'running');
      const begun = performance.now();
      const alert = new Promise<void>((resolve) => (onProbeAlert = resolve));
      nats.publish(subject, JSON.stringify(data));
      await alert;
      return performance.now() - begun;
    },
  };
}

async function makeNoise({ nats }: Stack, quiet: AbortSignal): Promise<void> {
  const atOnce = (BUSY_EVENTS_PER_SECOND * TICK_MS) / 1_000;
  for (let number = 0; !quiet.aborted;) {
    const tick = delay(TICK_MS);
    for (let n = 0; n < atOnce; n++, number++) {
      const { subject, data } = machineEvent(BUSY_CLIENTS[number % BUSY_CLIENTS.length] as string, number, 'running');
      nats.publish(subject, JSON.stringify(data));
    }
    await tick;
  }
}
