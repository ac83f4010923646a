import { jsonBytes, utf8Bytes } from '../../primitives/text/bytes.ts';
import { compileRule } from '../../compilation/compile-rule.ts';
import { LIMITS } from '../../primitives/limits.ts';
import { newPartition } from '../../partition-set/partition-set.ts';
import { partitionKey } from '../../partition-set/partition-index.ts';
import type { Rule } from '../../model/rule/rule-schema.ts';

interface SizeIssue {
  path: string;
  message: string;
}

/** Parts of a rule that are too large although each of their entries is valid. */
export function sizeIssues({ name = '', labels = {} }: Rule): SizeIssue[] {
  const issues: SizeIssue[] = [];
  const [nameBytes, labelsBytes] = [utf8Bytes(name), jsonBytes(labels)];
  if (nameBytes > LIMITS.nameBytes)
    issues.push({
      path: 'name',
      message: `has ${nameBytes} bytes of UTF-8; the maximum is ${LIMITS.nameBytes}: shorten it`,
    });
  if (labelsBytes > LIMITS.labelsBytes) {
    issues.push({
      path: 'labels',
      message: `have ${labelsBytes} bytes of JSON in total; the maximum is ${LIMITS.labelsBytes}, because every alert has a copy: use fewer or shorter labels`,
    });
  }
  return issues;
}

/** Whether the partitions of `expect` fit into the state of one set. The rule must be valid otherwise. */
export function rosterIssues(rule: Rule): SizeIssue[] {
  const bytes = rosterBytes(rule);
  if (bytes <= LIMITS.stateBytes) return [];
  return [
    {
      path: 'expect',
      message: `creates a state of ${bytes} bytes before any event; the maximum is ${LIMITS.stateBytes}: expect fewer partitions, use fewer conditions, or assign entries to groups (groupBy)`,
    },
  ];
}

/** JSON bytes of the initial partitions of a rule's largest set. */
function rosterBytes(rule: Rule): number {
  const { expect = [], groupBy = [], partitionBy = [] } = rule;
  if (expect.length === 0) return 0;
  const blankBytes = jsonBytes(newPartition(compileRule(rule), []));
  // An entry without a complete group may belong to every group.
  let ofEvery = 0;
  const ofGroup = new Map<string, number>();
  for (const entry of expect) {
    const key = partitionKey(partitionBy.map((property) => entry[property] ?? null));
    // The state holds a key twice: as the name of its partition, escaped, and inside it.
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
