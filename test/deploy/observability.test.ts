import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { DEGRADED } from '../../src/core/health/degraded.ts';
import { createMetrics } from '../../src/observability/metrics/metrics.ts';
import { ALL_METRICS } from '../support/metrics/all-metrics.ts';
import { parsePrometheusText } from '../support/metrics/prometheus-text.ts';
import { metricsIn } from '../support/metrics/promql.ts';
import { SDK_METRICS } from '../support/metrics/sdk-metrics.ts';

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}
interface Dashboard {
  panels: Panel[];
  templating: { list: { name: string; definition?: string }[] };
}
interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

const dashboard = JSON.parse(readFileSync('deploy/grafana/vigil.json', 'utf8')) as Dashboard;
const { groups } = parse(readFileSync('deploy/prometheus/vigil.rules.yml', 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const shown = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

/** All series of a scrape; Prometheus adds `up`. */
const processMetrics = [...parsePrometheusText(await createMetrics().text())];
const own = ALL_METRICS.map(({ name, type }) => [name, { type }] as const);
const known = new Set([
  'up',
  ...SDK_METRICS,
  ...[...processMetrics, ...own].flatMap(([name, { type }]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  ),
]);

describe('the Grafana dashboard', () => {
  it.each(shown)('$title: $expr uses existing metrics', ({ expr }) => {
    const names = metricsIn(expr);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it.each(shown)('$title: $expr is complete and filters by the selected processes', ({ expr }) => {
    expect(expr.split('(').length).toBe(expr.split(')').length);
    for (const [name, selector] of expr.matchAll(/\b\w+\{([^}]*)\}/g))
      expect(selector, name).toContain('job="$job", instance=~"$instance"');
  });

  it('has panels that do not overlap, with unique ids', () => {
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.x + gridPos.w))).toBe(24);
  });

  it('uses every metric of vigil except those about the metrics page', () => {
    const used = new Set(shown.flatMap(({ expr }) => metricsIn(expr)));
    const missing = ALL_METRICS.filter(
      ({ name }) => ![name, `${name}_bucket`, `${name}_count`].some((series) => used.has(series)),
    );
    expect(missing.map(({ name }) => name)).toEqual(['vigil_collect_failures_total']);
  });
});

describe('the rules for Prometheus', () => {
  it.each(rules)('$alert uses existing metrics', ({ expr }) => {
    const names = metricsIn(expr);
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    expect(expr.split('(').length).toBe(expr.split(')').length);
  });

  it.each(rules)('$alert has a severity, a summary and a description', ({ labels, annotations, for: wait = '0s' }) => {
    expect(labels.severity).toMatch(/^(warning|critical)$/);
    expect(annotations.summary).not.toBe('');
    expect(annotations.description).toMatch(/\.$/);
    expect(wait).toMatch(/^\d+[sm]$/);
  });

  it.each(['VigilWorkflowTasksFail', 'VigilSetHeld', 'VigilPublishFailing', 'VigilSetsRecovered'])(
    '%s links to a section of docs/operations.md',
    (name) => {
      const { description = '' } = rules.find(({ alert }) => alert === name)?.annotations ?? {};
      const [, anchor] = /docs\/operations\.md#([\w-]+)/.exec(description) ?? [];
      const headings = [...readFileSync('docs/operations.md', 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading.toLowerCase().replaceAll(' ', '-'),
      );
      expect(headings).toContain(anchor);
    },
  );

  it('use the degraded codes of vigil', () => {
    const codes = rules.flatMap(({ expr }) =>
      [...expr.matchAll(/code=~?"([^"]+)"/g)].flatMap(([, matched = '']) => matched.split('|')),
    );
    expect(codes.filter((code) => !(code in DEGRADED))).toEqual([]);
    // Held sets have a separate metric with the duration.
    expect(Object.keys(DEGRADED).filter((code) => !codes.includes(code))).toEqual(['SET_HELD']);
  });

  it('are all in docs/observability.md, once each', () => {
    const [, table = ''] =
      /<!-- alerts -->\n([^]*?)\n<!-- \/alerts -->/.exec(readFileSync('docs/observability.md', 'utf8')) ?? [];
    expect([...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(rules.map(({ alert }) => alert));
  });

  it('use the job of the scrape configuration', () => {
    const config = parse(readFileSync('deploy/prometheus/prometheus.yml', 'utf8')) as {
      rule_files: string[];
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    expect(config.rule_files).toEqual(['vigil.rules.yml']);
    expect(config.scrape_configs.map(({ job_name, static_configs: [target] }) => [job_name, target?.targets])).toEqual([
      ['vigil', ['vigil:3000']],
    ]);
    const jobs = rules.flatMap(({ expr }) => [...expr.matchAll(/job="(\w+)"/g)].map(([, job]) => job));
    expect(new Set(jobs)).toEqual(new Set(['vigil']));
  });
});

describe('the names in an expression', () => {
  it.each([
    ['sum by (le) (rate(a_total{x="b", y=~"c|d"}[5m])) / b:c > 0.5', ['a_total', 'b:c']],
    ['up{job="vigil"} == 0 or absent(up)', ['up']],
    ['max_over_time(count(a)[1h:1m]) unless on (x) b offset 5m', ['a', 'b']],
  ])('%s', (expression, names) => {
    expect(metricsIn(expression)).toEqual(names);
  });
});
