import { jsonBytes, utf8Bytes } from '../primitives/bytes.ts';
import { compileRule } from '../compilation/compile-rule.ts';
import { LIMITS } from '../primitives/limits.ts';
import { newPartition } from '../partition-set/partition-set.ts';
import { partitionKey } from '../partition-set/partition-index.ts';
import type { Rule } from '../model/rule-schema.ts';

interface SizeIssue {
  path: string;
  message: string;
}

/** What of a rule is too large, although each of its parts is not. */
export function sizeIssues({ name = '', labels = {} }: Rule): SizeIssue[] {
  const issues: SizeIssue[] = [];
  const [nameBytes, labelsBytes] = [utf8Bytes(name), jsonBytes(labels)];
  if (nameBytes > LIMITS.nameBytes)
    issues.push({
      path: 'name',
      message: `has ${nameBytes} bytes of UTF-8; ${LIMITS.nameBytes} bytes is the most: shorten it`,
    });
  if (labelsBytes > LIMITS.labelsBytes) {
    issues.push({
      path: 'labels',
      message: `has ${labelsBytes} bytes of JSON, all labels together; ${LIMITS.labelsBytes} bytes is the most, as every alert has a copy: use fewer or shorter ones`,
    });
  }
  return issues;
}

/** Whether what `expect` names fits into the state of one set. The rule must be valid but for this. */
export function rosterIssues(rule: Rule): SizeIssue[] {
  const bytes = rosterBytes(rule);
  if (bytes <= LIMITS.stateBytes) return [];
  return [
    {
      path: 'expect',
      message: `makes a state of ${bytes} bytes before any event; ${LIMITS.stateBytes} bytes is the most: expect fewer partitions, use fewer conditions, or give entries a group (groupBy)`,
    },
  ];
}

/** Bytes of the partitions with which the largest set of a rule begins, as JSON. */
function rosterBytes(rule: Rule): number {
  const { expect = [], groupBy = [], partitionBy = [] } = rule;
  if (expect.length === 0) return 0;
  const blankBytes = jsonBytes(newPartition(compileRule(rule), []));
  // An entry that does not name a whole group may belong to every one.
  let ofEvery = 0;
  const ofGroup = new Map<string, number>();
  for (const entry of expect) {
    const key = partitionKey(partitionBy.map((property) => entry[property] ?? null));
    // A key stands in the state twice: as the name of its partition, escaped, and in it.
    const bytes = blankBytes + jsonBytes(key) + utf8Bytes(key);
    if (groupBy.length === 0 || !groupBy.every((property) => Object.hasOwn(entry, property))) {
      ofEvery += bytes;
      continue;
    }
    const group = JSON.stringify(groupBy.map((property) => entry[property]));
    ofGroup.set(group, (ofGroup.get(group) ?? 0) + bytes);
  }
  return ofEvery + Math.max(0, ...ofGroup.values());
}
