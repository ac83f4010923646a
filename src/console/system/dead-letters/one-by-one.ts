export interface Outcome {
  done: number;
  /** Why the others failed, each reason with how many. */
  failures: { why: string; count: number }[];
}

/** Does something with each dead letter, oldest first: events are then replayed in their order. */
export async function oneByOne(
  sequences: readonly number[],
  act: (sequence: number) => Promise<unknown>,
  whyOf: (error: unknown) => string,
): Promise<Outcome> {
  const failed = new Map<string, number>();
  let done = 0;
  for (const sequence of [...sequences].sort((a, b) => a - b)) {
    try {
      await act(sequence);
      done += 1;
    } catch (error) {
      const why = whyOf(error);
      failed.set(why, (failed.get(why) ?? 0) + 1);
    }
  }
  return { done, failures: [...failed].map(([why, count]) => ({ why, count })) };
}

/** `1 dead letter`, `3 dead letters` */
export const deadLetterCount = (count: number): string => `${count} dead letter${count === 1 ? '' : 's'}`;

export const outcomeText = (did: string, { done, failures }: Outcome): string =>
  [`${deadLetterCount(done)} ${did}.`, ...failures.map(({ why, count }) => `${count} not: ${why}`)].join(' ');
