import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

interface TextFile {
  name: string;
  text: string;
}

/** A rule and its tests, as in their files. */
export interface Example {
  rule: TextFile;
  test: TextFile;
}

/** Relative to the root of vigil: `<id>.yaml` and `<id>.test.yaml`. */
export const EXAMPLES_FOLDER = 'examples/words';

/** Words without their own example, and the word whose example covers them. */
const SHOWN_BY: Readonly<Record<string, string>> = {
  evaluate: 'evaluate/any',
  'evaluate/having': 'evaluate/any',
  'evaluate/steps': 'evaluate/sequence',
  'having/property': 'where/property',
  'having/p': 'having/percentile',
  'levels/severity': 'evaluate/levels',
  'levels/having': 'evaluate/levels',
  'steps/where': 'evaluate/sequence',
  'steps/as': 'evaluate/sequence',
  'operand/as': 'operand/latest',
  'operand/default': 'operand/latest',
  'operand/times': 'operand/latest',
  'operand/plus': 'operand/latest',
  'steps/not/where': 'steps/not',
  'steps/unless/where': 'steps/unless',
  noData: 'noData/then',
  schedule: 'schedule/from',
  'schedule/open/days': 'schedule/open',
  'schedule/open/from': 'schedule/open',
  'schedule/open/to': 'schedule/open',
};

/** The id of the example that shows a word. */
export const exampleOf = (wordId: string): string => SHOWN_BY[wordId] ?? wordId;

/** Rejects with the file system's error if the example does not exist. */
export async function readExample(root: string, id: string): Promise<Example> {
  const read = async (path: string): Promise<TextFile> => ({
    name: basename(path),
    text: (await readFile(path, 'utf8')).trim(),
  });
  const path = join(root, EXAMPLES_FOLDER, id);
  return { rule: await read(`${path}.yaml`), test: await read(`${path}.test.yaml`) };
}

export const exampleText = ({ rule, test }: Example): string =>
  [rule, test].map(({ name, text }) => `\`\`\`yaml\n# ${name}\n${text}\n\`\`\``).join('\n\n');
