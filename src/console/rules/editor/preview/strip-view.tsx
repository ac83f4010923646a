import { dateTime } from '../../../design/time/time.ts';
import { laneText, type Lane } from './strip.ts';

/** Lanes that are drawn; the table below has them all. */
const MOST = 12;
/** Units of the drawing. */
const WIDTH = 1_000;
const HEIGHT = 10;
/** So that a short span can be seen. */
const SHORTEST = 3;

interface Props {
  label: string;
  lanes: readonly Lane[];
  since: string;
  until: string;
}

/** When it fires, over the time of the preview. Each lane says the same in words. */
export function Strip({ label, lanes, since, until }: Props) {
  const drawn = lanes.slice(0, MOST);
  return (
    <figure class="strip" aria-label={label}>
      <figcaption>{label}</figcaption>
      {lanes.length === 0 && <p class="empty">nothing</p>}
      <ul>
        {drawn.map((lane) => (
          <li key={lane.name}>
            <span class="lane-name" title={lane.name}>
              {lane.name}
            </span>
            <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
              <rect class="lane" width={WIDTH} height={HEIGHT} />
              {lane.spans.map(({ from, to }) => (
                <rect
                  key={from}
                  class="span"
                  x={Math.min(from * WIDTH, WIDTH - SHORTEST)}
                  width={Math.max((to - from) * WIDTH, SHORTEST)}
                  height={HEIGHT}
                />
              ))}
            </svg>
            <span class="unseen">{laneText(lane, dateTime)}</span>
          </li>
        ))}
      </ul>
      {lanes.length > 0 && (
        <div class="strip-times aside">
          <span>{dateTime(since)}</span>
          <span>{dateTime(until)}</span>
        </div>
      )}
      {lanes.length > MOST && <p class="aside">and {lanes.length - MOST} more</p>}
    </figure>
  );
}
