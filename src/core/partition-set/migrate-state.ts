import { VigilError } from '../primitives/errors.ts';
import { STATE_VERSION } from '../model/partition-set-state.ts';

/**
 * Changes a state of one version, in place, into one of the next. Its objects stay the same ones as far as they have a place in the
 * next version, as workflows hold on to some of them (`share`). `v` is written by the caller.
 */
type Migration = (state: object) => void;

/** What this build can read: the newest version, and the way to it from each older one. */
export interface StateVersions {
  newest: number;
  /** By the version that each begins with. */
  migrations: Readonly<Record<number, Migration>>;
}

const VERSIONS: StateVersions = { newest: STATE_VERSION, migrations: {} };

/**
 * Brings a state that another build may have written to the newest version, in place.
 * @throws VigilError STATE_VERSION_UNKNOWN with `fields: {version, newest}`; the state is then as it was
 */
export function migrateState(state: { v: number }, { newest, migrations }: StateVersions = VERSIONS): void {
  for (let version = state.v; version !== newest; version += 1) {
    if (migrations[version] === undefined) throw unknownVersion(state.v, newest);
  }
  for (; state.v !== newest; state.v += 1) migrations[state.v]?.(state);
}

function unknownVersion(version: unknown, newest: number): VigilError {
  return new VigilError(
    'STATE_VERSION_UNKNOWN',
    `It has version ${String(version)}, and this build of vigil reads versions up to ${newest}. Run the build that wrote it, or a newer one: ` +
      'its workflow waits, and goes on by itself once that runs.',
    { version, newest },
  );
}
