import { ageText } from './age.ts';

/** How long ago it was, or until it is; its title has the full time. */
export const Ago = ({ time }: { time: string }) => (
  <time dateTime={time} title={new Date(time).toLocaleString()}>
    {ageText(time, Date.now())}
  </time>
);
