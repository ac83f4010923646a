import { describe, expect, test } from 'vitest';
import type { RuleEdit } from '../../../../src/core/model/access/authorship.ts';
import { editionsOf, versionsOf, type EditedChange } from '../../../../src/core/model/stored-rule/rule-version.ts';
import { machineRule } from '../../../api/fakes/fake-ports.ts';

const rule = machineRule('client-01', 'hot');
const put = (as?: RuleEdit['as']): EditedChange => ({
  change: { kind: 'put', rule, version: 1, storedAtMs: 0 },
  edit: as === undefined ? null : { by: 'ana', from: { channel: 'cli', address: null }, as },
  edition: null,
});
const gone: EditedChange = {
  change: { kind: 'delete', clientId: 'client-01', ruleId: 'hot', version: 2, storedAtMs: 0 },
  edit: null,
  edition: null,
};

describe('what a version changed', () => {
  test.each<[what: string, edits: EditedChange[], isWhole: boolean, changes: string[]]>([
    ['the first', [put('put'), put('put')], true, ['created', 'changed']],
    ['the oldest that is kept', [put('put'), put('put')], false, ['changed', 'changed']],
    ['after a delete', [put('put'), gone, put('put')], false, ['changed', 'deleted', 'created']],
    ['a switch', [put('put'), put('disable'), put('enable')], true, ['created', 'disabled', 'enabled']],
    ['a rollback of a deleted rule', [gone, put('rollBack')], true, ['deleted', 'rolledBack']],
    ['by nobody', [put(), put(), gone], true, ['created', 'changed', 'deleted']],
  ])('%s', (_what, edits, isWhole, changes) => {
    const versions = versionsOf(edits, isWhole);
    expect(versions.map(({ change }) => change)).toEqual(changes);
    expect(versions.map(({ by }) => by)).toEqual(edits.map(({ edit }) => edit?.by ?? null));
  });
});

describe('the editions of a rule', () => {
  const [put, gone] = [false, true];
  test.each<[what: string, isDeletion: boolean[], isWhole: boolean, editions: (number | null)[]]>([
    ['count from the first version', [put, put, put], true, [1, 2, 3]],
    ['are not known if the first one is missing', [put, put], false, [null, null]],
    ['begin again after a deletion', [put, put, gone, put, put], true, [1, 2, null, 1, 2]],
    ['are known since a deletion', [put, gone, put], false, [null, null, 1]],
  ])('%s', (_what, isDeletion, isWhole, editions) => expect(editionsOf(isDeletion, isWhole)).toEqual(editions));
});
