import type { ConnectionOptions } from '@temporalio/client';
import type { Config } from './config.ts';

/** How the Temporal in TEMPORAL_ADDRESS is spoken to; the one that vigil starts itself wants nothing. With a key always by TLS: nobody else may read it. */
export function temporalSecurity({
  temporalAddress,
  temporalTls,
  temporalApiKey,
}: Config): Required<Pick<ConnectionOptions, 'tls'>> & { apiKey?: string } {
  if (temporalAddress === undefined) return { tls: false };
  return temporalApiKey === undefined ? { tls: temporalTls } : { tls: true, apiKey: temporalApiKey };
}
