import { randomBytes } from 'node:crypto';
import { fc, test as property } from '@fast-check/vitest';
import {
  ApplicationFailure,
  defaultPayloadConverter,
  type Payload,
  type SerializationContext,
} from '@temporalio/common';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow/data-converter-helpers.js';
import { describe, expect, it, test } from 'vitest';
import { VigilError } from '../../src/core/primitives/errors.ts';
import { createKeyRing } from '../../src/temporal/encryption/key-ring.ts';
import { dataConverterOf, payloadCodec } from '../../src/temporal/encryption/data-converter.ts';
import { createPayloadCipher } from '../../src/temporal/encryption/payload-cipher.ts';
import { thrown } from '../support/thrown.ts';

const OLD = { id: '2026', secret: randomBytes(32) };
const NEW = { id: '2027', secret: randomBytes(32) };
const cipherWith = (...keys: (typeof OLD)[]) => createPayloadCipher(createKeyRing(keys));
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueIn = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);
const bytesOf = ({ metadata, data }: Payload): Buffer =>
  Buffer.concat([...Object.values(metadata ?? {}), data ?? new Uint8Array()]);

const SECRET = { machineId: 'press-7', celsius: 85 };

describe('a sealed payload', () => {
  property.prop([fc.jsonValue(), fc.option(fc.constantFrom('client-01', 'a'), { nil: null })])(
    'opens to what it was',
    (value, clientId) => {
      const sealed = cipherWith(OLD).seal(payloadOf(value), clientId);
      expect(cipherWith(OLD).ownerOf(sealed)).toBe(clientId);
      expect(valueIn(cipherWith(OLD).open(sealed))).toEqual(valueIn(payloadOf(value)));
    },
  );

  it('shows nothing of the data or its encoding, and differs each time', () => {
    const [one, other] = [0, 1].map(() => cipherWith(OLD).seal(payloadOf(SECRET), 'client-01'));
    // Words so long that random bytes do not have them by chance.
    for (const sealed of [one, other])
      expect(bytesOf(sealed ?? {}).toString('latin1')).not.toMatch(/press-7|celsius|json/);
    expect(one?.data).not.toEqual(other?.data);
  });

  it('is less than 300 bytes longer, with the longest ids', () => {
    const [payload, long] = [payloadOf(SECRET), 'x'.repeat(64)];
    const sealed = cipherWith({ ...OLD, id: long }).seal(payload, long);
    expect(bytesOf(sealed).length - bytesOf(payload).length).toBeLessThan(300);
  });

  test.each<[what: string, change: (sealed: Required<Payload>) => Payload]>([
    ['a bit of its data', ({ metadata, data }) => ({ metadata, data: flipped(data, 20) })],
    ['a bit of its nonce', ({ metadata, data }) => ({ metadata, data: flipped(data, 0) })],
    ['a bit of its tag', ({ metadata, data }) => ({ metadata, data: flipped(data, -1) })],
    ['its end', ({ metadata, data }) => ({ metadata, data: data?.subarray(0, -1) ?? null })],
    ['all but its beginning', ({ metadata, data }) => ({ metadata, data: data?.subarray(0, 5) ?? null })],
    ['all its data', ({ metadata }) => ({ metadata })],
    [
      'its client',
      ({ metadata, data }) => ({ metadata: { ...metadata, 'vigil-client-id': bytes('client-02') }, data }),
    ],
    ['its key id', ({ metadata, data }) => ({ metadata: { ...metadata, 'encryption-key-id': bytes('2027') }, data })],
  ])('is refused if somebody has changed %s', (_, change) => {
    const cipher = cipherWith(OLD, NEW);
    const { metadata = null, data = null } = cipher.seal(payloadOf(SECRET), 'client-01');
    const changed = change({ metadata, data, externalPayloads: [] });
    expect(thrown(() => cipher.open(changed))).toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
  });

  it('of one client does not open with the key of another', () => {
    const ring = createKeyRing([OLD]);
    const keys = ['client-01', 'client-02', null].map((client) => ring.keyOf(OLD.id, client)?.export().toString('hex'));
    expect(new Set([...keys, OLD.secret.toString('hex')]).size).toBe(4);
    const sealed = createPayloadCipher(ring).seal(payloadOf(SECRET), 'client-01');
    const mixed = createPayloadCipher({ ...ring, keyOf: (id) => ring.keyOf(id, 'client-02') });
    expect(thrown(() => mixed.open(sealed))).toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
  });
});

describe('keys', () => {
  const old = cipherWith(OLD).seal(payloadOf(SECRET), 'client-01');

  it('rotate: the first encrypts, all decrypt', () => {
    const rotated = cipherWith(NEW, OLD);
    expect(valueIn(rotated.open(old))).toEqual(SECRET);
    const sealed = rotated.seal(payloadOf(SECRET), 'client-01');
    expect(valueIn(cipherWith(NEW).open(sealed))).toEqual(SECRET);
  });

  test.each([
    ['another key', cipherWith(NEW)],
    ['no keys', cipherWith()],
  ])('are named when they are missing: %s', (_, cipher) => {
    const error = thrown(() => cipher.open(old));
    expect(error).toMatchObject({ code: 'ENCRYPTION_KEY_UNKNOWN', fields: { keyId: '2026', clientId: 'client-01' } });
    expect(String(error)).toContain('"2026"');
  });

  it('of the same id but other bytes do not open it', () => {
    const other = cipherWith({ ...OLD, secret: NEW.secret });
    expect(thrown(() => other.open(old))).toMatchObject({ code: 'PAYLOAD_UNREADABLE' });
  });

  it('of an earlier version open what it has stored', () => {
    const stored = 'C2I2Z/hyQkf6rtAasfNgZT46Qaa9ckI+otKhR3qEqEr0fli3G2OipZ7UiC6MmrEMiLuGaMcMfc/u57Ke9einNTDlK2w=';
    const ids = { 'encryption-key-id': bytes('golden'), 'vigil-client-id': bytes('client-01') };
    const metadata = { encoding: bytes('binary/encrypted'), ...ids };
    const cipher = cipherWith({ id: 'golden', secret: Buffer.alloc(32, 7) });
    expect(valueIn(cipher.open({ metadata, data: Buffer.from(stored, 'base64') }))).toEqual({ celsius: 85 });
  });

  it('are not needed for what is not encrypted: it stays as it is', () => {
    for (const cipher of [cipherWith(), cipherWith(OLD)])
      expect(cipher.open(payloadOf(SECRET))).toEqual(payloadOf(SECRET));
    expect(cipherWith().seal(payloadOf(SECRET), 'client-01')).toEqual(payloadOf(SECRET));
    expect(cipherWith().ownerOf(payloadOf(SECRET))).toBeUndefined();
  });
});

describe('the codec', () => {
  const codec = payloadCodec(cipherWith(OLD));
  const workflow = (workflowId: string): SerializationContext => ({
    type: 'workflow',
    namespace: 'default',
    workflowId,
  });
  const inActivity = {
    type: 'activity',
    namespace: 'default',
    isLocal: false,
    workflowId: 'client-01/rules/hot/m1',
  } as const;

  test.each<[where: string, context: SerializationContext | undefined, owner: string | null]>([
    ['a partition set', workflow('client-01/rules/hot/type=status'), 'client-01'],
    ['a shard', workflow('client-01/rules/hot/type=status/shard-0-1'), 'client-01'],
    ['an activity', inActivity, 'client-01'],
    ['a workflow of another program', workflow('order-7'), null],
    ['nothing that the SDK names', undefined, null],
  ])('takes the key of the client of %s', async (_, context, owner) => {
    const [sealed = {}] = await codec.encode([payloadOf(SECRET)], context);
    expect(cipherWith(OLD).ownerOf(sealed)).toBe(owner);
    expect((await codec.decode([sealed], context)).map(valueIn)).toEqual([SECRET]);
  });

  it("refuses a payload of another client in a client's workflow", async () => {
    const sealed = await codec.encode([payloadOf(SECRET)], workflow('client-02/rules/hot/x'));
    await expect(codec.decode(sealed, workflow('client-01/rules/hot/x'))).rejects.toMatchObject({
      code: 'PAYLOAD_UNREADABLE',
      fields: { owner: 'client-02', clientId: 'client-01' },
    });
  });
});

describe('failures', () => {
  const { failureConverter, payloadConverter } = loadDataConverter(dataConverterOf(cipherWith(OLD)));

  it('have their texts in payloads, also those of their causes', () => {
    const cause = new Error('press-7 is hot');
    const failure = failureConverter.errorToFailure(ApplicationFailure.fromError(cause, { cause }), payloadConverter);
    expect(JSON.stringify({ ...failure, encodedAttributes: null, cause: null })).not.toMatch(
      /press-7|encryption\.test/,
    );
    expect(JSON.stringify({ ...failure.cause, encodedAttributes: null })).not.toMatch(/press-7|encryption\.test/);
    expect(failureConverter.failureToError(failure, payloadConverter)).toMatchObject({ message: 'press-7 is hot' });
  });

  it('of the encryption itself stay readable', () => {
    const error = new VigilError('ENCRYPTION_KEY_UNKNOWN', 'Its id is "2026".');
    expect(failureConverter.errorToFailure(error, payloadConverter).message).toContain('2026');
  });

  it('stay as they are without keys', () => {
    expect(dataConverterOf(cipherWith())).not.toHaveProperty('failureConverterPath');
  });
});

const bytes = (text: string): Uint8Array => Buffer.from(text);

function flipped(data: Payload['data'], at: number): Uint8Array {
  const copy = Buffer.from(data ?? []);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}
