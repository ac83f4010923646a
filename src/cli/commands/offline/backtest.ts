import type { AlertData } from '../../../core/model/alert/alert.ts';
import type { Rule } from '../../../core/model/rule/rule-schema.ts';
import { Backtest } from '../../../offline/backtest.ts';
import { Tally } from '../../../offline/tally.ts';
import { readRuleFiles } from '../../../rules/rule-files.ts';
import { issueText } from '../../../rules/yaml-entries.ts';
import { backtestReport, type Played } from '../../output/backtest-report.ts';
import { counted } from '../../output/counted.ts';
import { FAILED, OK, type CliIo } from '../../io.ts';
import { JsonLines } from '../../output/json-lines.ts';
import { createProgress } from '../../output/progress.ts';
import { playFile, playStream } from '../../recordings.ts';

const DEFAULT_NATS_URL = 'nats://localhost:4222';
/** Number of unusable lines that are printed; the others are only counted. */
const UNUSABLE_PRINTED = 20;

export interface BacktestCommand {
  rules: readonly string[];
  /** Source of the events: a file, or the event stream of a NATS server. */
  source: { file: string } | { natsUrl: string | undefined; sinceMs: number | undefined };
  /** Start of the rules, epoch ms; default: the first event. */
  fromMs?: number | undefined;
  /** End of the backtest, epoch ms; default: the last event of a file, or now for the stream. */
  untilMs: number | undefined;
  /** Print one JSON line per transition instead of tables. */
  json: boolean;
}

/** Evaluates rules on recorded events and prints their alerts. Resolves with the exit code. */
export async function runBacktest(
  { rules: files, source, fromMs, untilMs, json }: BacktestCommand,
  io: CliIo,
): Promise<number> {
  const { rules, issues } = await readRuleFiles(files);
  for (const issue of issues) io.stderr.write(`${issueText(issue)}\n`);
  if (issues.length > 0) return FAILED;

  const tally = new Tally(rules.map(({ rule }) => rule));
  const lines = new JsonLines(io.stdout);
  const played = await play({
    rules: rules.map(({ rule }) => rule),
    source,
    fromMs,
    untilMs,
    io,
    onAlert: json ? (alert) => lines.add(transitionOf(alert)) : (alert) => tally.add(alert),
  });
  lines.flush();
  if (!json) io.stdout.write(backtestReport(tally, played));
  for (const line of unusableText(played)) io.stderr.write(`${line}\n`);
  return played.events === 0 && played.unusable > 0 ? FAILED : OK;
}

interface PlayOptions extends Pick<BacktestCommand, 'source' | 'fromMs' | 'untilMs'> {
  rules: readonly Rule[];
  io: CliIo;
  onAlert: (alert: AlertData) => void;
}

async function play({ rules, source, fromMs, untilMs, io, onAlert }: PlayOptions): Promise<Played> {
  const unusableLines: string[] = [];
  const name = 'file' in source ? source.file : 'message';
  const onUnusable = (sequence: number, message: string): void => {
    if (unusableLines.length < UNUSABLE_PRINTED) unusableLines.push(`${name}:${sequence}: ${message}`);
  };
  const progress = createProgress(io);
  let backtest: Backtest;
  const startedAtMs = performance.now();
  if ('file' in source) {
    backtest = new Backtest({ rules, fromMs, untilMs, onAlert, onUnusable });
    await playFile(source.file, backtest, progress);
  } else {
    const archive = await io.openArchive(
      source.natsUrl ?? io.env['NATS_URL'] ?? DEFAULT_NATS_URL,
      io.env['VIGIL_EVENT_ID'] || undefined,
    );
    try {
      const reading = await archive.read({
        sinceMs: source.sinceMs,
        clientIds: [...new Set(rules.map(({ clientId }) => clientId))],
      });
      backtest = new Backtest({ rules, fromMs, untilMs: untilMs ?? reading.atMs, onAlert, onUnusable });
      await playStream(reading, backtest, progress);
    } finally {
      await archive.close();
    }
  }
  backtest.finish();
  const elapsedMs = performance.now() - startedAtMs;
  progress.clear();
  const { events, unusable, firstMs } = backtest;
  return { events, unusable, unusableLines, firstMs, untilMs: backtest.endMs, elapsedMs };
}

function transitionOf({
  evaluatedAt,
  clientId,
  ruleId,
  group,
  partition,
  episode,
  status,
  reason,
  severity,
}: AlertData): object {
  return { at: evaluatedAt, clientId, ruleId, group, partition, episode, status, reason, severity };
}

function unusableText({ unusable, unusableLines }: Played): string[] {
  if (unusable === 0) return [];
  const more = unusable - unusableLines.length;
  return [
    ...unusableLines,
    ...(more > 0 ? [`… and ${counted(more, 'other')}`] : []),
    `${counted(unusable, 'invalid event')} skipped`,
  ];
}
