import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageRoot } from '../app/paths.ts';
import { VigilError } from '../core/primitives/errors.ts';
import { addResetCommand } from './command-line/reset-command.ts';
import { addAlertCommands } from './command-line/alert-commands.ts';
import { addAuditCommand } from './command-line/audit-command.ts';
import { addDeadLetterCommands } from './command-line/dead-letter-commands.ts';
import { addExplainCommand } from './command-line/explain-command.ts';
import { FAILED, OK, type CliIo } from './io.ts';
import { addPauseCommands } from './command-line/pause-commands.ts';
import { addPreviewCommand } from './command-line/preview-command.ts';
import { addQuotaCommands } from './command-line/quota-commands.ts';
import { addRuleCommands } from './command-line/rule-commands.ts';
import { addTokenCommands } from './command-line/token-commands.ts';
import { addOfflineCommands } from './command-line/offline-commands.ts';

/**
 * The `vigil` command. Resolves with the exit code; throws only unexpected errors. Loads the code of a command on
 * demand, so that each command starts fast.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode = OK;
  const program = createProgram(io, (code) => (exitCode = code));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof VigilError)) throw error;
    io.stderr.write(`vigil: ${error.code}: ${error.message}\n`);
    return FAILED;
  }
}

/** All commands. */
export function createProgram(io: CliIo, setExitCode: (code: number) => void): Command {
  const program = new Command('vigil')
    .description('Continuous alert rules over streaming events.')
    .version(packageVersion())
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });

  program
    .command('start')
    .description('start vigil and the servers it needs; Ctrl-C stops all of them')
    .option('--fresh', 'delete the data of the servers that vigil starts')
    .option('--no-simulator', 'do not simulate machines')
    .action(async ({ fresh, simulator }: { fresh?: true; simulator: boolean }) => {
      const { run } = await import('../app/run.ts');
      setExitCode(await run([...(fresh ? ['--fresh'] : []), ...(simulator ? [] : ['--no-simulator'])]));
    });

  const rules = program
    .command('rules')
    .description('check and test rules; apply, list, show and delete the rules of a running vigil');
  addOfflineCommands(program, rules, io, setExitCode);
  addRuleCommands(rules, io, setExitCode);
  addPreviewCommand(rules, io);
  addExplainCommand(program, io);
  addAlertCommands(program, io, setExitCode);
  addResetCommand(program, io, setExitCode);
  addPauseCommands(program, io, setExitCode);
  addDeadLetterCommands(program, io, setExitCode);
  addAuditCommand(program, io);
  addQuotaCommands(program, io);
  addTokenCommands(program, io);
  return program;
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
}
