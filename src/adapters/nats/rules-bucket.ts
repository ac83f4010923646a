import { NatsError, type KV, type KvEntry, type NatsConnection } from 'nats';
import { VigilError } from '../../core/errors.ts';
import { ID_PATTERN } from '../../core/ids.ts';
import { parseRule } from '../../core/parse-rule.ts';
import type { Rule } from '../../core/rule-schema.ts';
import type { RuleChange, StoredRule } from '../../core/stored-rule.ts';
import { RULES_BUCKET } from './topology.ts';
import { watchKv } from './watch-kv.ts';

/** Versions that the bucket keeps of each rule. */
const HISTORY = 10;

/** The rules, in a NATS KV bucket under `<clientId>.<ruleId>`. */
export class RulesBucket {
  private readonly nats: NatsConnection;
  private readonly kv: KV;

  private constructor(nats: NatsConnection, kv: KV) {
    this.nats = nats;
    this.kv = kv;
  }

  static async open(nats: NatsConnection): Promise<RulesBucket> {
    return new RulesBucket(nats, await nats.jetstream().views.kv(RULES_BUCKET, { history: HISTORY }));
  }

  async put(rule: Rule): Promise<StoredRule> {
    const version = await this.kv.put(keyOf(rule.clientId, rule.id), JSON.stringify(rule));
    const stored = await this.kv.get(keyOf(rule.clientId, rule.id), { revision: version });
    return { rule, version, storedAtMs: stored?.created.getTime() ?? Date.now() };
  }

  /** Puts a rule only where none has ever been, not even one that was deleted. */
  async putFirst(rule: Rule): Promise<boolean> {
    const key = keyOf(rule.clientId, rule.id);
    if ((await this.kv.get(key)) !== null) return false;
    try {
      await this.kv.create(key, JSON.stringify(rule));
      return true;
    } catch (error) {
      if (error instanceof NatsError && error.api_error?.err_code === WRONG_LAST_SEQUENCE) return false;
      throw error;
    }
  }

  async get(clientId: string, ruleId: string): Promise<StoredRule | null> {
    const entry = await this.kv.get(keyOf(clientId, ruleId));
    return entry === null || entry.operation !== 'PUT' ? null : readStored(entry);
  }

  async list(clientId: string): Promise<StoredRule[]> {
    const keys = await this.keys(clientId);
    const entries = await Promise.all(keys.sort().map((key) => this.kv.get(key)));
    return entries.flatMap((entry) => (entry?.operation === 'PUT' ? readIfValid(entry) : []));
  }

  /** By the keys alone, which come without the rules: also where an entry is no valid rule. */
  async clients(): Promise<string[]> {
    const clientIds = (await this.keys('*')).map(clientOf);
    return [...new Set(clientIds)].filter((clientId) => ID_PATTERN.test(clientId));
  }

  async delete(clientId: string, ruleId: string): Promise<boolean> {
    if ((await this.get(clientId, ruleId)) === null) return false;
    await this.kv.delete(keyOf(clientId, ruleId));
    return true;
  }

  /** What a rule was, change by change, the oldest first; whole where the bucket still has its first version. */
  async history(clientId: string, ruleId: string): Promise<{ changes: RuleChange[]; isWhole: boolean }> {
    const changes: RuleChange[] = [];
    let count = 0;
    for await (const entry of await this.kv.history({ key: keyOf(clientId, ruleId) })) {
      count += 1;
      tell(entry, (change) => void changes.push(change), () => undefined);
    }
    return { changes, isWhole: count < HISTORY };
  }

  private async keys(clientId: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const key of await this.kv.keys(keyOf(clientId, '*'))) keys.push(key);
    return keys;
  }

  /**
   * Every rule as it stands, then every change, in order. `onCaughtUp` is called once what stood at the start has been
   * given. An entry that is no rule (somebody wrote past vigil) is given to `onBad` and left where it is.
   */
  async watch(onChange: (change: RuleChange) => void, onCaughtUp: () => void, onBad: (key: string, error: VigilError) => void): Promise<() => void> {
    return watchKv(this.nats, this.kv, (entry) => tell(entry, onChange, onBad), onCaughtUp);
  }
}

/** JetStream API error code JSStreamWrongLastSequenceErr: the key exists. */
const WRONG_LAST_SEQUENCE = 10071;

const keyOf = (clientId: string, ruleId: string): string => `${clientId}.${ruleId}`;
const clientOf = (key: string): string => key.slice(0, key.indexOf('.'));

function tell(entry: KvEntry, onChange: (change: RuleChange) => void, onBad: (key: string, error: VigilError) => void): void {
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

/** What somebody wrote past vigil, or before the language became stricter, must not hide the other rules; the subscriber tells of it. */
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
    value = entry.json();
  } catch (error) {
    throw new VigilError('RULE_INVALID', `The stored rule ${entry.key} is no JSON.`, { key: entry.key }, { cause: error });
  }
  return { rule: parseRule(value), version: entry.revision, storedAtMs: entry.created.getTime() };
}
