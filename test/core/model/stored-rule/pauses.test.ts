import { describe, expect, it, test } from 'vitest';
import { parseRule } from '../../../../src/core/language/parse/parse-rule.ts';
import {
  keepPauses,
  pauseRule,
  readPauses,
  resumeRule,
  type PauseEdits,
} from '../../../../src/core/model/stored-rule/pause-edits.ts';
import { mustWait, pausedNow, pauseInWords, RESUME_MODES } from '../../../../src/core/model/stored-rule/rule-pause.ts';
import {
  beginsAnew,
  groupsFromMs,
  inForceFromMs,
  missingFromMs,
  startsInPast,
} from '../../../../src/core/model/stored-rule/version-times.ts';
import type { Rule } from '../../../../src/core/model/rule/rule-schema.ts';
import type { StoredRule } from '../../../../src/core/model/stored-rule/stored-rule.ts';

const RULE = parseRule({
  ...{ id: 'hot', clientId: 'client-01', where: [{ property: 'm', exists: true }], partitionBy: ['m'] },
  evaluate: { type: 'any', having: { calc: 'latest', property: 't', gt: 80 } },
});
const ANA = { by: 'ana', note: 'maintenance', of: 'rule' } as const;

/** The versions of a rule: version n is stored at n × 100. */
class Life {
  readonly versions: StoredRule[] = [];

  constructor(rule: Rule = RULE) {
    this.store(rule, {});
  }

  get newest(): StoredRule {
    return this.versions.at(-1) as StoredRule;
  }

  put(rule: Rule): this {
    return this.store(rule, keepPauses(this.newest, rule));
  }

  pause(): this {
    return this.store(this.newest.rule, pauseRule(this.newest, ANA) ?? {});
  }

  resume(mode: (typeof RESUME_MODES)[number] = 'publish'): this {
    return this.store(this.newest.rule, resumeRule(this.newest, mode) ?? {});
  }

  private store(rule: Rule, pauses: PauseEdits): this {
    const version = this.versions.length + 1;
    const place = { version, storedAtMs: version * 100 };
    this.versions.push({ rule, ...place, ...readPauses(JSON.parse(JSON.stringify(pauses)) as PauseEdits, place) });
    return this;
  }
}

describe('a pause', () => {
  it('begins with its version: events stored before it count, later ones wait', () => {
    const { newest } = new Life().pause();
    expect(newest.pause).toEqual({ sinceMs: 200, fromMs: 200, ...ANA });
    expect([199, 200, 201].map((atMs) => mustWait(newest, atMs))).toEqual([false, true, true]);
    expect(mustWait(new Life().newest, 1e15)).toBe(false);
  });

  test.each<[what: string, next: Rule, fromMs: number]>([
    ['other words', { ...RULE, message: 'Hot!' }, 200],
    [
      'another condition',
      { ...RULE, evaluate: { type: 'all', having: { calc: 'latest', property: 't', gt: 1 } } },
      200,
    ],
    ['another where', { ...RULE, where: [{ property: 'n', exists: true }] }, 300],
    ['another groupBy', { ...RULE, groupBy: ['site'] }, 300],
    ['another partitionBy', { ...RULE, partitionBy: ['n'] }, 300],
    ['enabled: false', { ...RULE, enabled: false }, 300],
  ])('stays with %s; events wait from where its sets go on, or begin anew', (_what, next, fromMs) => {
    expect(new Life().pause().put(next).newest.pause).toEqual({ sinceMs: 200, fromMs, ...ANA });
  });

  it('of a disabled rule ends up at its start', () => {
    const { newest } = new Life({ ...RULE, enabled: false }).pause().put(RULE);
    expect(newest.pause).toMatchObject({ sinceMs: 200, fromMs: 300 });
  });

  it('changes nothing that is paused or runs already', () => {
    expect(pauseRule(new Life().pause().newest, ANA)).toBeNull();
    expect(resumeRule(new Life().newest, 'publish')).toBeNull();
    expect(resumeRule(new Life().pause().resume().newest, 'afresh')).toBeNull();
  });

  it('is said in words for people', () => {
    const now = pausedNow({ sinceMs: 0, fromMs: 0, by: 'ana', note: 'moving', of: 'client' });
    expect(now).toEqual({ since: '1970-01-01T00:00:00.000Z', by: 'ana', note: 'moving', of: 'client' });
    expect(pauseInWords(now)).toBe(
      'Paused since 1970-01-01T00:00:00.000Z by ana, with all rules of the client (moving): events and deadlines from then on wait until it is resumed.',
    );
    expect(pauseInWords(pausedNow({ sinceMs: 0, fromMs: 0, by: null, of: 'rule' }))).toMatch(/^Paused since [^ ]+: /);
  });
});

describe('a resume', () => {
  test.each([
    ['publish', 200, false],
    ['silently', 200, false],
    ['afresh', 300, true],
  ] as const)('%s: gets the events since %i', (mode, fromMs, anew) => {
    const { newest } = new Life().pause().resume(mode);
    expect(newest).toMatchObject({ version: 3, resumed: { mode, fromMs, version: 3 } });
    expect(newest.pause).toBeUndefined();
    expect(mustWait(newest, 250)).toBe(false);
    expect([inForceFromMs(newest), groupsFromMs(newest), missingFromMs(newest, 2)]).toEqual([fromMs, fromMs, fromMs]);
    expect([beginsAnew(newest, 2), beginsAnew(newest, 3)]).toEqual([anew, false]);
  });

  it('is kept by later versions, as a reader may not have caught up with it', () => {
    const life = new Life()
      .pause()
      .resume()
      .put({ ...RULE, message: 'Hot!' })
      .pause();
    expect(life.versions.map((stored) => [stored.resumed?.version, missingFromMs(stored, 2)])).toEqual([
      ...[
        [undefined, 100],
        [undefined, 200],
        [3, 200],
        [3, 200],
        [3, 200],
      ],
    ]);
    expect(life.versions.map((stored) => missingFromMs(stored, 3)).slice(3)).toEqual([400, 500]);
  });

  it('is forgotten by a version whose sets begin anew', () => {
    expect(
      new Life()
        .pause()
        .resume()
        .put({ ...RULE, groupBy: ['site'] }).newest.resumed,
    ).toBeUndefined();
  });

  it('puts the events of a pause under the version that ends it, and an edit under its own time', () => {
    const life = new Life()
      .pause()
      .put({ ...RULE, message: 'Hot!' })
      .resume()
      .put(RULE);
    expect(life.versions.map(inForceFromMs)).toEqual([100, 200, 200, 200, 500]);
  });

  it('lets new groups publish what they missed, unless it is silent', () => {
    expect(RESUME_MODES.map((mode) => startsInPast(new Life().pause().resume(mode).newest, 250))).toEqual([
      ...[false, true, true],
    ]);
    expect([99, 100].map((atMs) => startsInPast(new Life().newest, atMs))).toEqual([true, false]);
  });
});
