import { collectGarbage } from '../measure.ts';

/**
 * Preloaded into vigil's process, with --expose-gc. On request, collects garbage and sends the heap size in bytes to
 * the parent. Uncollected garbage varies over minutes and would hide a leak.
 */
process.on('message', () => {
  collectGarbage();
  process.send?.(process.memoryUsage().heapUsed);
});
// The parent of the soak test was killed.
process.once('disconnect', () => process.exit(1));
// The channel must not keep the process alive.
process.channel?.unref();
