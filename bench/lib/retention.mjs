// Runs the retention engine over a million old requests while the home page is asked for.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { latency, median } from "./load.mjs";
import { run } from "./server.mjs";

export const EXPIRED = 1_000_000;
/**
 * Four visitors without a pause are a flood. With a pause (in ms) between two pages, they are busier than any real
 * morning.
 */
const CONNECTIONS = 4;
const PAUSES = { morning: 20, flood: 0 };

const COLUMNS = "id, kind, submission, received_at, state, first_name, last_name, email, message";
/** A fictitious old message; `id` is how the engine makes a random number. */
const row = (id) => `${id}, 'contact', ${id}, 1000000000000 + i, 'closed', 'Lina', 'Exemple', 'lina@exemple.test',
  'Bonjour, je cherche une formation et je ne sais pas par où commencer. Pouvez-vous me rappeler ?'`;

/** Inserts so many requests of the year 2001 into a demonstration. */
async function fill({ data, env }, psql, count) {
  if (env.DATABASE_URL) {
    await psql(env.DATABASE_URL, `INSERT INTO request (${COLUMNS}) SELECT ${row("gen_random_uuid()")} FROM generate_series(1, ${count}) AS i`);
    await psql(env.DATABASE_URL, "ANALYZE request");
  } else {
    const statement = `PRAGMA busy_timeout = 60000;
      WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${count})
      INSERT INTO request (${COLUMNS}) SELECT ${row("randomblob(16)")} FROM numbers;`;
    await promisify(execFile)("sqlite3", [join(data, "balise.db"), statement]);
  }
}

/** The number of contacts that a run of the job counted. */
function counted(printed) {
  const found = printed.match(/^\s*(\d+)\s+contact$/m);
  if (!found) throw new Error(`the job did not say how many: ${printed}`);
  return Number(found[1]);
}

/**
 * A dry run and then the real run: what they counted, how long it took, and the p95 of the home page (in ms) without
 * the job and beside it.
 */
export async function retention({ url, demo, psql, rounds, seconds }) {
  await fill(demo, psql, EXPIRED);
  const job = (...more) => run(demo.data, ["run-job", "retention", ...more], demo.env);
  const said = counted((await job("--dry-run")).printed);
  const still = counted((await job("--dry-run")).printed);
  const without = { morning: [], flood: [] };
  const beside = { morning: [], flood: [] };
  const p95 = async (load) => (await latency(`${url}/`, { seconds, connections: CONNECTIONS, pause: PAUSES[load] })).p95;
  for (let round = 0; round < rounds; round += 1) for (const load of Object.keys(PAUSES)) without[load].push(await p95(load));
  const began = performance.now();
  let over = false;
  const real = job().finally(() => (over = true));
  // The job has connected and is at work.
  await sleep(1_000);
  while (!over) {
    for (const load of Object.keys(PAUSES)) {
      const measured = await p95(load);
      // If the job ended meanwhile, the measured time says nothing about it.
      if (!over) beside[load].push(measured);
    }
  }
  const removed = counted((await real).printed);
  const took = (performance.now() - began) / 1000;
  const left = counted((await job("--dry-run")).printed);
  const middle = (runs) => ({ morning: median(runs.morning), flood: median(runs.flood) });
  return { said, still, removed, left, took, without: middle(without), beside: middle(beside), measures: beside.flood.length };
}
