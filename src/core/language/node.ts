import type { Comparison } from '../model/rule/condition-schema.ts';

/** A leaf of a predicate or of a condition. */
export interface LeafNode extends Comparison {
  property?: string;
  as?: 'number' | undefined;
  calc?: string;
  within?: string | undefined;
  last?: number | undefined;
  whenFull?: boolean | undefined;
  for?: string | undefined;
  p?: number;
  minSamples?: number | undefined;
  hold?: boolean | undefined;
  where?: unknown;
  among?: unknown;
}

export type Node = { all: Node[] } | { any: Node[] } | { not: Node } | LeafNode;

export function leavesOf(node: Node): LeafNode[] {
  if ('all' in node) return node.all.flatMap(leavesOf);
  if ('any' in node) return node.any.flatMap(leavesOf);
  return 'not' in node ? leavesOf(node.not) : [node];
}

/** The same node with other leaves. */
export function withLeaves(node: Node, change: (leaf: LeafNode) => LeafNode): Node {
  if ('all' in node) return { all: node.all.map((part) => withLeaves(part, change)) };
  if ('any' in node) return { any: node.any.map((part) => withLeaves(part, change)) };
  return 'not' in node ? { not: withLeaves(node.not, change) } : change(node);
}
