import { parseJson } from '../core/primitives/text/parse-json.ts';
import { VigilError } from '../core/primitives/errors.ts';
import { eventOf } from '../core/model/event/stored-event.ts';
import type { Backtest } from '../offline/backtest.ts';
import { recordedEvent } from '../offline/recorded-event.ts';
import { inGroups } from './output/counted.ts';
import type { ArchiveReading } from './ports.ts';
import type { Progress } from './output/progress.ts';
import { LONGEST_LINE, readLines } from './read-lines.ts';

/** Messages of the stream between updates of the progress bar. */
const MESSAGES_PER_UPDATE = 1_000;

/**
 * Reads a file with one JSON object per line into the backtest; skips empty lines.
 * @throws VigilError FILE_UNREADABLE
 */
export async function playFile(file: string, backtest: Backtest, progress: Progress): Promise<void> {
  let number = 0;
  for await (const { lines, done } of readLines(file)) {
    for (const line of lines) {
      number += 1;
      if (line.trim() === '') continue;
      const goesOn = backtest.apply(number, (clockMs) => recordedEvent(parseLine(line), number, clockMs));
      if (!goesOn) return;
    }
    progress.show(done, () => `${inGroups(backtest.events)} events`);
  }
}

/** Reads the event stream into the backtest, in stream order. */
export async function playStream(reading: ArchiveReading, backtest: Backtest, progress: Progress): Promise<void> {
  let read = 0;
  for await (const stored of reading) {
    read += 1;
    if (stored.isRepetition === true) continue;
    const goesOn = backtest.apply(stored.sequence, () => eventOf(stored, parseBytes(stored.bytes)));
    if (!goesOn) return;
    if (read % MESSAGES_PER_UPDATE === 0)
      progress.show(read / reading.total, () => `${inGroups(read)} of ${inGroups(reading.total)} events`);
  }
}

function parseLine(line: string): unknown {
  if (line.length > LONGEST_LINE) throw notJson('The line is longer than an event can be.');
  try {
    return parseJson(line);
  } catch (error) {
    throw notJson(`It is not valid JSON: ${String(error)}.`);
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true });

function parseBytes(bytes: Uint8Array): unknown {
  try {
    return parseJson(decoder.decode(bytes));
  } catch (error) {
    throw notJson(`The payload is not valid JSON: ${String(error)}.`);
  }
}

const notJson = (advice: string): VigilError => new VigilError('EVENT_INVALID', advice, { reason: 'json' });
