export interface LaneView {
  me: string;
  /** Live readers, including this one. */
  alive: ReadonlySet<string>;
  /** Owner of each lane; null: none. */
  owners: readonly (string | null)[];
}

export interface LanePlan {
  claim: number[];
  release: number[];
}

/** What a reader claims and releases, so that each lane has a live owner, and none more than its share, rounded up. */
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
