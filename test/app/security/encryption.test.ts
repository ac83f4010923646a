import { randomBytes } from 'node:crypto';
import { describe, expect, it, test } from 'vitest';
import { loadConfig } from '../../../src/app/settings/config.ts';
import { encryption } from '../../../src/app/security/encryption.ts';
import { tempFiles } from '../../support/temp-files.ts';
import { thrown } from '../../support/thrown.ts';

const files = tempFiles();
const [OLD, NEW] = [0, 1].map(() => randomBytes(32).toString('base64')) as [string, string];
const withKeys = (keys: string) => encryption(loadConfig({ VIGIL_ENCRYPTION_KEYS: keys })).codec;
const withFile = (text: string, env = {}) =>
  encryption(loadConfig({ VIGIL_ENCRYPTION_KEYS_FILE: files.write('keys', text), ...env })).codec;
const PAYLOAD = { data: Buffer.from('{"celsius":85}') };

describe('the keys', () => {
  it('are none by default: nothing is encrypted', () => {
    expect(encryption(loadConfig({})).codec.isOn).toBe(false);
  });

  it('come from a variable or a file, with lines or commas', () => {
    const sealed = withKeys(`2026:${OLD}`).seal(PAYLOAD, 'client-01');
    for (const cipher of [withKeys(`2027:${NEW}, 2026:${OLD}`), withFile(`2027:${NEW}\n2026:${OLD}\n`)])
      expect(cipher.open(sealed).data).toEqual(PAYLOAD.data);
  });

  test.each([
    ['no id', OLD, 'Entry 1'],
    ['a short key', `2026:${randomBytes(16).toString('base64')}`, 'Entry 1'],
    ['a key that is not base64', `2026:${OLD.slice(0, -3)}!?=`, 'Entry 1'],
    ['an id with a space', `20 26:${OLD}`, 'Entry 1'],
    ['a second entry without a key', `2026:${OLD},2027:`, 'Entry 2'],
    ['the same id twice', `2026:${OLD},2026:${NEW}`, 'same id'],
  ])('are refused with %s, and not shown', (_, keys, why) => {
    const error = thrown(() => withKeys(keys));
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(why) as string });
    for (const secret of [OLD, NEW, keys]) expect(JSON.stringify([String(error), error])).not.toContain(secret);
  });

  test.each([
    ['an empty file', () => withFile('\n')],
    ['a variable and a file', () => withFile(`2026:${OLD}`, { VIGIL_ENCRYPTION_KEYS: `2026:${OLD}` })],
  ])('are refused from %s', (_, load) => {
    expect(thrown(load)).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('are refused from a file that does not exist', () => {
    const env = { VIGIL_ENCRYPTION_KEYS_FILE: '/none' };
    expect(thrown(() => encryption(loadConfig(env)))).toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
