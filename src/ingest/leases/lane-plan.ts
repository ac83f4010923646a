export interface LaneView {
  me: string;
  /** Readers that are alive, this one included. */
  alive: ReadonlySet<string>;
  /** Who has each lane; null: nobody. */
  owners: readonly (string | null)[];
}

export interface LanePlan {
  claim: number[];
  release: number[];
}

/** What a reader should do so that every lane has a living owner, and each owner about as many: its share, rounded up. */
export function planLanes({ me, alive, owners }: LaneView): LanePlan {
  const share = Math.ceil(owners.length / alive.size);
  const lanes = owners.map((owner, lane) => ({ owner, lane }));
  const mine = lanes.filter(({ owner }) => owner === me);
  const free = lanes.filter(({ owner }) => owner === null || !alive.has(owner));
  return {
    claim: free.slice(0, Math.max(0, share - mine.length)).map(({ lane }) => lane),
    release: mine.slice(share).map(({ lane }) => lane),
  };
}
