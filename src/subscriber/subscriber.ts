import { setTimeout as delay } from 'node:timers/promises';
import type { VigilError } from '../core/errors.ts';
import { ID_PATTERN } from '../core/ids.ts';
import { RuleIndex } from '../core/routing.ts';
import type { RuleChange } from '../core/stored-rule.ts';
import { Budget } from './budget.ts';
import { FloorKeeper } from './floor-keeper.ts';
import { LaneReader } from './lane-reader.ts';
import { Mailbox, type Letter, type Postman } from './mailbox.ts';
import type { LogMessage, SubscriberDeps } from './ports.ts';
import { untilDone } from './retry.ts';
import { Router } from './router.ts';
import { RuleDesk } from './rule-desk.ts';
import { RuleIntake } from './rule-intake.ts';
import { ignoreStop, StoppedError } from './stopped.ts';

/** The whole stream is one lane. */
const LANE = '0';
/** Events that were read and that Temporal has not taken: reading waits above this. */
const EVENTS_UNDER_WAY = 20_000;
const RECONCILE_MS = 60_000;
/** A delivery that fails this often is worth a line in the log. */
const FAILURES_BEFORE_WARNING = 3;

export interface Subscriber {
  /** See LaneReader.seenUntil. */
  seenUntil(deadlineMs: number): Promise<number>;
  isReading(): boolean;
  /** Ends reading, and saves the floor. What was not delivered yet is read again by the next one. */
  stop(): Promise<void>;
}

/**
 * Starts the subscriber: rules first, then events from the floor on. Resolves when it reads.
 */
export async function startSubscriber(deps: SubscriberDeps): Promise<Subscriber> {
  const { log, floors, rules, deadLetters, sets, logger } = deps;
  const stopping = new AbortController();
  const persist = (work: () => Promise<void>, fields: object = {}): Promise<void> =>
    untilDone(work, stopping.signal, (error, attempts) => {
      if (attempts === FAILURES_BEFORE_WARNING) logger.warn({ ...fields, err: error, attempts }, 'delivery fails and is tried again');
    });

  const index = new RuleIndex();
  const budget = new Budget(EVENTS_UNDER_WAY);
  const keeper = await FloorKeeper.open(LANE, floors, logger);
  const mailboxes = new Map<string, Mailbox>();
  const postman: Postman = {
    sets,
    deliver: (attempt, setId) => persist(attempt, { workflowId: setId }),
    onClosed: (setId) => void mailboxes.delete(setId),
  };
  const post = (setId: string, letter: Letter): void => {
    const mailbox = mailboxes.get(setId) ?? new Mailbox(setId, postman);
    mailboxes.set(setId, mailbox);
    mailbox.post(letter);
  };
  const bury = (message: LogMessage, error: VigilError, settle: () => void): void => {
    const [, clientId = ''] = message.subject.split('.');
    const owner = ID_PATTERN.test(clientId) ? clientId : '_unknown';
    const reason = typeof error.fields['reason'] === 'string' ? error.fields['reason'] : 'unusable';
    logger.warn({ clientId: owner, sequence: message.sequence, reason }, error.message);
    void ignoreStop(persist(() => deadLetters.bury(message, owner, reason, error.message)).then(settle));
  };
  const router = new Router({ index, floor: keeper.floor, budget, post, bury });
  const writtenTo = (clientId: string, ruleId: string): string[] => [...mailboxes.keys()].filter((setId) => setId.startsWith(`${clientId}/rules/${ruleId}/`));
  const desk = new RuleDesk({ index, sets, writtenTo, post });
  const reader: LaneReader = new LaneReader({ log, floor: keeper.floor, router, budget, intake: () => intake, persist, logger, stopping: stopping.signal });
  const intake: RuleIntake = new RuleIntake({ desk, router, log, keeper, persist, routed: () => reader.routed });

  const endWatch = await learnRules(rules, {
    first: (change) => void desk.learn(change),
    later: (change) => void ignoreStop(intake.take(change)),
    bad: (key, error) => logger.error({ key, err: error }, 'a stored rule is not valid and is left out'),
  });
  await persist(() => desk.applyAll());
  // A reader that died may have owed young rules the events since their acknowledgement.
  for (const entry of index.all().filter(({ stored }) => stored.version > keeper.rulesDone)) {
    await persist(() => intake.readGap(entry));
    keeper.ruleDone(entry.stored.version);
  }
  const running = ignoreStop(reader.run());
  const reconciling = ignoreStop(every(RECONCILE_MS, () => persist(() => desk.applyAll()), stopping.signal));

  return {
    isReading: () => reader.isReading(),
    seenUntil: (deadlineMs) => reader.seenUntil(deadlineMs),
    async stop() {
      stopping.abort(new StoppedError());
      endWatch();
      await reader.stop();
      await Promise.all([running, reconciling]);
      await keeper.close();
    },
  };
}

async function every(intervalMs: number, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    await delay(intervalMs, undefined, { signal });
    await work();
  }
}

interface RuleUse {
  first: (change: RuleChange) => void;
  later: (change: RuleChange) => void;
  bad: (key: string, error: Error) => void;
}

/** Resolves with the end of the watch once the rules as they stand have been learned. */
async function learnRules(rules: SubscriberDeps['rules'], use: RuleUse): Promise<() => void> {
  let caughtUp = false;
  let end: (() => void) | undefined;
  await new Promise<void>((resolve, reject) => {
    const take = (change: RuleChange): void => (caughtUp ? use.later(change) : use.first(change));
    const done = (): void => {
      caughtUp = true;
      resolve();
    };
    rules.watch(take, done, use.bad).then((stop) => (end = stop), reject);
  });
  return () => end?.();
}
