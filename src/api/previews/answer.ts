import type { z } from '@hono/zod-openapi';
import { jsonBytes } from '../../core/primitives/text/bytes.ts';
import { isoTime, isoTimeOrNull } from '../../core/primitives/text/iso-time.ts';
import type { TrackOutcome, PreviewedAlert } from '../../offline/preview-track.ts';
import type { rulePreview } from '../schemas/rules/preview.ts';
import type { PreviewResult } from './run-preview.ts';

/** Entries of one list of the answer, and their bytes as JSON. */
const MOST_LISTED = 100;
const LISTED_BYTES = 128 * 1024;

/** The answer of a preview: counts of everything, and the first alerts of each list. */
export function previewAnswer(result: PreviewResult, ruleId: string): z.infer<typeof rulePreview> {
  const { preview, running, difference, sinceMs, untilMs, streamFromMs, isWhole, stoppedBy, events } = result;
  return {
    ruleId,
    since: isoTime(sinceMs),
    until: isoTime(untilMs),
    stoppedBy,
    stream: { from: isoTimeOrNull(Number.isFinite(streamFromMs) ? streamFromMs : null), isWhole },
    events,
    preview: shown(preview),
    running: running && { version: running.version, ...shown(running) },
    difference: difference && {
      same: difference.same,
      onlyPreview: listed(difference.onlyPreview),
      onlyRunning: listed(difference.onlyRunning),
    },
  };
}

const shown = ({ matched, partitionSets, alerts, byStatus, bySet, firingSeconds, stillFiring }: TrackOutcome) => ({
  ...{ matched, partitionSets, firingSeconds, stillFiring, byStatus, bySet: first(bySet) },
  alerts: listed(alerts),
});

const listed = (alerts: readonly PreviewedAlert[]) => ({ count: alerts.length, first: first(alerts) });

function first<T>(items: readonly T[]): T[] {
  let bytes = 0;
  return items.slice(0, MOST_LISTED).filter((item) => (bytes += jsonBytes(item)) <= LISTED_BYTES);
}
