import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { packageRoot } from '../app/paths.ts';
import { VigilError } from '../core/primitives/errors.ts';
import { addResetCommand } from './reset-command.ts';
import { addAlertCommands } from './alert-commands.ts';
import { addAuditCommand } from './audit-command.ts';
import { addDeadLetterCommands } from './dead-letter-commands.ts';
import { addExplainCommand } from './explain-command.ts';
import { FAILED, OK, type CliIo } from './io.ts';
import { addPauseCommands } from './pause-commands.ts';
import { addPreviewCommand } from './preview-command.ts';
import { addQuotaCommands } from './quota-commands.ts';
import { addRuleCommands } from './rule-commands.ts';
import { addTokenCommands } from './token-commands.ts';
import { addOfflineCommands } from './offline-commands.ts';

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
