import type { Command } from 'commander';

const INTRODUCTION = `# The command line

In the repository, run a command with \`npm run -s vigil -- …\`; installed, with \`vigil …\`. \`vigil help\` and \`vigil <command> --help\`
print what is here. This page is generated from the commands.

A command that needs a running vigil takes \`--url <address>\`, by default \`VIGIL_URL\` or http://localhost:3000, and \`--json\`, to
print JSON. It sends the token in \`VIGIL_TOKEN\`. Exit codes: 0 if the command did what it says, 1 if it failed; a command that
has others says so.
`;
/** The introduction describes them. */
const COMMON = new Set(['--url', '--json']);

/** docs/cli.md: every command of vigil with its options. */
export function cliReference(program: Command): string {
  const sections = program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [section(command, '##')]
      : [
          `## ${pathOf(command)}\n\n${sentence(command.description())}\n`,
          ...command.commands.map((sub) => section(sub, '###')),
        ],
  );
  return [INTRODUCTION, ...sections].join('\n');
}

function section(command: Command, heading: string): string {
  const rows = [
    ...command.registeredArguments
      .filter(({ description }) => description !== '')
      .map((argument) => [argument.name(), argument.description] as const),
    ...command.options
      .filter(({ long, hidden }) => !hidden && !COMMON.has(long ?? ''))
      .map(({ flags, description, defaultValue }) => [flags, described(description, defaultValue)] as const),
  ].map(([name, text]) => `| \`${name}\` | ${text.replaceAll('|', '\\|')} |\n`);
  const table = rows.length === 0 ? '' : `\n| Option | What it does |\n|---|---|\n${rows.join('')}`;
  return `${heading} ${pathOf(command)}\n\n\`\`\`sh\n${pathOf(command)} ${command.usage()}\n\`\`\`\n\n${sentence(command.description())}\n${table}`;
}

function described(description: string, defaultValue: unknown): string {
  return ['string', 'number'].includes(typeof defaultValue)
    ? `${description} (default: ${String(defaultValue)})`
    : description;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
