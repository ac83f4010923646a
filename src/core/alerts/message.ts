import Mustache from 'mustache';
import type { AlertData } from '../model/alert.ts';
import { cutToBytes } from '../primitives/bytes.ts';
import { LIMITS } from '../primitives/limits.ts';
import { getter } from '../primitives/path.ts';
import type { Rule } from '../model/rule-schema.ts';

/** Template values in addition to the alert's fields. */
export interface MessageFigures {
  /** Live partitions. */
  total: number;
  /** Partitions that satisfy. */
  count: number;
}

/**
 * The message of an alert: rendered from the rule's template, else `name: status`. Always marks a resolved alert as
 * such.
 */
export function messageOf(rule: Rule, data: AlertData, { total, count }: MessageFigures): string {
  const name = rule.name ?? rule.id;
  const fallback = `${name}: ${data.status}`;
  const isOver = data.status === 'resolved';
  const template = isOver ? (rule.resolvedMessage ?? rule.message) : rule.message;
  if (template === undefined) return fallback;
  const percent = total === 0 ? 0 : Math.round((100 * count) / total);
  const text = render(template, { ...data, name, total, count, percent, value: data.evidence.items[0]?.value ?? null });
  if (text === undefined) return fallback;
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

/** Looks up own properties only. Inherited ones include methods, which Mustache would call. */
class OwnContext extends Mustache.Context {
  override push(view: unknown): OwnContext {
    return new OwnContext(view, this);
  }

  override lookup(name: string): unknown {
    if (name === '.') return this.view;
    const value: unknown =
      typeof this.view === 'object' && this.view !== null
        ? getter(name)(this.view as Record<string, unknown>)
        : undefined;
    return value === undefined && this.parent !== undefined ? this.parent.lookup(name) : value;
  }
}

class BoundedWriter extends Mustache.Writer {
  private opened = 0;

  override renderTokens(...args: Parameters<Mustache.Writer['renderTokens']>): string {
    this.opened += 1;
    return this.opened > SECTIONS ? '' : super.renderTokens(...args).slice(0, ENOUGH);
  }
}

/**
 * Undefined if Mustache cannot parse the template. Storing a rule rejects such templates; an alert is never lost over
 * its text.
 */
function render(template: string, view: object): string | undefined {
  try {
    // Mustache's own writer caches the templates of all tenants, and workflows share modules: use a new one for each
    // message.
    return new BoundedWriter().render(template, new OwnContext(view), {}, { escape: String });
  } catch {
    return undefined;
  }
}
