import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { codeTheme } from './code-theme.ts';
import { completeWords, hoverHelp } from './code-language.ts';
import type { Issue } from '../check/issues.ts';
import type { EventProperty } from '../../types.ts';
import type { Schema } from './schema.ts';
import { changeBetween } from './text-change.ts';
import { typeOver } from './type-over.ts';

interface Props {
  label: string;
  /** The text to begin with. After that, the editor has the text. */
  start: string;
  schema: Schema;
  /** What the newest events have: offered where a rule names it. */
  properties: readonly EventProperty[];
  issues: readonly Issue[];
  onChange: (text: string) => void;
  /** Where the cursor is. */
  onCursor: (position: number) => void;
  /** Set while the editor is there. */
  handle: RefObject<CodeHandle | null>;
}

export interface CodeHandle {
  /** Moves the cursor. */
  goTo: (position: number) => void;
  replace: (text: string) => void;
}

/**
 * CodeMirror for YAML. It is in a shadow root: there it writes its styles into style sheets of the document's scripts,
 * which the strict policy of the page allows, and not into style elements.
 */
export function CodeEditor({ label, start, schema, properties, issues, onChange, onCursor, handle }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef({ properties, onChange, onCursor });
  latest.current = { properties, onChange, onCursor };

  useEffect(() => {
    if (host.current === null) return undefined;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const listener = EditorView.updateListener.of(({ state, docChanged, selectionSet }) => {
      if (docChanged) latest.current.onChange(state.doc.toString());
      if (docChanged || selectionSet) latest.current.onCursor(state.selection.main.head);
    });
    const extensions = [
      ...[lineNumbers(), lintGutter(), history(), drawSelection(), highlightActiveLine()],
      ...[yaml(), indentOnInput(), bracketMatching(), closeBrackets(), EditorView.lineWrapping],
      autocompletion({ override: [completeWords(schema, () => latest.current.properties)], icons: false }),
      hoverHelp(schema),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false' }),
      ...[codeTheme, typeOver, listener],
    ];
    const view = new EditorView({ state: EditorState.create({ doc: start, extensions }), parent: root, root });
    editor.current = view;
    handle.current = {
      goTo(position) {
        view.dispatch({ selection: { anchor: Math.min(position, view.state.doc.length) }, scrollIntoView: true });
        view.focus();
      },
      replace: (text) => view.dispatch({ changes: changeBetween(view.state.doc.toString(), text) }),
    };
    return () => view.destroy();
  }, [schema]);

  useEffect(() => {
    const view = editor.current;
    if (view === null) return;
    const { length } = view.state.doc;
    const found = issues.map(({ from, to, path, message }) => ({
      ...{ from: Math.min(from, length), to: Math.min(to, length), severity: 'error' as const },
      message: path === '' ? message : `${path}: ${message}`,
    }));
    view.dispatch(setDiagnostics(view.state, found));
  }, [issues]);

  return <div class="code-editor" ref={host} />;
}
