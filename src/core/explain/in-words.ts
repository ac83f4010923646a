import { recordBits } from '../model/id-text.ts';
import { pauseInWords } from '../model/stored-rule/rule-pause.ts';
import type {
  AlertNow,
  AcrossNow,
  ConditionNow,
  EventNow,
  Explanation,
  OwnAlertsNow,
  PartitionNow,
} from './explanation.ts';
import { whereLines } from './where-in-words.ts';

/** An explanation as lines of plain text. */
export function inWords(explanation: Explanation): string[] {
  const { at, alert, alerts, across, partition, next, where, rebuilding, muted, paused } = explanation;
  const { shards = [], unanswered = [] } = explanation;
  return [
    ...(paused === undefined ? [] : [pauseInWords(paused)]),
    ...(rebuilding === undefined
      ? []
      : [`Being rebuilt from the event stream since ${rebuilding.since} (${rebuilding.reason}): this is incomplete.`]),
    ...(muted === undefined ? [] : [`Publishes nothing until it has everything stored before ${muted.until}.`]),
    ...(unanswered.length === 0
      ? []
      : [`${unanswered.length} of ${shards.length} shards do not answer: this is incomplete.`]),
    ...(alerts === null || partition !== null ? [] : ownAlertLines(alerts)),
    ...(alert === null ? [] : [`The alert is ${alertText(alert)}.`]),
    ...(across === null ? [] : acrossLines(across)),
    ...(partition === null ? [] : partitionLines(partition)),
    ...(where === undefined ? [] : whereLines(where)),
    ...nextTitle(alerts !== null && partition === null, next),
    ...next.map((each) => `  ${each.at}${each.at <= at ? ' (due)' : ''}  ${each.what}`),
  ];
}

/** Of many alerts, only those of a partition that was asked for are in `next`. */
function nextTitle(isOfMany: boolean, next: Explanation['next']): string[] {
  if (next.length > 0) return ['Without another event:'];
  return isOfMany ? [] : ['Nothing changes before the next event.'];
}

function alertText(alert: AlertNow): string {
  const { state, severity, episode, since, stoppedAt, latched, silent, acknowledged, snoozed } = alert;
  return [
    state === 'inactive' ? state : `${state} (${severity}, episode ${episode + (state === 'pending' ? 1 : 0)})`,
    ...(since === null ? [] : [`its condition began at ${since}`]),
    ...(stoppedAt === null ? [] : [`and stopped at ${stoppedAt}`]),
    ...(latched === true ? ['latched until somebody acknowledges it'] : []),
    ...(silent ? ['no events arrive (noData)'] : []),
    ...(acknowledged === undefined ? [] : [`acknowledged by ${acknowledged.by} at ${acknowledged.at}`]),
    ...(snoozed === undefined ? [] : [`snoozed by ${snoozed.by} until ${snoozed.until}`]),
  ].join(', ');
}

function ownAlertLines({ live, states, open }: OwnAlertsNow): string[] {
  const counts = `${states.firing} firing, ${states.pending} pending, ${states.inactive} inactive`;
  return [
    `Every partition has its own alert: ${counts}. ${live} partitions are live.`,
    ...open.map(
      ({ partition, state, since }) =>
        `  ${recordBits(partition) || 'the partition'}: ${state}${since === null ? '' : ` since ${since}`}`,
    ),
  ];
}

function acrossLines({ text, levels, live, expected, value, because }: AcrossNow): string[] {
  const isOne = levels.length === 1;
  return [
    ...levels.map(({ severity, answer, satisfying, unknown }) => {
      const level = isOne ? '' : ` at ${severity}`;
      const unsure = unknown === 0 ? '' : `, ${unknown} unknown`;
      const counts =
        value === undefined ? `${satisfying} of ${live} live partitions satisfy${unsure}` : valueText(value);
      return `${text}${level}: ${answer}. ${counts}.`;
    }),
    ...(expected === null ? [] : [`${expected.live} of ${expected.count} expected partitions are live.`]),
    ...because.map(({ partition, why }) => `  ${recordBits(partition) || 'the partition'}: ${why}`),
  ];
}

const valueText = (value: number | null): string => (value === null ? 'The value is unknown' : `The value is ${value}`);

function partitionLines({ partition, state, lastEvent, alert, levels, matches }: PartitionNow): string[] {
  const name = recordBits(partition) || 'The partition';
  const isOne = levels.length === 1;
  return [
    `${name} is ${state}${lastEvent === null ? '' : `; its newest event is ${eventText(lastEvent)}`}.`,
    ...(alert === null ? [] : [`Its alert is ${alertText(alert)}.`]),
    ...levels.flatMap(({ severity, answer, hysteresis, condition, clear }) => [
      `${isOne ? 'Condition' : `Condition of ${severity}`}: ${answer}${hysteresis ? ', until `clear` holds' : ''}`,
      ...(condition === null ? [] : conditionLines(condition, '  ')),
      ...(clear === null ? [] : ['  clear:', ...conditionLines(clear, '    ')]),
    ]),
    ...matches.map(({ step, of, since }) => `  a match waits for step ${step} of ${of} since ${since}`),
  ];
}

function conditionLines(node: ConditionNow, indent: string): string[] {
  if (node.kind !== 'leaf')
    return [
      `${indent}${node.kind}: ${node.answer}`,
      ...node.parts.flatMap((part) => conditionLines(part, `${indent}  `)),
    ];
  const { text, answer, value, operands, lacks, since, event } = node;
  const facts = [
    value === null ? 'no value' : `is ${JSON.stringify(value)}`,
    ...(operands.length === 0 ? [] : [`compared with ${operands.map((each) => JSON.stringify(each)).join(', ')}`]),
    ...(lacks === null ? [] : [`lacks ${lacks}`]),
    ...(since === null ? [] : [`since ${since}`]),
    ...(event === null ? [] : [eventText(event)]),
  ];
  return [`${indent}${text}: ${answer} (${facts.join(', ')})`];
}

const eventText = ({ sequence, time }: EventNow): string => `event ${sequence} of ${time}`;
