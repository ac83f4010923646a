import { VigilError } from '../../../core/primitives/errors.ts';
import type { ApiCommand } from '../../api-client.ts';
import { printJson } from '../../io.ts';
import { inGroups } from '../../output/counted.ts';
import { previewReport, type RulePreview } from '../../output/preview-report.ts';
import { createProgress } from '../../output/progress.ts';
import { addressOf, readRuleTexts, type RuleText } from '../../rule-texts.ts';

interface Line {
  progress?: { read: number; total: number; at: string };
  result?: RulePreview;
}

/**
 * Prints what the rules of a file would have done, one after the other, and the difference to the stored rules.
 * @throws VigilError FILE_UNREADABLE, RULE_INVALID, PREVIEW_BUSY, API_UNREACHABLE
 */
export async function previewRules(
  file: string,
  { since, clientId }: { since: string; clientId: string | undefined },
  { io, api, json }: ApiCommand,
): Promise<void> {
  const texts = await readRuleTexts([file], clientId === undefined ? {} : { clientId });
  const progress = createProgress(io);
  const found: RulePreview[] = [];
  for (const text of texts) {
    let result: RulePreview | undefined;
    try {
      for await (const line of api.lines(pathOf(text), { rule: text.value, since })) {
        const said = line as Line;
        result = said.result ?? result;
        const { read, total } = said.progress ?? { read: 0, total: 0 };
        if (total > 0) progress.show(read / total, () => `${inGroups(read)} of ${inGroups(total)} events`);
      }
    } finally {
      progress.clear();
    }
    if (result === undefined)
      throw new VigilError('API_UNREACHABLE', 'The preview ended without a result. Try again.', { since });
    found.push(result);
    if (!json) io.stdout.write(previewReport(result));
  }
  if (json) printJson(io, found);
}

const pathOf = (text: RuleText): string[] => ['clients', addressOf(text).clientId, 'rules', 'preview'];
