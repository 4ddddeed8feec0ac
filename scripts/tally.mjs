// Adds up the reports of a test run and prints one line: `N passed, M failed`.
//
//   node scripts/tally.mjs [--failed-steps N]
//
// Reads every `.reports/*.json` of the root and of the packages: what vitest writes, or any object
// with the numbers `passed` and `failed`. N steps that failed outside of any test, such as a build,
// count as failures when no report has one. Exits with 1 when anything failed.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * @typedef {{ passed: number, failed: number }} Count
 */

/**
 * Counts the tests of one report.
 *
 * @param {any} report
 * @returns {Count}
 */
export function countReport(report) {
  if (Number.isInteger(report?.passed) && Number.isInteger(report?.failed)) {
    return { passed: report.passed, failed: report.failed };
  }
  if (!Number.isInteger(report?.numPassedTests) || !Number.isInteger(report?.numFailedTests)) {
    throw new Error("neither a report of vitest nor one with `passed` and `failed`");
  }
  // A file that cannot be loaded has no test that could fail.
  const broken = (report.testResults ?? []).filter(
    (/** @type {any} */ file) =>
      file.status === "failed" &&
      !file.assertionResults.some((/** @type {any} */ test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + broken;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && report.success === false ? 1 : failed,
  };
}

/**
 * @param {Count[]} counts
 * @param {number} failedSteps
 * @returns {Count}
 */
export function total(counts, failedSteps) {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0);
  const failed = counts.reduce((sum, count) => sum + count.failed, 0);
  return { passed, failed: Math.max(failed, failedSteps) };
}

/**
 * Every report below the root.
 *
 * @param {string} root
 */
function reportsOf(root) {
  const folders = ["packages", "apps", "benchmarks"]
    .filter((group) => existsSync(join(root, group)))
    .flatMap((group) => readdirSync(join(root, group)).map((name) => join(root, group, name)));
  return [root, ...folders, join(root, "examples")]
    .map((folder) => join(folder, ".reports"))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((file) => file.endsWith(".json"));
}

function main() {
  const option = process.argv.indexOf("--failed-steps");
  const failedSteps = option === -1 ? 0 : Number(process.argv[option + 1]);
  if (!Number.isInteger(failedSteps) || failedSteps < 0) {
    console.error("--failed-steps needs a number");
    process.exit(2);
  }
  const root = fileURLToPath(new URL("..", import.meta.url));
  const counts = reportsOf(root).map((file) => {
    try {
      const count = countReport(JSON.parse(readFileSync(file, "utf8")));
      console.log(`${relative(root, file)}: ${count.passed} passed, ${count.failed} failed`);
      return count;
    } catch (error) {
      console.error(`${relative(root, file)}: ${error instanceof Error ? error.message : error}`);
      return { passed: 0, failed: 1 };
    }
  });
  const { passed, failed } = total(counts, failedSteps);
  // A run without a single test has tested nothing.
  const failures = passed + failed === 0 ? 1 : failed;
  console.log(`${passed} passed, ${failures} failed`);
  process.exitCode = failures === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
