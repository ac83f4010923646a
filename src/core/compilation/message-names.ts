import Mustache from 'mustache';
import type { Rule } from '../model/rule/rule-schema.ts';
import { isPath } from '../primitives/path.ts';

/** What the templates of a rule need beside the fields of every alert. */
export interface MessageNeeds {
  threshold: boolean;
  /** Properties of the event behind the alert. */
  eventPaths: readonly string[];
}

export function messageNeeds({
  message = '',
  resolvedMessage = '',
}: Pick<Rule, 'message' | 'resolvedMessage'>): MessageNeeds {
  const names = [message, resolvedMessage].flatMap((template) => namesOf(parsed(template)));
  const paths = names.filter((name) => name.startsWith(OF_EVENT)).map((name) => name.slice(OF_EVENT.length));
  return { threshold: names.includes('threshold'), eventPaths: [...new Set(paths)].filter(isPath) };
}

const OF_EVENT = 'event.';

/** An invalid template needs nothing: storing a rule rejects it. */
function parsed(template: string): readonly unknown[] {
  try {
    // Not `Mustache.parse`, whose cache all templates share: in workflows, modules cannot change.
    return new Mustache.Writer().parse(template) as unknown[];
  } catch {
    return [];
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
