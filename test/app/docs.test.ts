import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/api.ts';
import { HTTP_STATUS, REQUEST_ERRORS } from '../../src/api/errors.ts';
import { LOST_PARTS } from '../../src/core/evaluation/lost-state.ts';
import { CHANGE_KINDS } from '../../src/core/language/change/change-effect.ts';
import { ALERT_REASONS, ALERT_STATUSES } from '../../src/core/model/alert.ts';
import { DEGRADED } from '../../src/core/health/degraded.ts';
import { formatDuration } from '../../src/core/primitives/text/duration.ts';
import { ERROR_CODES, VigilError, type ErrorCode } from '../../src/core/primitives/errors.ts';
import { toEvent } from '../../src/core/model/event.ts';
import { LIMITS } from '../../src/core/primitives/limits.ts';
import { DEAD_LETTER_REASONS } from '../../src/observability/metrics/table.ts';
import { fakeVigil } from '../api/fake-ports.ts';
import { metricsTable } from '../support/all-metrics.ts';
import { namedRows, tableRows } from './doc-files.ts';

describe('docs/errors.md', () => {
  it('has every error code with its status, text and advice', () => {
    const codes = Object.entries(ERROR_CODES).map(([code, text]) => [
      code,
      String(HTTP_STATUS[code as ErrorCode]),
      text,
    ]);
    const rows = namedRows('docs/errors.md', 'errors');
    expect(rows.map((row) => row.slice(0, 3))).toEqual(codes);
    expect(rows.filter(([, , , advice = '']) => advice.length === 0)).toEqual([]);
  });

  it('has every request error code with its status, text and advice', () => {
    const codes = Object.entries(REQUEST_ERRORS).map(([code, { status, text }]) => [code, String(status), text]);
    const rows = namedRows('docs/errors.md', 'request-errors');
    expect(rows.map((row) => row.slice(0, 3))).toEqual(codes);
    expect(rows.filter(([, , , advice = '']) => advice.length === 0)).toEqual([]);
  });

  const ahead = new Date(LIMITS.futureToleranceMs + 1).toISOString();
  it.each([
    ['not-an-object', 'events.client-01.status', []],
    ['client-id', 'events.Client.status', {}],
    ['type', 'events.client-01', {}],
    ['wrong-client', 'events.client-01.status', { clientId: 'client-02' }],
    ['wrong-type', 'events.client-01.status', { type: 'temperature' }],
    ['cloudevents', 'events.client-01.status', { specversion: '0.3' }],
    ['time', 'events.client-01.status', { time: 'yesterday' }],
    ['future', 'events.client-01.status', { time: ahead }],
  ])('has the dead-letter reason %s', (reason, subject, payload) => {
    expect(namedRows('docs/errors.md', 'reasons').map(([name]) => name)).toContain(reason);
    expect(reasonFor(subject, payload)).toBe(reason);
  });

  it('has every dead-letter reason of the metrics', () => {
    expect(namedRows('docs/errors.md', 'reasons').map(([name]) => name)).toEqual(DEAD_LETTER_REASONS);
  });
});

describe('docs/observability.md', () => {
  it('has every metric as it is defined', () => {
    const [, table] =
      /<!-- metrics -->\n([^]*?)\n<!-- \/metrics -->/.exec(readFileSync('docs/observability.md', 'utf8')) ?? [];
    expect(table, 'put what metricsTable() gives between <!-- metrics --> and <!-- /metrics -->').toBe(metricsTable());
  });
});

describe('docs/operations.md', () => {
  it('has every degraded code with advice', () => {
    const rows = namedRows('docs/operations.md', 'degraded');
    expect(rows.map(([code]) => code)).toEqual(Object.keys(DEGRADED));
    expect(rows.filter(([, , advice = '']) => advice.length === 0)).toEqual([]);
  });
});

describe('docs/semantics.md', () => {
  it('has every kind of change of a rule, and every part that may begin', () => {
    expect(namedRows('docs/semantics.md', 'change-kinds').map(([kind]) => kind)).toEqual(CHANGE_KINDS);
    expect(namedRows('docs/semantics.md', 'change-parts').map(([part]) => part)).toEqual(LOST_PARTS);
  });
});

describe('docs/limits.md', () => {
  it('has every limit with its value', () => {
    const shown = Object.entries(LIMITS).map(([name, value]) => [
      name,
      name.endsWith('Ms') ? formatDuration(value) : value.toLocaleString('en-US'),
    ]);
    expect(namedRows('docs/limits.md', 'limits').map((row) => row.slice(0, 2))).toEqual(shown);
  });
});

describe('docs/alerts.md', () => {
  it('has every status and every reason', () => {
    expect(namedRows('docs/alerts.md', 'statuses').map(([status]) => status)).toEqual(ALERT_STATUSES);
    expect(namedRows('docs/alerts.md', 'reasons').map(([reason]) => reason)).toEqual(ALERT_REASONS);
  });
});

describe('docs/api.md', () => {
  it('lists every route of the API', () => {
    const { routes } = createApi(fakeVigil().deps);
    const addresses = routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(healthz$|metrics$|api\/)/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
    const listed = tableRows('docs/api.md', 'api').map(
      ([method = '', path = '']) => `${method} ${path.replaceAll('`', '')}`,
    );
    expect(listed.sort()).toEqual([...new Set(addresses)].sort());
  });
});

function reasonFor(subject: string, payload: unknown): unknown {
  try {
    return toEvent({ subject, payload, sequence: 1, storedAtMs: 0 });
  } catch (error) {
    if (error instanceof VigilError) return error.fields['reason'];
    throw error;
  }
}
