import { useEffect, useState } from 'preact/hooks';

const EVERY_MS = 5_000;

/** The time of the browser, epoch ms; the component renders again every 5 s. */
export function useNow(): number {
  const [nowMs, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
