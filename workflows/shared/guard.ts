/*
 * Preloaded, so there is one for all workflows of a context, in place before the first of them. It wraps what the SDK calls, as
 * interceptors see neither all of the calls nor what they throw.
 */
import type {} from '@temporalio/workflow/lib/global-attributes.js';
import { guardContext } from './context-guard.ts';

const { api } = globalThis.__TEMPORAL__;

globalThis.__TEMPORAL__.api = {
  ...api,
  ...guardContext(api, {
    currentRunId: () => globalThis.__TEMPORAL_ACTIVATOR__?.info.runId,
    giveUp(error) {
      // The SDK ends a thread in which a promise is rejected that belongs to no workflow.
      globalThis.__TEMPORAL_ACTIVATOR__ = undefined;
      void Promise.reject(error);
    },
  }),
};
