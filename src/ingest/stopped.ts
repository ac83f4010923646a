/** Why work of the subscriber ends when it is told to stop. What was not delivered then is read again from the floor. */
export class StoppedError extends Error {}

/** Whether work ended because the subscriber stops, and so has not failed. Waiting timers say it in their own way. */
export const isStop = (error: unknown): boolean =>
  error instanceof StoppedError || (error instanceof Error && error.name === 'AbortError');

export async function ignoreStop(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isStop(error)) throw error;
  }
}

/** Waits, but no longer than until the signal says stop: then rejects with its reason. */
export async function orStop<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
}
