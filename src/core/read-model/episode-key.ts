/** The identity of one alert, from the id of any of its messages. */
export interface EpisodeKey {
  /** The same for all transitions of an episode; that of a limit is its own. */
  key: string;
  /** Workflow id of the partition set. */
  partitionSetId: string;
  /** Of the partition set at that time; null if the id is not that of an episode. */
  generation: string | null;
}

/** `<client>/rules/<rule>/<where>`, and the group if there is one. None of these parts has a slash. */
const SET_PARTS = 4;

/** Alert ids are `<set id>[/<partition>]#<generation>.<episode>:<status>…`; see alertId in core/alerts/envelope.ts. */
export function episodeOf(alertId: string, group: Record<string, unknown>): EpisodeKey {
  const hash = alertId.lastIndexOf('#');
  const place = hash === -1 ? alertId : alertId.slice(0, hash);
  const parts = SET_PARTS + (Object.keys(group).length > 0 ? 1 : 0);
  const colon = alertId.indexOf(':', hash);
  const isOwn = hash === -1 || colon === -1 || alertId.startsWith(':limit', colon);
  const key = isOwn ? alertId : alertId.slice(0, colon);
  return {
    key,
    partitionSetId: place.split('/', parts).join('/'),
    generation: isOwn ? null : key.slice(hash + 1, key.lastIndexOf('.')),
  };
}
