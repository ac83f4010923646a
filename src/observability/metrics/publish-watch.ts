import type { PublishFailureReason } from './table.ts';

/** Is told of each attempt to publish. `of`: whose messages they are; they are tried again until they succeed. */
export interface PublishWatch {
  failed(of: string, error: unknown): PublishFailureReason;
  succeeded(of: string): void;
}
