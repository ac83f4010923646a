import { packageRoot } from '../../../app/paths.ts';
import { referencePage } from '../../../reference/page.ts';
import type { CliIo } from '../../io.ts';

/** Prints the reference of the rule language as Markdown. */
export async function printReference(io: CliIo): Promise<void> {
  io.stdout.write(await referencePage(packageRoot));
}
