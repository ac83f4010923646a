import { useLocation } from 'preact-iso';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { useShortcuts } from '../../app/shortcuts/use-shortcuts.ts';
import { useResource } from '../../app/loading/use-resource.ts';
import { errorText, RequestFailed } from '../../server/send.ts';
import { rulePath, type RuleAddress } from '../addresses.ts';
import { getProperties, saveRule } from '../requests.ts';
import { CodeEditor, type CodeHandle } from './code/code-editor.tsx';
import { helpAt } from './code/completions.ts';
import { Conflict } from './conflict.tsx';
import { draftsIn } from './drafts.ts';
import { FormSide } from './form/form-side.tsx';
import { IssueList } from './check/issue-list.tsx';
import { readText } from './check/issues.ts';
import { useLeaveGuard } from './leave-guard.ts';
import { PreviewPanel } from './preview/preview-panel.tsx';
import type { EventProperty } from '../types.ts';
import type { Schema } from './code/schema.ts';
import { useCheck } from './check/use-check.ts';
import { WhatItDoes } from './check/what-it-does.tsx';

const drafts = draftsIn(sessionStorage);
const NONE: readonly EventProperty[] = [];

/** A rule that is stored, and the version that the user has seen. */
export interface Stored {
  rule: RuleAddress;
  version: number;
}

interface Props {
  schema: Schema;
  clientId: string;
  /** Null: the rule is new. */
  stored: Stored | null;
  /** The text to begin with. */
  start: string;
}

/** Writes a rule: as YAML and in a form beside it, with what vigil says about it. */
export function RuleEditor({ schema, clientId, stored, start }: Props) {
  const { say } = useConsole();
  const { route, url } = useLocation();
  const fresh = { text: start, version: stored?.version ?? null };
  const [begun] = useState(() => drafts.get(url) ?? fresh);
  const [text, setText] = useState(begun.text);
  const [version, setVersion] = useState(begun.version);
  const [isRestored, setRestored] = useState(begun.text !== start);
  /** What is stored, as far as the user has seen it. */
  const [base, setBase] = useState(start);
  const [cursor, setCursor] = useState(0);
  const [isSaving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<{ text: string; isChanged: boolean } | null>(null);
  const code = useRef<CodeHandle>(null);
  const check = useCheck(text, clientId, version);
  const isDirty = text !== base;
  const leave = useLeaveGuard(isDirty, () => drafts.delete(url));
  useEffect(() => {
    if (isDirty) drafts.set(url, { text, version });
    else drafts.delete(url);
  }, [isDirty, text, version]);
  const reading = useMemo(() => readText(text), [text]);
  const help = useMemo(() => helpAt(schema, text, cursor), [schema, text, cursor]);
  const isUpToDate = check.text === text;
  const isChanged = check.isChanged || refusal?.isChanged === true;
  const address = stored?.rule ?? { clientId: reading.clientId ?? clientId, ruleId: reading.id ?? '' };

  // While somebody writes the client, that of before; without an answer, nothing is offered.
  const ofClient = useRef(clientId);
  if (isUpToDate && check.tried !== null) ofClient.current = address.clientId;
  const properties = useResource(() => getProperties(ofClient.current), [ofClient.current]).value ?? NONE;

  const change = (next: string): void => {
    setText(next);
    setRefusal(null);
  };
  const replace = (next: string): void => code.current?.replace(next);
  const save = (): void => {
    const [first] = check.issues;
    if (isUpToDate && first !== undefined) {
      code.current?.goTo(first.from);
      return;
    }
    if (isSaving || reading.issues.length > 0 || reading.id === null) return;
    setSaving(true);
    setRefusal(null);
    saveRule(address, version, text)
      .then(
        () => {
          leave();
          drafts.delete(url);
          say(`${address.ruleId} is saved.`);
          route(rulePath(address));
        },
        (error: unknown) => {
          const isOther = error instanceof RequestFailed && error.code === 'RULE_CHANGED';
          setRefusal({ text: errorText(error), isChanged: isOther });
        },
      )
      .finally(() => setSaving(false));
  };
  useShortcuts([{ key: 'Mod+s', does: 'Save the rule', run: save }]);

  const discard = (): void => {
    setBase(start);
    setVersion(fresh.version);
    replace(start);
    setRestored(false);
  };

  return (
    <>
      {isRestored && (
        <p class="restored" role="status">
          Restored draft: your changes of before are not saved.
          <button type="button" onClick={discard}>
            Discard draft
          </button>
        </p>
      )}
      <div class="editor">
        <section class="yaml-side" aria-label="YAML">
          <CodeEditor
            label="rule as YAML"
            {...{
              start: begun.text,
              schema,
              properties,
              issues: check.issues,
              onChange: change,
              onCursor: setCursor,
              handle: code,
            }}
          />
          <p class="about-word aside">
            {help === null ? (
              'Ctrl+Space completes a word. Put the cursor on a word to read about it.'
            ) : (
              <>
                <code>{help.word}</code> {help.about}
              </>
            )}
          </p>
          <IssueList check={check} isUpToDate={isUpToDate} onSelect={({ from }) => code.current?.goTo(from)} />
        </section>
        <FormSide
          {...{ text, schema, properties, reading, issues: check.issues, isStored: stored !== null, onChange: replace }}
        />
      </div>
      {isChanged && (
        <Conflict
          {...{ rule: address, text }}
          onKeep={(theirs, next) => {
            setBase(theirs);
            setVersion(next);
            setRefusal(null);
          }}
          onTake={(theirs, next) => {
            setBase(theirs);
            setVersion(next);
            replace(theirs);
          }}
        />
      )}
      {refusal !== null && !refusal.isChanged && (
        <p class="failure failure-text" role="alert">
          {refusal.text}
        </p>
      )}
      <WhatItDoes check={check} isUpToDate={isUpToDate} hasComments={/^\s*#|\s#/m.test(text)} />
      <PreviewPanel clientId={address.clientId} text={text} isReady={isUpToDate && check.tried !== null} />
      <footer class="save-bar">
        <span class="aside" role="status">
          {isDirty ? 'Unsaved changes' : stored === null ? 'Not saved yet' : 'No changes'}
        </span>
        <a class="button" href={stored === null ? '/rules' : rulePath(stored.rule)}>
          Cancel
        </a>
        <button
          type="button"
          class="primary"
          disabled={isSaving || (stored !== null && !isDirty) || isChanged}
          aria-keyshortcuts="Control+S Meta+S"
          onClick={save}
        >
          {stored === null ? 'Create rule' : 'Save rule'}
        </button>
      </footer>
    </>
  );
}
