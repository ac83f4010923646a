/* Filters that several lists have. */

/** Whether the labels include all of these pairs `key=value`. */
export function hasLabels({ labels = {} }: { labels?: Record<string, string> | undefined }, wanted: readonly string[]) {
  const pairs = new Set(Object.entries(labels).map((pair) => pair.join('=')));
  return wanted.every((pair) => pairs.has(pair));
}

/** Whether one of the texts has this one in it, in capitals or not. */
export const hasText = (texts: readonly string[], wanted = ''): boolean =>
  texts.some((text) => text.toLowerCase().includes(wanted.toLowerCase()));
