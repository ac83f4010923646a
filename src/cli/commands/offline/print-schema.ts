import { z } from 'zod';
import { ruleSchema } from '../../../core/model/rule/rule-schema.ts';
import { ruleTestFileSchema } from '../../../offline/rule-test-schema.ts';
import { printJson, type CliIo } from '../../io.ts';

const SCHEMAS = { rule: ruleSchema, test: ruleTestFileSchema } as const;
const TITLES = { rule: 'A vigil rule', test: 'Tests of vigil rules' } as const;

/** Prints the JSON Schema of rules or of rule-test files; draft 7, which all editors support. */
export function printSchema(kind: keyof typeof SCHEMAS, io: CliIo): void {
  const { $schema, ...schema } = z.toJSONSchema(SCHEMAS[kind], { io: 'input', target: 'draft-7' });
  printJson(io, { $schema, title: TITLES[kind], ...schema });
}
