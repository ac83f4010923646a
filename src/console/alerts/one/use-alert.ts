import { useEffect, useState } from 'preact/hooks';
import { useConsole } from '../../app/console.ts';
import { errorText } from '../../server/send.ts';
import type { AlertRecord } from '../../server/wire.ts';
import { AFTER_ALERT_MS, EVERYTHING_MS } from '../follow.ts';
import { getAlert, getExplanation } from '../requests.ts';

/** What has been read, or why it could not be. */
export interface Read<Found> {
  found: Found | null;
  failure: string | null;
}

const NOT_READ = { found: null, failure: null };

/** One alert, and what its rule knows now: read again with each message of the rule. */
export function useAlert(clientId: string, id: string) {
  const { live } = useConsole();
  const [alert, setAlert] = useState<Read<AlertRecord>>(NOT_READ);
  const [explanation, setExplanation] = useState<Read<string[]>>(NOT_READ);
  const [turn, setTurn] = useState(0);
  const ruleId = alert.found?.ruleId;
  const refresh = (): void => setTurn((before) => before + 1);

  useEffect(() => {
    let isOld = false;
    const explain = async (record: AlertRecord): Promise<void> => {
      const { text } = await getExplanation(record);
      if (!isOld) setExplanation({ found: text, failure: null });
    };
    const read = async (): Promise<void> => {
      const record = await getAlert(clientId, id);
      if (isOld) return;
      setAlert({ found: record, failure: null });
      explain(record).catch((error: unknown) => {
        if (!isOld) setExplanation({ found: null, failure: errorText(error) });
      });
    };
    read().catch((error: unknown) => {
      if (!isOld) setAlert(({ found }) => ({ found, failure: errorText(error) }));
    });
    return () => void (isOld = true);
  }, [clientId, id, turn]);

  useEffect(
    () =>
      live.listen({
        connected: refresh,
        messages(messages) {
          const isOwn = messages.some(
            (each) =>
              each.kind === 'alert' &&
              each.alert.data.clientId === clientId &&
              each.alert.data.ruleId === ruleId &&
              each.alert.data.status !== 'heartbeat',
          );
          if (isOwn) for (const delayMs of AFTER_ALERT_MS) setTimeout(refresh, delayMs);
        },
      }),
    [clientId, ruleId],
  );
  useEffect(() => {
    const timer = setInterval(refresh, EVERYTHING_MS);
    return () => clearInterval(timer);
  }, []);
  return { alert, explanation, refresh };
}
