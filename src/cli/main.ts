import { runCli } from './cli.ts';
import type { OpenArchive } from './ports.ts';

const { argv, stdout, stderr, env } = process;

// Only a backtest of the stream needs NATS.
const openArchive: OpenArchive = async (natsUrl, eventId) => {
  const { openEventArchive } = await import('../app/open-event-archive.ts');
  return openEventArchive(natsUrl, eventId);
};

stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader closed the pipe, like `head` does.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
process.exitCode = await runCli(argv.slice(2), { stdout, stderr, env, fetch, openArchive });
