import { useLoaded } from '../../app/loading/use-loaded.ts';
import { Ago } from '../../design/time/ago.tsx';
import { Failure } from '../../design/failure.tsx';
import { useNow } from '../../design/time/use-now.ts';
import type { ProcessList } from '../../server/wire.ts';
import { processRows, unknownPollers, type ProcessRow } from './process-rows.ts';
import { readProcesses } from './requests.ts';

const EVERY_MS = 5_000;

/** All processes of vigil: what each does, and whether it is still there. */
export function ProcessPanel() {
  const { value, error, reload } = useLoaded('processes', readProcesses, EVERY_MS);
  return (
    <section class="panel" aria-labelledby="processes">
      <header>
        <h2 id="processes">Processes</h2>
        <p class="aside">of this vigil, on all hosts; one that stops without a word stays for a minute</p>
      </header>
      {error !== null && <Failure text={`The processes could not be loaded. ${error}`} onRetry={reload} />}
      {value !== null && <ProcessTable list={value} />}
    </section>
  );
}

function ProcessTable({ list }: { list: ProcessList }) {
  const nowMs = useNow();
  const unknown = unknownPollers(list);
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="processes">
        <table class="table">
          <thead>
            <tr>
              {['Process', 'Version', 'Parts', 'Lanes', 'Started', 'Last seen'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <th scope="col" title="when its worker last asked Temporal for a task">
                Asked Temporal
              </th>
            </tr>
          </thead>
          <tbody>
            {processRows(list, nowMs).map((row) => (
              <Row key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {list.pollers === null && <p class="aside">Temporal does not answer which workers ask it for tasks.</p>}
      {unknown.map(({ identity, polledAt }) => (
        <p key={identity} class="aside">
          <code>{identity}</code> asks Temporal for the same tasks (<Ago time={polledAt} />
          ), but is none of these: it has stopped, or cannot reach NATS.
        </p>
      ))}
    </>
  );
}

const Row = ({ row }: { row: ProcessRow }) => (
  <tr data-silent={row.isSilent || undefined}>
    <th scope="row" class="word" title={`id ${row.id}`}>
      {row.host} <span class="aside">pid {row.pid}</span>
    </th>
    <td class="nowrap">{row.version}</td>
    <td>{row.parts.map(({ name, state }) => (state === 'up' ? name : `${name} (${state})`)).join(', ') || 'API'}</td>
    <td class="nowrap">{row.lanes || '–'}</td>
    <td class="nowrap">
      <Ago time={row.startedAt} />
    </td>
    <td class="nowrap">
      <Ago time={row.lastSeenAt} />
      {row.isSilent && <strong class="missing"> missing</strong>}
    </td>
    <td class="nowrap">{row.polledAt === null ? '–' : <Ago time={row.polledAt} />}</td>
  </tr>
);
