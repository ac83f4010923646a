import { z } from '@hono/zod-openapi';
import { orNull } from '../shared/or-null.ts';
import { ruleSchema, type Rule } from '../../../core/model/rule/rule-schema.ts';
import { PAUSES_OF, RESUME_MODES } from '../../../core/model/stored-rule/rule-pause.ts';
import { LIMITS } from '../../../core/primitives/limits.ts';
import { VERSION_CHANGES } from '../../../core/model/stored-rule/rule-version.ts';
import { by, origin } from '../audit.ts';
import { next } from '../shared/pages.ts';
import { itemProblem } from '../shared/problem.ts';

const COMPONENTS = '#/components/schemas/';

/** A rule in a request: the path states its ids. It is validated by parseRule, which also reads YAML. */
export const ruleBody = { $ref: `${COMPONENTS}RuleBody` };

export const rule = z
  .custom<Rule>((value) => typeof value === 'object' && value !== null)
  .openapi('Rule', { type: 'object' });

const EXAMPLE = {
  where: [{ property: 'type', equals: 'temperature' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'celsius', gt: 80 } },
};

/** The JSON Schemas of rules for the document, made from the schema of the rule language: what `rule` stands for. */
export function ruleComponents(): Record<string, object> {
  const { $schema: _, $defs = {}, ...whole } = z.toJSONSchema(ruleSchema, { io: 'input' });
  const required = whole.required?.filter((word) => word !== 'id' && word !== 'clientId') ?? [];
  const parts = Object.entries($defs).map(([name, part]) => [partName(name), part] as const);
  const schemas = {
    // Not as allOf with what it requires more: generated types lose the words of the rule then.
    Rule: { ...whole, example: { id: 'too-hot', clientId: 'client-03', ...EXAMPLE } },
    RuleBody: { ...whole, required, example: EXAMPLE },
    ...Object.fromEntries(parts),
  };
  return JSON.parse(
    JSON.stringify(schemas).replaceAll(
      /"#\/\$defs\/(\w+)"/g,
      (_ref, name: string) => `"${COMPONENTS}${partName(name)}"`,
    ),
  ) as Record<string, object>;
}

/** `eventOperand` is RuleEventOperand. */
const partName = (name: string): string =>
  name.replace(/^_*(.)/, (_all, first: string) => `Rule${first.toUpperCase()}`);

export const ruleStatus = z.enum(['inactive', 'pending', 'firing', 'paused', 'disabled', 'unknown']).openapi({
  description:
    'the worst status of its partition sets, unless it is paused or disabled; unknown while Temporal does not answer',
});

export const pausedNow = z
  .object({
    since: z.iso.datetime(),
    by: by.openapi({ description: 'who has paused it; null if nobody said' }),
    note: z.string().optional(),
    of: z.enum(PAUSES_OF).openapi({ description: 'what was paused: the rule, or all rules of its client' }),
  })
  .openapi('Paused');

const version = z.int().openapi({ description: 'increases with every change of any rule' });
const storedAt = z.iso.datetime().openapi({ description: 'when vigil stored this version' });

const edition = z
  .int()
  .nullable()
  .openapi({ description: 'counts the versions of the rule since its creation; null if there are too many' });

const stored = {
  rule,
  version,
  edition,
  storedAt,
  paused: orNull(pausedNow).openapi({ description: 'null while it runs' }),
};

export const storedRule = z.object(stored).openapi('StoredRule');

export const ruleList = z
  .object({
    rules: z.array(
      z
        .object({
          ...stored,
          status: ruleStatus,
          sets: z
            .object({ inactive: z.int(), pending: z.int(), firing: z.int() })
            .nullable()
            .openapi({ description: 'how many partition sets have each status; null if unknown' }),
        })
        .openapi('ListedRule'),
    ),
    next,
    problem: z
      .object({ code: z.string(), message: z.string() })
      .optional()
      .openapi({ description: 'why the statuses are unknown' }),
  })
  .openapi('RuleList');

const versionSummary = {
  version,
  edition: edition.openapi({ description: 'the same, as the rule counts them; null if it is not known, or deleted' }),
  change: z.enum(VERSION_CHANGES),
  by: by.openapi({ description: 'who made it; null if nobody said' }),
  from: orNull(origin).openapi({ description: 'null if that is not known' }),
  restored: z.int().optional().openapi({ description: 'of a rollback: the version that it stored again' }),
  storedAt,
};

export const ruleVersion = z.object({ rule, ...versionSummary }).openapi('RuleVersion');

export const versionList = z
  .object({
    versions: z.array(z.object(versionSummary)),
    isWhole: z.boolean().openapi({ description: 'false: vigil no longer keeps older versions' }),
    next,
  })
  .openapi('VersionList');

export const pauseInput = z
  .object({
    note: z.string().max(LIMITS.noteLength).optional().openapi({ description: 'why', example: 'maintenance' }),
  })
  .openapi('PauseInput');

export const resumeInput = z
  .object({
    mode: z.enum(RESUME_MODES).default('publish').openapi({
      description:
        'publish: as if it had not been paused, only later; silently: the same, but only what differs from what was published; afresh: without its state, and its open alerts resolve',
    }),
  })
  .openapi('ResumeInput');

const changed = z.boolean().openapi({ description: 'false: it was so already' });

export const turnedRule = z.object({ ...stored, changed }).openapi('TurnedRule');

export const client = z
  .object({ clientId: z.string(), paused: orNull(pausedNow).openapi({ description: 'null while it runs' }) })
  .openapi('Client');

export const turnedClient = z
  .object({
    ...client.shape,
    changed,
    rules: z.int().openapi({ description: 'how many of its rules were paused or resumed with it' }),
    problems: z
      .array(z.object({ ruleId: z.string(), problem: itemProblem }))
      .openapi({ description: 'rules that could not be; repeat the request' }),
  })
  .openapi('TurnedClient');

export const rollback = z
  .object({
    version: z
      .union([z.int(), z.string().regex(/^\d+$/)])
      .openapi({ type: 'integer', description: 'the version to return to', example: 17 }),
  })
  .openapi('Rollback');
