import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type Direction = 'requests' | 'answers';

/** A TCP proxy that can make a server unreachable for one user while others keep using it. */
export interface TcpProxy {
  /** `127.0.0.1:port` */
  address: string;
  /** Closes every connection and rejects new ones. */
  cut(): void;
  /** Accepts connections and data, and forwards nothing. */
  freeze(): void;
  /** Holds data in one direction, in order. Connections and the other direction stay up. */
  hold(direction: Direction): void;
  /** Forwards the held data. */
  release(direction: Direction): void;
  /** Works again; closes frozen connections. */
  mend(): void;
  stop(): Promise<void>;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const [host = '', port = ''] = target.split(':');
  const open = new Set<Socket>();
  const readers: Record<Direction, Set<Socket>> = { requests: new Set(), answers: new Set() };
  const held = new Set<Direction>();
  let state: 'works' | 'cut' | 'frozen' = 'works';
  const breakAll = (): void => open.forEach((socket) => socket.destroy());
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    // Connection errors are expected.
    return socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
  };
  const server = createServer((near) => {
    keep(near);
    if (state === 'cut') return void near.destroy();
    if (state === 'frozen') return;
    const far = keep(connect(Number(port), host));
    const pass = (direction: Direction, from: Socket, to: Socket): void => {
      readers[direction].add(from);
      from.on('data', (chunk) => {
        if (state === 'works') to.write(chunk);
      });
      from.on('close', () => {
        readers[direction].delete(from);
        to.destroy();
      });
      if (held.has(direction)) from.pause();
    };
    pass('requests', near, far);
    pass('answers', far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      state = 'cut';
      breakAll();
    },
    freeze() {
      state = 'frozen';
    },
    hold(direction) {
      held.add(direction);
      for (const socket of readers[direction]) socket.pause();
    },
    release(direction) {
      held.delete(direction);
      for (const socket of readers[direction]) socket.resume();
    },
    mend() {
      if (state === 'frozen') breakAll();
      state = 'works';
    },
    async stop() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
