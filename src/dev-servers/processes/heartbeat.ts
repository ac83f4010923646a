const HEARTBEAT_MS = 15_000;

/** Prints a progress line every 15 s while `work` runs; `line` gets the elapsed seconds. */
export async function withHeartbeat<T>(
  progress: (line: string) => void,
  line: (seconds: number) => string,
  work: Promise<T>,
): Promise<T> {
  const startedMs = performance.now();
  const timer = setInterval(() => progress(line(secondsSince(startedMs))), HEARTBEAT_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** Whole seconds since a `performance.now()`. */
export function secondsSince(startedMs: number): number {
  return Math.round((performance.now() - startedMs) / 1000);
}
