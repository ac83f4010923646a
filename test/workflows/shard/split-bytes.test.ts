import { fc } from '@fast-check/vitest';
import { expect, it } from 'vitest';
import { jsonBytes } from '../../../src/core/primitives/text/bytes.ts';
import { compileRule } from '../../../src/core/compilation/compile-rule.ts';
import { toEvent } from '../../../src/core/model/event/event.ts';
import { projectEvent } from '../../../src/core/matching/projection.ts';
import { matchRule } from '../../../src/core/matching/rule-index.ts';
import type { Rule } from '../../../src/core/model/rule/rule-schema.ts';
import { splitPartitionSet } from '../../../src/core/sharding/split.ts';
import { applyEvent, openPartitionSet, takeAlerts } from '../../../src/core/evaluation/evaluate.ts';
import { coordinateShares } from '../../../workflows/shard/coordinate-shares.ts';
import {
  filled,
  hostileShapes,
  keyName,
  leafName,
  validRule,
  type HostileShape,
} from '../../properties/arbitrary/arbitrary-hostile.ts';

/** Weight above which a set is split, see partition-set-run.ts. */
const SPLIT_AT_BYTES = 750_000;
/** Bytes of an outbox, which goes to the shards with the state. */
const OUTBOX_BYTES = 256 * 1024;
/** Temporal's limit for a payload. */
const PAYLOAD_BYTES = 2_000_000;
const MOST_PARTITIONS = 3_000;
const TIMEOUT_MS = 120_000;

/** A partition set of the rule that is so heavy that it is split, with unpublished alerts. */
function heavySet(shape: HostileShape, rule: Rule) {
  const set = openPartitionSet({ rule, ruleVersion: 1, group: [], atMs: 0 });
  const entry = { rule: compileRule(rule), stored: { rule, version: 1, storedAtMs: 0 } };
  const isNumber = shape.kind === 'avg' || shape.kind === 'short';
  for (let sequence = 1; set.weight <= SPLIT_AT_BYTES && sequence <= MOST_PARTITIONS; sequence++) {
    const keys = Array.from({ length: shape.keys }, (_, index) => [
      keyName(index, shape),
      filled(`${sequence}`, shape.filling, shape.keyLength),
    ]);
    const values = Array.from({ length: shape.leaves }, (_, index) => [
      leafName(index, shape),
      isNumber ? sequence : filled(`${index}`, shape.filling, 1_024),
    ]);
    const event = toEvent({
      subject: `events.${rule.clientId}.status`,
      payload: Object.fromEntries([...keys, ...values]),
      sequence,
      storedAtMs: sequence,
    });
    const match = matchRule(entry, event);
    if (match === undefined) throw new Error('an event of the rule is expected');
    set.state.group = match.group;
    applyEvent(set, projectEvent(set.rule, event));
  }
  let bytes = 0;
  const unpublished = takeAlerts(set).filter((alert) => (bytes += jsonBytes(alert)) <= OUTBOX_BYTES);
  return { set, unpublished };
}

it(
  'the input of the shards fits, with whatever rule and partitions',
  () => {
    fc.assert(
      fc.property(hostileShapes, fc.constantFrom(1, 64), (shape, shards) => {
        const rule = validRule(shape);
        if (rule === undefined) return;
        const { set, unpublished } = heavySet(shape, rule);
        const { head, shares } = splitPartitionSet(set, shards);
        const coordinator = coordinateShares(
          {
            setId: 's',
            epoch: 'e',
            rule: { rule, version: 1, storedAtMs: 0 },
            shares,
            nowMs: head.state.now,
            unpublished,
            signalsPerRun: undefined,
          },
          () => true,
        );
        for (const { birth } of coordinator.outboxes.all) expect(jsonBytes(birth)).toBeLessThan(PAYLOAD_BYTES);
        expect(jsonBytes(head.state) + jsonBytes(unpublished)).toBeLessThan(PAYLOAD_BYTES);
      }),
      { numRuns: 10 },
    );
  },
  TIMEOUT_MS,
);
