import { expect, it } from 'vitest';
import { bundleWorkflows } from '../../src/temporal/worker/bundle.ts';

/** Without the source map, which is two thirds of a bundle. Temporal's part is 0.85 MB, ours 0.75; a library more shows. */
const LARGEST_BUNDLE_BYTES = 1_700_000;

it('the bundle has the real workflows, is small, and has no schema library', async () => {
  const code = await bundleWorkflows();
  expect(code).toContain('ruleSet');
  expect(code).not.toMatch(/node_modules\/zod/);
  const [program = ''] = code.split('//# sourceMappingURL=');
  expect(program.length).toBeLessThan(LARGEST_BUNDLE_BYTES);
});
