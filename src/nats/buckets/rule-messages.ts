import { headers, type JetStreamClient, type KvEntry, type Msg, type MsgHdrs } from 'nats';
import { parseRule } from '../../core/language/parse/parse-rule.ts';
import { pauseEdits, readPauses, type PauseEdits } from '../../core/model/stored-rule/pause-edits.ts';
import { ruleEdit, type RuleEdit } from '../../core/model/access/authorship.ts';
import type { Rule } from '../../core/model/rule/rule-schema.ts';
import type { RuleChange, StoredRule } from '../../core/model/stored-rule/stored-rule.ts';
import { VigilError } from '../../core/primitives/errors.ts';
import { parseJson } from '../../core/primitives/text/parse-json.ts';
import { isJetStreamError } from '../connection/jetstream-error.ts';
import { RULES_BUCKET } from '../connection/topology.ts';
import type { MessagePlace } from '../reading/stream-consumer.ts';

/* The messages of the rules bucket. The KV client neither writes nor reads headers, which say who has changed a rule. */

/** JSON of a RuleEdit. */
const EDIT_HEADER = 'Vigil-Edit';
/** Of the KV protocol: a delete has a marker, a put has none (NATS ADR-8). */
const OPERATION_HEADER = 'KV-Operation';

export const subjectOf = (key: string): string => `$KV.${RULES_BUCKET}.${key}`;

/**
 * Puts a rule, or deletes it if there is no body. One message has the version and who made it, so that no crash parts them.
 * Resolves with the version.
 * @throws VigilError RULE_CHANGED if `ifVersion` is not the newest version
 */
export async function writeRule(
  js: JetStreamClient,
  key: string,
  body: string | null,
  { edit, ifVersion }: { edit: RuleEdit; ifVersion: number | undefined },
): Promise<number> {
  const head = headers();
  head.set(EDIT_HEADER, asciiJson(edit));
  if (body === null) head.set(OPERATION_HEADER, 'DEL');
  try {
    const expect = ifVersion === undefined ? {} : { expect: { lastSubjectSequence: ifVersion } };
    return (await js.publish(subjectOf(key), body ?? '', { headers: head, ...expect })).seq;
  } catch (error) {
    if (!isJetStreamError(error, 'wrongLastSequence')) throw error;
    const fields = { version: ifVersion ?? 0 };
    throw new VigilError('RULE_CHANGED', 'Read the rule again, and repeat your change.', fields, { cause: error });
  }
}

/** Headers are ASCII. */
const asciiJson = (value: object): string =>
  JSON.stringify(value).replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function editOf(header: MsgHdrs | undefined): RuleEdit | null {
  const text = header?.get(EDIT_HEADER) ?? '';
  if (text === '') return null;
  try {
    return ruleEdit.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** An entry of the bucket, as the KV client has it, too. */
export type RuleEntry = Pick<KvEntry, 'key' | 'revision' | 'created' | 'string'> & { operation: string };

/** `edit`: who made it; null if another program or an older build did. */
export type SignedEntry = RuleEntry & { edit: RuleEdit | null };

export const entryOf = (message: Msg, { sequence, storedAtMs }: MessagePlace): SignedEntry => ({
  key: message.subject.slice(subjectOf('').length),
  operation: message.headers?.get(OPERATION_HEADER) || 'PUT',
  revision: sequence,
  created: new Date(storedAtMs),
  string: () => message.string(),
  edit: editOf(message.headers),
});

/** @throws VigilError RULE_INVALID if it is not a valid rule */
export function changeOf(entry: RuleEntry): RuleChange {
  const [clientId = '', ruleId = ''] = entry.key.split('.');
  if (entry.operation === 'PUT') return { kind: 'put', ...readStored(entry) };
  return { kind: 'delete', clientId, ruleId, version: entry.revision, storedAtMs: entry.created.getTime() };
}

/** @throws VigilError RULE_INVALID */
export function readStored(entry: RuleEntry): StoredRule {
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
  const { pauses, rule } = parted(value);
  const place = { version: entry.revision, storedAtMs: entry.created.getTime() };
  const { data: edits, success } = pauseEdits.safeParse(pauses ?? {});
  if (!success) throw new VigilError('RULE_INVALID', `The stored rule ${entry.key} has an invalid "${PAUSES}".`);
  return { rule: parseRule(rule), ...place, ...readPauses(edits, place) };
}

/** The word beside the text of a rule that has what is stored with it; absent if there is nothing. */
const PAUSES = 'pauses';

/** The text of the message of a rule. */
export const writeStored = (rule: Rule, pauses: PauseEdits): string =>
  JSON.stringify(Object.keys(pauses).length === 0 ? rule : { ...rule, [PAUSES]: pauses });

function parted(value: unknown): { pauses?: unknown; rule: unknown } {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, PAUSES)) return { rule: value };
  const { [PAUSES]: pauses, ...rule } = value as Record<string, unknown>;
  return { pauses, rule };
}
