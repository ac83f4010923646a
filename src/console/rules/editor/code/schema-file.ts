import schemaAddress from '../../../../../schema/rule.schema.json?url';
import { send } from '../../../server/send.ts';
import type { Schema } from './schema.ts';

/** vigil's JSON Schema of a rule, which is generated from the rule language; the build adds it to the console. */
export const getSchema = (): Promise<Schema> => send(schemaAddress);
