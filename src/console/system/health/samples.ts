/** One series of the metrics. */
export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const SAMPLE = /^(vigil_\w+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/**
 * vigil's own series of a text in the format of Prometheus, without the buckets of histograms. Values of labels stay
 * escaped: lanes, clients and words need none.
 */
export function readSamples(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (name === '' || name.endsWith('_bucket')) continue;
    samples.push({ name, labels: readLabels(labels), value: Number(value) });
  }
  return samples;
}

const readLabels = (text: string): Record<string, string> => {
  const labels: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(LABEL)) labels[name] = value;
  return labels;
};
