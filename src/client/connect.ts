import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { VigilError } from '../core/errors.ts';

/** @throws VigilError TEMPORAL_UNREACHABLE */
export async function connectTemporal(address: string, namespace: string, security: Pick<ConnectionOptions, 'tls' | 'apiKey'> = {}): Promise<Client> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '10s', ...security });
    return new Client({ connection, namespace });
  } catch (error) {
    const advice = `Nothing that vigil can talk to answers at ${address}. Start Temporal there, or set TEMPORAL_ADDRESS, TEMPORAL_TLS and TEMPORAL_API_KEY as it wants them.`;
    throw new VigilError('TEMPORAL_UNREACHABLE', advice, { address }, { cause: error });
  }
}
