import { useEffect, useState } from 'preact/hooks';
import { errorText, RequestFailed } from '../../../server/send.ts';
import { tryRule } from '../../requests.ts';
import type { DryRun } from '../../types.ts';
import { foundIn, placed, readText, type Issue, type Reading } from './issues.ts';

/** After the last change of the text. */
const WAIT_MS = 300;
/** In place of an id that is missing, so that the rest is checked. */
const NO_ID = 'rule';

export interface Check {
  /** Which text it is about. */
  text: string;
  issues: readonly Issue[];
  /** What saving would do; null with issues. */
  tried: DryRun | null;
  /** Somebody else has stored another version. */
  isChanged: boolean;
  /** Why the API did not check it. */
  error: string | null;
  again: () => void;
}

/** Lets the API check the rule, by a dry run of saving it. @param version that the user has seen; null: of a new rule */
export function useCheck(text: string, clientId: string, version: number | null): Check {
  const [check, set] = useState<Omit<Check, 'again'>>(nothing(text));
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const reading = readText(text);
    if (reading.issues.length > 0) {
      set({ ...nothing(text), issues: reading.issues });
      return undefined;
    }
    let isOld = false;
    const timer = setTimeout(() => {
      void checkText(text, reading, clientId, version).then((found) => {
        if (!isOld) set(found);
      });
    }, WAIT_MS);
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [text, clientId, version, turn]);
  return { ...check, again: () => setTurn((before) => before + 1) };
}

const nothing = (text: string): Omit<Check, 'again'> => ({
  ...{ text, issues: [], tried: null, isChanged: false, error: null },
});

async function checkText(text: string, reading: Reading, clientId: string, version: number | null) {
  const missing = reading.id === null ? placed(text, [{ path: 'id', message: 'is missing; it must be a text' }]) : [];
  const address = { clientId: reading.clientId ?? clientId, ruleId: reading.id ?? NO_ID };
  try {
    const tried = await tryRule(address, version, text);
    return { ...nothing(text), issues: missing, tried: missing.length > 0 ? null : tried };
  } catch (error) {
    const found = foundIn(error);
    if (found !== null) return { ...nothing(text), issues: [...missing, ...placed(text, found)] };
    const isChanged = error instanceof RequestFailed && error.code === 'RULE_CHANGED' && missing.length === 0;
    return { ...nothing(text), issues: missing, isChanged, error: isChanged ? null : errorText(error) };
  }
}
