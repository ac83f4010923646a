import { VigilError } from '../../../src/core/primitives/errors.ts';
import type { ExplainRequest } from '../../../src/core/explain/explain.ts';
import type { PartitionPage, PartitionsRequest } from '../../../src/core/explain/list-partitions.ts';
import type { Explanation } from '../../../src/core/explain/explanation.ts';
import type { ApiDeps } from '../../../src/api/ports.ts';
import type { HealthReport } from '../../../src/api/ports/service.ts';
import type { LiveMessage, LivePlace } from '../../../src/api/ports/live.ts';
import type { MachinesPort } from '../../../src/api/ports/machines.ts';
import type { SetSummary } from '../../../src/api/ports/partition-sets.ts';
import type { ActionInput, ActionResult, AlertAction } from '../../../src/core/model/alert/operator-action.ts';
import type { AlertEnvelope, AlertPhase } from '../../../src/core/model/alert/alert.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import type { ClientRecord } from '../../../src/core/model/client-record.ts';
import type { QuotaKind } from '../../../src/core/model/quotas/quota-kinds.ts';
import type { Quotas } from '../../../src/core/model/quotas/quotas.ts';
import { NO_QUOTAS } from '../../support/vigil/no-quotas.ts';
import { quotasFrom } from '../../../src/app/ports/quotas.ts';
import { keepPauses, readPauses, type PauseEdits } from '../../../src/core/model/stored-rule/pause-edits.ts';
import type { AuditEntry } from '../../../src/core/model/access/audit.ts';
import type { RuleEdit } from '../../../src/core/model/access/authorship.ts';
import { versionsOf, type EditedChange } from '../../../src/core/model/stored-rule/rule-version.ts';
import { NO_VERSION, type CountedRule, type RuleChange } from '../../../src/core/model/stored-rule/stored-rule.ts';
import { fakeArchive, type FakeArchive } from './fake-archive.ts';
import { fakeAlerts, type FakeAlerts } from './fake-alerts.ts';
import { createAuthenticator } from '../../../src/api/access/authenticate.ts';
import { fakeAudit } from './fake-audit.ts';
import { fakeTokens } from './fake-tokens.ts';
import { createKeyRing } from '../../../src/temporal/encryption/key-ring.ts';
import { createPayloadCipher } from '../../../src/temporal/encryption/payload-cipher.ts';
import { fakeDeadLetters, type FakeDeadLetters } from './fake-dead-letters.ts';

export interface FakeVigil {
  deps: ApiDeps;
  /** Published events and alerts, oldest first. */
  published: LiveMessage[];
  health: HealthReport;
  /** The sets in visibility; tests change them. */
  sets: SetSummary[];
  /** What running partition sets and shards answer, by workflow id. */
  running: Map<string, (request: ExplainRequest) => Explanation>;
  /** The partitions of partition sets and shards, by workflow id. */
  listing: Map<string, (request: PartitionsRequest) => PartitionPage>;
  alerts: FakeAlerts;
  /** What partition sets answer to actions on their alerts, by workflow id. */
  acting: Map<string, (action: AlertAction, input: ActionInput) => ActionResult>;
  deadLetters: FakeDeadLetters;
  archive: FakeArchive;
  /** What people have done, oldest first. */
  audit: AuditEntry[];
  /** What was refused because of a quota, oldest first. */
  overQuota: { client: string; quota: QuotaKind }[];
  /** Up to where the streams lack messages. */
  forgotten: LivePlace;
  send(message: LiveMessage): void;
  /** Number of live listeners. */
  listeners(): number;
}

/** An in-memory vigil behind the ports of the API: stores rules and forwards published messages to live listeners. */
export function fakeVigil(options: { rules?: Rule[]; machines?: MachinesPort; quotas?: Quotas } = {}): FakeVigil {
  const stored = new Map<string, CountedRule>();
  const changes: EditedChange[] = [];
  const clients = new Map<string, ClientRecord>();
  const listeners = new Set<(message: LiveMessage) => void>();
  const running: FakeVigil['running'] = new Map();
  const listing: FakeVigil['listing'] = new Map();
  const acting: FakeVigil['acting'] = new Map();
  const published: LiveMessage[] = [];
  /** Sequences of events by client and id. */
  const ids = new Map<string, number>();
  const forgotten = { event: 0, alert: 0 };
  const health: HealthReport = {
    status: 'ok',
    parts: { temporal: { state: 'up' }, nats: { state: 'up' } },
    reasons: [],
    reasonCount: 0,
  };
  const sets: SetSummary[] = [];
  const alerts = fakeAlerts();
  const deadLetters = fakeDeadLetters();
  const archive = fakeArchive();
  const audit = fakeAudit();
  const tokens = fakeTokens();
  const overQuota: FakeVigil['overQuota'] = [];
  const key = (clientId: string, ruleId: string): string => `${clientId}.${ruleId}`;

  const send = (message: LiveMessage): void => {
    published.push(message);
    for (const listener of listeners) listener(message);
  };
  const ownerOf = (change: RuleChange): string =>
    change.kind === 'put' ? key(change.rule.clientId, change.rule.id) : key(change.clientId, change.ruleId);
  const put = (rule: Rule, edit: RuleEdit | null = null, pauses?: PauseEdits): CountedRule => {
    const before = stored.get(key(rule.clientId, rule.id)) ?? null;
    const place = { version: (before?.version ?? 0) + 1, storedAtMs: Date.UTC(2026, 0, 1) };
    const entry = { rule, ...place, edition: place.version, ...readPauses(pauses ?? keepPauses(before, rule), place) };
    stored.set(key(rule.clientId, rule.id), entry);
    changes.push({ change: { kind: 'put', ...entry }, edit, edition: entry.edition });
    return entry;
  };
  const mustBe = (clientId: string, ruleId: string, version: number | undefined): void => {
    if (version !== undefined && (stored.get(key(clientId, ruleId))?.version ?? NO_VERSION) !== version)
      throw new VigilError('RULE_CHANGED', 'Read it again.', { version });
  };
  for (const rule of options.rules ?? []) put(rule);

  const deps: ApiDeps = {
    rules: {
      put: async (rule, ifVersion, edit) => (mustBe(rule.clientId, rule.id, ifVersion), put(rule, edit)),
      async turn({ clientId, ruleId }, next, { edit, ifVersion }) {
        mustBe(clientId, ruleId, ifVersion);
        const before = stored.get(key(clientId, ruleId));
        const pauses = before === undefined ? null : next(before);
        return before === undefined || pauses === null ? null : put(before.rule, edit, pauses);
      },
      get: async (clientId, ruleId) => stored.get(key(clientId, ruleId)) ?? null,
      list: async (clientId) => [...stored.values()].filter(({ rule }) => rule.clientId === clientId),
      history: async (clientId, ruleId) => ({
        changes: versionsOf(
          changes.filter(({ change }) => ownerOf(change) === key(clientId, ruleId)),
          true,
        ),
        isWhole: true,
      }),
      clients: async () => [...new Set([...stored.values()].map(({ rule }) => rule.clientId))],
      delete: async (clientId, ruleId, ifVersion, edit) => {
        mustBe(clientId, ruleId, ifVersion);
        const version = (stored.get(key(clientId, ruleId))?.version ?? 0) + 1;
        const storedAtMs = Date.UTC(2026, 0, 1);
        if (!stored.delete(key(clientId, ruleId))) return false;
        changes.push({
          change: { kind: 'delete', clientId, ruleId, version, storedAtMs },
          edit: edit ?? null,
          edition: null,
        });
        return true;
      },
    },
    clients: {
      get: async (clientId) => clients.get(clientId) ?? {},
      async change(clientId, next) {
        const changed = next(clients.get(clientId) ?? {});
        if (changed !== null) clients.set(clientId, changed);
        return changed;
      },
    },
    quotas: quotasFrom(
      { of: (clientId) => clients.get(clientId) ?? {}, all: () => [...clients.values()] },
      options.quotas ?? NO_QUOTAS,
    ),
    archive: archive.port,
    tokens,
    authenticator: createAuthenticator({ tokens }),
    sets: {
      list: async (clientId) => sets.filter((set) => set.clientId === clientId),
      partitions: async (workflowId, request) => listing.get(workflowId)?.(request) ?? null,
      explain: async (workflowId, request) => running.get(workflowId)?.(request) ?? null,
      async act(setId, action, input) {
        const answer = acting.get(setId);
        if (answer === undefined) throw new VigilError('PARTITION_SET_NOT_FOUND', 'It does not run.', { setId });
        return answer(action, input);
      },
      async reset(setId) {
        if (!running.has(setId)) throw new VigilError('PARTITION_SET_NOT_FOUND', 'It does not run.', { setId });
      },
      async resetTo(setId, atMs) {
        if (!running.has(setId)) throw new VigilError('RESET_IMPOSSIBLE', 'It started later.', { setId });
        return { runId: 'run-1', eventId: '7', atMs: atMs - 1_000, readsFromMs: atMs - 1_000 };
      },
    },
    events: {
      async publish(clientId, type, data, { id = `no id: ${published.length}` } = {}) {
        const before = ids.get(`${clientId} ${id}`);
        if (before !== undefined) return { sequence: before, duplicate: true };
        const sequence = published.length + 1;
        ids.set(`${clientId} ${id}`, sequence);
        send({ kind: 'event', clientId, type, sequence, time: new Date().toISOString(), data });
        return { sequence, duplicate: false };
      },
      async publishTestAlert(clientId) {
        const alert = alertOf({ clientId, ruleId: 'test-alert', message: 'A test alert.', labels: { test: 'true' } });
        send({ kind: 'alert', sequence: published.length + 1, alert });
        return { id: alert.id };
      },
    },
    alerts: alerts.port,
    deadLetters: deadLetters.port,
    codec: createPayloadCipher(createKeyRing([{ id: 'fake', secret: Buffer.alloc(32, 7) }])),
    audit: audit.port,
    live: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      place: () => placeOf(published),
      since: async (place, clientId) =>
        place.event < forgotten.event || place.alert < forgotten.alert
          ? null
          : batches(published.filter((message) => message.sequence > place[message.kind] && isOf(message, clientId))),
    },
    health: () => health,
    processes: {
      list: async () => [
        {
          ...{ id: 'a', host: 'host-a', pid: 7, version: '0.1.0', startedAt: '2026-01-01T00:00:00.000Z' },
          ...{ lastSeenAt: '2026-01-01T00:00:05.000Z', parts: { worker: 'up', simulator: 'off' }, lanes: [0, 1] },
        },
      ],
      pollers: async () => [{ identity: '7@host-a', polledAt: '2026-01-01T00:00:04.000Z' }],
    },
    metrics: {
      ...{ text: async () => '', contentType: 'text/plain', httpSeconds: { observe: () => undefined } },
      ...{
        overQuota: { inc: (labels) => void overQuota.push(labels) },
        previewsRunning: { inc: () => undefined, dec: () => undefined },
        previewsRefused: { inc: () => undefined },
      },
      previewSeconds: { observe: () => undefined },
    },
    links: { temporalUi: 'http://localhost:8233', temporalNamespace: 'default', nats: 'nats://localhost:4222' },
    ...(options.machines ? { machines: options.machines } : {}),
  };
  return {
    deps,
    published,
    forgotten,
    health,
    sets,
    running,
    listing,
    acting,
    alerts,
    deadLetters,
    archive,
    audit: audit.entries,
    overQuota,
    send,
    listeners: () => listeners.size,
  };
}

/** The newest sequences. */
const placeOf = (messages: readonly LiveMessage[]): LivePlace => {
  const newest = (kind: LiveMessage['kind']): number =>
    Math.max(0, ...messages.filter((message) => message.kind === kind).map(({ sequence }) => sequence));
  return { event: newest('event'), alert: newest('alert') };
};

const isOf = (message: LiveMessage, clientId: string | undefined): boolean =>
  clientId === undefined || clientId === (message.kind === 'event' ? message.clientId : message.alert.data.clientId);

async function* batches(messages: LiveMessage[]): AsyncGenerator<LiveMessage[]> {
  for (let next = 0; next < messages.length; next += 100) yield messages.slice(next, next + 100);
}

export const machineRule = (clientId: string, id: string, type: 'all' | 'any' | 'each' = 'all'): Rule => ({
  id,
  clientId,
  where: [
    { property: 'type', equals: 'status' },
    { property: 'machineId', equals: '*' },
  ],
  partitionBy: ['machineId'],
  evaluate: { type, having: { calc: 'latest', property: 'state', equals: 'stopped' } },
  severity: 'critical',
});

export function alertOf(data: Partial<AlertEnvelope['data']> & { clientId: string; ruleId: string }): AlertEnvelope {
  const time = new Date().toISOString();
  const status = data.status ?? 'firing';
  const state: AlertPhase = status === 'resolved' ? 'inactive' : 'firing';
  return {
    specversion: '1.0',
    id: `${data.clientId}/${data.ruleId}/${data.episode ?? 1}/${status}`,
    source: 'vigil',
    type: 'vigil.alert.v1',
    subject: `${data.clientId}/${data.ruleId}`,
    time,
    datacontenttype: 'application/json',
    data: {
      ruleVersion: 1,
      group: {},
      partition: {},
      episode: 1,
      status,
      reason: 'condition',
      state,
      severity: 'critical',
      startsAt: time,
      endsAt: null,
      evaluatedAt: time,
      message: `${data.ruleId} is ${status}.`,
      labels: {},
      evidence: { items: [], total: 0 },
      ...data,
    },
  };
}
