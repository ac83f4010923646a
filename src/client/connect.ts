import { Client, Connection } from '@temporalio/client';
import { VigilError } from '../core/errors.ts';

/** @throws VigilError TEMPORAL_UNREACHABLE */
export async function connectTemporal(address: string, namespace: string): Promise<Client> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '10s' });
    return new Client({ connection, namespace });
  } catch (error) {
    throw new VigilError('TEMPORAL_UNREACHABLE', `Nothing answers at ${address}. Start Temporal there, or set TEMPORAL_ADDRESS.`, { address }, { cause: error });
  }
}
