import { userInfo } from 'node:os';

/** Who uses the command line: VIGIL_USER, or the user of this machine. */
export function userName(env: Readonly<Record<string, string | undefined>>): string {
  const name = env['VIGIL_USER']?.trim() ?? '';
  return name === '' ? userOfMachine() : name;
}

function userOfMachine(): string {
  try {
    return userInfo().username;
  } catch {
    // A container can run as a user without a name.
    return `uid ${process.getuid?.() ?? ''}`.trim();
  }
}
