export type Query = Readonly<Record<string, string | undefined>>;

/** A path with the parameters that have a value, in their order. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => (entry[1] ?? '') !== '');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
