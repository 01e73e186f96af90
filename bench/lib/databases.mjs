// Demonstrations of a given size. They are kept under target/ and made again when the code that makes them changed.
import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./server.mjs";

const SEED = "1";

/** A hash of what a demonstration depends on: the schema, its generator and today's date, from which appointments are counted. */
function inputs(root) {
  const hash = createHash("sha256").update(new Date().toISOString().slice(0, 10));
  const add = (path) => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(path).update(readFileSync(path));
  };
  for (const path of ["migrations", "src/demo.rs", "src/demo", "src/store", "src/crypto", "src/vault"]) {
    add(join(root, "server/services", path));
  }
  return hash.digest("hex").slice(0, 16);
}

/** A copy in `folder` of a demonstration with so many young people: `{ data, logins, madeIn }`. */
export async function demonstration(root, target, youths, folder) {
  const cache = join(target, "bench", `demo-${youths}`);
  const key = inputs(root);
  const stamp = join(cache, "stamp.json");
  let made = existsSync(stamp) ? JSON.parse(readFileSync(stamp, "utf8")) : {};
  if (made.key !== key) {
    rmSync(cache, { recursive: true, force: true });
    mkdirSync(join(cache, "data"), { recursive: true });
    console.log(`▸ demonstration of ${youths} young people (once a day, half a minute)`);
    const began = performance.now();
    const { printed, peak } = await run(join(cache, "data"), ["demo", "--youths", String(youths), "--seed", SEED, "--json"]);
    made = { key, seconds: (performance.now() - began) / 1000, peak };
    writeFileSync(join(cache, "logins.json"), printed, { mode: 0o600 });
    writeFileSync(stamp, JSON.stringify(made));
  }
  const data = join(folder, `data-${youths}`);
  cpSync(join(cache, "data"), data, { recursive: true, preserveTimestamps: true });
  return { youths, data, logins: JSON.parse(readFileSync(join(cache, "logins.json"), "utf8")), made, env: {} };
}

/**
 * One demonstration for two binaries. The older one makes it, and the newer one migrates its own copy when it starts:
 * so both serve the same rows.
 */
export async function sameDemonstration({ older, newer }, youths, folder) {
  const data = join(folder, "older");
  mkdirSync(data);
  console.log(`▸ demonstration of ${youths} young people (a few seconds)`);
  const { printed } = await run(data, ["demo", "--youths", String(youths), "--seed", SEED, "--json"], {}, older);
  const copy = join(folder, "newer");
  cpSync(data, copy, { recursive: true, preserveTimestamps: true });
  const logins = JSON.parse(printed);
  return {
    older: { youths, data, logins, env: {}, binary: older },
    newer: { youths, data: copy, logins, env: {}, binary: newer },
  };
}

/** A demonstration on PostgreSQL, made at each run. The objects of the vaults stay in a folder. */
export async function demonstrationOnPostgres(adminUrl, psql, youths, folder) {
  const data = join(folder, `data-${youths}`);
  mkdirSync(data);
  // A keyring on a server does not make its key.
  writeFileSync(join(data, "master.key"), randomBytes(32).toString("hex"), { mode: 0o600 });
  const url = (name) => Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href;
  for (const name of [`bench_${youths}`, `keyring_${youths}`]) await psql(adminUrl, `CREATE DATABASE ${name}`);
  const env = { DATABASE_URL: url(`bench_${youths}`), KEYRING_URL: url(`keyring_${youths}`) };
  console.log(`▸ demonstration of ${youths} young people on PostgreSQL (half a minute)`);
  const began = performance.now();
  const { printed, peak } = await run(data, ["demo", "--youths", String(youths), "--seed", SEED, "--json"], env);
  // A real server has autovacuum, which does this. Without it the planner does not know how large the tables are.
  await psql(env.DATABASE_URL, "VACUUM ANALYZE");
  const made = { seconds: (performance.now() - began) / 1000, peak };
  return { youths, data, logins: JSON.parse(printed), made, env };
}
