import type { LaneNumbers } from './numbers.ts';

/** The lag of each lane that this process reads. */
export function LaneTable({ lanes }: { lanes: readonly LaneNumbers[] }) {
  return (
    <section class="panel" aria-labelledby="lanes">
      <header>
        <h2 id="lanes">Lanes</h2>
        <p class="aside">of the event stream that this process reads</p>
      </header>
      {lanes.length === 0 ? (
        <p class="empty">This process reads no lanes: another one does, or none is ready yet.</p>
      ) : (
        <div class="scroll" tabIndex={0} role="region" aria-label="lanes">
          <table class="table">
            <thead>
              <tr>
                <th scope="col">Lane</th>
                <th scope="col" class="number">
                  Lag
                </th>
                <th scope="col" class="number" title="not yet accepted by Temporal; unread ones count for every lane">
                  Messages behind
                </th>
                <th scope="col" class="number">
                  Events/s
                </th>
                <th scope="col" class="number" title="read by a catch-up reader, so that the lane goes on">
                  Parked clients
                </th>
                <th scope="col" class="number" title="partition sets whose events wait in the stream">
                  Held sets
                </th>
              </tr>
            </thead>
            <tbody>
              {lanes.map((lane) => (
                <tr key={lane.lane}>
                  <th scope="row">{lane.lane}</th>
                  <td class="number">{lane.lagSeconds.toFixed(1)} s</td>
                  <td class="number">{lane.lagMessages}</td>
                  <td class="number">{lane.eventsPerSecond?.toFixed(1) ?? '…'}</td>
                  <td class="number">{lane.parkedClients}</td>
                  <td class="number">{lane.heldSets}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
