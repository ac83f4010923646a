import type { KV, KvEntry, NatsConnection } from 'nats';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { ID_PATTERN } from '../../core/model/ids.ts';
import { parseRule } from '../../core/language/parse/parse-rule.ts';
import type { Rule } from '../../core/model/rule/rule-schema.ts';
import { NO_VERSION, type CountedRule, type RuleChange, type StoredRule } from '../../core/model/stored-rule.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { RULES_BUCKET } from '../connection/topology.ts';
import { watchKv } from '../connection/watch-kv.ts';

/** Versions of each rule that a new bucket keeps. */
const HISTORY = 10;

/** The rules in a NATS KV bucket, with keys `<clientId>.<ruleId>`. */
export class RulesBucket {
  private readonly nats: NatsConnection;
  private readonly kv: KV;
  /** Versions of each rule that this bucket keeps; an older bucket can keep fewer. */
  private readonly kept: number;

  private constructor(nats: NatsConnection, kv: KV, kept: number) {
    this.nats = nats;
    this.kv = kv;
    this.kept = kept;
  }

  static async open(nats: NatsConnection): Promise<RulesBucket> {
    const kv = await nats.jetstream().views.kv(RULES_BUCKET, { history: HISTORY });
    const { history } = await kv.status();
    return new RulesBucket(nats, kv, history);
  }

  /**
   * @param ifVersion stores the rule only if this is its newest version; NO_VERSION: only if there is none
   * @throws VigilError RULE_CHANGED
   */
  async put(rule: Rule, ifVersion?: number): Promise<CountedRule> {
    const key = keyOf(rule.clientId, rule.id);
    const body = JSON.stringify(rule);
    const version = await (ifVersion === undefined
      ? this.kv.put(key, body)
      : unlessChanged(ifVersion, () =>
          ifVersion === NO_VERSION ? this.kv.create(key, body) : this.kv.update(key, body, ifVersion),
        ));
    const upToIt = (await this.histories(key)).flat().filter(({ revision }) => revision <= version);
    const storedAtMs = upToIt.at(-1)?.created.getTime() ?? Date.now();
    return { rule, version, storedAtMs, edition: this.editionOf(upToIt) };
  }

  /** Creates a rule only if its key has never existed, not even as a deleted rule. Returns whether it did. */
  async putFirst(rule: Rule): Promise<boolean> {
    const key = keyOf(rule.clientId, rule.id);
    if ((await this.kv.get(key)) !== null) return false;
    try {
      await this.kv.create(key, JSON.stringify(rule));
      return true;
    } catch (error) {
      if (isWrongSequence(error)) return false;
      throw error;
    }
  }

  async get(clientId: string, ruleId: string): Promise<CountedRule | null> {
    const [history = []] = await this.histories(keyOf(clientId, ruleId));
    const entry = history.at(-1);
    return entry?.operation === 'PUT' ? { ...readStored(entry), edition: this.editionOf(history) } : null;
  }

  async list(clientId: string): Promise<CountedRule[]> {
    const histories = await this.histories(keyOf(clientId, '*'));
    return histories.flatMap((history) => {
      const entry = history.at(-1);
      return entry?.operation === 'PUT'
        ? readIfValid(entry).map((stored) => ({ ...stored, edition: this.editionOf(history) }))
        : [];
    });
  }

  /** The client ids in the keys, including keys of invalid rules. */
  async clients(): Promise<string[]> {
    const clientIds = (await this.keys('*')).map(clientOf);
    return [...new Set(clientIds)].filter((clientId) => ID_PATTERN.test(clientId));
  }

  /**
   * @param ifVersion deletes the rule only if this is its newest version
   * @throws VigilError RULE_CHANGED
   */
  async delete(clientId: string, ruleId: string, ifVersion?: number): Promise<boolean> {
    if ((await this.get(clientId, ruleId)) === null) return false;
    const key = keyOf(clientId, ruleId);
    if (ifVersion === undefined) await this.kv.delete(key);
    else await unlessChanged(ifVersion, () => this.kv.delete(key, { previousSeq: ifVersion }));
    return true;
  }

  /** The changes of a rule, oldest first; `isWhole` if the bucket still has its first version. */
  async history(clientId: string, ruleId: string): Promise<{ changes: RuleChange[]; isWhole: boolean }> {
    const changes: RuleChange[] = [];
    const [kept = []] = await this.histories(keyOf(clientId, ruleId));
    for (const entry of kept)
      report(
        entry,
        (change) => void changes.push(change),
        () => undefined,
      );
    return { changes, isWhole: kept.length < this.kept };
  }

  private async keys(clientId: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const key of await this.kv.keys(keyOf(clientId, '*'))) keys.push(key);
    return keys;
  }

  /**
   * Reports every current rule, calls `onCaughtUp`, then reports every change, in order. Reports an entry that is not a
   * valid rule (written by another program) to `onBad` and leaves it unchanged.
   */
  async watch(
    onChange: (change: RuleChange) => void,
    onCaughtUp: () => void,
    onBad: (key: string, error: VigilError) => void,
  ): Promise<() => void> {
    return watchKv(this.nats, this.kv, (entry) => report(entry, onChange, onBad), onCaughtUp);
  }

  /** The kept revisions of each key, oldest first, sorted by key. */
  private async histories(key: string): Promise<KvEntry[][]> {
    const found = new Map<string, KvEntry[]>();
    for await (const entry of await this.kv.history({ key }))
      found.set(entry.key, [...(found.get(entry.key) ?? []), entry]);
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entries]) => entries);
  }

  private editionOf(history: readonly KvEntry[]): number | null {
    const sinceCreated = history.length - 1 - history.findLastIndex(({ operation }) => operation !== 'PUT');
    return sinceCreated < this.kept ? sinceCreated : null;
  }
}

/** The key exists, or has another revision. */
const isWrongSequence = (error: unknown): boolean => isJetStreamError(error, 'wrongLastSequence');

async function unlessChanged<T>(version: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isWrongSequence(error)) throw error;
    throw new VigilError('RULE_CHANGED', 'Read the rule again, and repeat your change.', { version }, { cause: error });
  }
}

const keyOf = (clientId: string, ruleId: string): string => `${clientId}.${ruleId}`;
const clientOf = (key: string): string => key.slice(0, key.indexOf('.'));

function report(
  entry: KvEntry,
  onChange: (change: RuleChange) => void,
  onBad: (key: string, error: VigilError) => void,
): void {
  const [clientId = '', ruleId = ''] = entry.key.split('.');
  if (entry.operation !== 'PUT') {
    onChange({ kind: 'delete', clientId, ruleId, version: entry.revision, storedAtMs: entry.created.getTime() });
    return;
  }
  try {
    onChange({ kind: 'put', ...readStored(entry) });
  } catch (error) {
    if (!(error instanceof VigilError)) throw error;
    onBad(entry.key, error);
  }
}

/**
 * Skips invalid rules (written by another program or an older version), so that they do not hide others; the subscriber
 * logs them.
 */
function readIfValid(entry: KvEntry): StoredRule[] {
  try {
    return [readStored(entry)];
  } catch (error) {
    if (error instanceof VigilError) return [];
    throw error;
  }
}

function readStored(entry: KvEntry): StoredRule {
  let value: unknown;
  try {
    value = parseJson(entry.string());
  } catch (error) {
    throw new VigilError(
      'RULE_INVALID',
      `The stored rule ${entry.key} is not valid JSON.`,
      { key: entry.key },
      { cause: error },
    );
  }
  return { rule: parseRule(value), version: entry.revision, storedAtMs: entry.created.getTime() };
}
