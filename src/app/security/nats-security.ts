import { VigilError } from '../../core/primitives/errors.ts';
import { parseNatsUrl } from '../../core/primitives/nats-address.ts';
import { fileAuthenticator, type NatsSecurity } from '../../nats/connection/security.ts';
import type { Config } from '../settings/config.ts';
import { certificatePair, settingFile } from './security-files.ts';

/**
 * Credentials and certificates for NATS_URL; none for the NATS that vigil starts.
 * @throws VigilError CONFIG_INVALID, FILE_UNREADABLE
 */
export function natsSecurity(config: Config): NatsSecurity {
  const { natsUrl, natsCredentialsFile: file } = config;
  if (natsUrl === undefined) return {};
  const credentials = settingFile(config, 'natsCredentialsFile');
  if (credentials !== undefined && Object.keys(parseNatsUrl(natsUrl).login).length > 0)
    throw new VigilError('CONFIG_INVALID', 'Give either NATS_CREDENTIALS_FILE or a login in NATS_URL.', { file });
  const pair = certificatePair(config, 'natsCertFile', 'natsKeyFile');
  const ca = settingFile(config, 'natsCaFile');
  const tls = {
    ...(ca && { ca: ca.toString() }),
    ...(pair && { cert: pair.cert.toString(), key: pair.key.toString() }),
  };
  return {
    ...(credentials && { authenticator: fileAuthenticator(credentials) }),
    ...(Object.keys(tls).length > 0 && { tls }),
  };
}
