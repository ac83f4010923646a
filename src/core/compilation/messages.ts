import Mustache from 'mustache';
import type { Rule } from '../model/rule/rule-schema.ts';
import { isPath } from '../primitives/path.ts';

/** A template that Mustache has parsed. */
export interface Template {
  text: string;
  tokens: Tokens;
}

type Tokens = readonly string[][];

/** The templates of a rule, and what they need beside the fields of every alert. */
export interface Messages {
  /** Null: there is none. */
  message: Template | null;
  resolvedMessage: Template | null;
  threshold: boolean;
  /** Properties of the event behind the alert. */
  eventPaths: readonly string[];
}

export function compileMessages(rule: Pick<Rule, 'message' | 'resolvedMessage'>): Messages {
  const [message, resolvedMessage] = [parsed(rule.message), parsed(rule.resolvedMessage)];
  const names = [message, resolvedMessage].flatMap((template) => namesOf(template?.tokens ?? []));
  const paths = names.filter((name) => name.startsWith(OF_EVENT)).map((name) => name.slice(OF_EVENT.length));
  return {
    ...{ message, resolvedMessage },
    threshold: names.includes('threshold'),
    eventPaths: [...new Set(paths)].filter(isPath),
  };
}

const OF_EVENT = 'event.';

/** An invalid template is none: storing a rule rejects it, and an alert is never lost over its text. */
function parsed(text: string | undefined): Template | null {
  if (text === undefined) return null;
  try {
    // Not `Mustache.parse`, whose cache all templates share: in workflows, modules cannot change.
    return { text, tokens: new Mustache.Writer().parse(text) as string[][] };
  } catch {
    return null;
  }
}

/**
 * Every name that a template looks up, sections included; inside the section `event`, also as names of the event.
 *
 * @param tokens of `Mustache.parse`
 */
export function namesOf(tokens: readonly unknown[], section = ''): string[] {
  return (tokens as [kind: string, name: string, start: number, end: number, inner?: unknown][]).flatMap(
    ([kind, name, , , inner]) => {
      const within = `${name}.`.startsWith(OF_EVENT) ? `${name}.` : section;
      return [
        ...(LOOKUPS.has(kind) ? [name, ...(section === '' || name === '.' ? [] : [section + name])] : []),
        ...(Array.isArray(inner) ? namesOf(inner, within) : []),
      ];
    },
  );
}

/** Mustache tokens that read a value: {{x}}, {{{x}}} and {{&x}}, {{#x}}, {{^x}}. */
const LOOKUPS = new Set(['name', '&', '#', '^']);
