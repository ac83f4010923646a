import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between somebody and a server, which so can seem to be away while others go on using it. */
export interface TcpProxy {
  /** `127.0.0.1:port` */
  address: string;
  /** Breaks every connection, and refuses new ones at once. */
  cut(): void;
  /** Takes connections and what is sent, and gives nothing on. */
  freeze(): void;
  /** Works again; frozen connections are broken. */
  mend(): void;
  stop(): Promise<void>;
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const [host = '', port = ''] = target.split(':');
  const open = new Set<Socket>();
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
    const pass = (from: Socket, to: Socket): void => {
      from.on('data', (chunk) => {
        if (state === 'works') to.write(chunk);
      });
      from.on('close', () => to.destroy());
    };
    pass(near, far);
    pass(far, near);
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
