const CLOCK = 'The core has no clock: take `nowMs` as an argument.';
const CHANCE = 'The core has no chance: take what must differ as an argument.';
const WORLD = 'The core knows no outside world: return an effect, and let the caller carry it out.';
const forbidden = (message, globals) => globals.map((name) => ({ name, message }));

/** The core is pure: no clock, no chance, no outside world. Which folder may import what: imports.config.js. */
export const pureCore = {
  files: ['src/core/**/*.ts'],
  rules: {
    'no-restricted-globals': [
      'error',
      ...forbidden(CLOCK, ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance']),
      ...forbidden(CHANCE, ['crypto']),
      ...forbidden(WORLD, ['process', 'console', 'fetch', 'globalThis', 'global', 'require']),
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: CLOCK },
      { object: 'Math', property: 'random', message: CHANCE },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK },
      { selector: "CallExpression[callee.name='Date']", message: CLOCK },
    ],
  },
};
