import { describe, expect, it } from 'vitest';
import { heldReasons, HeldPartitionSets } from '../../../src/ingest/delivery/held-partition-sets.ts';
import type { HeldPartitionSet } from '../../../src/ingest/metrics-port.ts';

const SET = 'client-01/rules/hot/x';
const held = (waitingBytes: number | null, workflowId = SET): HeldPartitionSet => ({
  workflowId,
  sinceMs: 0,
  waitingBytes,
});
const MINUTE_MS = 60_000;

function setUp() {
  const lines: { level: string; fields: Record<string, unknown>; text: string }[] = [];
  const record = (level: string) => (fields: Record<string, unknown>, text: string) =>
    void lines.push({ level, fields, text });
  return { lines, sets: new HeldPartitionSets({ info: record('info'), warn: record('warn'), error: record('error') }) };
}

describe('a set whose events are held', () => {
  it('is logged after 30 seconds, again every 10 minutes, and once when its events are delivered again', () => {
    const { lines, sets } = setUp();
    const loggedAt: string[] = [];
    for (let nowMs = 0; nowMs <= 25 * MINUTE_MS; nowMs += 5_000) {
      const before = lines.length;
      sets.look(nowMs < 25 * MINUTE_MS ? [held(2_000_000)] : [], nowMs);
      for (const { level } of lines.slice(before)) loggedAt.push(`${level} at ${nowMs / 1_000} s`);
    }
    expect(loggedAt).toEqual(['error at 30 s', 'error at 630 s', 'error at 1230 s', 'info at 1500 s']);
  });

  it('is logged with its owner, since when, how much waits, and what to do', () => {
    const { lines, sets } = setUp();
    sets.look([held(2_000_000)], 30_000);
    expect(lines[0]?.fields).toEqual({
      clientId: 'client-01',
      ruleId: 'hot',
      workflowId: SET,
      since: '1970-01-01T00:00:00.000Z',
      waitingBytes: 2_000_000,
    });
    expect(lines[0]?.text).toMatch(
      /client-01\/rules\/hot\/x have waited in the stream since 1970-01-01T00:00:00.000Z: it has 2000000 bytes that it cannot publish or forward\. .*nats stream info ALERTS/,
    );
  });

  it('is logged as not answering if the amount is unknown', () => {
    const { lines, sets } = setUp();
    sets.look([held(null)], 30_000);
    expect(lines[0]?.text).toContain('its workflow does not answer. Check that a worker runs');
  });

  it('is not logged if held for less than 30 seconds', () => {
    const { lines, sets } = setUp();
    sets.look([held(2_000_000)], 29_999);
    sets.look([], 35_000);
    expect(lines).toEqual([]);
  });

  it('degrades the health after 30 seconds', () => {
    expect(heldReasons([held(2_000_000)], 29_999)).toEqual([]);
    expect(heldReasons([held(null), held(5, 'client-02/rules/r/x')], 30_000)).toMatchObject([
      { code: 'SET_HELD', since: '1970-01-01T00:00:00.000Z', fields: { clientId: 'client-01', waitingBytes: null } },
      { code: 'SET_HELD', fields: { clientId: 'client-02', waitingBytes: 5 } },
    ]);
  });
});
