import type { ConnectionOptions } from '@temporalio/client';
import type { Config } from './config.ts';

/** TLS and API key for TEMPORAL_ADDRESS; none for the Temporal that vigil starts. A key implies TLS, to protect it. */
export function temporalSecurity({
  temporalAddress,
  temporalTls,
  temporalApiKey,
}: Config): Required<Pick<ConnectionOptions, 'tls'>> & { apiKey?: string } {
  if (temporalAddress === undefined) return { tls: false };
  return temporalApiKey === undefined ? { tls: temporalTls } : { tls: true, apiKey: temporalApiKey };
}
