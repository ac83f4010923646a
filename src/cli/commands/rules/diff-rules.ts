import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { compareRules, type RuleDifference } from './compare-rules.ts';

/**
 * Prints what applying the files would change, with what each change does to the running state, and changes nothing.
 * Resolves with whether nothing would change, and whether all rules are valid.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID for an entry that is not a rule, API_UNREACHABLE
 */
export async function diffRules(
  paths: readonly string[],
  clientsToPrune: readonly string[],
  command: ApiCommand,
): Promise<{ isSame: boolean; isValid: boolean }> {
  const { io, json } = command;
  const { found, isValid } = await compareRules(paths, clientsToPrune, command);
  if (json)
    printJson(
      io,
      found.map(({ text: _, ...difference }) => difference),
    );
  else io.stdout.write(`${found.map(shown).join('')}${summary(found)}\n`);
  return { isSame: found.every(({ change }) => change === 'none'), isValid };
}

/** The effects are comments, which programs that read a diff skip. */
const shown = ({ change, diff, effects }: RuleDifference): string =>
  change === 'none' ? '' : `${diff}${effects.lines.map((line) => `# ${line}\n`).join('')}`;

function summary(found: readonly RuleDifference[]): string {
  const count = (change: RuleDifference['change']): number => found.filter((each) => each.change === change).length;
  return `${count('create')} to create, ${count('update')} to update, ${count('delete')} to delete, ${count('none')} unchanged`;
}
