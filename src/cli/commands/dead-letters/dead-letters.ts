import type { ApiClient, ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { pagesOf } from '../../pages.ts';
import { onOneLine } from '../../output/on-one-line.ts';
import { textTable } from '../../output/text-table.ts';

/** The fields of a dead letter in the API that are printed. */
interface DeadLetter {
  sequence: number;
  clientId: string;
  reason: string | null;
  detail: string | null;
  subject: string | null;
  eventSequence: number | null;
  eventStoredAt: string | null;
  buriedAt: string;
  bytes: number;
  preview: string;
}

interface WholeDeadLetter extends DeadLetter {
  isWhole: boolean;
  encoding: 'utf-8' | 'base64';
  payload: string;
}

export interface DeadLetterFilter {
  clientId: string | undefined;
  reason: string | undefined;
}

const MOST_A_PAGE = 100;
const PREVIEW_LENGTH = 40;
const MISSING = '–';

/** All matching dead letters, newest first, read page by page. */
export async function* deadLetters(
  api: ApiClient,
  { clientId, reason }: DeadLetterFilter,
  pageSize = MOST_A_PAGE,
): AsyncGenerator<DeadLetter> {
  const query = {
    limit: String(Math.min(pageSize, MOST_A_PAGE)),
    ...(clientId !== undefined && { clientId }),
    ...(reason !== undefined && { reason }),
  };
  for await (const page of pagesOf<{ deadLetters: DeadLetter[] }>(api, ['dead-letters'], query))
    yield* page.deadLetters;
}

export async function listDeadLetters(
  { limit, ...filter }: DeadLetterFilter & { limit: number },
  { io, api, json }: ApiCommand,
): Promise<void> {
  const found: DeadLetter[] = [];
  // Reads one more than the limit to know whether there are more.
  for await (const deadLetter of deadLetters(api, filter, limit + 1)) if (found.push(deadLetter) > limit) break;
  const shown = found.slice(0, limit);
  if (json) {
    printJson(io, shown);
    return;
  }
  const rows = shown.map((deadLetter) => {
    const { sequence, clientId, subject, reason, preview, eventStoredAt, buriedAt } = deadLetter;
    return [
      String(sequence),
      eventStoredAt ?? buriedAt,
      clientId,
      subject ?? MISSING,
      reason ?? MISSING,
      preview.slice(0, PREVIEW_LENGTH),
    ].map(onOneLine);
  });
  io.stdout.write(textTable([['SEQUENCE', 'WHEN', 'CLIENT', 'SUBJECT', 'REASON', 'PREVIEW'], ...rows]));
  if (found.length > limit) io.stdout.write('There are more dead letters; use --limit to list them.\n');
}

export async function showDeadLetter(sequence: number, { io, api, json }: ApiCommand): Promise<void> {
  const { body } = await api.request('GET', ['dead-letters', String(sequence)]);
  if (json) {
    printJson(io, body);
    return;
  }
  const deadLetter = body as WholeDeadLetter;
  const rows = [
    ['sequence', String(deadLetter.sequence)],
    ['client', deadLetter.clientId],
    ['reason', deadLetter.reason ?? MISSING],
    ['detail', deadLetter.detail ?? MISSING],
    ['subject', deadLetter.subject ?? MISSING],
    [
      'event',
      deadLetter.eventSequence === null
        ? MISSING
        : `${deadLetter.eventSequence}, stored ${deadLetter.eventStoredAt ?? MISSING}`,
    ],
    ['stored', deadLetter.buriedAt],
    [
      'bytes',
      `${deadLetter.bytes}${deadLetter.isWhole ? '' : ' (truncated: only the first bytes are left)'}${deadLetter.encoding === 'base64' ? ', base64 (not UTF-8)' : ''}`,
    ],
  ];
  io.stdout.write(`${textTable(rows.map((row) => row.map(onOneLine)))}\n${escapeControls(deadLetter.payload)}\n`);
}

/** Prints control characters as `\x1b`, so that an event cannot control the terminal. */
const escapeControls = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\n\t]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
