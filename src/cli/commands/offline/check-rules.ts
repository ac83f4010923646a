import { checkFiles } from '../../../rules/check-files.ts';
import { withFolders, YAML } from '../../../rules/folders.ts';
import { issueText } from '../../../rules/yaml-entries.ts';
import { counted } from '../../output/counted.ts';
import { FAILED, OK, printJson, type CliIo } from '../../io.ts';

/**
 * Checks rule files and rule-test files. Prints a line per issue, with file, line, path and how to fix it, and warnings
 * for valid rules that are probably mistakes. Resolves with the exit code, which ignores warnings.
 */
export async function checkRules(
  files: readonly string[],
  { io, json }: { io: CliIo; json: boolean },
): Promise<number> {
  const { errors, warnings, ...counts } = await checkFiles(await withFolders(files, YAML));
  if (json) printJson(io, { ...counts, errors, warnings });
  else {
    for (const error of errors) io.stdout.write(`${issueText(error)}\n`);
    for (const { message, ...place } of warnings)
      io.stdout.write(`${issueText({ ...place, message: `warning: ${message}` })}\n`);
    const checked = [counted(counts.rules, 'rule'), ...(counts.tests > 0 ? [counted(counts.tests, 'test')] : [])].join(
      ' and ',
    );
    const found = [
      ...(errors.length > 0 ? [counted(errors.length, 'error')] : []),
      ...(warnings.length > 0 ? [counted(warnings.length, 'warning')] : []),
    ];
    io.stdout.write(`${checked} in ${counted(counts.files, 'file')}: ${found.join(', ') || 'valid'}\n`);
  }
  return errors.length > 0 ? FAILED : OK;
}
