/** The subscriber stops. The next reader reads what was not delivered, from the ack floor. */
export class StoppedError extends Error {}

/** Whether work ended because the subscriber stops, so it has not failed. Timers reject with an AbortError. */
export const isStop = (error: unknown): boolean =>
  error instanceof StoppedError || (error instanceof Error && error.name === 'AbortError');

export async function ignoreStop(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isStop(error)) throw error;
  }
}

/** Waits for the work, or rejects with the signal's reason when the signal aborts. */
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
