import type { WorkflowHandle } from '@temporalio/client';

export type RecordedHistory = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

export const SIGNALS_PER_RUN = 4;
export const PATIENT = { timeout: 30_000 };
export const MACHINE = { machineId: 'm1' };
export const stopped = { ...MACHINE, state: 'stopped' };
export const running = { ...MACHINE, state: 'running' };
export const rule = {
  clientId: 'client-01',
  where: [{ property: 'machineId', equals: '*' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
};
