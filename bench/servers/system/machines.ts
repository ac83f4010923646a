import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { Payload } from './stream.ts';

const MACHINES = 50;

/** The seed rule of client-02: any machine is stopped. */
export const anyStopped = (clientId: string, id = 'any-stopped', type = 'status'): Rule =>
  parseRule({
    ...{
      id,
      clientId,
      where: [
        { property: 'type', equals: type },
        { property: 'machineId', equals: '*' },
      ],
      partitionBy: ['machineId'],
    },
    evaluate: { type: 'any', having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  });

/** An event of one of 50 machines by number, or of a machine with this name. */
export const machineEvent = (clientId: string, machine: number | string, state: string, type = 'status'): Payload => ({
  subject: `events.${clientId}.${type}`,
  data: {
    machineId: typeof machine === 'number' ? `m${machine % MACHINES}` : machine,
    state,
    site: 'berlin',
    temp: 42.5,
  },
});
