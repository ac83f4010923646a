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

async function request(path: string, init: RequestInit = {}): Promise<Response> {
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

/** All pages of a list. */
export async function everyPage<Listed>(path: string): Promise<Listed[]> {
  const pages: Listed[] = [];
  let address: string | null = path;
  while (address !== null) {
    const page: Listed & Page = await send(address);
    pages.push(page);
    address = page.next === null ? null : `${path}${path.includes('?') ? '&' : '?'}cursor=${page.next}`;
  }
  return pages;
}
