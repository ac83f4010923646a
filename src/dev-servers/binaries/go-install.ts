import { join } from 'node:path';
import { VigilError } from '../../core/primitives/errors.ts';
import { lastLines, reasonOf, run } from '../processes/command.ts';
import { withHeartbeat } from '../processes/heartbeat.ts';
import type { Pin } from './pins.ts';

export interface BuildContext {
  env: NodeJS.ProcessEnv;
  progress: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Builds the pinned server with `go install` into `folder`; returns the path of the executable.
 * @throws VigilError SERVER_BUILD_FAILED
 */
export async function goInstall(go: string, pin: Pin, folder: string, context: BuildContext): Promise<string> {
  // CGO_ENABLED=0 needs no C compiler; without symbols the file is a third smaller.
  const env = { ...context.env, GOBIN: folder, CGO_ENABLED: '0' };
  const args = ['install', '-trimpath', '-ldflags=-s -w', pin.goPackage];
  try {
    await withHeartbeat(
      context.progress,
      (seconds) => `still building ${pin.command} ${pin.version} (${seconds} s)`,
      run(go, args, { env, signal: context.signal }),
    );
  } catch (error) {
    context.signal.throwIfAborted();
    throw new VigilError(
      'SERVER_BUILD_FAILED',
      `\`go install ${pin.goPackage}\` failed:\n${lastLines(reasonOf(error))}\n` +
        `Install ${pin.command} yourself (${pin.homepage}), or set ${pin.addressSetting} to a running server.`,
      { command: pin.command, goPackage: pin.goPackage },
      { cause: error },
    );
  }
  return join(folder, pin.command);
}
