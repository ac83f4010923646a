import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BENCHES } from './benches.ts';
import { endOnSignals } from './end-on-signals.ts';
import type { Bench, Row } from './row.ts';

/** Runs a bench in a process of its own: no other bench's memory or compiled code has a part in its figures. */
export function runApart({ name }: Bench): Promise<Row[]> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [name], { execArgv: ['--expose-gc'] });
    let rows: Row[] | undefined;
    child.on('message', (message) => (rows = message as Row[]));
    child.on('error', reject);
    child.on('exit', (code) => {
      if (rows === undefined)
        reject(
          new Error(`The bench ${name} ended with code ${String(code)} and without figures; what it said is above.`),
        );
      else resolve(rows);
    });
  });
}

/** In that process. */
if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  // Whoever stops the run stops this process too, and with it the servers that it has started.
  endOnSignals();
  process.once('disconnect', () => process.exit(1));
  const bench = BENCHES.find(({ name }) => name === process.argv[2]);
  if (bench === undefined) throw new Error(`There is no bench ${String(process.argv[2])}.`);
  process.send(await bench.run());
  process.removeAllListeners('disconnect');
  process.disconnect();
}
