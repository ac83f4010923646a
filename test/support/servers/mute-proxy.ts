import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface MuteProxy {
  port: number;
  /** Whether the word has passed. */
  isMute(): boolean;
  close(): Promise<void>;
}

/**
 * A proxy for a local server. After a client sends `word`, or the server answers with it once `countsAnswers` says so, it
 * forwards nothing in either direction and keeps connections open.
 */
export async function muteOn(
  word: string,
  serverPort: number,
  countsAnswers: () => boolean = () => false,
): Promise<MuteProxy> {
  const sockets = new Set<Socket>();
  let mute = false;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const proxy = createServer((client) => {
    const server = keep(connect(serverPort, '127.0.0.1'));
    keep(client).on('data', (chunk) => {
      mute ||= chunk.includes(word);
      if (!mute) server.write(chunk);
    });
    server.on('data', (chunk) => {
      mute ||= countsAnswers() && chunk.includes(word);
      if (!mute) client.write(chunk);
    });
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    port: (proxy.address() as AddressInfo).port,
    isMute: () => mute,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}
