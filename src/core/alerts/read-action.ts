import type { AlertAction, OperatorAction } from '../model/alert/operator-action.ts';
import { VigilError } from '../primitives/errors.ts';
import { LIMITS } from '../primitives/limits.ts';
import { isWholeNumber } from '../primitives/numbers/whole-number.ts';
import type { Scalar } from '../primitives/value.ts';

const FIELDS = ['partition', 'episode', 'by', 'note', 'until'];
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Checks the input of an action, which anybody can send. Without zod, which workflows do not load.
 * @param nowMs the clock of people, epoch ms
 * @throws VigilError ACTION_INVALID
 */
export function readAction(name: AlertAction, input: unknown, nowMs: number): OperatorAction {
  if (!isObject(input)) throw invalid('Send a JSON object, such as {"by":"ana"}.');
  const unknown = Object.keys(input).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw invalid(`It has an unknown field; it can have ${FIELDS.join(', ')}.`);
  const { partition, episode, by, note, until } = input;
  if (!isText(by, LIMITS.actorLength) || by === '')
    throw invalid(`Say in \`by\` who acts: a text of 1 to ${LIMITS.actorLength} characters.`);
  if (note !== undefined && !isText(note, LIMITS.noteLength))
    throw invalid(`\`note\` must be a text of at most ${LIMITS.noteLength} characters.`);
  if (episode !== undefined && !(Number.isSafeInteger(episode) && Number(episode) >= 0))
    throw invalid('`episode` must be the number of an episode, as in the alert.');
  if (partition !== undefined && !isKey(partition))
    throw invalid('`partition` must be an object of strings, numbers and booleans, as in the alert.');
  return {
    name,
    by,
    ...(note !== undefined && { note }),
    ...(episode !== undefined && { episode: Number(episode) }),
    ...(partition !== undefined && { partition }),
    ...untilOf(name, until, nowMs),
  };
}

function untilOf(name: AlertAction, until: unknown, nowMs: number): Pick<OperatorAction, 'until'> {
  if (name !== 'snooze') {
    if (until !== undefined) throw invalid('Only a snooze has `until`.');
    return {};
  }
  const ms = typeof until === 'string' && ISO_TIME.test(until) ? Date.parse(until) : NaN;
  if (Number.isNaN(ms)) throw invalid('Say in `until` when the snooze ends: ISO 8601, such as 2026-01-01T08:00:00Z.');
  if (ms <= nowMs) throw invalid('`until` must be in the future.');
  if (ms - nowMs > LIMITS.longestSnoozeMs) throw invalid('`until` must be at most a year ahead.');
  return { until: ms };
}

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown, length: number): value is string => typeof value === 'string' && value.length <= length;
const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value) || isWholeNumber(value);
const isKey = (value: unknown): value is Record<string, Scalar> =>
  isObject(value) && Object.values(value).every(isScalar);

const invalid = (advice: string): VigilError => new VigilError('ACTION_INVALID', advice);
