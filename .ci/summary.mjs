// Usage: summary.mjs REPORT EXIT_CODE. Prints `N passed, N failed, N skipped` from vitest's JSON report; exits with 1 on failure.
import { readFileSync } from 'node:fs';

const [reportFile, exitCode] = process.argv.slice(2);
const report = readReport(reportFile);

// A file that cannot be loaded, or whose hook throws, fails without any of its tests failing.
const brokenFiles = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
).length;
const known = report.numFailedTests + brokenFiles;
// Vitest may also end with an error that no file owns, such as an unhandled rejection.
const failed = known === 0 && exitCode !== '0' ? 1 : known;

console.log(
  `${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped`,
);
process.exitCode = failed === 0 ? 0 : 1;

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    console.error(`vitest left no report: ${error.message}`);
    return { testResults: [], numFailedTests: 1, numPassedTests: 0, numPendingTests: 0, numTodoTests: 0 };
  }
}
