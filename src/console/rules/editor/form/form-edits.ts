import type { Edit } from '../yaml/edit-text.ts';
import { hasNumber, type Compared, type RuleForm } from './form-model.ts';
import { scalarOf } from '../yaml/scalar-text.ts';
import type { Path } from '../yaml/yaml-text.ts';

/* What each change in the form does to the text. */

/** An empty field removes its word. */
export const setText = (path: Path, text: string): Edit[] => [{ path, value: text === '' ? undefined : text }];

export function setNames(word: string, text: string): Edit[] {
  const names = text.split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  return [{ path: [word], value: given.length === 0 ? undefined : given }];
}

const START = { count: 1, percent: 50 } as Readonly<Record<string, number>>;

/** count and percent compare a number of partitions. */
export function setType(form: RuleForm, type: string): Edit[] {
  const old = form.compares?.comparison;
  const removed: Edit[] = old && !hasNumber(type) ? [{ path: ['evaluate', old.word], value: undefined }] : [];
  const added: Edit[] =
    hasNumber(type) && !hasNumber(form.type) ? [{ path: ['evaluate', 'gte'], value: START[type] }] : [];
  return [{ path: ['evaluate', 'type'], value: type }, ...removed, ...added];
}

/** The words that a calculation has. */
export interface Needs {
  property: boolean;
  within: boolean;
}

export function setCalc({ path, property, within }: Compared, calc: string, needs: Needs): Edit[] {
  const edits: Edit[] = [{ path: [...path, 'calc'], value: calc }];
  if (!needs.property && property !== undefined) edits.push({ path: [...path, 'property'], value: undefined });
  if (!needs.within && within !== undefined) edits.push({ path: [...path, 'within'], value: undefined });
  if (needs.within && within === undefined) edits.push({ path: [...path, 'within'], value: '5m' });
  return edits;
}

export function setComparison({ path, comparison }: Compared, word: string): Edit[] {
  if (comparison === null) return [];
  const { word: old, value } = comparison;
  const renamed: Edit[] = value === undefined ? [] : [{ path: [...path, old], name: word }];
  // It says whether something is there.
  const other = word === 'exists' ? true : old === 'exists' || value === undefined ? '' : undefined;
  return other === undefined ? renamed : [...renamed, { path: [...path, word], value: other }];
}

export function setValue({ path, comparison }: Compared, text: string): Edit[] {
  return comparison === null ? [] : [{ path: [...path, comparison.word], value: text === '' ? '' : scalarOf(text) }];
}

export const addFilter = ({ where }: RuleForm): Edit[] => [
  where.length === 0
    ? { path: ['where'], value: [{ property: 'type', equals: '*' }] }
    : { path: ['where', where.length], value: { property: '', equals: '' } },
];

/** The last entry goes with its list. */
export const removeFilter = ({ where }: RuleForm, index: number): Edit[] => [
  { path: where.length === 1 ? ['where'] : ['where', index], value: undefined },
];

const OPPOSITES: Readonly<Record<string, string>> = {
  ...{ gt: 'lte', gte: 'lt', lt: 'gte', lte: 'gt', equals: 'notEquals', notEquals: 'equals' },
};

/** The opposite of the condition, to be moved away from it. */
export function addClear({ having }: RuleForm): Edit[] {
  const { calc = 'latest', property, within, comparison } = having ?? {};
  const word = OPPOSITES[comparison?.word ?? ''] ?? 'equals';
  const words = { calc, property, within, [word]: comparison?.value ?? '' };
  const given = Object.entries(words).filter(([, value]) => value !== undefined);
  return [{ path: ['clear'], value: Object.fromEntries(given) }];
}

export const addHaving = (): Edit[] => [
  { path: ['evaluate', 'having'], value: { calc: 'latest', property: '', equals: '' } },
];

export function addLabel({ labels }: RuleForm): Edit[] {
  const names = labels.map(([name]) => name);
  let name = 'label';
  for (let number = 2; names.includes(name); number++) name = `label-${number}`;
  return [{ path: ['labels', name], value: '' }];
}

export const removeLabel = ({ labels }: RuleForm, name: string): Edit[] => [
  { path: labels.length === 1 ? ['labels'] : ['labels', name], value: undefined },
];
