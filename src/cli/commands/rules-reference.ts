import { packageRoot } from '../../app/paths.ts';
import { referencePage } from '../../reference/page.ts';
import type { CliIo } from '../io.ts';

/** The reference page of the rule language, Markdown. */
export async function printReference(io: CliIo): Promise<void> {
  io.stdout.write(await referencePage(packageRoot));
}
