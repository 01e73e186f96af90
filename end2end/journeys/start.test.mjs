// Mistakes that stop the start: the server prints one line that helps the operator, and its exit code is not zero.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { balise, startServer, temporaryFolder } from "../lib/server.mjs";

const SITE = readFileSync(fileURLToPath(new URL("../../server/sites/paris.toml", import.meta.url)), "utf8");

/** Starts `balise serve`, which must end by itself, and gives its last line. */
async function refused(env, data = join(temporaryFolder(), "data")) {
  mkdirSync(data, { recursive: true });
  const failure = await balise(data, ["serve"], { BALISE_LISTEN: "127.0.0.1:0", ...env }, 10_000).then(
    (printed) => assert.fail(`it started: ${printed}`),
    (error) => error,
  );
  assert.equal(failure.killed, false, "it is still running");
  assert.notEqual(failure.code, 0);
  assert.equal(failure.stdout, "");
  const lines = failure.stderr.trim().split("\n").filter((line) => !/^\S+Z\s+(INFO|WARN)/.test(line));
  assert.doesNotMatch(failure.stderr, /panicked|RUST_BACKTRACE/);
  return { message: lines[0], lines };
}

test("a second server on the same folder", { timeout: 60_000 }, async () => {
  const server = await startServer({ demo: false });
  try {
    const { message, lines } = await refused({}, server.data);
    assert.match(message, /BALISE_DATA: .*another balise serves this folder; stop it first/);
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.equal((await fetch(`${server.url}/pret`)).status, 200, "the first one goes on");
    const taken = await refused({ BALISE_LISTEN: new URL(server.url).host });
    assert.match(taken.message, /BALISE_LISTEN: 127\.0\.0\.1:\d+: .*(in use|utilis)/i);
  } finally {
    await server.remove();
  }
});

test("settings that cannot be", { timeout: 120_000 }, async () => {
  const site = (text) => {
    const path = join(temporaryFolder(), "site.toml");
    writeFileSync(path, text);
    return { BALISE_SITE: path };
  };
  const lineOf = (start) => SITE.split("\n").findIndex((line) => line.startsWith(start)) + 1;
  const services = lineOf("services = ");
  const at = (line, what) => new RegExp(`BALISE_SITE: .*site\\.toml, line ${line}: ${what}`);
  const cases = [
    [{ BALISE_PUBLIC_URL: "http://example.org" }, /BALISE_PUBLIC_URL: http:\/\/example\.org: must be https/],
    [{ BALISE_PUBLIC_URL: "portail" }, /BALISE_PUBLIC_URL: portail: expected an address/],
    [{ BALISE_DEV: "1", BALISE_PUBLIC_URL: "https://portail.exemple.test" }, /BALISE_DEV: https:\/\/portail\.exemple\.test: only where people type/],
    [{ BALISE_LISTEN: "partout" }, /(BALISE_)?LISTEN.*partout|partout.*listen/i],
    [site(SITE.replace("phone = ", "telephone = ")), at(lineOf("phone = "), "unknown field `telephone`")],
    [site(SITE.replace('"youtube"]', '"hotjar"]')), at(services, '.*"hotjar" cannot be used: .+')],
    [site(SITE.replace('"G-EXEMPLE000"', '"GTM-EXEMPLE"')), /BALISE_SITE: .*site\.toml, line \d+: "Google Tag Manager" cannot be used: .+/],
    [site(SITE.replace('"youtube"]', '"inconnu"]')), at(services, ".*inconnu.*youtube")],
    [site(SITE.replace(/^measurement = .*$/m, "")), /BALISE_SITE: .*site\.toml, line \d+: missing field `measurement`/],
    [{ BALISE_SITE: "/nulle/part.toml" }, /BALISE_SITE: \/nulle\/part\.toml: cannot be read/],
    [{ BALISE_OBJECTS: "s3://seau" }, /BALISE_OBJECTS: s3:\/\/seau: only a folder is supported/],
    [{ BALISE_MASTER_KEY_FILE: "/nulle/part.key" }, /BALISE_MASTER_KEY_FILE/],
    [{ DATABASE_URL: "mysql://localhost/balise" }, /DATABASE_URL|mysql/],
  ];
  for (const [env, expected] of cases) {
    const { message } = await refused(env);
    assert.match(message, expected);
  }
});
