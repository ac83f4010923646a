import { expect, test } from 'vitest';
import { eventProblem, firstEvent } from '../../../../src/console/demo/panel/event-text.ts';

test.each([
  ['{"machineId": "m1"}', null],
  [firstEvent([]), null],
  [firstEvent([{ machineId: 'a "b"' }]), null],
  ['[1]', /JSON object/],
  ['null', /JSON object/],
  ['"text"', /JSON object/],
  ['{', /no JSON/],
  ['', /no JSON/],
])('%s as an event', (text, problem) => {
  if (problem === null) expect(eventProblem(text)).toBeNull();
  else expect(eventProblem(text)).toMatch(problem);
});
