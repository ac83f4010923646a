import { expect, it, vi } from 'vitest';
import { parseRule } from '../../../src/core/language/parse/parse-rule.ts';
import { RuleIndex } from '../../../src/core/matching/rule-index.ts';
import type { RecoveryRequest } from '../../../src/core/model/partition-set/partition-set-messages.ts';
import { NO_READER_QUOTAS, type LogMessage, type PublishedOfSet } from '../../../src/ingest/ports.ts';
import type { Router } from '../../../src/ingest/routing/router.ts';
import {
  PartitionSetRecovery,
  type PartitionSetRecoveryDeps,
} from '../../../src/ingest/recovery/partition-set-recovery.ts';
import { logOf } from '../memory-log.ts';

const CLIENT = 'acme';
const rule = parseRule({
  id: 'r',
  clientId: CLIENT,
  where: [{ property: 'n', exists: true }],
  evaluate: { type: 'any', having: { calc: 'latest', property: 'n', gt: 0 } },
});
const bytes = new TextEncoder();
const message = (sequence: number): LogMessage => ({
  sequence,
  storedAtMs: sequence,
  subject: `events.${CLIENT}.reading`,
  bytes: bytes.encode(JSON.stringify({ n: sequence })),
  left: 0,
});

/** A reader of a stream of `count` events. `routed`: the events by attempt; `delivered`: other messages to the set. */
function setUp(count: number, onEvent: (sequence: number) => void = () => undefined, published?: PublishedOfSet) {
  const index = new RuleIndex();
  index.put({ rule, version: 1, storedAtMs: 0 });
  const setId = index.get(CLIENT, 'r')?.rule.ids.of([]) ?? '';
  const routed: { attempt: string | undefined; sequence: number }[] = [];
  const delivered: string[] = [];
  const routeForRecovery: Router['routeForRecovery'] = ({ sequence }, _entry, attempts) => {
    routed.push({ attempt: attempts.get(setId), sequence });
    onEvent(sequence);
    return { events: [], leftOut: 0 };
  };
  const deps: PartitionSetRecoveryDeps = {
    ...{
      index,
      log: logOf(Array.from({ length: count }, (_each, at) => message(at + 1))),
      stopping: new AbortController().signal,
    },
    lane: {
      room: () => undefined,
      quotas: NO_READER_QUOTAS,
      deliverAgain: (_message, _routed, open) => open()(),
      router: { routeForRecovery },
    },
    rules: {
      history: () =>
        Promise.resolve({ changes: [{ kind: 'put' as const, rule, version: 1, storedAtMs: 0 }], isWhole: true }),
    },
    alerts: { publishedOf: () => Promise.resolve(new Map(published && [[setId, published]])) },
    sets: { shardsOf: () => Promise.resolve([]) },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    deliver: (_setId, delivery) =>
      Promise.resolve(
        void delivered.push(
          delivery.kind === 'recovery' ? `${delivery.message.phase} ${delivery.message.requestId}` : delivery.kind,
        ),
      ),
    persist: (work) => work(),
    inTurn: (_clientId, work) => work({ sequence: count, storedAtMs: count }),
  };
  const request = (requestId: string, afterSequence: number | null = null): RecoveryRequest => ({
    clientId: CLIENT,
    setId,
    requestId,
    reason: 'inboxOverflow',
    afterSequence,
  });
  return { recovery: new PartitionSetRecovery(deps), request, routed, delivered };
}

it('sends a set the events that it lacks, in order, between begin and end', async () => {
  const { recovery, request, routed, delivered } = setUp(3);
  recovery.begin(request('a', 1));
  await vi.waitFor(() => expect(delivered).toEqual(['begin a', 'end a']));
  expect(routed.map(({ sequence }) => sequence)).toEqual([2, 3]);
});

it('sends a set that lost its state what the alert stream has of it, in pages before the events', async () => {
  const alert = (place: string) => ({ place, partition: {}, id: '', alert: { severity: 'warning' as const } });
  const pages = [[alert('a')], [alert('b'), alert('c')]];
  const published: PublishedOfSet = {
    untilMs: 3,
    stream: { untilMs: 3, generation: 'g', ruleVersion: 1, alerts: [alert('')] },
    async *more() {
      for (const page of pages) yield await Promise.resolve(page);
    },
  };
  const before: number[] = [];
  const { recovery, request, routed, delivered } = setUp(3, () => before.push(delivered.length), published);
  recovery.begin({ ...request('a'), reason: 'shardLost' });
  await vi.waitFor(() => expect(delivered).toEqual(['begin a', 'published a', 'published a', 'end a']));
  expect(routed).toHaveLength(3);
  expect(new Set(before)).toEqual(new Set([3]));
});

it('handles a request once, even if it is repeated meanwhile', async () => {
  const { recovery, request, routed, delivered } = setUp(3, () => recovery.begin(request('a')));
  recovery.begin(request('a'));
  await vi.waitFor(() => expect(delivered).toEqual(['begin a', 'end a']));
  expect(routed).toHaveLength(3);
});

it('handles a newer request of a set that overflowed during the previous one', async () => {
  const { recovery, request, routed, delivered } = setUp(3, (sequence) => {
    if (sequence === 2) recovery.begin(request('b', 1));
  });
  recovery.begin(request('a', 0));
  await vi.waitFor(() => expect(delivered).toEqual(['begin a', 'end a', 'begin b', 'end b']));
  const [first] = routed;
  expect(routed.filter(({ attempt }) => attempt !== first?.attempt).map(({ sequence }) => sequence)).toEqual([2, 3]);
});
