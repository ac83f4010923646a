import { generate } from 'selfsigned';

export interface Pair {
  cert: string;
  key: string;
}

/** A CA of its own, with a certificate for 127.0.0.1 and one for a client. PEM. */
export async function makeCertificates(): Promise<{ ca: Pair; server: Pair; client: Pair }> {
  const ca = await made('vigil test CA', undefined);
  const [server, client] = await Promise.all([made('127.0.0.1', ca), made('vigil', ca)]);
  return { ca, server, client };
}

async function made(name: string, ca: Pair | undefined): Promise<Pair> {
  const pems = await generate([{ name: 'commonName', value: name }], {
    keySize: 2048,
    algorithm: 'sha256',
    ...(ca === undefined && { extensions: [{ name: 'basicConstraints', cA: true, critical: true }] }),
    ...(ca !== undefined && {
      ca: { key: ca.key, cert: ca.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      ],
    }),
  });
  return { cert: pems.cert, key: pems.private };
}
