import type { Page, Problem } from './wire.ts';

interface Refusal {
  status?: number;
  code?: string;
  fields?: Record<string, unknown>;
  cause?: unknown;
}

/** An error whose message can be shown to the user. `code`, `fields`: of the problem, if vigil answered with one. */
export class RequestFailed extends Error {
  readonly status: number;
  readonly code: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(message: string, { status = 0, code, fields = {}, cause }: Refusal = {}) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.fields = fields;
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
  const { title, detail = '', code, fields = {} } = problem;
  throw new RequestFailed(`${title} ${detail}`.trim(), { status, fields, ...(code !== undefined && { code }) });
}

export const post = <T>(path: string, body?: object): Promise<T> =>
  send<T>(path, {
    method: 'POST',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

const pageAt = (path: string, cursor: string | null): string =>
  cursor === null ? path : `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`;

/** All pages of a list. */
export async function everyPage<Listed>(path: string): Promise<Listed[]> {
  const pages: Listed[] = [];
  let address: string | null = path;
  while (address !== null) {
    const page: Listed & Page = await send(address);
    pages.push(page);
    address = page.next === null ? null : pageAt(path, page.next);
  }
  return pages;
}

export interface FirstItems<Item> {
  items: Item[];
  /** Whether there are further ones. */
  hasMore: boolean;
}

/** The first `wanted` items of a list, or a few more. `name`: of the list in the answer. */
export async function firstOf<Item>(path: string, wanted: number, name: string): Promise<FirstItems<Item>> {
  const items: Item[] = [];
  let next: string | null = null;
  do {
    const page: Page & Record<string, unknown> = await send(pageAt(path, next));
    items.push(...(page[name] as Item[]));
    next = page.next;
  } while (next !== null && items.length < wanted);
  return { items, hasMore: next !== null };
}
