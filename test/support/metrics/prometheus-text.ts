export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  type: string;
  help: string;
  samples: Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/y;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? ([^ ]+)$`);
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME})(?: (.*))?$`);
/** Case-insensitive in Prometheus; prom-client writes `Nan`. */
const NUMBERS: Record<string, number> = { '+inf': Infinity, '-inf': -Infinity, nan: NaN };

/**
 * Parses the Prometheus text format 0.0.4; returns the metric families by name. Throws on invalid lines, split families
 * and duplicate series.
 */
export function parsePrometheusText(text: string): Map<string, Family> {
  const families = new Map<string, Family>();
  const seen = new Set<string>();
  let current = '';
  if (!text.endsWith('\n')) throw new Error('The last line has no newline.');
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, kind, family = '', rest = ''] = COMMENT.exec(line) ?? [];
    if (kind === 'HELP') {
      if (families.has(family)) throw new Error(`Family ${family} is split.`);
      families.set(family, { type: 'untyped', help: rest, samples: [] });
      current = family;
    } else if (kind === 'TYPE') {
      const known = families.get(family);
      if (known === undefined || current !== family) throw new Error(`TYPE before HELP: ${line}`);
      known.type = rest;
    } else {
      const sample = parseSample(line);
      const identity = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).sort())}`;
      if (seen.has(identity)) throw new Error(`Duplicate series: ${line}`);
      seen.add(identity);
      const name = [sample.name, sample.name.replace(/_(bucket|sum|count)$/, '')].find((each) => families.has(each));
      if (name === undefined || name !== current) throw new Error(`Sample outside its family: ${line}`);
      families.get(name)?.samples.push(sample);
    }
  }
  return families;
}

/** The value of the first series with these labels, or undefined. Ignores other labels. */
export function valueOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  const samples = [...parsePrometheusText(text).values()].flatMap((family) => family.samples);
  return samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;
}

function parseSample(line: string): Sample {
  const [, name, inside = '', number = ''] = SAMPLE.exec(line) ?? [];
  const value = NUMBERS[number.toLowerCase()] ?? Number(number);
  if (name === undefined || number === '' || (Number.isNaN(value) && number.toLowerCase() !== 'nan'))
    throw new Error(`Not a sample: ${line}`);
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  for (let at = 0; at < inside.length; at = LABEL.lastIndex) {
    const [, label, text] = LABEL.exec(inside) ?? [];
    if (label === undefined || text === undefined) throw new Error(`Not labels: ${line}`);
    labels[label] = text;
  }
  return { name, labels, value };
}
