import type { AlertEnvelope } from '../../src/core/model/alert.ts';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { toEvent, type VigilEvent } from '../../src/core/model/event.ts';
import type { StoredRule } from '../../src/core/model/stored-rule.ts';
import { Player } from '../../src/offline/player.ts';

/** A message of the EVENTS stream. `storedAtMs`: epoch ms. */
export interface StoredBytes {
  subject: string;
  sequence: number;
  storedAtMs: number;
  data: Uint8Array;
}

/** What vigil must say of stored events: they run through the pure core, in stream order, with no server. */
export class StoredEvents {
  private readonly player: Player;
  private readonly alerts = new Map<string, AlertEnvelope[]>();
  private readonly decoder = new TextDecoder();

  constructor(rules: readonly StoredRule[]) {
    this.player = new Player(rules, (alert, setId) => this.alertsOf(setId).push(alert));
  }

  /** What cannot be used changes nothing. */
  take({ data, ...message }: StoredBytes): void {
    const event = this.read(message, data);
    if (event !== undefined) this.player.play(event);
  }

  /** The alerts by set, in order, with those of the deadlines up to `untilMs`, epoch ms. */
  finish(untilMs: number): Map<string, AlertEnvelope[]> {
    this.player.finish(untilMs);
    return new Map(this.player.setIds.map((setId) => [setId, this.alertsOf(setId)]));
  }

  private alertsOf(setId: string): AlertEnvelope[] {
    const alerts = this.alerts.get(setId) ?? [];
    this.alerts.set(setId, alerts);
    return alerts;
  }

  private read(message: Omit<StoredBytes, 'data'>, data: Uint8Array): VigilEvent | undefined {
    try {
      return toEvent({ ...message, payload: JSON.parse(this.decoder.decode(data)) as unknown });
    } catch (error) {
      if (error instanceof VigilError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

/** Published alerts by set, in stream order. The id of an alert begins with that of its set. */
export function bySet(alerts: Iterable<AlertEnvelope>, setIds: Iterable<string>): Map<string, AlertEnvelope[]> {
  const found = new Map<string, AlertEnvelope[]>([...setIds].map((setId) => [setId, []]));
  for (const alert of alerts) {
    const owner = [...found.keys()].find(
      (setId) => alert.id.startsWith(`${setId}#`) || alert.id.startsWith(`${setId}/`),
    );
    if (owner === undefined) throw new Error(`An alert of no set that there should be: ${alert.id}`);
    found.get(owner)?.push(alert);
  }
  return found;
}

/**
 * What must be the same, offline and live, for the alerts of a set, in order. Those of a set that is split over shards are in order
 * within a partition, as several shards tell them; and its head knows of the evidence how many there are, and some of them.
 */
export function told(alerts: readonly AlertEnvelope[], isSplit: boolean): object[] {
  if (!isSplit) return alerts.map(essence);
  const place = ({ data }: AlertEnvelope): string => JSON.stringify(data.partition);
  const byPartition = alerts.toSorted((a, b) => (place(a) < place(b) ? -1 : Number(place(a) > place(b))));
  return byPartition.map((alert) => ({ ...essence(alert), evidence: { total: alert.data.evidence.total } }));
}

/** All of an alert but what names the workflow's run. */
const essence = ({ id, data }: AlertEnvelope) => ({
  id: id.replace(/#.*\.(\d+:)/, '#$1'),
  clientId: data.clientId,
  ruleId: data.ruleId,
  group: data.group,
  partition: data.partition,
  episode: data.episode,
  status: data.status,
  reason: data.reason,
  startsAt: data.startsAt,
  endsAt: data.endsAt,
  evaluatedAt: data.evaluatedAt,
  evidence: data.evidence,
});
