import type { ApiClient, ApiCommand } from '../api-client.ts';
import { printJson } from '../io.ts';
import { textTable } from '../output/text-table.ts';

/** What the API tells of a dead letter, as far as it is shown. */
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
const UNSAID = '–';

/** Page by page, newest first, until there are no more. */
export async function* deadLetters(
  api: ApiClient,
  { clientId, reason }: DeadLetterFilter,
  pageSize = MOST_A_PAGE,
): AsyncGenerator<DeadLetter> {
  let before: number | null = null;
  do {
    const { body } = await api.request('GET', ['dead-letters'], undefined, {
      limit: String(Math.min(pageSize, MOST_A_PAGE)),
      ...(clientId !== undefined && { clientId }),
      ...(reason !== undefined && { reason }),
      ...(before !== null && { before: String(before) }),
    });
    const page = body as { deadLetters: DeadLetter[]; next: number | null };
    yield* page.deadLetters;
    before = page.next;
  } while (before !== null);
}

export async function listDeadLetters(
  { limit, ...filter }: DeadLetterFilter & { limit: number },
  { io, api, json }: ApiCommand,
): Promise<void> {
  const found: DeadLetter[] = [];
  // One more than asked for tells whether there are more.
  for await (const letter of deadLetters(api, filter, limit + 1)) if (found.push(letter) > limit) break;
  const shown = found.slice(0, limit);
  if (json) {
    printJson(io, shown);
    return;
  }
  const rows = shown.map((letter) => {
    const { sequence, clientId, subject, reason, preview, eventStoredAt, buriedAt } = letter;
    return [
      String(sequence),
      eventStoredAt ?? buriedAt,
      clientId,
      subject ?? UNSAID,
      reason ?? UNSAID,
      preview.slice(0, PREVIEW_LENGTH),
    ].map(onOneLine);
  });
  io.stdout.write(textTable([['SEQUENCE', 'WHEN', 'CLIENT', 'SUBJECT', 'REASON', 'BEGINS'], ...rows]));
  if (found.length > limit) io.stdout.write('There are more; say --limit to see them.\n');
}

export async function showDeadLetter(sequence: number, { io, api, json }: ApiCommand): Promise<void> {
  const { body } = await api.request('GET', ['dead-letters', String(sequence)]);
  if (json) {
    printJson(io, body);
    return;
  }
  const letter = body as WholeDeadLetter;
  const rows = [
    ['sequence', String(letter.sequence)],
    ['client', letter.clientId],
    ['reason', letter.reason ?? UNSAID],
    ['detail', letter.detail ?? UNSAID],
    ['subject', letter.subject ?? UNSAID],
    [
      'event',
      letter.eventSequence === null ? UNSAID : `${letter.eventSequence}, stored ${letter.eventStoredAt ?? UNSAID}`,
    ],
    ['buried', letter.buriedAt],
    [
      'bytes',
      `${letter.bytes}${letter.isWhole ? '' : ', of which only the beginning is left'}${letter.encoding === 'base64' ? ', in base64, as they are no UTF-8' : ''}`,
    ],
  ];
  io.stdout.write(`${textTable(rows.map((row) => row.map(onOneLine)))}\n${harmless(letter.payload)}\n`);
}

const onOneLine = (text: string): string => harmless(text.replaceAll(/\s+/g, ' '));

/** Whoever sent the event must not steer the terminal: control characters are shown as `\x1b`. */
const harmless = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\n\t]/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
