// Each script is measured with exactly what its fragment says.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { put, tidy } from "./fragments.mjs";

const page = "<!DOCTYPE html><html><head><title>a</title></head><body class=\"b\"><main>$&</main></body></html>";

test("a fragment stands last in the head, first and last in the body", () => {
  const fragment = "<!-- why\n  so -->\n<head>\n  <i>\n</head>\n<body>\n  <u>$1</u>\n  <!-- the page -->\n  <s>\n</body>\n";
  assert.equal(
    put(page, fragment),
    "<!DOCTYPE html><html><head><title>a</title><i></head><body class=\"b\"><u>$1</u><main>$&</main><s></body></html>",
  );
});

test("one fragment goes onto another", () => {
  const of = (name) => `<head>\n<${name}>\n</head>\n<body>\n<!-- the page -->\n<${name}>\n</body>`;
  assert.equal(put(put("<head></head><body></body>", of("a")), of("b")), "<head><a><b></head><body><a><b></body>");
});

test("what cannot be put is not measured", () => {
  assert.throws(() => put(page, "<head>\n</head>\n<body>\n</body>"), /the page/);
  assert.throws(() => put("<p>", "<head>\n</head>\n<body>\n<!-- the page -->\n</body>"), /no <\\\/head>/);
});

test("settings lose comments and indentation, nothing else", () => {
  assert.equal(tidy("// why\nvar a = {\n  b: \"https://exemple.test\"\n};\n"), 'var a = {\nb: "https://exemple.test"\n};');
});

test("every fragment kept here can be put onto a page", () => {
  const folder = new URL("../banners/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".html"));
  assert.ok(names.length >= 5);
  for (const name of names) assert.notEqual(put(page, readFileSync(new URL(name, folder), "utf8")), page, name);
});
