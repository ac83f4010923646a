import * as wf from '@temporalio/workflow';
import type { AlertPhase } from '../../src/core/model/alert/alert.ts';
import { SEARCH_KEYS } from './search-attributes.ts';

/** The search attributes of this workflow; written only when they change. */
export class UiState {
  private status: AlertPhase;
  private version: number;

  constructor(status: AlertPhase, version: number) {
    this.status = status;
    this.version = version;
  }

  show(status: AlertPhase, version: number, details: string): void {
    if (status !== this.status || version !== this.version) {
      wf.upsertSearchAttributes([
        { key: SEARCH_KEYS.ruleStatus, value: status },
        { key: SEARCH_KEYS.ruleVersion, value: version },
      ]);
      this.status = status;
      this.version = version;
    }
    wf.setCurrentDetails(details);
  }
}
