/*
 * Preloaded, so there is one for all workflows of a context, installed before the first of them. It wraps the functions
 * that the SDK calls, because interceptors see neither all of the calls nor their errors.
 */
import type {} from '@temporalio/workflow/lib/global-attributes.js';
import { guardContext } from './context-guard.ts';

const { api } = globalThis.__TEMPORAL__;

globalThis.__TEMPORAL__.api = {
  ...api,
  ...guardContext(api, {
    currentRunId: () => globalThis.__TEMPORAL_ACTIVATOR__?.info.runId,
    giveUp(error) {
      // The SDK ends a thread when a promise that belongs to no workflow is rejected.
      globalThis.__TEMPORAL_ACTIVATOR__ = undefined;
      void Promise.reject(error);
    },
  }),
};
