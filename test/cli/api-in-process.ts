import { createApi } from '../../src/api/api.ts';
import { fakeVigil, type FakeVigil } from '../api/fakes/fake-ports.ts';
import type { Rule } from '../../src/core/model/rule/rule-schema.ts';
import { vigil } from './run-vigil.ts';

/** The API over an in-memory vigil with these rules, and commands that call it without a network. */
export function apiInProcess(rules: Rule[]) {
  const fake: FakeVigil = fakeVigil({ rules });
  const api = createApi(fake.deps);
  const asked: string[] = [];
  let before: ((request: Request) => Promise<void>) | undefined;
  const fetchIt: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    await before?.(request);
    asked.push(`${request.method} ${pathname}${search}`);
    return api.fetch(request);
  };
  return {
    ...{ rules: fake.deps.rules, api },
    run: (argv: string[]) => vigil(argv, {}, { fetch: fetchIt }),
    /** What was asked for that changes something. */
    changes: (): string[] => asked.filter((each) => !/^GET |dryRun=true/.test(each)),
    /** Does something before each request. */
    beforeEach: (work: (request: Request) => Promise<void>) => void (before = work),
  };
}
