import { describe, expect, it, vi } from 'vitest';
import { skippingEnvironment, withSet } from '../../support/workflows/rule-set-worker.ts';
import { expectedOf, ruleOf, TIME_WORDS } from '../../support/evaluation/time-words.ts';

const PATIENT = { timeout: 20_000 };

const environment = await skippingEnvironment();

describe('with skipped time, without events', () => {
  it.each(TIME_WORDS)('$name takes effect on time', (word) =>
    withSet(environment, ruleOf(word, 'client-01', 'm'), async ({ send, alerts }) => {
      const sentMs = await send(word.event);
      await environment.sleep('4m');
      const published = (): string[] =>
        alerts.map(({ data }) => `${Date.parse(data.evaluatedAt) - sentMs} ${data.status} ${data.reason}`);
      await vi.waitFor(() => expect(published()).toEqual(expectedOf(word, 'm')), PATIENT);
    }),
  );
});
