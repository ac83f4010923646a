import type { ComponentChildren } from 'preact';
import { PageTitle } from '../../app/page-title.tsx';
import { Pill } from '../../design/pill.tsx';
import { dayTime, durationText } from '../../design/time/time.ts';
import type { AlertRecord } from '../../server/wire.ts';
import { keyText, ruleAddress, stateWord } from '../describe.ts';
import { Marks } from '../marks.tsx';

interface AlertHeadProps {
  alert: AlertRecord;
  nowMs: number;
  /** The actions. */
  children: ComponentChildren;
}

/** What the alert is now. */
export function AlertHead({ alert, nowMs, children }: AlertHeadProps) {
  const { clientId, ruleId, group, partition, labels, severity, message, startsAt, endsAt, stoppedAt, episode } = alert;
  const facts: [name: string, value: ComponentChildren][] = [
    ['Client', clientId],
    ['Rule', <a href={ruleAddress(alert)}>{ruleId}</a>],
    ['Group', keyText(group)],
    ['Partition', keyText(partition)],
    ['Labels', keyText(labels)],
    ['Began', startsAt && dayTime(startsAt)],
    ['Ended', endsAt && dayTime(endsAt)],
    ['Latched since', stoppedAt && dayTime(stoppedAt)],
    ['Lasted', startsAt && durationText((endsAt ? Date.parse(endsAt) : nowMs) - Date.parse(startsAt))],
    ['Episode', episode],
  ];
  return (
    <section class="panel alert-head" data-severity={severity} data-state={alert.state} aria-label="alert">
      <header>
        <PageTitle text={message || ruleId} />
        <div class="group">
          <span class="severity">{severity}</span>
          <Pill text={stateWord(alert)} />
        </div>
      </header>
      <Marks alert={alert} nowMs={nowMs} />
      <dl>
        {facts
          .filter(([, value]) => value !== '' && value !== null && value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {children}
    </section>
  );
}
