import type { AlertRecord } from '../../../core/read-model/alert-record.ts';

/** The record as the API shows it, with what its newest transition was. */
export function described(id: string, record: AlertRecord) {
  const { status = 'firing', sequence = 0 } = record.transitions.at(-1) ?? {};
  return { id, ...record, status, sequence };
}
