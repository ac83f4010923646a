import type { Page, Problem } from './wire.ts';

/** An error whose message can be shown to the user. `code`: of the problem, if vigil answered with one. */
export class RequestFailed extends Error {
  readonly status: number;
  readonly code: string | undefined;

  constructor(message: string, { status = 0, code, cause }: { status?: number; code?: string; cause?: unknown } = {}) {
    super(message, { cause });
    this.status = status;
    this.code = code;
  }
}

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A path whose parts may have any characters: at`/api/clients/${clientId}`. */
export const at = (strings: TemplateStringsArray, ...parts: string[]): string =>
  String.raw({ raw: strings }, ...parts.map(encodeURIComponent));

/** @throws RequestFailed */
export const send = async <T>(path: string, init?: RequestInit): Promise<T> =>
  (await (await request(path, init)).json()) as T;

/** The text of an answer, whose numbers may have more digits than a number of JavaScript. @throws RequestFailed */
export const sendForText = async (path: string, init?: RequestInit): Promise<string> =>
  (await request(path, init)).text();

/** For answers that are no JSON. @throws RequestFailed */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(path, init).catch((error: unknown) => {
    throw new RequestFailed('vigil does not answer. Check that it is running.', { cause: error });
  });
  if (answer.ok) return answer;
  const { status } = answer;
  const problem = (await answer.json().catch(() => null)) as Problem | null;
  if (problem?.title === undefined) throw new RequestFailed(`vigil answered ${status} to ${path}.`, { status });
  const { title, detail = '', code } = problem;
  throw new RequestFailed(`${title} ${detail}`.trim(), { status, ...(code !== undefined && { code }) });
}

export const post = <T>(path: string, body?: object): Promise<T> =>
  send<T>(path, {
    method: 'POST',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

const pageAt = (path: string, cursor: string | null): string =>
  cursor === null ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`;

async function* eachPage<Listed extends Page>(path: string): AsyncGenerator<Listed, void> {
  let next: string | null = null;
  do {
    const page: Listed = await send(pageAt(path, next));
    yield page;
    next = page.next;
  } while (next !== null);
}

/** All pages of a list. */
export async function everyPage<Listed>(path: string): Promise<(Listed & Page)[]> {
  const pages: (Listed & Page)[] = [];
  for await (const page of eachPage<Listed & Page>(path)) pages.push(page);
  return pages;
}

/** The first `wanted` items of a list, or a few more. `hasMore`: there are further ones. */
export async function firstOf<Item, Listed extends Page>(
  path: string,
  wanted: number,
  itemsOf: (page: Listed) => readonly Item[],
): Promise<{ items: Item[]; hasMore: boolean }> {
  const items: Item[] = [];
  for await (const page of eachPage<Listed>(path)) {
    items.push(...itemsOf(page));
    if (items.length >= wanted) return { items, hasMore: page.next !== null };
  }
  return { items, hasMore: false };
}
