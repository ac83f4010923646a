import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export type Direction = 'requests' | 'answers';

/** Stands between somebody and a server, which so can seem to be away while others go on using it. */
export interface TcpProxy {
  /** `127.0.0.1:port` */
  address: string;
  /** Breaks every connection, and refuses new ones at once. */
  cut(): void;
  /** Takes connections and what is sent, and gives nothing on. */
  freeze(): void;
  /** Keeps back what comes in this direction, in order. Connections stay, and the other direction goes on. */
  hold(direction: Direction): void;
  /** Gives on what was kept back. */
  release(direction: Direction): void;
  /** Works again; frozen connections are broken. */
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
    // A broken connection is what this is for.
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
