import { collectGarbage } from '../measure.ts';

/**
 * Loaded into vigil's process before vigil itself, with --expose-gc: tells whoever has started it, when asked, what its heap holds
 * once all rubbish has been collected, bytes. What V8 has not come to collect yet goes up and down over minutes, and shows no leak.
 */
process.on('message', () => {
  collectGarbage();
  process.send?.(process.memoryUsage().heapUsed);
});
// Whoever has started vigil for a soak was killed: what it is to measure is over.
process.once('disconnect', () => process.exit(1));
// Nobody who asks is no reason to stay.
process.channel?.unref();
