import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { parseRule } from '../../../core/language/parse/parse-rule.ts';
import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import { jsonBody } from '../../openapi/bodies.ts';
import { problemsOfChange } from '../../openapi/responses.ts';
import { RequestError } from '../../errors.ts';
import type { ApiDeps } from '../../ports.ts';
import { previewAnswer } from '../../previews/answer.ts';
import { ndjsonOf, NDJSON } from '../../previews/ndjson.ts';
import { PreviewSlots } from '../../previews/preview-slots.ts';
import { PreviewTime } from '../../previews/preview-time.ts';
import { runPreview, type PreviewJob } from '../../previews/run-preview.ts';
import { readRule, type JsonObject } from '../../requests/body.ts';
import { pastTimeOf } from '../../requests/past-time.ts';
import { clientParams } from '../../schemas/shared/params.ts';
import { previewLine, rulePreview } from '../../schemas/rules/preview.ts';
import { refuseContradiction } from './one-rule.ts';
import { answer } from './stored-rule.ts';

const json = jsonBody('RulePreviewInput', { required: true });

const previewRule = createRoute({
  method: 'post',
  path: '/clients/{clientId}/rules/preview',
  operationId: 'previewRule',
  tags: ['Rules'],
  summary: 'Preview a rule',
  description: `What the rule would have done on the events of the client in the stream, and the difference to the stored rule with the same id. Stores and publishes nothing. With \`Accept: ${NDJSON}\`, lines tell the progress, and the last one has the result. A client has one preview at a time.`,
  request: {
    params: clientParams,
    body: { ...json, content: { ...json.content, 'application/yaml': json.content['application/json'] } },
  },
  responses: {
    200: {
      description: 'what it would have done',
      content: { 'application/json': { schema: rulePreview }, [NDJSON]: { schema: previewLine } },
    },
    ...problemsOfChange(
      ...([
        'REQUEST_INVALID',
        'RULE_INVALID',
        'RULE_ID_MISMATCH',
        'PREVIEW_BUSY',
        'QUOTA_PREVIEWS',
        'NATS_UNREACHABLE',
      ] as const),
    ),
  },
});

/** `/clients/:clientId/rules/preview` */
export function previewRoutes({
  rules,
  archive,
  metrics,
  quotas,
}: Pick<ApiDeps, 'rules' | 'archive' | 'metrics' | 'quotas'>): OpenAPIHono {
  const app = new OpenAPIHono();
  const slots = new PreviewSlots(metrics);
  const time = new PreviewTime(metrics);
  app.openapi(previewRule, async (c) => {
    const { clientId } = c.req.valid('param');
    const asked = readAsked(await readRule(c), clientId);
    const longestMs = time.left(clientId, quotas.of(clientId), Date.now());
    const giveSlotBack = slots.take(clientId);
    const startMs = performance.now();
    const giveBack = (): void => {
      if (giveSlotBack()) time.spend(clientId, performance.now() - startMs, Date.now());
    };
    try {
      const job = { ...asked, running: await rules.get(clientId, asked.rule.id), archive, quotas, longestMs };
      const run = async (rest: Pick<PreviewJob, 'signal' | 'onProgress'>) => {
        try {
          return previewAnswer(await runPreview({ ...job, ...rest }), asked.rule.id);
        } finally {
          giveBack();
        }
      };
      if (c.req.header('accept')?.includes(NDJSON) === true)
        return c.body(ndjsonOf(run, c.req.raw.signal), 200, {
          'content-type': NDJSON,
          'x-accel-buffering': 'no',
        }) as never;
      return answer(c, await run({ signal: c.req.raw.signal, onProgress: () => undefined }), 200);
    } catch (error) {
      giveBack();
      throw error;
    }
  });
  return app;
}

/** @throws RequestError REQUEST_INVALID; VigilError RULE_INVALID, RULE_ID_MISMATCH */
function readAsked({ rule, since, ...others }: JsonObject, clientId: string): { rule: Rule; sinceMs: number } {
  if (Object.keys(others).length > 0 || typeof rule !== 'object' || rule === null || Array.isArray(rule))
    throw new RequestError('REQUEST_INVALID', 'Send {"rule": {…}, "since": "24h"}.');
  refuseContradiction(rule as JsonObject, { clientId });
  return { rule: parseRule({ ...rule, clientId }), sinceMs: pastTimeOf('since', since) };
}
