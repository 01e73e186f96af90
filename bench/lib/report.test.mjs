// Each goal can be missed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bannerGoals } from "./report.mjs";

const met = (alone, requests, ...scripts) => bannerGoals([{ alone, requests }, ...scripts]).map((goal) => goal.met);

test("the banner is held against the least of each kind that a script adds", () => {
  const small = { bytes: 10_000, requests: 12 };
  const large = { bytes: 60_000, requests: 2 };
  assert.deepEqual(met(1000, 0, small, large), [true, true, true]);
  assert.deepEqual(met(1001, 0, large, small), [true, false, true]);
  assert.deepEqual(met(1000, 1, small, large), [true, true, false]);
});

test("more than a kilobyte is too much, whatever others weigh", () => {
  assert.deepEqual(met(1025, 0, { bytes: 60_000, requests: 2 }), [false, true, true]);
});
