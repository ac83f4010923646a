import { Client, Connection, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { VigilError } from '../../core/primitives/errors.ts';
import { callRetry } from './call-retry.ts';

/** Connects a client within 10 s. `dataConverter`: how payloads are stored; default: in plain. @throws VigilError TEMPORAL_UNREACHABLE */
export async function connectTemporal(
  address: string,
  namespace: string,
  security: Pick<ConnectionOptions, 'tls' | 'apiKey'> = {},
  dataConverter: DataConverter = {},
): Promise<Client> {
  let isClosed = false;
  const interceptors = [retryUntil(() => isClosed)];
  try {
    const connection = await Connection.connect({ address, connectTimeout: '10s', interceptors, ...security });
    const close = connection.close.bind(connection);
    connection.close = () => {
      isClosed = true;
      return close();
    };
    return new Client({ connection, namespace, dataConverter });
  } catch (error) {
    const advice = `Cannot connect to Temporal at ${address}. Start Temporal there, or check TEMPORAL_ADDRESS, TEMPORAL_TLS and TEMPORAL_API_KEY.`;
    throw new VigilError('TEMPORAL_UNREACHABLE', advice, { address }, { cause: error });
  }
}

type Interceptor = ReturnType<typeof makeGrpcRetryInterceptor>;

/**
 * Retries failed calls. A retry runs in a timer; after the connection is closed its error would be uncaught and end the
 * process, so calls then do nothing.
 */
function retryUntil(isClosed: () => boolean): Interceptor {
  const nothing = (): void => undefined;
  const silent: ReturnType<Parameters<Interceptor>[1]> = {
    start: nothing,
    sendMessage: nothing,
    sendMessageWithContext: nothing,
    startRead: nothing,
    halfClose: nothing,
    cancelWithStatus: nothing,
    getPeer: () => 'closed',
    getAuthContext: () => null,
  };
  const retry = makeGrpcRetryInterceptor(callRetry);
  return (options, nextCall) => retry(options, (nextOptions) => (isClosed() ? silent : nextCall(nextOptions)));
}
