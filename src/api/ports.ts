import type { RulesPort } from './ports/rules.ts';
import type { ClientsPort, QuotasPort } from './ports/clients.ts';
import type { EventArchivePort, EventsPort } from './ports/events.ts';
import type { SetsPort } from './ports/partition-sets.ts';
import type { AlertRecordsPort } from './ports/alert-records.ts';
import type { DeadLetterStorePort } from './ports/dead-letters.ts';
import type { CodecPort } from './ports/codec.ts';
import type { AuditPort } from './ports/audit.ts';
import type { TokensPort, Authenticator } from './ports/access.ts';
import type { LivePort } from './ports/live.ts';
import type { HealthReport, MetricsPort, ProcessesPort } from './ports/service.ts';
import type { MachinesPort } from './ports/machines.ts';

/** The ports that the API depends on. `src/app` passes the adapters, tests pass fakes. */
export interface ApiDeps {
  rules: RulesPort;
  clients: ClientsPort;
  quotas: QuotasPort;
  archive: EventArchivePort;
  sets: SetsPort;
  events: EventsPort;
  alerts: AlertRecordsPort;
  deadLetters: DeadLetterStorePort;
  codec: CodecPort;
  audit: AuditPort;
  tokens: TokensPort;
  authenticator: Authenticator;
  live: LivePort;
  health: () => HealthReport;
  processes: ProcessesPort;
  metrics: MetricsPort;
  /** Absent when the simulator is off. */
  machines?: MachinesPort;
  /** Links that the console shows. */
  links: { temporalUi: string | null; temporalNamespace: string; nats: string };
}
