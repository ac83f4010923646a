import {
  startCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { hoverTooltip, type EditorView } from '@codemirror/view';
import { completionsAt, helpAt, type Option } from './completions.ts';
import type { EventProperty } from '../../types.ts';
import { eventWordsAt } from './event-words.ts';
import type { Schema } from './schema.ts';

/* Completion and hover help of the code editor. */

export const completeWords =
  (schema: Schema, properties: () => readonly EventProperty[]) =>
  (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const found = eventWordsAt(text, context.pos, properties()) ?? completionsAt(schema, text, context.pos);
    if (found === null || (!context.explicit && found.from === context.pos && !isAfterKey(context))) return null;
    return { from: found.from, to: found.to, options: found.options.map(asCompletion), validFor: /^[\w.-]*$/ };
  };

/** After `key: `, its values are offered before somebody writes. */
const isAfterKey = (context: CompletionContext): boolean => context.matchBefore(/:[ ]/) !== null;

const asCompletion = ({ label, about, text }: Option, index: number): Completion => ({
  label,
  ...(about !== '' && { info: () => paragraph(about) }),
  boost: -index / 100,
  apply(view, _completion, from, to) {
    view.dispatch({
      changes: { from, to, insert: text },
      selection: { anchor: from + text.length },
      userEvent: 'input.complete',
    });
    if (text !== label) startCompletion(view);
  },
});

function paragraph(text: string): HTMLElement {
  const element = document.createElement('p');
  element.textContent = text;
  return element;
}

export const hoverHelp = (schema: Schema) =>
  hoverTooltip((view: EditorView, position: number) => {
    const help = helpAt(schema, view.state.doc.toString(), position);
    if (help === null) return null;
    const { from, to, word, about } = help;
    return {
      pos: from,
      end: to,
      above: true,
      create() {
        const dom = document.createElement('div');
        dom.className = 'word-help';
        const name = document.createElement('code');
        name.textContent = word;
        dom.append(name, paragraph(about));
        return { dom };
      },
    };
  });
