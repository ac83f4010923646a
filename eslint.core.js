const CLOCK = 'The core must not read the clock: pass `nowMs` as an argument.';
const RANDOMNESS = 'The core must not use randomness: pass random values as an argument.';
const IO = 'The core must not do I/O: return an effect that the caller executes.';
const forbidden = (message, globals) => globals.map((name) => ({ name, message }));

/** Keeps the core pure: no clock, no randomness, no I/O. Import rules are in imports.config.js. */
export const pureCore = {
  files: ['src/core/**/*.ts'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...forbidden(CLOCK, ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance']),
      ...forbidden(RANDOMNESS, ['crypto']),
      ...forbidden(IO, ['process', 'console', 'fetch', 'globalThis', 'global', 'require']),
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: CLOCK },
      { object: 'Math', property: 'random', message: RANDOMNESS },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK },
      { selector: "CallExpression[callee.name='Date']", message: CLOCK },
    ],
  },
};
