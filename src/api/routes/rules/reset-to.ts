import { VigilError } from '../../../core/primitives/errors.ts';
import { isoTime } from '../../../core/primitives/text/iso-time.ts';
import { clientOfPartitionSet } from '../../../core/model/ids.ts';
import type { ApiDeps } from '../../ports.ts';

interface ResetToTime {
  setId: string;
  /** Epoch ms. */
  atMs: number;
  by: string;
  dryRun: boolean;
  /** When the version of the rule was stored, epoch ms. */
  storedAtMs: number;
}

/**
 * Resets a partition set to a time. What it then lacks must still be in the event stream.
 * @throws VigilError RESET_IMPOSSIBLE, and as SetsPort.resetTo
 */
export async function resetTo(
  { sets, archive }: Pick<ApiDeps, 'sets' | 'archive'>,
  { setId, atMs, storedAtMs, by, dryRun }: ResetToTime,
) {
  const refuse = (advice: string): never => {
    throw new VigilError('RESET_IMPOSSIBLE', advice, { workflowId: setId, to: isoTime(atMs) });
  };
  if (atMs < storedAtMs)
    refuse(`The rule has another version since ${isoTime(storedAtMs)}. Take a later time, or reset it to clean.`);
  const { shards, rebuilding } = (await sets.explain(setId, {})) ?? {};
  if (rebuilding !== undefined)
    throw new VigilError('PARTITION_SET_BUSY', 'It is being rebuilt from the event stream. Try again when it is done.');
  const point = await sets.resetTo(setId, atMs, { by, dryRun: true });
  const { first, firstAtMs } = await archive.extent();
  if (first > 1 && firstAtMs > point.readsFromMs)
    refuse(
      shards === undefined
        ? `The event stream reaches back to ${isoTime(firstAtMs)}. Take a later time.`
        : `It is split over shards, and needs all events since ${isoTime(point.readsFromMs)}. The event stream reaches back to ${isoTime(firstAtMs)}.`,
    );
  const events = await countSince(archive, clientOfPartitionSet(setId), point.readsFromMs);
  const { runId, eventId } = dryRun ? point : await sets.resetTo(setId, atMs, { by, dryRun });
  return { from: { runId, eventId, at: isoTime(point.atMs), events } };
}

async function countSince(archive: ApiDeps['archive'], clientId: string, sinceMs: number): Promise<number> {
  const events = await archive.read({ sinceMs, clientIds: [clientId] });
  // Ends the reading.
  for await (const _first of events) break;
  return events.total;
}
