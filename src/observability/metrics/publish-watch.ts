import type { PublishFailureReason } from './table.ts';

/** Observes attempts to publish. `of`: the owner of the messages. */
export interface PublishWatch {
  failed(of: string, error: unknown): PublishFailureReason;
  succeeded(of: string): void;
}
