import assert from "node:assert/strict";
import { test } from "node:test";
import { againstGoals, againstReport, order, ratios } from "./against.mjs";
import { answered } from "./load.mjs";

test("the ratio is taken within each round, not between medians", () => {
  // The machine was twice as slow in the second round: both slow down, and their ratio stays.
  const ratio = ratios([90, 45, 80], [100, 50, 100]);
  assert.deepEqual([ratio.lowest, ratio.median, ratio.highest], [0.8, 0.9, 0.9]);
  const spread = ratios([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]);
  assert.deepEqual(spread, { lowest: 1, lower: 2, median: 3, upper: 4, highest: 5 });
});

test("a round that has a run of one alone is an error", () => {
  assert.throws(() => ratios([1, 2], [1]), /each round/);
  assert.throws(() => ratios([], []), /each round/);
});

test("the two change places in each round", () => {
  assert.deepEqual([0, 1, 2].map((round) => order(round, ["this", "that"])[0]), ["this", "that", "this"]);
  assert.deepEqual(order(1, ["this", "that"]), ["that", "this"]);
});

const measured = (name, ...pair) => ({ name, one: pair[0], other: pair[1], ratio: ratios(pair[0], pair[1]) });

test("a page or a call that is slower by more than a twentieth misses its goal", () => {
  const met = (pages, actions) => againstGoals({ pages, actions }).map((goal) => goal.met);
  const [equal, slower] = [measured("equal", [95], [100]), measured("slower", [94], [100])];
  assert.deepEqual(met([equal, slower], []), [true, false]);
  assert.deepEqual(met([], [equal, slower]), [true, false]);
});

test("the report names the commit and prints the spread of each ratio", () => {
  const pages = [measured("home", [90, 120, 100], [100, 100, 100])];
  const results = { commit: "1a2b3c4", rounds: 3, seconds: 5, youths: 200, pages, actions: [] };
  const report = againstReport({ ...results, goals: againstGoals(results) });
  const line = report.split("\n").find((one) => one.startsWith("home"));
  assert.match(report, /1a2b3c4/);
  for (const number of ["1.000", "0.900", "1.200"]) assert.ok(line.includes(number), `${line}: ${number}`);
});

const printed = (requests, refusals) => `Running 5s test @ http://127.0.0.1:1/
  ${requests} requests in 5.00s, 1.20MB read
${refusals === 0 ? "" : `  Non-2xx or 3xx responses: ${refusals}\n`}Requests/sec:    200.40
Transfer/sec:      1.50MB
`;

test("what wrk prints becomes numbers", () => {
  assert.deepEqual(answered(printed(1002, 0), { url: "/" }), { requests: 200.4, bytes: 1.5 * 1024 ** 2 });
});

test("an answer of the wrong kind fails the measure", () => {
  const url = "/contact";
  assert.throws(() => answered(printed(1002, 1), { url }), /1 of 1002/);
  assert.throws(() => answered(printed(1002, 1000), { url, refused: true }), /1000 of 1002/);
  assert.equal(answered(printed(1002, 1002), { url, refused: true }).requests, 200.4);
  const sockets = "  Socket errors: connect 0, read 3, write 0, timeout 0\n";
  assert.throws(() => answered(sockets + printed(1002, 0), { url }), /Socket errors/);
});
