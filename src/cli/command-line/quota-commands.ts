import { InvalidArgumentError, Option, type Command } from 'commander';
import { QUOTA_KINDS, QUOTA_TEXTS, type QuotaKind } from '../../core/model/quotas/quota-kinds.ts';
import { apiCommand, asked, type ServerOptions } from '../api-command.ts';
import type { NewQuota } from '../commands/administration/quotas.ts';
import type { CliIo } from '../io.ts';

type SetOptions = ServerOptions & Partial<Record<QuotaKind, NewQuota>>;

/** Adds the `vigil quotas` commands. */
export function addQuotaCommands(program: Command, io: CliIo): void {
  const parent = program.command('quotas').description('how much of vigil a client may use');
  apiCommand(parent, 'show <client>', 'print the quotas of a client, and which of them are its own').action(
    async (client: string, options: ServerOptions) => {
      const { showQuotas } = await import('../commands/administration/quotas.ts');
      await showQuotas(client, asked(io, options));
    },
  );
  const set = apiCommand(parent, 'set <client>', 'change quotas of a client; the others stay as they are');
  for (const kind of QUOTA_KINDS)
    set.addOption(
      new Option(`${flagOf(kind)} <number>`, `${QUOTA_TEXTS[kind]}, or none, or default`).argParser(newQuota),
    );
  set.action(async (client: string, options: SetOptions) => {
    const { setQuotas } = await import('../commands/administration/quotas.ts');
    const wanted = QUOTA_KINDS.flatMap((kind) => (options[kind] === undefined ? [] : [[kind, options[kind]] as const]));
    await setQuotas(client, wanted, asked(io, options));
  });
  apiCommand(parent, 'clear <client>', 'delete all own quotas of a client: the defaults hold for it').action(
    async (client: string, options: ServerOptions) => {
      const { clearQuotas } = await import('../commands/administration/quotas.ts');
      await clearQuotas(client, asked(io, options));
    },
  );
}

/** `eventsPerSecond` is `--events-per-second`. */
const flagOf = (kind: QuotaKind): string => `--${kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

function newQuota(text: string): NewQuota {
  if (text === 'none' || text === 'default') return text;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number from 1 on, none, or default.');
}
