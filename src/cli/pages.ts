import type { ApiClient } from './api-client.ts';

/**
 * The pages of a list, until its end.
 * @throws VigilError like ApiClient.request
 */
export async function* pagesOf<Page>(
  api: ApiClient,
  path: readonly string[],
  query: Record<string, string> = {},
): AsyncGenerator<Page> {
  let cursor: string | null = null;
  do {
    const { body } = await api.request('GET', path, undefined, { ...query, ...(cursor !== null && { cursor }) });
    yield body as Page;
    cursor = (body as { next: string | null }).next;
  } while (cursor !== null);
}

export async function everyPage<Page>(api: ApiClient, path: readonly string[]): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of pagesOf<Page>(api, path)) pages.push(page);
  return pages;
}
