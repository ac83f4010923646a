import { ERROR_CODES, VigilError, type ErrorCode } from '../core/primitives/errors.ts';
import type { CliIo } from './io.ts';

const DEFAULT_URL = 'http://localhost:3000';
const TIMEOUT_MS = 30_000;

/** What every command that asks vigil is given. */
export interface ApiCommand {
  io: CliIo;
  api: ApiClient;
  json: boolean;
}

export interface ApiClient {
  /**
   * `path` below /api, as parts that are not encoded yet. Resolves with the status and the JSON of the answer.
   * @throws VigilError API_UNREACHABLE; API_REFUSED, or the code that vigil gave, with its fields
   */
  request(
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: readonly string[],
    body?: unknown,
    query?: Record<string, string>,
  ): Promise<{ status: number; body: unknown }>;
}

/** @throws VigilError CONFIG_INVALID when the address is none */
export function createApiClient(address: string | undefined, fetchIt: typeof fetch): ApiClient {
  const base = address || DEFAULT_URL;
  if (!URL.canParse(base) || !/^https?:$/.test(new URL(base).protocol)) {
    throw new VigilError(
      'CONFIG_INVALID',
      `"${base}" must be an http or https address, such as ${DEFAULT_URL}: check VIGIL_URL or --url.`,
      { url: base },
    );
  }
  return {
    async request(method, path, body, query) {
      const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
      const url = `${base.replace(/\/+$/, '')}/api/${path.map(encodeURIComponent).join('/')}${search}`;
      const answer = await ask(url, base, fetchIt, {
        method,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const content = await readJson(answer);
      if (!answer.ok) throw refusal(content, base, answer.status);
      return { status: answer.status, body: content };
    },
  };
}

async function ask(url: string, base: string, fetchIt: typeof fetch, request: RequestInit): Promise<Response> {
  try {
    return await fetchIt(url, request);
  } catch (error) {
    const advice = `Nothing answers at ${base}. Start vigil with \`npm start\` (or \`vigil start\`), or say where it runs with VIGIL_URL or --url.`;
    throw new VigilError('API_UNREACHABLE', advice, { url: base }, { cause: error });
  }
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    // No answer of vigil's: the status tells what is to be told.
    return undefined;
  }
}

interface ApiError {
  code: string;
  message: string;
  fields?: Record<string, unknown>;
}

function refusal(content: unknown, base: string, status: number): VigilError {
  const error = (content as { error?: ApiError } | undefined)?.error;
  if (typeof error?.code !== 'string' || typeof error.message !== 'string') {
    return new VigilError(
      'API_REFUSED',
      `${base} answered ${status}, and not as vigil does. Is it vigil? Check VIGIL_URL or --url.`,
      { url: base, status },
    );
  }
  const { code, message, fields = {} } = error;
  if (!Object.hasOwn(ERROR_CODES, code)) return new VigilError('API_REFUSED', message, { ...fields, code, status });
  const known = code as ErrorCode;
  // The message begins with the text of its code, which VigilError puts there again.
  return new VigilError(known, message.replace(`${ERROR_CODES[known]} `, ''), fields);
}
