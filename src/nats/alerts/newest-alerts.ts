import { ACTIONS, readAlertId, TRANSITIONS, type AlertIdParts } from '../../core/alerts/stream-alert.ts';

export interface NewestOfSet {
  /** Of its newest message. */
  sequence: number;
  /** Of its newest message. */
  generation: string;
  /** Its alerts, by the partition as in their ids. */
  places: Map<string, NewestOfAlert>;
}

export interface NewestOfAlert {
  sequence: number;
  generation: string;
  /** Of its newest transition; empty: none. */
  id: string;
  /** Changes in its newest episode. */
  changes: number;
  /** When somebody last did something about it, epoch ms. */
  actedAt: number | null;
}

/** The newest alerts of partition sets, from the ids of a rule's alerts in the order of the stream. */
export class NewestAlerts {
  readonly bySet = new Map<string, NewestOfSet>();
  private readonly setIds: ReadonlySet<string>;

  constructor(setIds: ReadonlySet<string>) {
    this.setIds = setIds;
  }

  add(id: string, sequence: number): void {
    const setId = this.setOf(id);
    if (setId === undefined) return;
    const ofSet = this.bySet.get(setId) ?? { sequence, generation: '', places: new Map<string, NewestOfAlert>() };
    this.bySet.set(setId, ofSet);
    ofSet.sequence = sequence;
    const parts = readAlertId(id);
    if (parts === null) return;
    ofSet.generation = parts.generation;
    if (!TRANSITIONS.has(parts.status) && !ACTIONS.has(parts.status)) return;
    const place = parts.whose.slice(setId.length + 1);
    ofSet.places.set(place, next(ofSet.places.get(place), parts, { id, sequence }));
  }

  /** Alert ids begin with the set's, then `/<partition>`. */
  private setOf(alertId: string): string | undefined {
    for (let end = alertId.lastIndexOf('#'); end > 0; end = alertId.lastIndexOf('/', end - 1)) {
      const setId = alertId.slice(0, end);
      if (this.setIds.has(setId)) return setId;
    }
    return undefined;
  }
}

function next(
  before: NewestOfAlert | undefined,
  { generation, status, turn, momentMs }: AlertIdParts,
  { id, sequence }: { id: string; sequence: number },
): NewestOfAlert {
  const known = before?.generation === generation ? before : undefined;
  const isTransition = TRANSITIONS.has(status);
  return {
    ...{ sequence, generation },
    id: isTransition ? id : (known?.id ?? ''),
    changes: status === 'firing' ? 0 : (turn ?? known?.changes ?? 0),
    actedAt: isTransition ? (known?.actedAt ?? null) : momentMs,
  };
}
