import Mustache from 'mustache';
import type { AlertData } from '../model/alert.ts';
import { cutToBytes } from '../primitives/bytes.ts';
import { LIMITS } from '../primitives/limits.ts';
import { getter } from '../primitives/path.ts';
import type { Rule } from '../model/rule-schema.ts';

/** What a template can show of an alert beside its fields. */
export interface MessageFigures {
  /** Live partitions. */
  total: number;
  /** Those that satisfy. */
  count: number;
}

/** The text of an alert: of the rule's template, if it has one. That an alert is over it always says. */
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

/** As much of a text as an alert takes. */
export const cutMessage = (text: string): string =>
  cutToBytes(text.slice(0, wholeCharacters(text)), LIMITS.messageBytes);

/** How many characters are kept: not half a surrogate pair at the end. */
function wholeCharacters(text: string): number {
  const last = text.codePointAt(LIMITS.messageLength - 1) ?? 0;
  return last > 0xffff ? LIMITS.messageLength - 1 : LIMITS.messageLength;
}

/** Sections that one template may open while it is written: evidence has 20 items, but a section in itself would loop for ever. */
const SECTIONS = 200;
/** Of the text of a section: one more than is kept, so that it is seen whether that splits a surrogate pair. */
const ENOUGH = LIMITS.messageLength + 1;

/** A template sees what is in the alert, and not what all objects have: methods, which Mustache would call. */
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

/** Undefined for a template that Mustache cannot read: it is refused when the rule is stored, and an alert is never lost over its text. */
function render(template: string, view: object): string | undefined {
  try {
    // Mustache's own writer would keep the texts of all tenants, and workflows share modules: a new one for each text.
    return new BoundedWriter().render(template, new OwnContext(view), {}, { escape: String });
  } catch {
    return undefined;
  }
}
