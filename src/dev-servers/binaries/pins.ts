/** A release archive of one platform. */
export interface Archive {
  url: string;
  /** Of the archive, hexadecimal. */
  sha256: string;
  /** Path of the executable inside the archive. */
  executable: string;
}

/** A server that vigil can download or build: the exact version and its source. */
export interface Pin {
  command: string;
  version: string;
  /** By platform, such as `linux-amd64`. */
  archives: Readonly<Record<string, Archive>>;
  /** The argument of `go install`, with the version. */
  goPackage: string;
  /** Installation instructions. */
  homepage: string;
  /** The setting for the address of a running server. */
  addressSetting: string;
}

const TEMPORAL_VERSION = '1.5.1';
const NATS_VERSION = '2.14.5';

export const TEMPORAL: Pin = {
  command: 'temporal',
  version: TEMPORAL_VERSION,
  archives: {
    'linux-amd64': temporalArchive('linux_amd64', 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d'),
    'linux-arm64': temporalArchive('linux_arm64', 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5'),
    'darwin-amd64': temporalArchive('darwin_amd64', 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9'),
    'darwin-arm64': temporalArchive('darwin_arm64', 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415'),
  },
  goPackage: `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_VERSION}`,
  homepage: 'https://docs.temporal.io/cli/setup-cli',
  addressSetting: 'TEMPORAL_ADDRESS',
};

export const NATS_SERVER: Pin = {
  command: 'nats-server',
  version: NATS_VERSION,
  archives: {
    'linux-amd64': natsArchive('linux-amd64', '5e3b603d47c447bda1f77f9ac16dbf91c90aac4ff3681f8fbbc7201e4ed99355'),
    'linux-arm64': natsArchive('linux-arm64', '673a98d3faa79dde3f9ebf16d6dfac36a5f694e7ad2015e4954dd7939c85cd4c'),
    'darwin-amd64': natsArchive('darwin-amd64', 'f95c98d6b6ed2b63c5681b46b092c9585c99767d547cf495730c329234625e96'),
    'darwin-arm64': natsArchive('darwin-arm64', 'ddd907854d9a2de834af133fa396915fe6442fe6d8909ae31390d1ea7a0fea50'),
  },
  goPackage: `github.com/nats-io/nats-server/v2@v${NATS_VERSION}`,
  homepage: 'https://docs.nats.io/running-a-nats-service/introduction/installation',
  addressSetting: 'NATS_URL',
};

function temporalArchive(platform: string, sha256: string): Archive {
  const releases = 'https://github.com/temporalio/cli/releases/download';
  const url = `${releases}/v${TEMPORAL_VERSION}/temporal_cli_${TEMPORAL_VERSION}_${platform}.tar.gz`;
  return { url, sha256, executable: 'temporal' };
}

function natsArchive(platform: string, sha256: string): Archive {
  const releases = 'https://github.com/nats-io/nats-server/releases/download';
  const folder = `nats-server-v${NATS_VERSION}-${platform}`;
  return { url: `${releases}/v${NATS_VERSION}/${folder}.tar.gz`, sha256, executable: `${folder}/nats-server` };
}

/** This machine's platform as `<os>-<arch>`, with the names of Go releases. */
export function hostPlatform(): string {
  return `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
}
