import { describe, expect, it } from 'vitest';
import { canonical, coverAll, implies } from '../../../../src/core/language/analysis/condition-nodes.ts';
import type { LeafNode, Node } from '../../../../src/core/language/node.ts';

const t = (comparison: LeafNode): LeafNode => ({ calc: 'latest', property: 't', ...comparison });
const u = (comparison: LeafNode): LeafNode => ({ calc: 'latest', property: 'u', ...comparison });

describe('the same condition', () => {
  it.each<[Node, Node]>([
    [
      { calc: 'latest', property: 't', gt: 1 },
      { gt: 1, property: 't', calc: 'latest' },
    ],
    [
      { property: 't', calc: 'latest', gt: 1 },
      { calc: 'latest', gt: 1, property: 't' },
    ],
    [{ not: { all: [{ property: 't', lt: 9, gt: 1 }] } }, { not: { all: [{ gt: 1, property: 't', lt: 9 }] } }],
  ])('has the same canonical text, whatever the order of its keys: %j', (one, other) =>
    expect(canonical(one)).toBe(canonical(other)),
  );

  it.each<[Node, Node]>([
    [t({ gt: 1 }), t({ gt: 2 })],
    [t({ between: [1, 2] }), t({ between: [2, 1] })],
    [{ all: [t({ gt: 1 }), u({ gt: 1 })] }, { any: [t({ gt: 1 }), u({ gt: 1 })] }],
  ])('is not %j and %j', (one, other) => expect(canonical(one)).not.toBe(canonical(other)));
});

describe('conditions with several subjects', () => {
  it('imply nothing about each other, unless they are the same', () => {
    const both: Node = { all: [t({ gt: 8 }), u({ lt: 5 })] };
    expect(implies(both, { all: [t({ gt: 9 }), u({ lt: 4 })] })).toBe(false);
    expect(implies(both, both)).toBe(true);
  });

  it('do not cover all values, unless one is the opposite of the other', () => {
    const either: Node = { any: [t({ gt: 8 }), u({ lt: 9 })] };
    expect(coverAll(either, { any: [t({ gt: 1 }), u({ lt: 1 })] })).toBe(false);
    expect(coverAll(either, { not: either })).toBe(true);
  });
});
