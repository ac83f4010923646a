import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { AlertRecord, AlertValues } from '../../server/wire.ts';
import { chartData, chartText, drawnText, thresholdText, tickText, type ChartData } from './chart-data.ts';

const HEIGHT = 220;
const DARK = '(prefers-color-scheme: dark)';

interface Props {
  values: AlertValues;
  alert: AlertRecord;
}

/** The values of an alert's partition, with the thresholds of its rule and the time in which it fires. */
export function ValueChart({ values, alert }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = JSON.stringify([values, alert.endsAt]);
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const draw = (): uPlot => newPlot(element, chartData(values, alert), values.thresholds);
    let plot = draw();
    const again = (): void => {
      plot.destroy();
      plot = draw();
    };
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    const theme = matchMedia(DARK);
    theme.addEventListener('change', again);
    return () => {
      observer.disconnect();
      theme.removeEventListener('change', again);
      plot.destroy();
    };
  }, [drawn]);
  return (
    <figure class="value-chart">
      <div ref={place} role="img" aria-label={chartText(values, alert)} />
      <figcaption class="aside">
        <span data-key="value">{drawnText(values)}</span>
        {values.thresholds.map((threshold) => (
          <span key={thresholdText(threshold)} data-key="threshold">
            {thresholdText(threshold)}
          </span>
        ))}
        <span data-key="firing">firing</span>
        {!values.isWhole && <span>Not all events of this time are here.</span>}
      </figcaption>
    </figure>
  );
}

function newPlot(element: HTMLElement, data: ChartData, thresholds: AlertValues['thresholds']): uPlot {
  const colour = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--soft'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
  };
  // A value holds until the next one.
  const paths = uPlot.paths.stepped?.({ align: 1 });
  const held = paths === undefined ? {} : { paths };
  const options: uPlot.Options = {
    ...{ width: element.clientWidth, height: HEIGHT, legend: { show: false }, cursor: { y: false } },
    scales: { x: { range: [data.from, data.to] }, y: { range: data.range } },
    axes: [
      {
        ...axis,
        space: 72,
        values: (_plot, times, _axis, _space, stepS) => times.map((time) => tickText(time, stepS)),
      },
      axis,
    ],
    series: [{}, { stroke: colour('--accent'), width: 2, points: { size: 4 }, ...held }],
    hooks: {
      drawClear: [(plot) => fillFiring(plot, data.firing, colour('--bad-ground'))],
      draw: [(plot) => thresholds.forEach(({ value }) => drawThreshold(plot, value, colour('--bad')))],
    },
  };
  return new uPlot(options, [data.times, data.values], element);
}

function fillFiring(plot: uPlot, firing: ChartData['firing'], colour: string): void {
  if (firing === null) return;
  const { ctx, bbox } = plot;
  const [left, right] = [firing.from, firing.to].map((time) => plot.valToPos(time, 'x', true)) as [number, number];
  ctx.fillStyle = colour;
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
}

function drawThreshold(plot: uPlot, value: number, colour: string): void {
  const { ctx, bbox } = plot;
  const top = plot.valToPos(value, 'y', true);
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio * 1.5;
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, top);
  ctx.lineTo(bbox.left + bbox.width, top);
  ctx.stroke();
  ctx.restore();
}
