// run.mjs [--counts FILE] [NAME…] runs the browser tests: all of them, or the files whose name contains NAME.
// BALISE_BIN is the server's binary. BALISE_E2E_JOBS is how many files run at once; without it, half as many again as
// there are cores, because a journey waits now and then.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { binary, makeDemo, temporaryFolder } from "./lib/server.mjs";

const { values, positionals } = parseArgs({ options: { counts: { type: "string" } }, allowPositionals: true });
const here = fileURLToPath(new URL(".", import.meta.url));
/** The files that visit every page come first: if one of them began last, it would run alone at the end. */
const long = (name) => /^(sweep|consent-crawl)\./.test(name);
const files = readdirSync(join(here, "journeys"))
  .filter((name) => name.endsWith(".test.mjs"))
  .filter((name) => positionals.length === 0 || positionals.some((part) => name.includes(part)))
  .sort((one, other) => long(other) - long(one) || one.localeCompare(other))
  .map((name) => relative(process.cwd(), join(here, "journeys", name)));
if (files.length === 0) {
  console.error("no journey has that name");
  process.exit(1);
}

// The demonstration is made once, and each test starts on a copy.
const demo = temporaryFolder();
console.log(`demonstration data by ${relative(process.cwd(), binary)} (about 20 seconds)`);
await makeDemo(demo).catch((error) => {
  console.error(error.message);
  process.exit(1);
});

const reporters = ["--test-reporter=spec", "--test-reporter-destination=stdout"];
if (values.counts) {
  reporters.push(`--test-reporter=${new URL("lib/counts.mjs", import.meta.url)}`, `--test-reporter-destination=${values.counts}`);
}
const child = spawn(
  process.execPath,
  ["--test", `--test-concurrency=${process.env.BALISE_E2E_JOBS ?? Math.ceil(availableParallelism() * 1.5)}`, ...reporters, ...files],
  { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, BALISE_DEMO_CACHE: demo } },
);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
