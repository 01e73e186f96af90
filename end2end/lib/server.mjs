// Starts a server for each test, on a copy of the demonstration's data and a free port.
import { execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const binary = resolve(process.env.BALISE_BIN ?? join(root, "target/release/balise"));

const START_LIMIT = 30_000;
const STOP_LIMIT = 15_000;

const running = new Set();
const folders = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder that is removed when this process ends. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), "balise-end2end-"));
  folders.add(folder);
  return folder;
}

/** The environment for the server under test, without the settings of the person who runs the tests. */
function environment(extra) {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^(BALISE_|DATABASE_URL$|KEYRING_URL$|AWS_)/.test(name)) delete env[name];
  }
  return { ...env, ...extra };
}

/** Runs `balise ARGS…` on a data folder and returns what it printed. */
export async function balise(data, args, env = {}, limit = 120_000) {
  const { stdout } = await promisify(execFile)(binary, args, {
    cwd: data,
    env: environment({ BALISE_DATA: data, ...env }),
    maxBuffer: 64 * 1024 * 1024,
    timeout: limit,
  });
  return stdout;
}

/** Makes the demonstration in `folder`: `data/` and `logins.json`. */
export async function makeDemo(folder) {
  if (!existsSync(binary)) throw new Error(`no ${binary}: make build comes first`);
  const data = join(folder, "data");
  mkdirSync(data);
  const printed = await balise(data, ["demo", "--youths", "40", "--seed", "1", "--json"]);
  JSON.parse(printed);
  writeFileSync(join(folder, "logins.json"), printed, { mode: 0o600 });
}

let demo;
/** The demonstration: run.mjs makes it for all processes, and a test file that runs alone makes its own. */
function demoFolder() {
  demo ??= (async () => {
    const shared = process.env.BALISE_DEMO_CACHE;
    if (shared && existsSync(join(shared, "logins.json"))) return shared;
    const folder = temporaryFolder();
    await makeDemo(folder);
    return folder;
  })();
  return demo;
}

/** A running server. It keeps its data and its address over restarts. */
export class Server {
  #child;
  #env;
  #output = "";

  constructor(data, logins, env) {
    this.data = data;
    this.logins = logins;
    this.url = null;
    this.#env = env;
  }

  /** Everything that the server printed, for the report of a failed test. */
  get output() {
    return this.#output;
  }

  async start() {
    const listen = this.url ? new URL(this.url).host : "127.0.0.1:0";
    const child = spawn(binary, ["serve"], {
      cwd: this.data,
      env: environment({ BALISE_DATA: this.data, BALISE_LISTEN: listen, ...this.#env }),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    running.add(child);
    child.exited = new Promise((done) => {
      const end = (reason) => {
        running.delete(child);
        this.#output += `(the server ended: ${reason})\n`;
        done(reason);
      };
      child.once("exit", (code, signal) => end(signal ?? code));
      child.once("error", (error) => end(error.message));
    });

    let printed = "";
    const address = new Promise((found) => {
      child.stdout.on("data", (chunk) => {
        this.#output += chunk;
        if (printed === null) return;
        printed += chunk;
        // Reads whole lines only, because a chunk may end inside of the port.
        const match = printed.match(/(https?:\/\/[^\s/"]+).*\n/);
        if (match) {
          printed = null;
          found(match[1]);
        }
      });
    });
    child.stderr.on("data", (chunk) => (this.#output += chunk));

    const late = new AbortController();
    const url = await Promise.race([
      address,
      child.exited.then((reason) => Promise.reject(new Error(`the server ended (${reason}):\n${this.#output}`))),
      sleep(START_LIMIT, null, { signal: late.signal }).then(() =>
        Promise.reject(new Error(`the server gave no address in ${START_LIMIT} ms:\n${this.#output}`)),
      ),
    ]).finally(() => {
      late.abort();
      child.exited.catch(() => {});
    });
    this.url = url;
    return this;
  }

  /** Asks the server to end, as an operator does, and fails if it does not. */
  async stop() {
    const child = this.#child;
    if (!running.has(child)) return;
    child.kill("SIGTERM");
    const late = new AbortController();
    const timer = sleep(STOP_LIMIT, "late", { signal: late.signal }).catch(() => {});
    const outcome = await Promise.race([child.exited, timer]);
    late.abort();
    if (outcome === "late") {
      await this.kill9();
      throw new Error(`the server was still there ${STOP_LIMIT} ms after SIGTERM:\n${this.#output}`);
    }
  }

  /** Kills the process without a warning. */
  async kill9() {
    this.#child.kill("SIGKILL");
    await this.#child.exited;
  }

  async restart() {
    await this.stop();
    return this.start();
  }

  /** Stops the server at the end of the test. */
  async remove() {
    try {
      await this.stop();
    } finally {
      rmSync(this.data, { recursive: true, force: true });
    }
  }

  /** Runs a command of the same binary on the same data. */
  command(...args) {
    return balise(this.data, args, this.#env);
  }
}

/** Starts a server on a new copy of the demonstration (`demo: false`: with no data). */
export async function startServer({ demo: withDemo = true, env = {} } = {}) {
  const data = join(temporaryFolder(), "data");
  let logins = [];
  if (withDemo) {
    const folder = await demoFolder();
    cpSync(join(folder, "data"), data, { recursive: true, preserveTimestamps: true });
    logins = JSON.parse(readFileSync(join(folder, "logins.json"), "utf8"));
  } else {
    mkdirSync(data);
  }
  return new Server(data, logins, env).start();
}
