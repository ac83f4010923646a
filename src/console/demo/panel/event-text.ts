import type { MachineView } from '../state.ts';

/** What the form has at first: an event of a machine that is there. */
export const firstEvent = (machines: readonly Pick<MachineView, 'machineId'>[]): string =>
  JSON.stringify({ machineId: machines[0]?.machineId ?? 'machine-01', state: 'stopped' }, null, 2);

/** Why a text is no event; null if it is one. vigil checks the rest. */
export function eventProblem(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? null : 'An event is a JSON object: { … }.';
  } catch (error) {
    return `This is no JSON. ${error instanceof Error ? error.message : ''}`.trim();
  }
}
