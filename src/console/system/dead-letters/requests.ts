import { withQuery } from '../../server/query.ts';
import { at, firstOf, post, request, send } from '../../server/send.ts';
import type { DeadLetter, DeadLetterSummary } from '../../server/wire.ts';

const PAGE = 50;

export interface DeadLetterFilter {
  client?: string | undefined;
  reason?: string | undefined;
}

/** The newest dead letters, as many as are wanted. */
export const getDeadLetters = ({ client, reason }: DeadLetterFilter, wanted: number) =>
  firstOf<DeadLetterSummary>(
    withQuery('/api/dead-letters', { clientId: client, reason, limit: String(PAGE) }),
    wanted,
    'deadLetters',
  );

export const getDeadLetter = (sequence: number): Promise<DeadLetter> => send(at`/api/dead-letters/${String(sequence)}`);
export const replayDeadLetter = (sequence: number): Promise<{ sequence: number }> =>
  post(at`/api/dead-letters/${String(sequence)}/replay`);
export const dropDeadLetter = (sequence: number): Promise<unknown> =>
  request(at`/api/dead-letters/${String(sequence)}`, { method: 'DELETE' });
