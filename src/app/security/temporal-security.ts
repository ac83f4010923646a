import type { ConnectionOptions } from '@temporalio/client';
import type { Config } from '../settings/config.ts';
import { certificatePair, settingFile } from './security-files.ts';

/**
 * TLS, certificates and API key for TEMPORAL_ADDRESS; none for the Temporal that vigil starts. A key or a certificate
 * implies TLS. @throws VigilError CONFIG_INVALID, FILE_UNREADABLE
 */
export function temporalSecurity(config: Config): Required<Pick<ConnectionOptions, 'tls'>> & { apiKey?: string } {
  const { temporalAddress, temporalTls, temporalApiKey: apiKey } = config;
  if (temporalAddress === undefined) return { tls: false };
  const ca = settingFile(config, 'temporalCaFile');
  const pair = certificatePair(config, 'temporalCertFile', 'temporalKeyFile');
  const files: TlsFiles = {
    ...(ca && { serverRootCACertificate: ca }),
    ...(pair && { clientCertPair: { crt: pair.cert, key: pair.key } }),
  };
  const tls = Object.keys(files).length > 0 ? files : temporalTls || apiKey !== undefined;
  return apiKey === undefined ? { tls } : { tls, apiKey };
}

type TlsFiles = Exclude<ConnectionOptions['tls'], boolean | null | undefined>;
