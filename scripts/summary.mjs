// summary.mjs FOLDER counts what the test run left there. It fails when anything failed, when no test ran, or when the
// two engines did not run the same number of tests.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "");
const problems = [];

const rust = { passed: 0, failed: 0, ignored: 0, sqlite: 0, postgres: 0 };
for (const line of read("rust.log").split("\n")) {
  const total = line.match(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/);
  if (total) {
    rust.passed += Number(total[1]);
    rust.failed += Number(total[2]);
    rust.ignored += Number(total[3]);
  }
  const engine = line.match(/^test (?:.*::)?(sqlite|postgres)::.* \.\.\. ok$/);
  if (engine) rust[engine[1]] += 1;
}
if (rust.passed === 0) problems.push("no Rust test passed");
if (rust.postgres === 0) problems.push("no test ran on PostgreSQL");
if (rust.sqlite !== rust.postgres) problems.push(`${rust.sqlite} tests passed on SQLite, ${rust.postgres} on PostgreSQL`);

const browser = { off: { passed: 0, failed: 0 }, on: { passed: 0, failed: 0 }, other: { passed: 0, failed: 0 } };
Object.assign(browser, JSON.parse(read("journeys.json") || "{}"));
const browserPassed = browser.off.passed + browser.on.passed + browser.other.passed;
const browserFailed = browser.off.failed + browser.on.failed + browser.other.failed;
if (browserPassed === 0) problems.push("no browser journey passed");

const stages = read("stages").trim().split("\n").map((line) => line.split("\t"));
const failedStages = stages.filter(([outcome]) => outcome !== "ok").map(([, title]) => title);

console.log("\n== Summary ==");
for (const [outcome, title, seconds] of stages) console.log(`${outcome.padEnd(6)} ${title} (${seconds} s)`);
console.log(
  `Rust tests: ${rust.passed} passed, ${rust.failed} failed (SQLite ${rust.sqlite}, PostgreSQL ${rust.postgres}, ` +
    `engine-free ${rust.passed - rust.sqlite - rust.postgres}${rust.ignored ? `; ${rust.ignored} ignored` : ""})`,
);
console.log(
  `Browser journeys: script off ${browser.off.passed}, script on ${browser.on.passed}` +
    (browser.other.passed ? `, without a page ${browser.other.passed}` : "") +
    (browserFailed ? `; ${browserFailed} failed` : ""),
);
for (const problem of problems) console.log(`problem: ${problem}`);

// A stage or count that fails without a failing test must also be shown in the last line.
const failedTests = rust.failed + browserFailed;
const failed = failedTests || failedStages.length || problems.length;
console.log(`${rust.passed + browserPassed} passed, ${failed} failed`);
process.exitCode = failed || failedStages.length || problems.length ? 1 : 0;
