import { packColumn } from './column.ts';
import type { Column } from './packed.ts';
import { unpackColumn } from './unpack-column.ts';

/** Records packed by column. Stored names. */
export interface Rows {
  count: number;
  rows: Column;
}

export const packRows = (records: readonly object[]): Rows => ({ count: records.length, rows: packColumn(records) });

export const unpackRows = ({ count, rows }: Rows): object[] => unpackColumn(rows, count) as object[];
