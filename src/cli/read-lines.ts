import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { VigilError } from '../core/primitives/errors.ts';

const CHUNK_BYTES = 1_048_576;
/** Four times the default maximum of a NATS message. Longer lines are truncated, to bound the memory. */
export const LONGEST_LINE = 4 * 1_048_576;

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The lines of a file in batches, with the fraction of the file (0 to 1) that has been read.
 * @throws VigilError FILE_UNREADABLE
 */
export async function* readLines(file: string): AsyncGenerator<{ lines: string[]; done: number }> {
  try {
    const { size } = await stat(file);
    const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: CHUNK_BYTES });
    let rest = '';
    let isFirst = true;
    for await (const chunk of stream as AsyncIterable<string>) {
      const lines = (rest + (isFirst && chunk.startsWith(BYTE_ORDER_MARK) ? chunk.slice(1) : chunk)).split('\n');
      isFirst = false;
      rest = (lines.pop() ?? '').slice(0, LONGEST_LINE + 1);
      yield { lines, done: size === 0 ? 1 : stream.bytesRead / size };
    }
    if (rest !== '') yield { lines: [rest], done: 1 };
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new VigilError('FILE_UNREADABLE', `${file}: ${error.message}.`, { file }, { cause: error });
  }
}
