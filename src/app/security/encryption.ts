import { VigilError } from '../../core/primitives/errors.ts';
import { dataConverterOf } from '../../temporal/encryption/data-converter.ts';
import { createKeyRing, KEY_BYTES, type EncryptionKey } from '../../temporal/encryption/key-ring.ts';
import { createPayloadCipher } from '../../temporal/encryption/payload-cipher.ts';
import type { Config } from '../settings/config.ts';
import { settingFile } from './security-files.ts';

/** What encrypts all that Temporal stores, with the keys of the settings. @throws VigilError CONFIG_INVALID, FILE_UNREADABLE */
export function encryption(config: Config) {
  const codec = createPayloadCipher(createKeyRing(keysOf(config)));
  return { codec, dataConverter: dataConverterOf(codec) };
}

function keysOf(config: Config): EncryptionKey[] {
  const { encryptionKeys: given } = config;
  const file = settingFile(config, 'encryptionKeysFile');
  if (given !== undefined && file !== undefined) throw invalid('Set one of the two, not both.');
  const entries = (given ?? file?.toString() ?? '').split(/[,\n]/).map((entry) => entry.trim());
  const keys = entries.filter((entry) => entry !== '').map(keyIn);
  if (file !== undefined && keys.length === 0) throw invalid('The file has no key.');
  if (new Set(keys.map(({ id }) => id)).size < keys.length) throw invalid('Two keys have the same id.');
  return keys;
}

const ENTRY = /^([\w.-]{1,64}):([A-Za-z\d+/]{43}=)$/;

/** The text is a secret, so the error names only its place. */
function keyIn(entry: string, index: number): EncryptionKey {
  const [, id = '', base64 = ''] = ENTRY.exec(entry) ?? [];
  const secret = Buffer.from(base64, 'base64');
  if (secret.length === KEY_BYTES) return { id, secret };
  throw invalid(`Entry ${index + 1} is not id:key, with ${KEY_BYTES} bytes in base64: \`openssl rand -base64 32\`.`);
}

const VARIABLES = ['VIGIL_ENCRYPTION_KEYS', 'VIGIL_ENCRYPTION_KEYS_FILE'];

const invalid = (advice: string): VigilError =>
  new VigilError('CONFIG_INVALID', `${VARIABLES.join(' or ')}: ${advice}`, { variables: VARIABLES });
