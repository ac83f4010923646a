import { useEffect, useState } from 'preact/hooks';
import { useLoaded } from '../../app/loading/use-loaded.ts';
import { Failure } from '../../design/failure.tsx';
import type { AlertRecord, AlertValues } from '../../server/wire.ts';
import { getValues } from '../requests.ts';
import { chartText } from './chart-data.ts';
import type { ValueChart } from './value-chart.tsx';
import './chart.css';

/** The stream is read for it, so it is not asked more often. */
const POLL_MS = 30_000;

/** The values around the alert. Nothing if its rule compares none with numbers. */
export function ValuePanel({ alert }: { alert: AlertRecord }) {
  const { value, error, reload } = useLoaded(
    `${alert.clientId} ${alert.id}`,
    () => getValues(alert),
    POLL_MS,
    alert.sequence,
  );
  if (value === null ? error === null : value.text === null) return null;
  return (
    <section class="panel" aria-label="values">
      <h2>Values</h2>
      {error !== null && <Failure text={`The values cannot be read. ${error}`} onRetry={reload} />}
      {value !== null && <Chart values={value} alert={alert} />}
    </section>
  );
}

/** The library that draws is loaded when it is needed; until then, and if it is not there, the text is. */
function Chart({ values, alert }: { values: AlertValues; alert: AlertRecord }) {
  const [drawing, setDrawing] = useState<{ Chart: typeof ValueChart } | null>(null);
  const isEmpty = values.points.every(({ value }) => value === null);
  useEffect(() => {
    if (isEmpty) return;
    import('./value-chart.tsx').then(
      (loaded) => setDrawing({ Chart: loaded.ValueChart }),
      () => setDrawing(null),
    );
  }, [isEmpty]);
  if (drawing === null || isEmpty) return <p class="empty">{chartText(values, alert)}</p>;
  return <drawing.Chart values={values} alert={alert} />;
}
