import type { Command } from 'commander';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import type { ExplainOptions } from '../commands/rules/explain.ts';
import type { CliIo } from '../io.ts';

type ExplainWords = Omit<ExplainOptions, 'clientId' | 'ruleId'>;

/** Adds `vigil explain`. */
export function addExplainCommand(program: Command, io: CliIo): void {
  apiCommand(program, 'explain <client> <rule>', 'say why a rule fires or does not, and what is ahead')
    .option('--group <values>', 'with groupBy: the values of the group, separated by commas')
    .option('--partition <values>', 'a partition: the values of partitionBy, separated by commas')
    .option('--where', 'also which of the newest events `where` matches; said anyway if no partition is live')
    .action(async (clientId: string, ruleId: string, options: ServerOptions & ExplainWords) => {
      const { explainRule } = await import('../commands/rules/explain.ts');
      const { group, partition, where, ...rest } = options;
      await explainRule({ clientId, ruleId, group, partition, where }, asked(io, rest));
    });
}
