// Usage: summary.mjs REPORT EXIT_CODE [NODES_FAILURE NODES_EXIT_CODE]
// Prints what failed and, as the last line, `N passed, N failed, N skipped`; exits with 1 on failure. REPORT is vitest's
// JSON report; NODES_FAILURE is the file in which `npm run test:nodes` names a command that failed.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const MOST_FAILURES = 20;
const MOST_LINES = 10;
const MOST_CHARACTERS = 300;
/** The report has no message for it. */
const HOOK = 'no test failed: a hook did; see the output of npm test';

const [reportFile, exitCode, nodesFile, nodesExitCode = '0'] = process.argv.slice(2);
const report = readReport(reportFile);

const failures = report.testResults.flatMap(failuresOf);
// A run that ends before its report, or with an error that no file owns, such as an unhandled rejection.
if (failures.length === 0 && (report.missing !== undefined || exitCode !== '0'))
  failures.push({
    name: `npm test: exit code ${exitCode}`,
    message: report.missing ?? 'no test failed; see its output',
  });
if (nodesExitCode !== '0')
  failures.push({ name: `npm run test:nodes: exit code ${nodesExitCode}`, message: textOf(nodesFile) });

for (const { name, message } of failures.slice(0, MOST_FAILURES))
  console.log(`\nFAILED ${name}\n${firstLines(message)}`);
if (failures.length > MOST_FAILURES) console.log(`\n… and ${failures.length - MOST_FAILURES} more`);
console.log(
  `\n${report.numPassedTests} passed, ${failures.length} failed, ${report.numPendingTests + report.numTodoTests} skipped`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const missing = `vitest left no report: ${error.message}`;
    return { missing, testResults: [], numPassedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}

/** The failed tests of a file. A file that cannot be loaded, or whose hook throws, fails without any of them. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = relative('.', name);
  const tests = assertionResults
    .filter((test) => test.status === 'failed')
    .map(({ ancestorTitles, title, failureMessages }) => ({
      name: [file, ...ancestorTitles, title].filter(Boolean).join(' > '),
      message: failureMessages.join('\n'),
    }));
  return tests.length === 0 && status === 'failed' ? [{ name: file, message: message || HOOK }] : tests;
}

function textOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : 'it named no command; see its output';
}

/** Without the lines of a stack that are not of this repository. */
function firstLines(message) {
  const text = stripVTControlCharacters(message).replaceAll(`${process.cwd()}/`, '').trim();
  const lines = text.split('\n').filter((line) => !/^ +at .*(node_modules|<anonymous>|node:)/.test(line));
  const shown = lines.slice(0, MOST_LINES).map((line) => `  ${line.slice(0, MOST_CHARACTERS)}`);
  return shown.join('\n');
}
