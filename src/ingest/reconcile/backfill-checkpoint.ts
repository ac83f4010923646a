/** The version up to which all rules have all their events. Backfills run concurrently and end in any order. */
export class BackfillCheckpoint {
  private newest: number;
  private readonly open = new Set<number>();

  constructor(version: number) {
    this.newest = version;
  }

  begin(version: number): void {
    this.open.add(version);
    this.newest = Math.max(this.newest, version);
  }

  end(version: number): void {
    this.open.delete(version);
  }

  get version(): number {
    return this.open.size === 0 ? this.newest : Math.min(...this.open) - 1;
  }
}
