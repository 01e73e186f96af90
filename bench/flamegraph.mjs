// Shows where the time of one page goes: takes samples of the server under load, and draws them as a flame graph.
import { execFile, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { demonstration } from "./lib/databases.mjs";
import { load } from "./lib/load.mjs";
import { serve } from "./lib/server.mjs";
import { read, signIn } from "./lib/visitor.mjs";
import { pick } from "../end2end/lib/logins.mjs";

const SECONDS = 8;
const wanted = process.argv[2] ?? "/mon-espace";
const root = fileURLToPath(new URL("..", import.meta.url));
const target = process.env.BALISE_TARGET ?? join(root, "target");
const out = join(target, "bench", `flamegraph${wanted.replace(/[^a-z0-9]+/gi, "-").replace(/-$/, "")}.svg`);
mkdirSync(join(target, "bench"), { recursive: true });
const folder = mkdtempSync(join(target, "bench", "run-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const demo = await demonstration(root, target, 200, folder);
const server = await serve(demo);
const role = [["/mon-espace", "youth"], ["/conseiller", "advisor"], ["/admin", "admin"]].find(([space]) => wanted.startsWith(space));
const session = role ? await signIn(server.url, pick(demo.logins, role[1])) : undefined;
let path = wanted;
if (path.includes("{youth}")) {
  const list = await read(`${server.url}/conseiller/jeunes`, session);
  path = path.replace("{youth}", list.match(/\/conseiller\/jeunes\/([0-9a-f-]{36})/)[1]);
}
await read(server.url + path, session);

console.log(`▸ ${wanted} under load for ${SECONDS} s`);
const samples = join(folder, "perf.data");
const underLoad = load(server.url + path, { session, seconds: SECONDS + 2 });
// Samples by the processor's clock, in the program's own code: an ordinary user may do that.
const record = ["record", "--event", "cpu-clock:u", "--freq", "499", "--call-graph", "dwarf,32768", "--output", samples];
await promisify(execFile)("perf", [...record, "--pid", String(server.pid), "--", "sleep", String(SECONDS)]).catch((error) => {
  const level = readFileSync("/proc/sys/kernel/perf_event_paranoid", "utf8").trim();
  console.error(error.stderr);
  console.error(`balise: perf may not sample (kernel.perf_event_paranoid is ${level}); for one that may, until the next start of the machine:
  sudo sysctl kernel.perf_event_paranoid=2`);
  process.exit(1);
});
const { requests } = await underLoad;
await server.stop();

console.log("▸ drawing (about 30 s)");
const script = spawn("perf", ["script", "--no-inline", "--input", samples], { stdio: ["ignore", "pipe", "ignore"] });
const collapse = spawn("inferno-collapse-perf", [], { stdio: ["pipe", "pipe", "inherit"] });
const title = `${wanted}, ${Math.round(requests)} answers per second`;
const draw = spawn("inferno-flamegraph", ["--title", title, "--hash"], { stdio: ["pipe", "pipe", "inherit"] });
await Promise.all([
  pipeline(script.stdout, collapse.stdin),
  pipeline(collapse.stdout, draw.stdin),
  pipeline(draw.stdout, createWriteStream(out)),
]);
console.log(out);
