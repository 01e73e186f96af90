// The check of licences does find what is wrong.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { allowance, findings, npmPackages, satisfied } from "./licences.mjs";

const deny = allowance(readFileSync(new URL("../deny.toml", import.meta.url), "utf8"));
const of = (licence, more = {}) => findings([{ name: "exemple", version: "1.0.0", licence, source: "registry", ...more }], deny);

test("an unknown licence, or none, is found by its package's name", () => {
  assert.deepEqual(of("MIT"), []);
  assert.deepEqual(of("SSPL-1.0"), ["exemple 1.0.0: SSPL-1.0, which deny.toml does not allow"]);
  assert.deepEqual(of("GPL-2.0-only"), ["exemple 1.0.0: GPL-2.0-only, which deny.toml does not allow"]);
  assert.deepEqual(of(null), ["exemple 1.0.0: no licence is named, which deny.toml does not allow"]);
  assert.equal(of("MIT AND SSPL-1.0").length, 1);
  assert.equal(of("MIT OR").length, 1);
  assert.equal(of("(MIT").length, 1);
});

test("expressions are met as SPDX means them", () => {
  const ok = (one) => ["MIT", "Apache-2.0 WITH LLVM-exception", "ISC"].includes(one);
  for (const met of ["MIT", "GPL-3.0 OR MIT", "MIT/Apache-2.0", "(GPL-3.0 OR ISC) AND MIT", "Apache-2.0 WITH LLVM-exception"]) {
    assert.equal(satisfied(met, ok), true, met);
  }
  for (const not of ["GPL-3.0", "MIT AND GPL-3.0", "Apache-2.0", "Apache-2.0 WITH other", "(MIT OR ISC) AND GPL-3.0", "GPL-3.0 OR MIT AND GPL-3.0"]) {
    assert.equal(satisfied(not, ok), false, not);
  }
});

test("an exception is for its own crate alone", () => {
  assert.deepEqual(of("(MIT OR Apache-2.0) AND IJG", { name: "jpeg-encoder" }), []);
  assert.equal(of("(MIT OR Apache-2.0) AND IJG").length, 1);
});

test("what comes from elsewhere than a registry is found", () => {
  assert.deepEqual(of("MIT", { source: "elsewhere" }), ["exemple 1.0.0: does not come from its registry"]);
  const lock = { packages: { "": {}, "node_modules/a": { version: "1.0.0", license: "MIT" } } };
  assert.equal(npmPackages(JSON.stringify(lock))[0].source, "elsewhere");
});
