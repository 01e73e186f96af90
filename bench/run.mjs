// The measure. It runs one server on each of two demonstrations and asks both for the same pages in turn. It measures
// documents beside nginx and beside the cipher alone.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { banners } from "./lib/banners.mjs";
import { demonstration, demonstrationOnPostgres } from "./lib/databases.mjs";
import { throughput } from "./lib/documents.mjs";
import { load, median } from "./lib/load.mjs";
import { goals, report } from "./lib/report.mjs";
import { retention } from "./lib/retention.mjs";
import { METRICS_TOKEN, serve } from "./lib/server.mjs";
import { pagesOf } from "./lib/pages.mjs";
import { read, refusedSignIn } from "./lib/visitor.mjs";

const HELP = `make bench, or scripts/bench.sh with options:
  --rounds N      interleaved runs of which the median counts (5)
  --seconds N     length of each (2)
  --small N       young people of the smaller organisation (200)
  --large N       young people of the larger one (20000)
  --postgres      on a temporary PostgreSQL instead of SQLite
The report is printed; target/bench/results.json holds the same. Ends with 1 when a goal is missed.

  --against COMMIT  instead of all that: the pages of this checkout beside those of a commit, both binaries in turn,
                    and the calls of some actions beside the posts of their pages. Its options:
  --rounds N        interleaved runs of which the median counts (9)
  --seconds N       length of each (5)
  --youths N        young people of the organisation (200)
The report is printed; target/bench/against.json holds the same.`;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    small: { type: "string", default: "200" },
    large: { type: "string", default: "20000" },
    postgres: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const sizes = [Number(values.small), Number(values.large)];
const root = fileURLToPath(new URL("..", import.meta.url));
const target = process.env.BALISE_TARGET ?? join(root, "target");
mkdirSync(join(target, "bench"), { recursive: true });
// The folder is on the disk that is measured, because a temporary folder may be in memory.
const folder = mkdtempSync(join(target, "bench", "run-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

async function psql(url, statement) {
  const versions = readdirSync("/usr/lib/postgresql").sort((a, b) => Number(b) - Number(a));
  await promisify(execFile)(`/usr/lib/postgresql/${versions[0]}/bin/psql`, ["--quiet", "--command", statement, url]);
}

/** The number of statements so far, from `/metrics`. */
async function statements(url) {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  const found = (await response.text()).match(/^balise_\w*statements\w*(?:\{[^}]*\})? (\d+)/m);
  if (!response.ok || !found) throw new Error(`/metrics does not tell the statements (status ${response.status})`);
  return Number(found[1]);
}

/**
 * Measures the weight and the statements of one page. `/sante` and `/metrics` run no statement, so they do not disturb
 * the count.
 */
async function weigh(url, { path, session }) {
  await read(url + path, session);
  const before = await statements(url);
  const text = Buffer.from(await read(url + path, session));
  const after = await statements(url);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  return {
    bytes: text.length,
    brotli: brotliCompressSync(text, quality).length,
    statements: after - before,
    runs: [],
  };
}

const quartiles = (times) => {
  const sorted = [...times].sort((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => sorted[Math.round(share * (sorted.length - 1))]);
};

/** Times refused sign-ins of existing and of unknown accounts, in turn. */
async function signInTimes({ url }, logins) {
  const people = logins.filter((login) => login.role === "youth");
  const times = { known: [], unknown: [] };
  for (let turn = 0; turn < 40; turn += 1) {
    const known = people[turn % people.length].identifier;
    const unknown = `personne.${randomBytes(4).toString("hex")}`;
    times.known.push(await refusedSignIn(url, known, `203.0.113.${turn}`));
    times.unknown.push(await refusedSignIn(url, unknown, `198.51.100.${turn}`));
  }
  const pairs = times.known.flatMap((one) => times.unknown.map((other) => (one > other ? 1 : 0)));
  const longer = pairs.reduce((sum, one) => sum + one, 0) / pairs.length;
  return { known: quartiles(times.known), unknown: quartiles(times.unknown), longer };
}

const make = values.postgres
  ? (youths) => demonstrationOnPostgres(process.env.BALISE_TEST_POSTGRES_URL, psql, youths, folder)
  : (youths) => demonstration(root, target, youths, folder);
const demos = [];
for (const size of sizes) demos.push(await make(size));

console.log("▸ starting, on databases that are there");
const starts = [[], []];
for (let round = 0; round < rounds; round += 1) {
  for (const [index, demo] of demos.entries()) {
    const server = await serve(demo);
    starts[index].push(server.startup);
    await server.stop();
  }
}

const servers = [];
const pages = [];
const weights = [];
for (const [index, demo] of demos.entries()) {
  servers.push(await serve(demo));
  pages.push(await pagesOf(servers[index], demo.logins, demo));
  weights.push({});
  for (const [name, page] of Object.entries(pages[index])) weights[index][name] = await weigh(servers[index].url, page);
}

// The browser has ended before anything is timed.
console.log("▸ consent banners (about 10 s)");
const consent = await banners(servers[0].url);

console.log(`▸ pages (about ${Math.round((rounds * seconds + 1) * 16)} s)`);
for (const [index, server] of servers.entries()) {
  for (const page of Object.values(pages[index])) await load(server.url + page.path, { session: page.session, seconds: 1 });
}
for (let round = 0; round < rounds; round += 1) {
  for (const name of Object.keys(pages[0])) {
    for (const [index, server] of servers.entries()) {
      const { path, session } = pages[index][name];
      weights[index][name].runs.push((await load(server.url + path, { session, seconds })).requests);
    }
  }
}
for (const size of weights) for (const page of Object.values(size)) page.requests = median(page.runs);

console.log(`▸ documents (about ${Math.round(rounds * (seconds * 4 + 3))} s)`);
const session = pages[0]["youth dashboard"].session;
const documents = await throughput({ url: servers[0].url, session, folder, rounds, seconds });
console.log("▸ refused sign-ins (about 20 s)");
const signInResult = await signInTimes(servers[1], demos[1].logins);
console.log("▸ the end of a million requests (a few minutes)");
const ended = await retention({ url: servers[0].url, demo: demos[0], psql, rounds, seconds });
const resident = servers.map((server) => server.resident());
const peak = servers.map((server) => server.peak());
for (const server of servers) await server.stop();

const results = {
  at: new Date().toISOString(),
  machine: `${cpus()[0]?.model ?? arch()}, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB`,
  engine: values.postgres ? "PostgreSQL" : "SQLite",
  rounds,
  seconds,
  sizes,
  small: { youths: sizes[0], pages: weights[0] },
  large: { youths: sizes[1], pages: weights[1] },
  startup: starts.map(median),
  resident,
  peak,
  documents,
  signIn: signInResult,
  banners: consent,
  retention: ended,
  demos: demos.map((demo) => demo.made),
};
results.goals = goals(results);
writeFileSync(join(target, "bench", values.postgres ? "results-postgres.json" : "results.json"), `${JSON.stringify(results, null, 2)}\n`);
console.log(`\n${results.machine}\n\n${report(results)}`);
process.exit(results.goals.every((goal) => goal.met) ? 0 : 1);
