import { createServer } from 'node:net';
import { VigilError } from '../core/primitives/errors.ts';

/** The servers that vigil starts listen on the loopback interface only. */
export const LOCAL_HOST = '127.0.0.1';

export interface PortSetting {
  port: number;
  /** The setting for this port. */
  setting: string;
}

/** Checks that a local port is free. @throws VigilError PORT_TAKEN */
export async function checkPortFree({ port, setting }: PortSetting): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject);
    probe.listen({ host: LOCAL_HOST, port, exclusive: true }, resolve);
  }).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new VigilError(
      'PORT_TAKEN',
      `Port ${port} (${code}). Stop the process that uses it, or set ${setting}=<port>.`,
      { port, setting },
      { cause: error },
    );
  });
  await new Promise((resolve) => probe.close(resolve));
}
