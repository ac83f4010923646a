import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { vi } from 'vitest';
import type { ActivityDeps } from '../../../activities/activities.ts';
import type { ProjectedEvent } from '../../../src/core/model/event/projected-event.ts';
import type { StoredRule } from '../../../src/core/model/stored-rule/stored-rule.ts';
import type { StreamAlert, StreamAlerts } from '../../../src/core/model/alert/stream-alerts.ts';
import type { SetBench } from './rule-set-worker.ts';

const PATIENT = { timeout: 30_000 };

interface Recovered extends Pick<SetBench, 'sets' | 'setId' | 'stored'> {
  /** Default: when the rule was stored. */
  startedAtMs?: number;
  /** The set starts with its first event. */
  startsWithEvent?: boolean;
  /** The current version of the rule. Default: the one that it begins with. */
  current?: StoredRule;
  /** What the alert stream has; what does not fit into the first message follows in pages. */
  published?: StreamAlerts;
  pages?: StreamAlert[][];
  /** The reader dies after these events: the next one begins again. */
  dies?: boolean;
}

/** A reader that sends a partition set what a test says the stream has, when the set has asked for it. */
export function recoverer(environment: TestWorkflowEnvironment): {
  reader: ActivityDeps['reader'];
  recover: (bench: Recovered, ...events: ProjectedEvent['data'][]) => Promise<void>;
} {
  const asked = new Set<string>();
  const answered = new Set<string>();
  let attempts = 0;
  return {
    reader: {
      seenUntil: async (_clientId, deadlineMs) => Math.max(deadlineMs, await environment.currentTimeMs()),
      pause: () => Promise.resolve(),
      recover: (request) => Promise.resolve(void asked.add(request.requestId)),
    },
    async recover(
      { sets, setId, stored, startedAtMs = stored.storedAtMs, startsWithEvent = false, current = stored, ...options },
      ...data
    ) {
      const { published, pages = [], dies = false } = options;
      const isOpen = (requestId: string): boolean => !answered.has(requestId);
      const requestId = await vi.waitUntil(() => [...asked].find(isOpen), PATIENT);
      if (!dies) answered.add(requestId);
      const attempt = `attempt-${(attempts += 1)}`;
      const begin = {
        ...{ rule: stored, isComplete: true, publishedUntilMs: null, shardIds: [] },
        startedAtMs: startsWithEvent ? null : startedAtMs,
        ...(published !== undefined && { published }),
      };
      const events = data.map((each, index) => ({
        ...{ seq: index + 1, time: startedAtMs + index, at: startedAtMs + index },
        data: each,
      }));
      await sets.sendRecovery(setId, { setId, requestId, attempt, phase: 'begin', ...begin });
      for (const alerts of pages)
        await sets.sendRecovery(setId, { setId, requestId, attempt, phase: 'published', alerts });
      await sets.signalEvents(setId, { version: stored.version, attempt, events });
      if (!dies) await sets.sendRecovery(setId, { setId, requestId, attempt, phase: 'end', rule: current });
    },
  };
}
