import { setImmediate as breathe } from 'node:timers/promises';
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { fewerPoints, plotOf, type Plot, type Point } from '../../../core/explain/plot.ts';
import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import type { AlertRecord } from '../../../core/read-model/alert-record.ts';
import { isoTime } from '../../../core/primitives/text/iso-time.ts';
import type { Scalar } from '../../../core/primitives/value.ts';
import { PlotTrack } from '../../../offline/plot-track.ts';
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
const MOST_EVENTS = 50_000;
const LONGEST_MS = 2_000;
/** So long it works before other requests have their turn. */
const TURN_MS = 10;

const listValues = createRoute({
  method: 'get',
  path: '/clients/{clientId}/alerts/{alertId}/values',
  operationId: 'listAlertValues',
  tags: ['Alerts'],
  summary: 'List the values around an alert',
  description:
    'The values, from before the alert to after it, of the calculation that its rule compares with numbers now: what the rule makes of the events in the stream, for the partition of the alert. For a chart.',
  request: { params: alertParams },
  responses: {
    200: json('the values', alertValues),
    ...problems('REQUEST_INVALID', 'ALERT_NOT_FOUND', 'RULE_NOT_FOUND', 'NATS_UNREACHABLE'),
  },
});

const NOTHING = { property: null, calc: null, text: null, thresholds: [], points: [], isWhole: true };

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
    if (plot === null || (!isOne && plot.node !== null)) return c.json({ ...NOTHING, ...time }, 200);
    const wanted = { rule, plot, record, fromMs, toMs, signal: c.req.raw.signal };
    const { points, isWhole } = await pointsOf(archive, wanted);
    const few = fewerPoints(points, MOST_POINTS).map(({ atMs, value }) => ({ at: isoTime(atMs), value }));
    const { property, calc, text, thresholds } = plot;
    return c.json({ property, calc, text, thresholds, ...time, points: few, isWhole }, 200);
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
  rule: Rule;
  plot: Plot;
  record: AlertRecord;
  fromMs: number;
  toMs: number;
  signal: AbortSignal;
}

const keyOf = (properties: readonly string[] | undefined, values: AlertRecord['group']): Scalar[] =>
  (properties ?? []).map((property) => values[property] ?? null);

async function pointsOf(archive: EventArchivePort, { rule, plot, record, fromMs, toMs, signal }: Wanted) {
  // What the window holds at the beginning came before it. Of a number of events nobody knows how long before.
  const beforeMs = Number.isFinite(plot.windowMs) ? plot.windowMs : toMs - fromMs;
  const beginsMs = Math.max(0, fromMs - beforeMs);
  const [group, partition] = [keyOf(rule.groupBy, record.group), keyOf(rule.partitionBy, record.partition)];
  const track = new PlotTrack(rule, plot, { group, partition, beginsMs, fromMs, toMs });
  const result = (isWhole: boolean): { points: Point[]; isWhole: boolean } => ({ points: track.points, isWhole });
  // An event is stored at its time or later, so the reading begins there.
  const events = await archive.read({ sinceMs: beginsMs, clientIds: [rule.clientId] });
  let count = 0;
  let turnEndsAtMs = performance.now() + TURN_MS;
  for await (const stored of inTime(events, signal, performance.now() + LONGEST_MS)) {
    if (stored === LATE || count === MOST_EVENTS) return result(false);
    count += 1;
    const event = stored.isRepetition === true ? null : readEvent(stored);
    if (event !== null) track.play(event);
    if (performance.now() < turnEndsAtMs) continue;
    await breathe();
    turnEndsAtMs = performance.now() + TURN_MS;
  }
  track.finish(toMs);
  return result(true);
}
