// Measures this checkout beside a commit: both binaries serve the same demonstration, and each page is asked for from
// one and from the other in turn. Then an action's call is measured beside the post of its page.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { arch, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { againstGoals, againstReport, order, ratios } from "./lib/against.mjs";
import { sameDemonstration } from "./lib/databases.mjs";
import { load } from "./lib/load.mjs";
import { pagesOf } from "./lib/pages.mjs";
import { BINARY, serve } from "./lib/server.mjs";

const { values } = parseArgs({
  options: {
    commit: { type: "string" },
    binary: { type: "string" },
    rounds: { type: "string", default: "9" },
    seconds: { type: "string", default: "5" },
    youths: { type: "string", default: "200" },
  },
});
const [rounds, seconds, youths] = [values.rounds, values.seconds, values.youths].map(Number);
const target = process.env.BALISE_TARGET ?? "target";
mkdirSync(join(target, "bench"), { recursive: true });
const folder = mkdtempSync(join(target, "bench", "run-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const CALL = "application/json";
const POST = "text/html";
/** One action that does something and one that is refused: the page of a refused form is rendered, a call's refusal is JSON. */
const ACTIONS = {
  "vault sharing": { path: "/mon-espace/coffre-fort/partage", body: "shared=on", youth: true, status: { [CALL]: 200, [POST]: 303 } },
  "contact, refused": { path: "/contact", body: "email=personne", status: { [CALL]: 422, [POST]: 422 } },
};

/** Measures both sides in turn, `rounds` times: `sides` are two functions that run for a while and give a number. */
async function inTurn(sides) {
  const runs = [[], []];
  for (const side of sides) await side(1);
  for (let round = 0; round < rounds; round += 1) {
    for (const index of order(round, [0, 1])) runs[index].push(await sides[index](seconds));
  }
  const [one, other] = runs;
  return { one, other, ratio: ratios(one, other) };
}

/** Sends the form once: a measure of the wrong answer would be worth nothing. */
async function check(url, { path, body, status }, session, accept) {
  const headers = { accept, "content-type": "application/x-www-form-urlencoded", ...(session ? { cookie: session } : {}) };
  const response = await fetch(url + path, { method: "POST", redirect: "manual", headers, body });
  const type = response.headers.get("content-type") ?? "";
  const isJson = type.startsWith(CALL);
  if (response.status !== status[accept] || isJson !== (accept === CALL)) {
    throw new Error(`${path} answers ${response.status} (${type}) to a post that accepts ${accept}`);
  }
}

const demos = await sameDemonstration({ older: values.binary, newer: BINARY }, youths, folder);
const sides = [];
for (const demo of [demos.newer, demos.older]) {
  const server = await serve(demo);
  sides.push({ server, pages: await pagesOf(server, demo.logins, demo) });
}
const [{ server, pages: paths }] = sides;

const pages = [];
console.log(`▸ pages (about ${Math.round((Object.keys(paths).length * 2 * (rounds * seconds + 1)) / 60)} minutes)`);
for (const name of Object.keys(paths)) {
  const side = ({ server, pages }) => async (time) =>
    (await load(server.url + pages[name].path, { session: pages[name].session, seconds: time })).requests;
  pages.push({ name, ...(await inTurn(sides.map(side))) });
}

const actions = [];
console.log(`▸ actions (about ${Math.round((Object.keys(ACTIONS).length * 2 * (rounds * seconds + 1)) / 60)} minutes)`);
for (const [name, action] of Object.entries(ACTIONS)) {
  const session = action.youth ? paths["youth dashboard"].session : undefined;
  for (const accept of [CALL, POST]) await check(server.url, action, session, accept);
  const door = (accept) => async (time) => {
    const form = { accept, body: action.body, refused: action.status[accept] >= 400 };
    return (await load(server.url + action.path, { session, seconds: time, form })).requests;
  };
  actions.push({ name, ...(await inTurn([door(CALL), door(POST)])) });
}
for (const { server } of sides) await server.stop();

const results = {
  at: new Date().toISOString(),
  machine: `${cpus()[0]?.model ?? arch()}, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB`,
  commit: values.commit,
  rounds,
  seconds,
  youths,
  pages,
  actions,
};
results.goals = againstGoals(results);
writeFileSync(join(target, "bench", "against.json"), `${JSON.stringify(results, null, 2)}\n`);
console.log(`\n${results.machine}\n\n${againstReport(results)}`);
process.exit(results.goals.every((goal) => goal.met) ? 0 : 1);
