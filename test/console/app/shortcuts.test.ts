import { expect, test, vi } from 'vitest';
import { Shortcuts } from '../../../src/console/app/shortcuts/shortcuts.ts';

const NO_KEYS = { ctrlKey: false, metaKey: false, altKey: false };

test('a key runs its shortcut, until it is removed', () => {
  const shortcuts = new Shortcuts();
  const run = vi.fn<() => void>();
  const remove = shortcuts.add([{ key: 'a', does: 'Acknowledge', run }]);
  expect(shortcuts.press({ key: 'a', ...NO_KEYS })).toBe(true);
  expect(shortcuts.press({ key: 'A', ...NO_KEYS })).toBe(false);
  remove();
  expect(shortcuts.press({ key: 'a', ...NO_KEYS })).toBe(false);
  expect(run).toHaveBeenCalledTimes(1);
  expect(shortcuts.all.value).toEqual([]);
});

test.each(['ctrlKey', 'metaKey', 'altKey'])('a key with %s is the browser’s', (modifier) => {
  const shortcuts = new Shortcuts();
  const run = vi.fn<() => void>();
  shortcuts.add([{ key: 'a', does: 'Acknowledge', run }]);
  expect(shortcuts.press({ key: 'a', ...NO_KEYS, [modifier]: true })).toBe(false);
  expect(run).not.toHaveBeenCalled();
});

test('of two shortcuts with a key, the newer one runs', () => {
  const shortcuts = new Shortcuts();
  const [older, newer] = [vi.fn<() => void>(), vi.fn<() => void>()];
  shortcuts.add([{ key: 'j', does: 'Next rule', run: older }]);
  const remove = shortcuts.add([{ key: 'j', does: 'Next alert', run: newer }]);
  shortcuts.press({ key: 'j', ...NO_KEYS });
  remove();
  shortcuts.press({ key: 'j', ...NO_KEYS });
  expect([older.mock.calls.length, newer.mock.calls.length]).toEqual([1, 1]);
});

test.each(['ctrlKey', 'metaKey'])('a shortcut with Mod is pressed with %s', (modifier) => {
  const shortcuts = new Shortcuts();
  const run = vi.fn<() => void>();
  shortcuts.add([{ key: 'Mod+s', does: 'Save', run }]);
  expect(shortcuts.press({ key: 's', ...NO_KEYS })).toBe(false);
  expect(shortcuts.press({ key: 's', ...NO_KEYS, [modifier]: true })).toBe(true);
  expect(run).toHaveBeenCalledTimes(1);
});
