import { run } from './run.ts';

const EXIT_WITHIN_MS = 2_000;

process.exitCode = await run(process.argv.slice(2));
setTimeout(() => {
  console.error(`vigil: something keeps the process alive (${process.getActiveResourcesInfo().join(', ')}); it is ended`);
  process.exit();
}, EXIT_WITHIN_MS).unref();
