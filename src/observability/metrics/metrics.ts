import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricRow } from './table.ts';

type Label<Row> = Row extends { labels: readonly (infer Name extends string)[] } ? Name : never;
type Instrument<Row> = Row extends { type: 'counter' }
  ? Counter<Label<Row>>
  : Row extends { type: 'gauge' }
    ? Gauge<Label<Row>>
    : Histogram<Label<Row>>;
export type Instruments = { readonly [Key in keyof typeof METRICS]: Instrument<(typeof METRICS)[Key]> };

export interface Metrics extends Instruments {
  /** Calls `look` before each scrape, to set gauges. Counts its failures in `vigil_collect_failures_total{source}`. */
  onScrape(source: string, look: () => void | Promise<void>): void;
  /** All metrics in the Prometheus text format. Never rejects. */
  text(): Promise<string>;
  readonly contentType: string;
}

/**
 * The metrics of one vigil and of its process. Uses a separate registry, because several can run in one process.
 * @param sdk returns further metrics in the same format
 */
export function createMetrics(sdk?: () => Promise<string>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const made = Object.entries(METRICS).map(([key, row]) => [key, create(row, registry)]);
  const instruments = Object.fromEntries(made) as Instruments;

  const looks: (() => Promise<void>)[] = [];
  const attempt = async <T>(source: string, work: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await work();
    } catch {
      instruments.collectFailures.inc({ source });
      return otherwise;
    }
  };
  const known = (source: string): void => instruments.collectFailures.inc({ source }, 0);
  if (sdk !== undefined) known(SDK);
  return {
    ...instruments,
    contentType: registry.contentType,
    onScrape(source, look) {
      known(source);
      looks.push(() => attempt(source, async () => look(), undefined));
    },
    async text() {
      const [more] = await Promise.all([
        sdk === undefined ? '' : attempt(SDK, sdk, ''),
        ...looks.map((look) => look()),
      ]);
      return `${await registry.metrics()}${more}`;
    },
  };
}

const SDK = 'temporal-sdk';

function create(
  { type, name, help, labels = [], values = [], buckets = [] }: MetricRow,
  registry: Registry,
): Counter | Gauge | Histogram {
  const shape = { name, help, labelNames: [...labels], registers: [registry] };
  switch (type) {
    case 'counter': {
      const counter = new Counter(shape);
      // A series that starts with its first failure has no increase() that an alert could detect.
      for (const value of values) counter.inc({ [labels[0] ?? '']: value }, 0);
      return counter;
    }
    case 'gauge':
      return new Gauge(shape);
    case 'histogram':
      return new Histogram({ ...shape, buckets: [...buckets] });
  }
}
