import type { CliIo } from '../io.ts';

const BAR_WIDTH = 30;
const REDRAW_MS = 100;
const ERASE_LINE = '\r\x1b[K';

export interface Progress {
  /** `done`: from 0 to 1. Cheap: redraws at most every 100 ms. */
  show(done: number, text: () => string): void;
  clear(): void;
}

/** A progress bar on a terminal; otherwise nothing. */
export function createProgress({ stderr }: CliIo): Progress {
  if (stderr.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let drawnAtMs = -Infinity;
  return {
    show(done, text) {
      const nowMs = performance.now();
      if (nowMs - drawnAtMs < REDRAW_MS) return;
      drawnAtMs = nowMs;
      const fraction = Math.min(Math.max(done, 0), 1);
      const bar = '█'.repeat(Math.round(fraction * BAR_WIDTH)).padEnd(BAR_WIDTH, '░');
      stderr.write(`${ERASE_LINE}${bar} ${String(Math.floor(fraction * 100)).padStart(3)} %  ${text()}`);
    },
    clear: () => void stderr.write(ERASE_LINE),
  };
}
