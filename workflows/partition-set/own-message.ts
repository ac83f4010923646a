import * as wf from '@temporalio/workflow';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { countRefused } from '../shared/metrics.ts';
import { endSignal, eventsSignal, recoverySignal, ruleSignal } from '../messages.ts';

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);

/** By the name of the signal: whether a message has the fields that its handler reads. */
export type SignalShapes = ReadonlyMap<string, (message: Record<string, unknown>) => boolean>;

/** The minimal shape of each signal: anybody can send one by hand, and a malformed one must not end a partition set. */
export const SIGNAL_SHAPES: SignalShapes = new Map<string, (message: Fields) => boolean>([
  [eventsSignal.name, ({ version, events }) => isNumber(version) && Array.isArray(events)],
  [ruleSignal.name, ({ version, rule }) => isNumber(version) && isObject(rule)],
  [endSignal.name, ({ version, atMs, reason }) => isNumber(version) && isNumber(atMs) && typeof reason === 'string'],
  [
    recoverySignal.name,
    ({ requestId, attempt, phase }) => [requestId, attempt, phase].every((each) => typeof each === 'string'),
  ],
]);

/**
 * Whether a signal is addressed to this partition set. A signal for another one, or a malformed or unknown one, is
 * rejected, counted and logged, and never changes the state.
 */
export function isOwnMessage(rule: Rule, name: string, message: unknown, shapes: SignalShapes): boolean {
  const isSound = isObject(message) && shapes.get(name)?.(message) === true;
  if (isSound && isAddressedHere(message) && isOwnRule(rule, name, message)) return true;
  countRefused(
    rule,
    isSound ? `signal ${name} for ${String(message['setId'])}` : `unknown or malformed signal ${name}`,
  );
  return false;
}

/** Messages of versions before 0.1 have no address. */
const isAddressedHere = ({ setId }: Fields): boolean => setId === undefined || setId === wf.workflowInfo().workflowId;

/** A message may be a stored rule, or contain one. */
function isOwnRule({ id, clientId }: Rule, name: string, message: Fields): boolean {
  const stored = name === ruleSignal.name ? message : message['rule'];
  if (!isObject(stored) || !isObject(stored['rule'])) return stored === undefined;
  return stored['rule']['id'] === id && stored['rule']['clientId'] === clientId;
}
