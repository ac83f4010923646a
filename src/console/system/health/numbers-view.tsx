import { useEffect, useState } from 'preact/hooks';
import { useLoaded } from '../../app/loading/use-loaded.ts';
import { Failure } from '../../design/failure.tsx';
import { LaneTable } from './lane-table.tsx';
import { numbersOf, withReading, type Reading, type SystemNumbers } from './numbers.ts';
import { readMetrics } from './requests.ts';
import { WaitingTable } from './waiting-table.tsx';

const EVERY_MS = 5_000;

/** The numbers of the vigil process that answers, over the last minute that the page is open. */
export function Numbers() {
  const { value, error, reload } = useLoaded('metrics', readMetrics, EVERY_MS);
  const [readings, setReadings] = useState<readonly Reading[]>([]);
  useEffect(() => {
    if (value !== null) setReadings((known) => withReading(known, value));
  }, [value]);
  const numbers = numbersOf(readings);
  return (
    <>
      {error !== null && <Failure text={`The numbers could not be loaded. ${error}`} onRetry={reload} />}
      {numbers !== null && <Tiles numbers={numbers} />}
      {numbers !== null && <LaneTable lanes={numbers.lanes} />}
      {numbers !== null && <WaitingTable waiting={numbers.waiting} />}
    </>
  );
}

function Tiles({ numbers }: { numbers: SystemNumbers }) {
  const running = numbers.workflows.reduce((total, { count }) => total + count, 0);
  return (
    <dl class="tiles" aria-label="now">
      <Tile name="Events" value={rateText(numbers.eventsPerSecond)} unit="per second" />
      <Tile name="Signals" value={rateText(numbers.signalsPerSecond)} unit={refusedText(numbers.refusedPerMinute)} />
      <Tile name="Alerts" value={rateText(numbers.alertsPerMinute)} unit="transitions per minute" />
      <Tile name="Dead letters" value={rateText(numbers.deadLettersPerMinute)} unit="per minute" />
      <Tile
        name="Workflows"
        value={numbers.workflows.length === 0 ? '–' : String(running)}
        unit={numbers.workflows.map(({ status, count }) => `${count} ${status}`).join(', ') || 'not counted'}
      />
      <Tile name="Paused rules" value={String(numbers.rulesPaused)} unit="in the lanes of this process" />
    </dl>
  );
}

const Tile = ({ name, value, unit }: { name: string; value: string; unit: string }) => (
  <div class="tile">
    <dt>{name}</dt>
    <dd>
      <strong>{value}</strong> <span class="aside">{unit}</span>
    </dd>
  </div>
);

const rateText = (rate: number | null): string => (rate === null ? '…' : rate.toFixed(rate < 10 ? 1 : 0));
const refusedText = (refused: number | null): string =>
  refused === null || refused === 0 ? 'per second' : `per second, ${rateText(refused)} refused per minute`;
