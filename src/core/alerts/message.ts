import Mustache from 'mustache';
import type { AlertData } from '../model/alert/alert.ts';
import { cutToBytes } from '../primitives/text/bytes.ts';
import { writeForOthers } from '../primitives/text/write-json.ts';
import { LIMITS } from '../primitives/limits.ts';
import type { CompiledRule } from '../compilation/compile-rule.ts';
import type { Template } from '../compilation/messages.ts';
import { actionLead } from './action-lead.ts';
import { OwnContext } from './message-names.ts';

/** Template values in addition to the alert's fields. */
export interface MessageFigures {
  /** Live partitions, or those of which a percentage is taken. */
  total: number;
  /** Partitions that satisfy, or that have a value. */
  count: number;
  /** The right side that was compared. */
  threshold?: unknown;
  /** Properties of the event behind the alert. */
  event?: Readonly<Record<string, unknown>>;
  /** The value of the set, where the values of partitions are put together; null: unknown. */
  value?: number | null;
}

/**
 * The message of an alert: rendered from the rule's template, else `name: status`. Always marks a resolved alert as
 * such, and says first what somebody did.
 */
export function messageOf(
  { rule, messages }: Pick<CompiledRule, 'rule' | 'messages'>,
  data: AlertData,
  { total, count, value, ...messageValues }: MessageFigures,
): string {
  const name = rule.name ?? rule.id;
  const lead = actionLead(data);
  // The rule's message is about an alert that fires.
  if (lead !== null && data.state !== 'firing') return `${lead}, not firing: ${name}`;
  if (lead !== null && rule.message === undefined) return `${lead}, firing: ${name}`;
  const fallback = `${name}: ${data.status}`;
  const isOver = data.status === 'resolved';
  const template = (isOver ? messages.resolvedMessage : null) ?? messages.message;
  if (template === null) return fallback;
  const percent = total === 0 ? 0 : Math.round((100 * count) / total);
  const compared = value === undefined ? (data.evidence.items[0]?.value ?? null) : value;
  const text = render(template, { ...data, ...messageValues, name, total, count, percent, value: compared });
  if (lead !== null) return `${lead}, firing: ${text}`;
  if (data.status === 'latched') return `Latched: ${text}`;
  return isOver && rule.resolvedMessage === undefined ? `Resolved: ${text}` : text;
}

/** Cuts a text to the length that an alert allows. */
export const cutMessage = (text: string): string =>
  cutToBytes(text.slice(0, wholeCharacters(text)), LIMITS.messageBytes);

/** How many characters to keep, without splitting a surrogate pair. */
function wholeCharacters(text: string): number {
  const last = text.codePointAt(LIMITS.messageLength - 1) ?? 0;
  return last > 0xffff ? LIMITS.messageLength - 1 : LIMITS.messageLength;
}

/**
 * Sections that one template may render: evidence has 20 items, but sections nested in each other would take
 * exponentially long.
 */
const SECTIONS = 200;
/** Characters of a section to keep: one more than the limit, to detect a split surrogate pair. */
const ENOUGH = LIMITS.messageLength + 1;

class BoundedWriter extends Mustache.Writer {
  private opened = 0;
  private readonly texts = new Map<unknown, string>();

  override renderTokens(...args: Parameters<Mustache.Writer['renderTokens']>): string {
    this.opened += 1;
    return this.opened > SECTIONS ? '' : super.renderTokens(...args).slice(0, ENOUGH);
  }

  override escapedValue([, name]: string[], context: Mustache.Context): string {
    return this.print(context.lookup(name ?? ''));
  }

  override unescapedValue([, name]: string[], context: Mustache.Context): string {
    return this.print(context.lookup(name ?? ''));
  }

  /** Anything but a text as JSON, encoded only once for each message: a template may name the evidence very often. */
  private print(value: unknown): string {
    if (value === undefined || value === null) return '';
    if (typeof value === 'string') return value;
    const text = this.texts.get(value) ?? writeForOthers(value).slice(0, ENOUGH);
    this.texts.set(value, text);
    return text;
  }
}

/** A writer for each message: it counts sections. No template names another one, so the writer parses nothing. */
const render = ({ text, tokens }: Template, view: object): string =>
  new BoundedWriter().renderTokens([...tokens], new OwnContext(view), undefined, text);
