import type { JetStreamManager, KV, KvEntry, NatsConnection } from 'nats';
import { VigilError } from '../../core/primitives/errors.ts';
import { BY_VIGIL, type RuleEdit } from '../../core/model/access/authorship.ts';
import { ID_PATTERN } from '../../core/model/ids.ts';
import {
  keepPauses,
  pauseRule,
  readPauses,
  type NewPause,
  type PauseEdits,
} from '../../core/model/stored-rule/pause-edits.ts';
import type { Rule } from '../../core/model/rule/rule-schema.ts';
import {
  NO_VERSION,
  type CountedRule,
  type RuleChange,
  type StoredRule,
} from '../../core/model/stored-rule/stored-rule.ts';
import { editionsOf, versionsOf, type RuleVersion } from '../../core/model/stored-rule/rule-version.ts';
import { RULES_BUCKET } from '../connection/topology.ts';
import { watchKv } from '../connection/watch-kv.ts';
import { openStreamConsumer, type StreamReadingOptions } from '../reading/stream-consumer.ts';
import { untilEnd } from '../reading/until-end.ts';
import {
  changeOf,
  entryOf,
  readStored,
  subjectOf,
  writeRule,
  writeStored,
  type RuleEntry,
  type SignedEntry,
} from './rule-messages.ts';

/** Versions of each rule that the bucket keeps. */
const HISTORY = 100;
/** Versions that builds kept which did not store who made them. */
const OLD_HISTORY = 10;
const STREAM = `KV_${RULES_BUCKET}`;
/** Others may change a rule while it is read and written; each failure is somebody's success. */
const MAX_ATTEMPTS = 50;
/** Who changes a rule, if nobody says so. */
const PUT: RuleEdit = { ...BY_VIGIL, as: 'put' };
const DELETE: RuleEdit = { ...BY_VIGIL, as: 'delete' };

/** What a version has. */
interface Written {
  rule: Rule;
  pauses: PauseEdits;
}

/** The rules in a NATS KV bucket, with keys `<clientId>.<ruleId>`. Each version says who has made it. */
export class RulesBucket {
  private readonly nats: NatsConnection;
  private readonly jsm: JetStreamManager;
  private readonly kv: KV;
  /** Versions of each rule that this bucket keeps: an operator may have set more. */
  private readonly kept: number;

  private constructor(nats: NatsConnection, jsm: JetStreamManager, kv: KV, kept: number) {
    this.nats = nats;
    this.jsm = jsm;
    this.kv = kv;
    this.kept = kept;
  }

  static async open(nats: NatsConnection): Promise<RulesBucket> {
    const jsm = await nats.jetstreamManager();
    const kv = await nats.jetstream().views.kv(RULES_BUCKET, { history: HISTORY });
    const { history } = await kv.status();
    if (history < HISTORY) await jsm.streams.update(STREAM, { max_msgs_per_subject: HISTORY });
    return new RulesBucket(nats, jsm, kv, Math.max(history, HISTORY));
  }

  /**
   * Stores a rule; one that is paused stays so.
   * @param ifVersion only if this is its newest version; NO_VERSION: only if there is none
   * @param clientPause pauses the rule, because its client is paused
   * @throws VigilError RULE_CHANGED
   */
  async put(rule: Rule, ifVersion?: number, edit: RuleEdit = PUT, clientPause?: NewPause): Promise<CountedRule> {
    return this.write(keyOf(rule.clientId, rule.id), { edit, ifVersion }, (before) => {
      const pauses = keepPauses(before, rule);
      return { rule, pauses: (clientPause && pauseRule(pauses, clientPause)) ?? pauses };
    });
  }

  /**
   * Pauses or resumes a rule. `next` returns the pauses of the new version, or null if it changes nothing. Resolves with
   * the rule if it has changed, else with null. @throws VigilError RULE_CHANGED
   */
  async turn(
    { clientId, ruleId }: { clientId: string; ruleId: string },
    next: (before: StoredRule) => PauseEdits | null,
    by: { edit: RuleEdit; ifVersion?: number | undefined },
  ): Promise<CountedRule | null> {
    return this.write(keyOf(clientId, ruleId), by, (before) => {
      const pauses = before === null ? null : next(before);
      return before === null || pauses === null ? null : { rule: before.rule, pauses };
    });
  }

  /** Writes what `next` makes of the newest version; nothing if that is null. @throws VigilError RULE_CHANGED */
  private async write<Next extends Written | null>(
    key: string,
    { edit, ifVersion }: { edit: RuleEdit; ifVersion?: number | undefined },
    next: (before: StoredRule | null) => Next,
  ): Promise<CountedRule | Extract<Next, null>> {
    for (let attempt = 1; ; attempt++) {
      const entry = await this.kv.get(key);
      const isThere = entry?.operation === 'PUT';
      if (ifVersion !== undefined && ifVersion !== (isThere ? entry.revision : NO_VERSION))
        throw new VigilError('RULE_CHANGED', 'Read the rule again, and repeat your change.', { version: ifVersion });
      const [before = null] = isThere ? unlessInvalid(() => readStored(entry)) : [];
      const written = next(before);
      if (written === null) return written as Extract<Next, null>;
      try {
        const text = writeStored(written.rule, written.pauses);
        return await this.written(key, written, text, { edit, ifVersion: entry?.revision ?? 0 });
      } catch (error) {
        // Without an expectation, a change of someone else at the same moment is no reason to refuse.
        const isRace = error instanceof VigilError && error.code === 'RULE_CHANGED' && ifVersion === undefined;
        if (!isRace || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  private async written(
    key: string,
    { rule, pauses }: Written,
    text: string,
    by: { edit: RuleEdit; ifVersion: number },
  ): Promise<CountedRule> {
    const version = await writeRule(this.nats.jetstream(), key, text, by);
    const upToIt = ((await this.revisions(key)).get(key) ?? []).filter(({ revision }) => revision <= version);
    const storedAtMs = upToIt.at(-1)?.created.getTime() ?? Date.now();
    return {
      rule,
      version,
      storedAtMs,
      ...readPauses(pauses, { version, storedAtMs }),
      edition: this.editionOf(upToIt),
    };
  }

  /** Creates a rule only if its key has never existed, not even as a deleted rule. Returns whether it did. */
  async putFirst(rule: Rule): Promise<boolean> {
    const key = keyOf(rule.clientId, rule.id);
    if ((await this.kv.get(key)) !== null) return false;
    try {
      await writeRule(this.nats.jetstream(), key, JSON.stringify(rule), { edit: PUT, ifVersion: 0 });
      return true;
    } catch (error) {
      if (error instanceof VigilError && error.code === 'RULE_CHANGED') return false;
      throw error;
    }
  }

  async get(clientId: string, ruleId: string): Promise<CountedRule | null> {
    const key = keyOf(clientId, ruleId);
    const [[entry], revisions] = await Promise.all([this.newest(key), this.revisions(key)]);
    return entry === undefined ? null : this.counted(entry, revisions);
  }

  /** By rule id. Skips entries that are not valid rules, so that they do not hide others; the subscriber logs them. */
  async list(clientId: string): Promise<CountedRule[]> {
    const key = keyOf(clientId, '*');
    const [entries, revisions] = await Promise.all([this.newest(key), this.revisions(key)]);
    return entries.flatMap((entry) => unlessInvalid(() => this.counted(entry, revisions)));
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
  async delete(clientId: string, ruleId: string, ifVersion?: number, edit: RuleEdit = DELETE): Promise<boolean> {
    if ((await this.get(clientId, ruleId)) === null) return false;
    await writeRule(this.nats.jetstream(), keyOf(clientId, ruleId), null, { edit, ifVersion });
    return true;
  }

  /** The changes of a rule, oldest first; `isWhole` if the bucket still has its first version. */
  async history(clientId: string, ruleId: string): Promise<{ changes: RuleVersion[]; isWhole: boolean }> {
    const entries = await this.read(keyOf(clientId, ruleId), { start: null });
    const isWhole = this.isWhole(entries);
    const editions = editionsOf(entries.map(isDeletion), isWhole);
    const edits = entries.flatMap((entry, index) =>
      unlessInvalid(() => ({ change: changeOf(entry), edit: entry.edit, edition: editions[index] ?? null })),
    );
    return { changes: versionsOf(edits, isWhole), isWhole };
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

  /** The kept revisions of each key without their rules, oldest first. */
  private async revisions(key: string): Promise<Map<string, SignedEntry[]>> {
    const found = new Map<string, SignedEntry[]>();
    for (const entry of await this.read(key, { start: null, headersOnly: true })) {
      const known = found.get(entry.key);
      if (known === undefined) found.set(entry.key, [entry]);
      else known.push(entry);
    }
    return found;
  }

  /** The newest entry of each key, sorted by key, without deleted ones. */
  private async newest(key: string): Promise<SignedEntry[]> {
    const found = await this.read(key, { start: 'newest' });
    return found.filter(({ operation }) => operation === 'PUT').sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  private async read(
    key: string,
    reading: Pick<StreamReadingOptions, 'start' | 'headersOnly'>,
  ): Promise<SignedEntry[]> {
    const options = { stream: STREAM, subjects: [subjectOf(key)], ...reading };
    const consumer = await openStreamConsumer(this.nats, this.jsm, options, (message, place) => ({
      left: place.left,
      entry: entryOf(message, place),
    }));
    try {
      const found: SignedEntry[] = [];
      for await (const batch of untilEnd(consumer)) found.push(...batch.map(({ entry }) => entry));
      return found;
    } finally {
      await consumer.stop();
    }
  }

  /** @throws VigilError RULE_INVALID */
  private counted(entry: RuleEntry, revisions: ReadonlyMap<string, readonly SignedEntry[]>): CountedRule {
    const upToIt = (revisions.get(entry.key) ?? []).filter(({ revision }) => revision <= entry.revision);
    return { ...readStored(entry), edition: this.editionOf(upToIt) };
  }

  /** Whether no revision is missing. Builds that did not store who made a revision kept fewer of them. */
  private isWhole(history: readonly SignedEntry[]): boolean {
    return history.length < this.kept && history.filter(({ edit }) => edit === null).length < OLD_HISTORY;
  }

  private editionOf(history: readonly SignedEntry[]): number | null {
    return editionsOf(history.map(isDeletion), this.isWhole(history)).at(-1) ?? null;
  }
}

const isDeletion = ({ operation }: SignedEntry): boolean => operation !== 'PUT';

const keyOf = (clientId: string, ruleId: string): string => `${clientId}.${ruleId}`;
const clientOf = (key: string): string => key.slice(0, key.indexOf('.'));

function report(
  entry: KvEntry,
  onChange: (change: RuleChange) => void,
  onBad: (key: string, error: VigilError) => void,
): void {
  try {
    onChange(changeOf(entry));
  } catch (error) {
    if (!(error instanceof VigilError)) throw error;
    onBad(entry.key, error);
  }
}

/** Nothing for an entry that is not a valid rule, written by another program or an older version. */
function unlessInvalid<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof VigilError) return [];
    throw error;
  }
}
