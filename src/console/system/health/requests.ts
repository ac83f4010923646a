import { request, send } from '../../server/send.ts';
import type { ProcessList } from '../../server/wire.ts';
import { readSamples } from './samples.ts';
import type { Reading } from './numbers.ts';

export async function readMetrics(): Promise<Reading> {
  const samples = readSamples(await (await request('/metrics')).text());
  return { atMs: Date.now(), samples };
}

export const readProcesses = (): Promise<ProcessList> => send('/api/processes');
