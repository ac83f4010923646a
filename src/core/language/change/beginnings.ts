import type { CompiledRule } from '../../compilation/compile-rule.ts';
import type { Continuation } from '../../evaluation/continuation.ts';
import { lostState } from '../../evaluation/correction/lost-state.ts';
import { cutToBytes, jsonBytes } from '../../primitives/text/bytes.ts';
import { conditionText } from '../condition-text.ts';
import type { Beginning } from './change-effect.ts';

const CONDITION_BYTES = 300;

export function beginningsOf(before: CompiledRule, next: CompiledRule, kept: Continuation): Beginning[] {
  const found = lostState(before, next, kept).map(({ part, leaf }): Beginning => ({
    part,
    ...(leaf !== undefined && { condition: short(conditionText(leaf.node)) }),
  }));
  return unique(found);
}

function unique(all: readonly Beginning[]): Beginning[] {
  const seen = new Set<string>();
  return all.filter(({ part, condition }) => {
    const key = `${part} ${condition}`;
    return !seen.has(key) && seen.add(key);
  });
}

const ELLIPSIS = '…';
const short = (text: string): string =>
  jsonBytes(text) <= CONDITION_BYTES ? text : cutToBytes(text, CONDITION_BYTES - jsonBytes(ELLIPSIS)) + ELLIPSIS;
