import { readFile } from 'node:fs/promises';
import { parse, YAMLError } from 'yaml';
import { VigilError } from '../core/primitives/errors.ts';
import { explainIssue, type Issue } from '../core/language/parse/explain-issue.ts';
import { policySchema, type Policy } from './policy-schema.ts';

/**
 * Reads a policy file.
 * @throws VigilError FILE_UNREADABLE, or POLICY_INVALID with `fields: {file, issues: Issue[]}`
 */
export async function loadPolicy(file: string): Promise<Policy> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const advice = `${file}: ${error instanceof Error ? error.message : String(error)}. Check VIGIL_POLICY_FILE.`;
    throw new VigilError('FILE_UNREADABLE', advice, { file }, { cause: error });
  }
  return parsePolicy(text, file);
}

/** `file` is used in error texts. @throws VigilError POLICY_INVALID */
export function parsePolicy(text: string, file: string): Policy {
  const parsed = policySchema.safeParse(readYaml(text, file), { reportInput: true });
  if (parsed.success) return parsed.data;
  throw invalid(
    file,
    parsed.error.issues.flatMap((issue) => explainIssue(issue, WORDS)),
  );
}

function readYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    throw invalid(file, [{ path: '', message: `is not valid YAML: ${error.message.split('\n')[0] ?? ''}` }]);
  }
}

function invalid(file: string, issues: Issue[]): VigilError {
  const list = issues.map(({ path, message }) => `${file}: ${path === '' ? 'the policy' : path}: ${message}`);
  return new VigilError('POLICY_INVALID', list.join('; '), { file, issues });
}

const WORDS = [
  'receivers',
  'routes',
  'match',
  'notify',
  'clientId',
  'ruleId',
  'status',
  'severity',
  'reason',
  'labels',
].concat(['log', 'webhook', 'nats', 'url', 'headers', 'timeout', 'subject']);
