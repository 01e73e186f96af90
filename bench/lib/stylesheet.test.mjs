// The rules that are taken out of the style sheet are the weight of the banner.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutClass } from "./stylesheet.mjs";

const of = (css) => withoutClass(css, "consent");

test("rules of the class go, those of others with a like name stay", () => {
  const css = ".consent{a:b}.consent p,.consent:hover .x{a:b}.consent-note{a:b}.consents{a:b}.x .y{a:b}";
  assert.deepEqual(of(css), {
    left: ".consent-note{a:b}.consents{a:b}.x .y{a:b}",
    taken: ".consent{a:b}.consent p,.consent:hover .x{a:b}",
  });
});

test("a shared rule keeps its other selectors, commas in brackets included", () => {
  assert.deepEqual(of(".a,.consent,.b:is(h2,p){c:d}"), { left: ".a,.b:is(h2,p){c:d}", taken: ".consent{c:d}" });
  assert.deepEqual(of("body:has(.consent,.x) .a{c:d}.a{c:d}"), { left: ".a{c:d}", taken: "body:has(.consent,.x) .a{c:d}" });
});

test("an at-rule goes when it is empty, and not before", () => {
  const css = "@media (a){.consent{a:b}}@media print{.consent{a:b}.x{a:b}}@supports (a:b){@media print{.consent{a:b}}}";
  assert.deepEqual(of(css), {
    left: "@media print{.x{a:b}}",
    taken: "@media (a){.consent{a:b}}@media print{.consent{a:b}}@supports (a:b){@media print{.consent{a:b}}}",
  });
});

test("what does not name the class comes out as it went in", () => {
  const css = '@charset "utf-8";/*! { */:root{--a:{b}}@font-face{src:url(a;b)}.x::before{content:"}.x{\\""}@keyframes k{to{a:b}}.md\\:x{a:b}\n';
  assert.deepEqual(of(css), { left: css, taken: "" });
});

test("a name in a value is not the class", () => {
  assert.deepEqual(of('.x{content:".consent"}'), { left: '.x{content:".consent"}', taken: "" });
});

test("a sheet that is cut off is not measured", () => {
  assert.throws(() => of(".x{a:b"), /nothing closes/);
});
