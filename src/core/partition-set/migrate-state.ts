import { VigilError } from '../primitives/errors.ts';
import { STATE_VERSION } from '../model/partition-set/partition-set-state.ts';

/**
 * Changes a state of one version into the next, in place. Keeps objects where possible, because workflows hold
 * references to some of them (`share`). The caller writes `v`.
 */
type Migration = (state: object) => void;

/** What this build can read: the newest version, and the migrations from older ones. */
export interface StateVersions {
  newest: number;
  /** By the version that each migrates from. */
  migrations: Readonly<Record<number, Migration>>;
}

const VERSIONS: StateVersions = {
  newest: STATE_VERSION,
  migrations: {
    // From here on it may be packed, which builds that know only version 1 cannot read.
    1: () => undefined,
  },
};

/**
 * Migrates a state that another build may have written to the newest version, in place.
 * @throws VigilError STATE_VERSION_UNKNOWN with `fields: {version, newest}`; the state is then unchanged
 */
export function migrateState(state: { v: number }, { newest, migrations }: StateVersions = VERSIONS): void {
  checkVersion(state, { newest, migrations });
  for (; state.v !== newest; state.v += 1) migrations[state.v]?.(state);
}

/** @throws VigilError STATE_VERSION_UNKNOWN if this build cannot read it */
export function checkVersion({ v }: { v: number }, { newest, migrations }: StateVersions = VERSIONS): void {
  for (let version = v; version !== newest; version += 1) {
    if (migrations[version] === undefined) throw unknownVersion(v, newest);
  }
}

function unknownVersion(version: unknown, newest: number): VigilError {
  return new VigilError(
    'STATE_VERSION_UNKNOWN',
    `The state has version ${String(version)}; this build reads versions up to ${newest}. Run the build that wrote it, or a newer one: ` +
      'the workflow then continues by itself.',
    { version, newest },
  );
}
