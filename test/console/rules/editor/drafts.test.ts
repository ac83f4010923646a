import { expect, test } from 'vitest';
import { draftsIn } from '../../../../src/console/rules/editor/drafts.ts';

const storage = () => {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
};

test.each([3, null])('a draft over version %s is kept by the address of its page, until it is deleted', (version) => {
  const drafts = draftsIn(storage());
  drafts.set('/a', { text: 'id: a', version });
  expect([drafts.get('/a'), drafts.get('/b')]).toEqual([{ text: 'id: a', version }, null]);
  drafts.delete('/a');
  expect(drafts.get('/a')).toBeNull();
});

test.each(['', 'null', '[]', '{"text":7}'])('what is no draft is none: %j', (kept) => {
  const own = storage();
  draftsIn(own).set('/a', { text: 'id: a', version: 1 });
  const [key = ''] = own.items.keys();
  own.items.set(key, kept);
  expect(draftsIn(own).get('/a')).toBeNull();
});

test('a storage that is full keeps nothing, and nobody notices', () => {
  const full = {
    ...storage(),
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  const drafts = draftsIn(full);
  drafts.set('/a', { text: 'id: a', version: 1 });
  expect(drafts.get('/a')).toBeNull();
});
