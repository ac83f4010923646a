import { describe, expect, it } from 'vitest';
import { VigilError } from '../../../src/core/primitives/errors.ts';
import { parseNatsUrl, withoutPassword } from '../../../src/core/primitives/nats-address.ts';

describe('NATS_URL', () => {
  it.each([
    ['nats://localhost:4222', { servers: ['localhost:4222'], login: {}, tls: false }],
    ['localhost', { servers: ['localhost'], login: {}, tls: false }],
    ['nats://a:4222/, nats://b:4223', { servers: ['a:4222', 'b:4223'], login: {}, tls: false }],
    ['nats://me:secret@a:4222', { servers: ['a:4222'], login: { user: 'me', pass: 'secret' }, tls: false }],
    ['nats://me:@a:4222', { servers: ['a:4222'], login: { user: 'me', pass: '' }, tls: false }],
    ['nats://s3cr3t@a:4222', { servers: ['a:4222'], login: { token: 's3cr3t' }, tls: false }],
    ['tls://me:secret@[::1]:4222', { servers: ['[::1]:4222'], login: { user: 'me', pass: 'secret' }, tls: true }],
    ['TLS://a:4222', { servers: ['a:4222'], login: {}, tls: true }],
    ['nats://a:4222,tls://b:4222', { servers: ['a:4222', 'b:4222'], login: {}, tls: true }],
    [
      'nats://me:secret@a,nats://me:secret@b,nats://c',
      { servers: ['a', 'b', 'c'], login: { user: 'me', pass: 'secret' }, tls: false },
    ],
  ])('%s', (url, address) => {
    expect(parseNatsUrl(url)).toEqual(address);
  });

  it.each([
    ['that is percent-encoded', 'nats://me:p%40ss%3Aw%2Frd%25%2C@a', 'p@ss:w/rd%,'],
    ['unencoded, if it does not end the address', 'nats://me:p@ss:w/rd@a', 'p@ss:w/rd'],
    ['with a literal "%"', 'nats://me:100%@a', '100%'],
  ])('accepts a password %s', (_, url, pass) => {
    expect(parseNatsUrl(url)).toMatchObject({ servers: ['a'], login: { user: 'me', pass } });
  });

  it('rejects several logins, and shows neither', () => {
    const parse = (): unknown => parseNatsUrl('nats://me:secret@a,nats://me:other@b');
    expect(parse).toThrow(VigilError);
    expect(parse).toThrow(/NATS_URL has several logins/);
    expect(parse).not.toThrow(/secret|other/);
    expect(parse).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', fields: { variable: 'NATS_URL' } }));
  });
});

describe('an address for people and logs', () => {
  it.each([
    ['nats://a:4222,tls://b', 'nats://a:4222,tls://b'],
    ['nats://me:secret@a:4222', 'nats://***@a:4222'],
    ['nats://secret@a,nats://me:secret@b', 'nats://***@a,nats://***@b'],
    ['nats://me:secret@secret/secret,secret@a', 'nats://***@a'],
    ['me:secret@a', '***@a'],
    ['nats://me:secret\n@a', 'nats://***@a'],
    ['eighty', 'eighty'],
  ])('%s is shown as %s', (url, shown) => {
    expect(withoutPassword(url)).toBe(shown);
  });
});
