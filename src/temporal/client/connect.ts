import { Client, Connection, makeGrpcRetryInterceptor, type ConnectionOptions } from '@temporalio/client';
import { VigilError } from '../../core/primitives/errors.ts';
import { callRetry } from './call-retry.ts';

/** @throws VigilError TEMPORAL_UNREACHABLE */
export async function connectTemporal(
  address: string,
  namespace: string,
  security: Pick<ConnectionOptions, 'tls' | 'apiKey'> = {},
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
    return new Client({ connection, namespace });
  } catch (error) {
    const advice = `Nothing that vigil can talk to answers at ${address}. Start Temporal there, or set TEMPORAL_ADDRESS, TEMPORAL_TLS and TEMPORAL_API_KEY as it wants them.`;
    throw new VigilError('TEMPORAL_UNREACHABLE', advice, { address }, { cause: error });
  }
}

type Interceptor = ReturnType<typeof makeGrpcRetryInterceptor>;

/**
 * Failed calls are tried again, from a timer. After the connection was closed, what that throws nobody can
 * catch, and the process would end by it: so then a call does nothing. Whoever made it has gone.
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
  return (options, nextCall) => retry(options, (asked) => (isClosed() ? silent : nextCall(asked)));
}
