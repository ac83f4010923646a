import type { z } from '@hono/zod-openapi';
import { isoTime } from '../../core/primitives/text/iso-time.ts';
import { writeForOthers } from '../../core/primitives/text/write-json.ts';
import { problemOf } from '../errors.ts';
import type { previewLine, rulePreview } from '../schemas/rules/preview.ts';
import type { PreviewJob } from './run-preview.ts';

export const NDJSON = 'application/x-ndjson';

type Run = (rest: Pick<PreviewJob, 'signal' | 'onProgress'>) => Promise<z.infer<typeof rulePreview>>;

/** The preview as lines of JSON: its progress, then the result or the problem. It stops when nobody reads them. */
export function ndjsonOf(run: Run, client: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const closed = new AbortController();
  const signal = AbortSignal.any([client, closed.signal]);
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (line: z.infer<typeof previewLine>): void => {
        if (!signal.aborted) controller.enqueue(encoder.encode(`${writeForOthers(line)}\n`));
      };
      // Not awaited: a stream can be cancelled only after its start.
      void run({
        signal,
        onProgress: ({ read, total, clockMs }) => write({ progress: { read, total, at: isoTime(clockMs) } }),
      })
        .then(
          (result) => write({ result }),
          (error: unknown) => write({ problem: problemOf(error) }),
        )
        .finally(() => {
          if (!closed.signal.aborted) controller.close();
        });
    },
    cancel: () => closed.abort(),
  });
}
