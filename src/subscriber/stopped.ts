/** Why work of the subscriber ends when it is told to stop. What was not delivered then is read again from the floor. */
export class StoppedError extends Error {}

/** Whether work ended because the subscriber stops, and so has not failed. Waiting timers say it in their own way. */
export const isStop = (error: unknown): boolean => error instanceof StoppedError || (error instanceof Error && error.name === 'AbortError');

export async function ignoreStop(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isStop(error)) throw error;
  }
}
