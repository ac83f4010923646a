import { readFile } from 'node:fs/promises';
import { parse, YAMLError } from 'yaml';
import type { z } from 'zod';
import { VigilError } from '../core/primitives/errors.ts';
import { nearestWord } from '../core/primitives/nearest-word.ts';
import { pathText } from '../core/language/parse-rule.ts';
import { policySchema, type Policy } from './policy-schema.ts';

export interface PolicyIssue {
  /** `routes[0].match.status` */
  path: string;
  message: string;
}

/**
 * Reads a policy file.
 * @throws VigilError FILE_UNREADABLE, or POLICY_INVALID with `fields: {file, issues: PolicyIssue[]}`
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
  throw invalid(file, parsed.error.issues.flatMap(explain));
}

function readYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLError)) throw error;
    throw invalid(file, [{ path: '', message: `is not valid YAML: ${error.message.split('\n')[0] ?? ''}` }]);
  }
}

function invalid(file: string, issues: PolicyIssue[]): VigilError {
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

function explain(issue: z.core.$ZodIssue): PolicyIssue[] {
  const path = pathText(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathText([...issue.path, key]),
        message: `is not known${suggestion(key)}`,
      }));
    case 'invalid_key':
      return [{ path, message: `is not a valid name: ${issue.issues[0]?.message ?? ''}` }];
    case 'invalid_value':
      return [{ path, message: `must be one of ${issue.values.map(String).join(', ')}` }];
    case 'invalid_type':
      return [{ path, message: issue.input === undefined ? 'is missing' : issue.message }];
    default:
      return [{ path, message: issue.message }];
  }
}

function suggestion(key: string): string {
  const word = nearestWord(key, WORDS);
  return word === undefined ? '' : `; did you mean "${word}"?`;
}
