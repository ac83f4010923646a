import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { fewerPoints, plotOf, plotReader, type Point } from '../../../core/explain/plot.ts';
import type { AlertRecord } from '../../../core/read-model/alert-record.ts';
import { isoTime } from '../../../core/primitives/text/iso-time.ts';
import { json, problems } from '../../openapi/responses.ts';
import type { ApiDeps } from '../../ports.ts';
import type { EventArchivePort } from '../../ports/events.ts';
import { readEvent } from '../../requests/check-event.ts';
import { inTime, LATE } from '../../requests/in-time.ts';
import { alertValues, MOST_POINTS } from '../../schemas/alerts/alert-values.ts';
import { alertParams } from '../../schemas/shared/params.ts';
import { ruleAt } from '../rules/stored-rule.ts';
import { alertAt } from './one-alert.ts';

const MINUTE_MS = 60_000;
/** What happened before an alert and after it, at least and at most. */
const AROUND = { leastMs: 10 * MINUTE_MS, mostMs: 60 * MINUTE_MS };
/** Events of the client that one answer reads, and for how long. */
const MOST_EVENTS = 10_000;
const LONGEST_MS = 2_000;

const listValues = createRoute({
  method: 'get',
  path: '/clients/{clientId}/alerts/{alertId}/values',
  operationId: 'listAlertValues',
  tags: ['Alerts'],
  summary: 'List the values around an alert',
  description:
    'The values of its partition, from before the alert to after it, of the property that its rule compares with numbers now; read from the event stream. For a chart.',
  request: { params: alertParams },
  responses: {
    200: json('the values', alertValues),
    ...problems('REQUEST_INVALID', 'ALERT_NOT_FOUND', 'RULE_NOT_FOUND', 'NATS_UNREACHABLE'),
  },
});

/** `/clients/:clientId/alerts/:alertId/values` */
export function alertValueRoutes({ alerts, rules, archive }: Pick<ApiDeps, 'alerts' | 'rules' | 'archive'>) {
  const app = new OpenAPIHono();
  app.openapi(listValues, async (c) => {
    const { clientId, alertId } = c.req.valid('param');
    const record = await alertAt(alerts, clientId, alertId);
    const { rule } = await ruleAt(rules, { clientId, ruleId: record.ruleId });
    const { fromMs, toMs } = timeAround(record, Date.now());
    const time = { from: isoTime(fromMs), to: isoTime(toMs) };
    const plot = plotOf(rule);
    const isOne = (rule.partitionBy ?? []).length === Object.keys(record.partition).length;
    if (plot === null || !isOne)
      return c.json({ property: null, calc: null, thresholds: [], points: [], isWhole: true, ...time }, 200);
    const read = plotReader(rule, plot, record);
    const { points, isWhole } = await pointsOf(archive, { clientId, read, fromMs, toMs, signal: c.req.raw.signal });
    const few = fewerPoints(points, MOST_POINTS).map(({ atMs, value }) => ({ at: isoTime(atMs), value }));
    return c.json({ ...plot, ...time, points: few, isWhole }, 200);
  });
  return app;
}

/** Epoch ms. */
function timeAround({ startsAt, endsAt, updatedAt }: AlertRecord, nowMs: number): { fromMs: number; toMs: number } {
  const startMs = Date.parse(startsAt ?? updatedAt);
  const endMs = endsAt === null ? nowMs : Date.parse(endsAt);
  const aroundMs = Math.min(Math.max(endMs - startMs, AROUND.leastMs), AROUND.mostMs);
  return { fromMs: startMs - aroundMs, toMs: Math.min(nowMs, endMs + aroundMs) };
}

interface Wanted {
  clientId: string;
  read: ReturnType<typeof plotReader>;
  fromMs: number;
  toMs: number;
  signal: AbortSignal;
}

/** An event is stored at its time or later, so the reading begins there. */
async function pointsOf(archive: EventArchivePort, { clientId, read, fromMs, toMs, signal }: Wanted) {
  const points: Point[] = [];
  const events = await archive.read({ sinceMs: fromMs, clientIds: [clientId] });
  let count = 0;
  for await (const stored of inTime(events, signal, performance.now() + LONGEST_MS)) {
    if (stored === LATE || count === MOST_EVENTS) return { points, isWhole: false };
    count += 1;
    const event = stored.isRepetition === true ? null : readEvent(stored);
    const value = event === null ? null : read(event);
    if (event !== null && value !== null && event.timeMs >= fromMs && event.timeMs <= toMs)
      points.push({ atMs: event.timeMs, value });
  }
  return { points, isWhole: true };
}
