import { parseJson } from '../../src/core/primitives/text/parse-json.ts';
import type { AlertEnvelope } from '../../src/core/model/alert/alert.ts';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { toEvent, type VigilEvent } from '../../src/core/model/event/event.ts';
import type { StoredRule } from '../../src/core/model/stored-rule/stored-rule.ts';
import { Player } from '../../src/offline/player.ts';

/** A message of the EVENTS stream. `storedAtMs`: epoch ms. */
export interface StoredBytes {
  subject: string;
  sequence: number;
  storedAtMs: number;
  data: Uint8Array;
}

/** Computes the expected alerts of stored events with the pure core, in stream order. */
export class StoredEvents {
  private readonly player: Player;
  private readonly alerts = new Map<string, AlertEnvelope[]>();
  private readonly decoder = new TextDecoder();

  constructor(rules: readonly StoredRule[]) {
    this.player = new Player(rules, (alert, setId) => this.alertsOf(setId).push(alert));
  }

  /** Applies a message; ignores an invalid event. */
  add({ data, ...message }: StoredBytes): void {
    const event = this.read(message, data);
    if (event !== undefined) this.player.play(event);
  }

  /** The alerts by set, in order, including deadlines up to `untilMs`, epoch ms. */
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
      return toEvent({ ...message, payload: parseJson(this.decoder.decode(data)) });
    } catch (error) {
      if (error instanceof VigilError || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }
}

/** Published alerts by set, in stream order. An alert id starts with the id of its set. */
export function bySet(alerts: Iterable<AlertEnvelope>, setIds: Iterable<string>): Map<string, AlertEnvelope[]> {
  const found = new Map<string, AlertEnvelope[]>([...setIds].map((setId) => [setId, []]));
  for (const alert of alerts) {
    const owner = [...found.keys()].find(
      (setId) => alert.id.startsWith(`${setId}#`) || alert.id.startsWith(`${setId}/`),
    );
    if (owner === undefined) throw new Error(`Alert of an unknown set: ${alert.id}`);
    found.get(owner)?.push(alert);
  }
  return found;
}

/**
 * The fields of a set's alerts that must be the same offline and live, in order. Several shards publish the alerts of a
 * split set, so these are ordered within a partition only; its shard coordinator knows the total of the evidence, but
 * not all items.
 */
export function summaryOf(alerts: readonly AlertEnvelope[], isSplit: boolean): object[] {
  if (!isSplit) return alerts.map(essence);
  const place = ({ data }: AlertEnvelope): string => JSON.stringify(data.partition);
  const byPartition = alerts.toSorted((a, b) => (place(a) < place(b) ? -1 : Number(place(a) > place(b))));
  return byPartition.map((alert) => ({ ...essence(alert), evidence: { total: alert.data.evidence.total } }));
}

/** An alert without the parts that depend on the workflow run. */
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
