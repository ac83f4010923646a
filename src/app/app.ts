import type { Log } from '../observability/log.ts';
import { connectNats } from '../nats/connection/connection.ts';
import { createAlertRecordReader } from '../nats/alert-records/alert-record-reader.ts';
import { createAlertRecordStore } from '../nats/alert-records/alert-record-store.ts';
import { createAlertCloser } from '../nats/alert-records/close-alerts.ts';
import { rebuildRecords } from '../nats/alert-records/projector.ts';
import { createAuditReader, createAuditWriter } from '../nats/audit/audit-stream.ts';
import { createDeadLetterStore } from '../nats/dead-letters/dead-letter-store.ts';
import { createEventGateway } from '../nats/events/event-gateway.ts';
import { openLiveFeed } from '../nats/alerts/live-feed.ts';
import { followClient, clientRules } from './ports/client-rules.ts';
import { ClientsBucket } from '../nats/buckets/clients-bucket.ts';
import { openProcesses } from '../nats/buckets/processes-bucket.ts';
import { BY_VIGIL } from '../core/model/access/authorship.ts';
import { RulesBucket } from '../nats/buckets/rules-bucket.ts';
import { ensureStreams } from '../nats/connection/topology.ts';
import { orUnreachable } from '../nats/connection/unreachable.ts';
import { watchNats } from '../nats/connection/connection-watch.ts';
import { loadPolicy } from '../notifications/policy.ts';
import { createApi } from '../api/api.ts';
import { createStatusApi } from '../api/status-api.ts';
import type { ApiDeps } from '../api/ports.ts';
import type { HealthReport } from '../api/ports/service.ts';
import type { LivePort } from '../api/ports/live.ts';
import { LOCAL_ONLY, serveApi } from '../api/serve.ts';
import { answerWithin } from '../temporal/connection/answer-within.ts';
import { connectTemporal } from '../temporal/connection/connect.ts';
import { ensureSearchAttributes } from '../temporal/client/search-attributes.ts';
import { createPartitionSetsClient, type SetsSettings } from '../temporal/client/partition-sets-client.ts';
import { listPollers } from '../temporal/client/list-pollers.ts';
import { countSets } from '../temporal/client/count-partition-sets.ts';
import { resetDiverged } from '../temporal/client/reset-diverged.ts';
import { taskStateOf } from '../temporal/client/task-state.ts';
import { withoutPassword } from '../core/primitives/nats-address.ts';
import { createMetrics } from '../observability/metrics/metrics.ts';
import { watchParts } from '../observability/metrics/watch-parts.ts';
import { watchWorkflows } from '../observability/metrics/watch-workflows.ts';
import { readRuleFolder } from '../rules/rule-files.ts';
import { STOP_GRACE_MS } from '../dev-servers/processes/server-process.ts';
import { ensureServers } from '../dev-servers/servers.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { otlpTracing } from '../observability/tracing/tracing.ts';
import type { SdkMetrics } from '../temporal/worker/runtime.ts';
import type { WorkerLimits } from '../temporal/worker/worker.ts';
import { isLocal, openAccess } from './security/access.ts';
import type { Config } from './settings/config.ts';
import { RUNNABLE_PARTS } from './settings/setting-types.ts';
import { StartupServer } from './startup-server.ts';
import { Health } from './health/health.ts';
import { PARTS, type PartContext } from './parts.ts';
import { announceProcess } from './announce-process.ts';
import { archivePort } from './ports/archive-port.ts';
import { openAudit } from './open-audit.ts';
import { openQuotas } from './ports/quotas.ts';
import { setsPort } from './ports/sets-port.ts';
import { Shutdown } from './shutdown.ts';
import { encryption } from './security/encryption.ts';
import { natsSecurity } from './security/nats-security.ts';
import { temporalSecurity } from './security/temporal-security.ts';
import { watchTemporal } from './health/watch-temporal.ts';

export interface AppOptions {
  config: Config;
  /** Delete the data of the servers that vigil starts. */
  fresh: boolean;
  simulator: boolean;
  log: Log;
  /** Prints progress lines for the user. */
  progress: (line: string) => void;
  /** Called when a required part fails. */
  onFailure: (error: Error) => void;
  signal?: AbortSignal | undefined;
  /** Metrics of the Temporal SDK in the Prometheus text format. */
  sdkMetrics?: SdkMetrics | undefined;
  /** Signals per workflow run before it continues as new; tests use few to cross many runs. */
  signalsPerRun?: number | undefined;
  /** Limits and workflows of the worker; set by tests. */
  workerLimits?: WorkerLimits | undefined;
  /** When to split a partition set, and into how many shards; tests split small ones. */
  split?: SetsSettings['split'];
  /** Maximum groups per rule; default LIMITS.groups. Tests set a low one. */
  groupsPerRule?: number | undefined;
}

export interface App {
  url: string;
  temporalUiUrl: string | null;
  /** Without a password. */
  natsUrl: string;
  live: LivePort;
  health(): HealthReport;
  /** Stops all parts and servers in order; leaves no process behind. */
  stop(): Promise<void>;
}

/** Used if the NATS server does not announce its limit. */
const DEFAULT_MAX_PAYLOAD = 1024 * 1024;
const START_AGAIN =
  'It answered a moment ago. Restart vigil when it is back; Docker and other supervisors do this automatically.';
/** Both servers get a grace period before they are killed, one after the other. */
const SERVERS_STOP_WITHIN_MS = 2 * STOP_GRACE_MS + 1_000;
const REGISTERED_WITHIN_MS = 30_000;
/** Others learn that a process has stopped; without it, after a minute. */
const LEAVE_WITHIN_MS = 1_000;
const REPORTED = ['temporal', 'nats', 'worker', 'subscriber', 'alerts', 'simulator'] as const;

/**
 * Starts vigil and its servers. The HTTP server starts first, so that /healthz reports the progress.
 * @throws VigilError after stopping the parts that were already started
 */
export async function startApp(options: AppOptions): Promise<App> {
  const shutdown = new Shutdown(options.log);
  try {
    return await orUnreachable(() => start(options, shutdown), START_AGAIN);
  } catch (error) {
    await shutdown.run();
    throw error;
  }
}

async function start(options: AppOptions, shutdown: Shutdown): Promise<App> {
  const {
    config,
    fresh,
    simulator,
    log,
    progress,
    onFailure,
    signal,
    signalsPerRun,
    split,
    groupsPerRule,
    workerLimits,
  } = options;
  const { temporalNamespace: namespace, temporalTaskQueue: taskQueue } = config;
  const health = new Health(REPORTED);
  const report = (): HealthReport => health.report();
  const policy = await loadPolicy(config.policyFile);
  const seedRules = await readRuleFolder(config.rulesDir);
  const metrics = createMetrics(options.sdkMetrics);
  watchParts(metrics, { report, reasons: () => health.reasons() });
  const startupServer = new StartupServer(report);
  // Nobody knows yet whether there is a login.
  const listening = await serveApi(startupServer.app, config.port, isLocal(config.host) ? config.host : LOCAL_ONLY);
  shutdown.add('api', () => listening.stop());

  const { codec, dataConverter } = encryption(config);
  const security = temporalSecurity(config);
  const forNats = natsSecurity(config);
  const servers = await ensureServers({
    ...config,
    temporalSecurity: security,
    natsSecurity: forNats,
    namespace,
    codecUrl: codec.isOn ? `http://localhost:${listening.port}/api/codec` : undefined,
    fresh,
    progress,
    onDied: onFailure,
    signal,
  });
  shutdown.add('servers', () => servers.stop(), SERVERS_STOP_WITHIN_MS);

  const nats = await connectNats(servers.natsUrl, 'vigil', forNats);
  shutdown.add('NATS connection', () => nats.close());
  const natsState = watchNats(nats);
  health.set('nats', natsState);
  const js = nats.jetstream();
  const jsm = await nats.jetstreamManager();
  await ensureStreams(jsm);
  const { authenticator, ...access } = await openAccess(nats, config, { log, onFailure });
  shutdown.add('tokens', () => access.tokens.stop());
  startupServer.openStatus(createStatusApi({ health: report, metrics, authenticator }, { ...config, logger: log }));
  const maxPayload = nats.info?.max_payload ?? DEFAULT_MAX_PAYLOAD;
  const rules = await RulesBucket.open(nats);
  const clients = await ClientsBucket.open(nats);
  const quotas = await openQuotas(clients, config, log);
  shutdown.add('quotas', () => quotas.stop());
  for (const rule of seedRules) {
    const stored = (await rules.putFirst(rule)) ? await rules.get(rule.clientId, rule.id) : null;
    if (stored !== null) await followClient({ rules, clients }, stored, BY_VIGIL);
  }

  const client = await connectTemporal(servers.temporalAddress, namespace, security, dataConverter);
  shutdown.add('Temporal connection', () => client.connection.close());
  const mayRegister = await answerWithin(
    client,
    REGISTERED_WITHIN_MS,
    () => ensureSearchAttributes(client, namespace),
    START_AGAIN,
  );
  if (!mayRegister)
    log.warn(
      { namespace },
      'vigil has no permission to register search attributes; see docs/operations.md for those that the namespace needs',
    );
  const watch = watchTemporal(client, namespace);
  shutdown.add('Temporal watch', watch.stop);
  health.set('temporal', watch.state);
  const sets = createPartitionSetsClient(client, taskQueue, { signalsPerRun, split });
  watchWorkflows(metrics, () => countSets(client));
  const tracing = config.otlpEndpoint === undefined ? null : otlpTracing(config.otlpEndpoint, log);
  shutdown.add('traces', () => tracing?.stop());

  const processes = await openProcesses(nats);
  const announced = announceProcess(processes, report, log);
  shutdown.add('heartbeat', () => announced.stop(), LEAVE_WITHIN_MS);

  const context: PartContext = {
    config,
    security,
    dataConverter,
    servers,
    nats,
    natsState,
    js,
    jsm,
    maxPayload,
    rules,
    quotas,
    sets,
    taskState: (workflowId) => taskStateOf(client, workflowId),
    reset: (workflowId, eventId) => resetDiverged(client, workflowId, eventId),
    policy,
    log,
    metrics,
    tracing,
    groupsPerRule,
    workerLimits,
    health,
    readsLanes: (lanes) => announced.setLanes(lanes),
    shutdown,
    onFailure,
  };
  for (const part of RUNNABLE_PARTS) {
    if (config.parts.includes(part)) await PARTS[part](context);
    else health.set(part, () => 'off');
  }

  const audit = openAudit({ write: createAuditWriter(js), log, metrics, health });
  shutdown.add('audit', () => audit.stop());
  const live = await openLiveFeed(nats, log);
  shutdown.add('live feed', () => live.stop());
  const events = createEventGateway(js);
  const simulation = simulator ? createSimulator({ publish: events.publish, logger: log }) : null;
  if (simulation !== null) shutdown.add('simulator', () => simulation.stop());
  health.set('simulator', () => (simulator ? 'up' : 'off'));

  const temporalUiUrl = config.temporalUiUrl ?? servers.temporalUiUrl;
  const natsUrl = withoutPassword(servers.natsUrl);
  const ports: ApiDeps = {
    rules: clientRules({ rules, clients, quotas, metrics }),
    clients,
    quotas,
    archive: archivePort({ nats, jsm, eventId: config.eventId }),
    sets: setsPort(client, sets),
    alerts: {
      ...createAlertRecordReader(js, jsm),
      close: createAlertCloser(js, jsm),
      rebuild: () => orUnreachable(() => rebuildRecords(jsm, createAlertRecordStore(js, jsm))),
    },
    deadLetters: createDeadLetterStore(js, jsm, maxPayload),
    codec,
    audit: { ...createAuditReader(js, jsm), record: audit.record },
    tokens: access.tokens,
    authenticator,
    events,
    live,
    health: report,
    processes: { list: () => processes.list(), pollers: () => listPollers(client, namespace, taskQueue) },
    metrics,
    links: { temporalUi: temporalUiUrl, temporalNamespace: namespace, nats: natsUrl },
    ...(simulation !== null && { machines: simulation.machines }),
  };
  startupServer.open(createApi(ports, { allowedHosts: config.allowedHosts, logger: log, eventId: config.eventId }));
  const isOpen = await access.open(listening);
  const url = `http://${isOpen && !isLocal(config.host) ? config.host : 'localhost'}:${listening.port}`;
  return { url, temporalUiUrl, natsUrl, live, health: report, stop: () => shutdown.run() };
}
