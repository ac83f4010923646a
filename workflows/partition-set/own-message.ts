import * as wf from '@temporalio/workflow';
import type { Rule } from '../../src/core/model/rule-schema.ts';
import { countRefused } from '../shared/metrics.ts';
import { endSignal, eventsSignal, recoverySignal, ruleSignal } from '../messages.ts';
import { noticeSignal } from '../shard/messages.ts';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

/** What a signal must at least be, by its name: anybody may send one by hand, and a set must not end by what is none. */
const SHAPES = new Map<string, (message: Fields) => boolean>([
  [eventsSignal.name, ({ version, events }) => isNumber(version) && Array.isArray(events)],
  [ruleSignal.name, ({ version, rule }) => isNumber(version) && isObject(rule)],
  [endSignal.name, ({ version, atMs, reason }) => isNumber(version) && isNumber(atMs) && typeof reason === 'string'],
  [
    recoverySignal.name,
    ({ requestId, attempt, phase }) => [requestId, attempt, phase].every((each) => typeof each === 'string'),
  ],
  [
    noticeSignal.name,
    ({ epoch, kind, shard }) => typeof epoch === 'string' && typeof kind === 'string' && isNumber(shard),
  ],
]);

/**
 * Whether a signal is for this partition set, as far as it says so. One that is for another, or that nobody sends, is refused, counted
 * and logged: it must not change this one's state, whatever brought it here.
 */
export function isOwnMessage(rule: Rule, name: string, message: unknown): boolean {
  const isSound = isObject(message) && SHAPES.get(name)?.(message) === true;
  if (isSound && isAddressedHere(message) && isOwnRule(rule, name, message)) return true;
  countRefused(
    rule,
    isSound ? `signal ${name} for ${String(message['setId'])}` : `signal ${name} that is none of vigil's`,
  );
  return false;
}

/** Messages of versions before 0.1 do not say whom they are for. */
const isAddressedHere = ({ setId }: Fields): boolean => setId === undefined || setId === wf.workflowInfo().workflowId;

/** A message may be a stored rule, or carry one. */
function isOwnRule({ id, clientId }: Rule, name: string, message: Fields): boolean {
  const stored = name === ruleSignal.name ? message : message['rule'];
  if (!isObject(stored) || !isObject(stored['rule'])) return stored === undefined;
  return stored['rule']['id'] === id && stored['rule']['clientId'] === clientId;
}
