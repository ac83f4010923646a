import { expect, it } from 'vitest';
import { bundleWorkflows } from '../../src/temporal/worker/bundle.ts';

const LARGEST_BUNDLE_BYTES = 2_800_000;

it('bundles the real workflows, small, and without the schema library', async () => {
  const code = await bundleWorkflows();
  expect(code).toContain('ruleSet');
  expect(code).not.toMatch(/node_modules\/zod/);
  expect(code.length).toBeLessThan(LARGEST_BUNDLE_BYTES);
});
