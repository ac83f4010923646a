import { at, request, RequestFailed } from '../../../server/send.ts';
import type { Preview, PreviewLine, PreviewProgress } from '../../types.ts';
import { readLines } from './read-lines.ts';

interface Asked {
  clientId: string;
  yaml: string;
  /** A duration back from now. */
  since: string;
  signal: AbortSignal;
  onProgress: (progress: PreviewProgress) => void;
}

/** What the rule would have done on the events of the stream. @throws RequestFailed */
export async function previewRule({ clientId, yaml, since, signal, onProgress }: Asked): Promise<Preview> {
  const { parse, stringify } = await import('yaml');
  const answer = await request(at`/api/clients/${clientId}/rules/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/yaml', accept: 'application/x-ndjson' },
    body: stringify({ since, rule: parse(yaml, { intAsBigInt: true }) as unknown }),
    signal,
  });
  for await (const line of readLines<PreviewLine>(answer.body as ReadableStream<Uint8Array>)) {
    if ('progress' in line) onProgress(line.progress);
    else if ('result' in line) return line.result;
    else throw new RequestFailed(`${line.problem.title ?? ''} ${line.problem.detail ?? ''}`.trim());
  }
  throw new RequestFailed('The connection ended before the preview did.');
}
