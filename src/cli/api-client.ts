import { writeJson } from '../core/primitives/text/write-json.ts';
import { parseJson } from '../core/primitives/text/parse-json.ts';
import { ERROR_CODES, VigilError, type ErrorCode } from '../core/primitives/errors.ts';
import type { CliIo } from './io.ts';

const DEFAULT_URL = 'http://localhost:3000';
const TIMEOUT_MS = 30_000;
/** Of an answer that shows its progress. */
const LINES_TIMEOUT_MS = 120_000;

/** Context of every command that calls the API. */
export interface ApiCommand {
  io: CliIo;
  api: ApiClient;
  /** Who acts. */
  user: string;
  json: boolean;
}

export interface ApiClient {
  /**
   * `path`: the segments below /api, not percent-encoded. Resolves with the status and the JSON body of the response.
   * @throws VigilError API_UNREACHABLE; API_REFUSED, or the code and fields of vigil's error response
   */
  request(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: readonly string[],
    body?: unknown,
    query?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: unknown }>;
  /**
   * Posts a body, and yields the lines of JSON that answer it as they arrive.
   * @throws VigilError like `request`
   */
  lines(path: readonly string[], body: unknown): AsyncIterable<unknown>;
}

export interface ApiUser {
  /** Who makes changes; absent: whoever the token names. */
  user?: string | undefined;
  token?: string | undefined;
}

/**
 * @throws VigilError CONFIG_INVALID if `address` is not an http or https URL
 */
export function createApiClient(
  address: string | undefined,
  fetchIt: typeof fetch,
  { user, token }: ApiUser,
): ApiClient {
  const base = address || DEFAULT_URL;
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw new VigilError(
      'CONFIG_INVALID',
      `"${base}" is not an http or https URL, such as ${DEFAULT_URL}. Check VIGIL_URL or --url.`,
      { url: base },
    );
  }
  const root = `${base.replace(/\/+$/, '')}/api/`;
  const authorization = token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` };
  const addressOf = (path: readonly string[]): string => root + path.map(encodeURIComponent).join('/');
  return {
    async request(method, path, body, query, headers = {}) {
      const search = new URLSearchParams(query).toString();
      const url = search === '' ? addressOf(path) : `${addressOf(path)}?${search}`;
      const answer = await ask(url, base, fetchIt, {
        method,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        headers: {
          ...headers,
          'user-agent': 'vigil-cli',
          ...authorization,
          ...(method !== 'GET' && user !== undefined && { 'vigil-user': encodeURIComponent(user) }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: writeJson(body) }),
      });
      const content = await readJson(answer);
      if (!answer.ok) throw refusal(content, base, answer.status);
      return { status: answer.status, body: content };
    },
    async *lines(path, body) {
      const answer = await ask(addressOf(path), base, fetchIt, {
        method: 'POST',
        signal: AbortSignal.timeout(LINES_TIMEOUT_MS),
        body: writeJson(body),
        headers: { ...authorization, 'content-type': 'application/json', accept: 'application/x-ndjson' },
      });
      if (!answer.ok) throw refusal(await readJson(answer), base, answer.status);
      for await (const line of linesOf(answer)) {
        const { problem } = line as { problem?: unknown };
        if (problem !== undefined) throw refusal(problem, base, answer.status);
        yield line;
      }
    },
  };
}

async function ask(url: string, base: string, fetchIt: typeof fetch, request: RequestInit): Promise<Response> {
  try {
    return await fetchIt(url, request);
  } catch (error) {
    const advice = `No answer from ${base}. Start vigil with \`npm start\` (or \`vigil start\`), or set VIGIL_URL or --url to its URL.`;
    throw new VigilError('API_UNREACHABLE', advice, { url: base }, { cause: error });
  }
}

async function* linesOf({ body }: Response): AsyncGenerator {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    const lines = (text + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield parseJson(line);
  }
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return parseJson(text);
  } catch {
    // Not a response of vigil: the caller reports the status.
    return undefined;
  }
}

/** Problem details, RFC 9457. */
interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  fields?: Record<string, unknown>;
}

function refusal(content: unknown, base: string, status: number): VigilError {
  const { title, detail, code, fields = {} } = (content ?? {}) as Problem;
  if (typeof code !== 'string' || typeof title !== 'string' || typeof detail !== 'string') {
    return new VigilError('API_REFUSED', `${base} answered ${status}, but not like vigil. Check VIGIL_URL or --url.`, {
      url: base,
      status,
    });
  }
  // The title of a known code is its text, which VigilError adds.
  if (Object.hasOwn(ERROR_CODES, code)) return new VigilError(code as ErrorCode, detail, fields);
  return new VigilError('API_REFUSED', `${title} ${detail}`.trim(), { ...fields, code, status });
}
