import { readFileSync } from 'node:fs';
import { VigilError } from '../../core/primitives/errors.ts';
import type { Config } from '../settings/config.ts';
import { configSchema, variableOf } from '../settings/config.ts';

/** A setting that names a file. */
type FileSetting = Exclude<Extract<keyof Config, `${string}File`>, 'policyFile'>;

/** The file that a setting names; undefined if it names none. @throws VigilError FILE_UNREADABLE */
export function settingFile(config: Config, key: FileSetting): Buffer | undefined {
  const file = config[key];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const variable = variableOf(configSchema.shape[key]);
    throw new VigilError(
      'FILE_UNREADABLE',
      `${file}: ${reason}. Check ${variable}.`,
      { file, variable },
      { cause: error },
    );
  }
}

/** A certificate needs its key, and the other way round. @throws VigilError CONFIG_INVALID, FILE_UNREADABLE */
export function certificatePair(
  config: Config,
  cert: FileSetting,
  key: FileSetting,
): { cert: Buffer; key: Buffer } | undefined {
  const [certificate, secret] = [settingFile(config, cert), settingFile(config, key)];
  if (certificate !== undefined && secret !== undefined) return { cert: certificate, key: secret };
  if (certificate === undefined && secret === undefined) return undefined;
  const [one, other] = [cert, key].map((each) => variableOf(configSchema.shape[each]));
  throw new VigilError('CONFIG_INVALID', `${one} and ${other} need each other.`, { variables: [one, other] });
}
