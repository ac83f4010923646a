import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/core/primitives/limits.ts';
import { driver, EPOCH_MS } from '../../support/evaluation/driver.ts';

const base = {
  id: 'stopped',
  clientId: 'client-01',
  where: [{ property: 'm', equals: '*' }],
  partitionBy: ['m'],
  evaluate: { type: 'any', having: { calc: 'latest', property: 's', equals: 'off' } },
};
const iso = (seconds: number): string => new Date(EPOCH_MS + seconds * 1000).toISOString();
const only = (set: ReturnType<typeof driver>) => {
  const [alert, ...more] = set.alerts();
  if (alert === undefined || more.length > 0) throw new Error(`one alert is expected, not ${more.length + 1}`);
  return alert;
};

describe('an alert', () => {
  it('is a complete CloudEvents envelope', () => {
    const set = driver(
      { ...base, labels: { team: 'a' }, severity: 'critical', groupBy: ['site'] },
      { group: ['berlin'] },
    );
    set.send(3, { m: 'm1', s: 'off', site: 'berlin', time: 2 });
    expect(only(set)).toEqual({
      specversion: '1.0',
      id: 'client-01/rules/stopped/m=*/site=berlin#v1.1:firing',
      source: '/vigil/client-01/stopped',
      type: 'vigil.alert.v1',
      subject: 'site=berlin',
      time: iso(3),
      datacontenttype: 'application/json',
      data: {
        clientId: 'client-01',
        ruleId: 'stopped',
        ruleVersion: 1,
        group: { site: 'berlin' },
        partition: {},
        episode: 1,
        status: 'firing',
        reason: 'condition',
        state: 'firing',
        severity: 'critical',
        startsAt: iso(2),
        endsAt: null,
        evaluatedAt: iso(3),
        message: 'stopped: firing',
        labels: { team: 'a' },
        evidence: { items: [{ partition: { m: 'm1' }, sequence: 1, time: iso(2), value: 'off' }], total: 1 },
      },
    });
  });

  it('of a partition has the partition in its id and subject, whatever its characters', () => {
    const set = driver({ ...base, evaluate: { ...base.evaluate, type: 'each' } });
    for (const m of ['a/b', 'a b', 'ü', '1', '\uD800']) set.send(1, { m, s: 'off' });
    set.send(1, { m: 1, s: 'off' });
    const ids = set.alerts().map(({ id }) => id);
    expect(ids[0]).toBe('client-01/rules/stopped/m=*/m=a%2Fb#v1.1:firing');
    expect(new Set(ids).size).toBe(6);
    expect(set.alerts()[1]).toMatchObject({ subject: 'm=a%20b', data: { partition: { m: 'a b' } } });
    for (const id of ids) expect(id).toMatch(/^[\x21-\x7e]+$/);
  });

  it('has a new id for each episode, and for each status that can recur within an episode', () => {
    const set = driver({ ...base, repeat: '10s', heartbeat: '10s' });
    set.send(0, { m: 'm1', s: 'off' });
    set.advance(25);
    set.send(26, { m: 'm1', s: 'on' });
    set.send(27, { m: 'm1', s: 'off' });
    const ids = set.alerts().map(({ id }) => id.split('#')[1]);
    const again = [10_000, 20_000].flatMap((ms) => [
      `v1.1:reminder@${EPOCH_MS + ms}`,
      `v1.1:heartbeat@${EPOCH_MS + ms}`,
    ]);
    expect(ids).toEqual(['v1.1:firing', ...again, 'v1.1:resolved', 'v1.2:firing']);
  });
});

describe('a change of severity', () => {
  it('has a unique id, even if there are several in one millisecond', () => {
    const levels = [
      { severity: 'info', having: { calc: 'latest', property: 's', equals: 'off' } },
      { severity: 'critical', having: { calc: 'latest', property: 't', gt: 1 } },
    ];
    const set = driver({ ...base, evaluate: { type: 'any', levels } });
    set.send(0, { m: 'm1', s: 'off' });
    for (const t of [5, 0, 5]) set.send(6, { m: 'm1', t });
    expect(set.alerts().map(({ data }) => data.severity)).toEqual(['info', 'critical', 'info', 'critical']);
    expect(new Set(set.alerts().map(({ id }) => id)).size).toBe(4);
  });
});

describe('the message', () => {
  const messageOf = (message: string | undefined, name?: string): string => {
    const set = driver({ ...base, message, name });
    set.send(1, { m: 'm1', s: 'on' });
    set.send(1, { m: '<m2>', s: 'off' });
    return only(set).data.message;
  };

  it.each([
    ['{{count}} of {{total}} machines of {{clientId}} ({{percent}} %)', '1 of 2 machines of client-01 (50 %)'],
    [
      '{{name}} is {{status}} because of {{reason}}, {{severity}}, episode {{episode}}',
      'stopped is firing because of condition, warning, episode 1',
    ],
    ['{{value}} since {{startsAt}}', `off since ${iso(1)}`],
    ['{{#evidence.items}}{{partition.m}}{{/evidence.items}}', '<m2>'],
    ['{{nothing}}{{no.such.thing}}', ''],
    ['plain', 'plain'],
  ])('%j renders %j', (template, text) => expect(messageOf(template)).toBe(text));

  describe('prints a name that contains dots', () => {
    const KEYS = ['host.name', 'region'];
    const event = { host: { name: 'web-1' }, region: 'eu', s: 'off', 'site.code': 7 };
    const dotted = (message: string): string => {
      const set = driver(
        {
          ...base,
          where: [{ property: 's', exists: true }],
          groupBy: ['site.code'],
          partitionBy: KEYS,
          labels: { 'app/name': 'shop', 'app.tier': 'front', 'app.tier.owner': 'ops' },
          evaluate: { ...base.evaluate, type: 'each' },
          message,
        },
        { group: [7] },
      );
      set.send(1, event);
      return only(set).data.message;
    };

    it.each([
      ['{{partition.host.name}} in {{partition.region}}', 'web-1 in eu'],
      ['{{{partition.host.name}}}{{&partition.region}}', 'web-1eu'],
      ['{{group.site.code}}', '7'],
      ['{{labels.app/name}}, {{labels.app.tier}}, {{labels.app.tier.owner}}', 'shop, front, ops'],
      ['{{#evidence.items}}{{partition.host.name}}{{/evidence.items}}', 'web-1'],
      ['{{#partition}}{{host.name}}{{/partition}}', 'web-1'],
      ['{{#partition.host}}{{name}}{{/partition.host}}', 'web-1'],
      ['{{#labels}}{{#app}}{{tier}}{{/app}}{{/labels}}', 'front'],
      ['{{#labels}}{{name}}{{/labels}}', 'stopped'],
      ['{{^partition.host.id}}none{{/partition.host.id}}', 'none'],
      ['{{partition.host.name.length}}{{partition.host.toString}}{{labels.app.valueOf}}', ''],
      ['{{partition}}', '{"host.name":"web-1","region":"eu"}'],
      ['{{{partition.host}}}', '{"name":"web-1"}'],
    ])('%j renders %j', (template, text) => expect(dotted(template)).toBe(text));
  });

  it('is the name and the status if the rule has none', () => {
    expect(messageOf(undefined, 'Machines')).toBe('Machines: firing');
    expect(messageOf(undefined)).toBe('stopped: firing');
  });

  const resolvedMessageOf = (more: object): string | undefined => {
    const set = driver({ ...base, ...more });
    set.send(1, { m: 'm1', s: 'off' });
    set.send(2, { m: 'm1', s: 'on' });
    return set.alerts().find(({ data }) => data.status === 'resolved')?.data.message;
  };

  it.each<[string, object, string]>([
    ['its own template', { message: 'off', resolvedMessage: '{{value}} for {{total}}' }, 'on for 1'],
    ['its own template, without a template for the others', { resolvedMessage: 'fine' }, 'fine'],
    ['else the message', { message: '{{count}} of {{total}} off' }, 'Resolved: 0 of 1 off'],
    ['else the name and the status', {}, 'stopped: resolved'],
  ])('of a resolved alert is from %s', (_what, more, text) => expect(resolvedMessageOf(more)).toBe(text));

  it('cannot call methods of the alert', () => {
    expect(
      messageOf('{{evidence.items.join}}{{#evidence}}{{items.pop}}{{valueOf}}{{/evidence}}{{evidence.items.length}}'),
    ).toBe('1');
  });

  it('renders quickly, however deeply its sections nest', () => {
    const loop = '{{#evidence.items}}';
    const set = driver({
      ...base,
      evaluate: { ...base.evaluate, type: 'count', gte: 20 },
      message: `${loop.repeat(20)}x${'{{/evidence.items}}'.repeat(20)}`,
    });
    for (let machine = 1; machine <= 20; machine++) set.send(machine, { m: `m${machine}`, s: 'off' });
    expect(only(set).data.message).toMatch(/^x*$/);
  });

  it.each(['温', '\u0001', '😀'])('of %j is cut by bytes, and never within a character', (character) => {
    const long = driver({
      ...base,
      evaluate: { ...base.evaluate, type: 'count', gte: 20 },
      message: `a{{#evidence.items}}${character.repeat(400)}{{/evidence.items}}`,
    });
    for (let machine = 1; machine <= 20; machine++) long.send(machine, { m: `m${machine}`, s: 'off' });
    const { message } = only(long).data;
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(LIMITS.messageBytes);
    expect(message.length).toBeLessThanOrEqual(LIMITS.messageLength);
    expect(message).toMatch(new RegExp(`^a(?:${character})+$`, 'u'));
    expect(message.length).toBeGreaterThan(1_000);
  });

  it('is cut, not rejected, if it is too long', () =>
    expect(messageOf('{{#evidence}}{{clientId}}{{/evidence}}'.repeat(25) + 'x'.repeat(60)).length).toBeLessThanOrEqual(
      2000,
    ));
});

describe('the evidence', () => {
  it('lists the cause first, then those that satisfy, at most 20, with the total', () => {
    const set = driver({ ...base, evaluate: { ...base.evaluate, type: 'count', gte: 25 } });
    for (let machine = 1; machine <= 25; machine++) set.send(machine, { m: `m${machine}`, s: 'off' });
    const { evidence } = only(set).data;
    expect(evidence.total).toBe(25);
    expect(evidence.items.map(({ partition }) => partition['m'])).toEqual([
      'm25',
      ...Array.from({ length: 19 }, (_, index) => `m${index + 1}`),
    ]);
  });

  it('includes the partition that ended the alert, although it does not satisfy', () => {
    const set = driver({ ...base, evaluate: { ...base.evaluate, type: 'all' } });
    set.send(1, { m: 'm1', s: 'off' });
    set.send(2, { m: 'm2', s: 'on' });
    const resolved = set.alerts()[1];
    expect(resolved?.data.evidence).toMatchObject({
      items: [
        { partition: { m: 'm2' }, value: 'on' },
        { partition: { m: 'm1' }, value: 'off' },
      ],
      total: 2,
    });
  });

  it('has as many items as fit, at least one, and still the total', () => {
    const set = driver({ ...base, evaluate: { ...base.evaluate, type: 'count', gte: 20 } });
    for (let machine = 1; machine <= 20; machine++)
      set.send(machine, { m: `${machine}${'\u0001'.repeat(250)}`, s: 'off' });
    const wide = driver({
      ...base,
      partitionBy: ['a', 'b', 'c', 'd'],
      evaluate: { ...base.evaluate, type: 'count', gte: 20 },
    });
    for (let machine = 1; machine <= 20; machine++)
      wide.send(machine, {
        m: 1,
        s: 'off',
        ...Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, `${machine}${'\u0001'.repeat(250)}`])),
      });
    const counts = [set, wide].map((each) => only(each).data.evidence).map(({ items, total }) => [items.length, total]);
    expect(counts).toEqual([
      [20, 20],
      [5, 20],
    ]);
    expect(Buffer.byteLength(JSON.stringify(only(wide).data.evidence.items))).toBeLessThanOrEqual(LIMITS.evidenceBytes);
  });

  it('shows a value that is not a scalar, or is too long, as a string of bounded length', () => {
    const set = driver({ ...base, evaluate: { type: 'any', having: { calc: 'latest', property: 's', exists: true } } });
    set.send(1, { m: 'm1', s: { deep: 'x'.repeat(5000) } });
    const value = only(set).data.evidence.items[0]?.value;
    expect(value).toMatch(/^\{"deep":"x+$/);
    expect(value).toHaveLength(1024);
  });
});
