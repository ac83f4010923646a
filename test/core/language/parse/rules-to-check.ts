import { expect } from 'vitest';
import { checkRule } from '../../../../src/core/language/parse/parse-rule.ts';

export const latest = { calc: 'latest', property: 'state', equals: 'stopped' };
export const rule = {
  id: 'all-stopped',
  clientId: 'client-01',
  where: [{ property: 'type', equals: 'status' }],
  partitionBy: ['machineId'],
  evaluate: { type: 'all', having: latest },
};
export const any = (having: object): object => ({ ...rule, evaluate: { type: 'any', having } });
export const nested = (depth: number): object => (depth === 0 ? latest : { not: nested(depth - 1) });
export const levels = (low: object, high: object): object => ({
  ...rule,
  evaluate: {
    type: 'any',
    levels: [
      { severity: 'info', having: low },
      { severity: 'critical', having: high },
    ],
  },
});
export const steps = (list: object[]): object => ({ ...rule, evaluate: { type: 'sequence', steps: list } });
export const step = { where: [{ property: 's', equals: 'a' }] };

export interface Issue {
  path: string;
  message: RegExp;
}

/** Has this issue, among others. */
export function expectIssue(definition: unknown, { path, message }: Issue): void {
  expect(checkRule(definition).issues).toContainEqual({
    path: expect.stringContaining(path) as string,
    message: expect.stringMatching(message) as string,
  });
}
