import { expect, it } from 'vitest';
import { bundleWorkflows } from '../../src/temporal/worker/bundle.ts';

/** With its source map. The rest of a bundle is Temporal's: 2.5 MB. */
const LARGEST_BUNDLE_BYTES = 3_400_000;

it('the bundle has the real workflows, is small, and has no schema library', async () => {
  const code = await bundleWorkflows();
  expect(code).toContain('ruleSet');
  expect(code).not.toMatch(/node_modules\/zod/);
  expect(code.length).toBeLessThan(LARGEST_BUNDLE_BYTES);
});
