import type { SystemNumbers } from './numbers.ts';

/** The clients whose events wait for Temporal: they lag. */
export function WaitingTable({ waiting }: Pick<SystemNumbers, 'waiting'>) {
  return (
    <section class="panel" aria-labelledby="waiting">
      <header>
        <h2 id="waiting">Clients that lag</h2>
        <p class="aside">events that were read and wait for Temporal; the 20 clients with the most</p>
      </header>
      {waiting.length === 0 ? (
        <p class="empty">No client has events that wait.</p>
      ) : (
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Client</th>
              <th scope="col" class="number">
                Events that wait
              </th>
            </tr>
          </thead>
          <tbody>
            {waiting.map(({ clientId, events }) => (
              <tr key={clientId}>
                <th scope="row">{clientId}</th>
                <td class="number">{events}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
