// Starts and stops the server that is measured. Its log goes to a file, as the log of a real service does.
import { spawn } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../end2end/lib/ports.mjs";

// The servers here trust a proxy, and then only this token opens `/metrics`, even from this machine.
export const METRICS_TOKEN = "the-measure-reads-the-numbers-with-this";
/** The binary of this checkout. */
export const BINARY = join(process.env.BALISE_TARGET ?? "target", "release/balise");
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** The environment for the server, without the settings of the person who measures. */
function environment(extra) {
  const kept = Object.entries(process.env).filter(([name]) => !/^(BALISE_|DATABASE_URL$|KEYRING_URL$)/.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Starts a program that runs until `stop`. */
export function start(program, args, options) {
  const child = spawn(program, args, options);
  running.add(child);
  child.over = new Promise((done) => child.once("exit", done)).then(() => running.delete(child));
  child.once("error", (error) => console.error(`${program}: ${error.message}`));
  return child;
}

/** Asks the program to end and waits until it has. */
export async function stop(child) {
  child.kill("SIGTERM");
  await child.over;
}

/** A line of /proc/PID/status in MB, or null on a system without that file. */
function memory(pid, line) {
  try {
    const found = readFileSync(`/proc/${pid}/status`, "utf8").match(new RegExp(`^${line}:\\s+(\\d+) kB`, "m"));
    return found ? Number(found[1]) / 1024 : null;
  } catch {
    return null;
  }
}

/** Runs a command of a binary to its end. Gives what it printed, and the most memory it took (MB). */
export async function run(data, args, env = {}, binary = BINARY) {
  const child = start(binary, args, {
    env: environment({ BALISE_DATA: data, ...env }),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let printed = "";
  let peak = 0;
  child.stdout.on("data", (chunk) => (printed += chunk));
  const watch = setInterval(() => (peak = Math.max(peak, memory(child.pid, "VmHWM") ?? 0)), 100);
  await child.over;
  clearInterval(watch);
  if (child.exitCode !== 0) throw new Error(`balise ${args.join(" ")} failed`);
  return { printed, peak };
}

/** Whether an address answers a GET with 200. */
function answers(url) {
  return new Promise((done) => {
    const request = http.get(url, { agent: false }, (response) => {
      response.resume();
      response.on("end", () => done(response.statusCode === 200));
    });
    request.on("error", () => done(false));
  });
}

/** Waits until `url` answers with 200; the milliseconds since `began`. */
export async function firstAnswer(url, child, began) {
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error("the server ended before it answered");
    if (performance.now() - began > 30_000) throw new Error(`${url} does not answer`);
    await sleep(1);
  }
  return performance.now() - began;
}

/** Runs `balise serve` on a demonstration. */
export async function serve({ data, env, binary = BINARY }) {
  const port = await freePort();
  const log = openSync(join(data, "bench.log"), "w");
  const began = performance.now();
  const child = start(binary, ["serve"], {
    env: environment({
      BALISE_DATA: data,
      BALISE_LISTEN: `127.0.0.1:${port}`,
      BALISE_TRUSTED_PROXY: "127.0.0.1",
      BALISE_METRICS_TOKEN: METRICS_TOKEN,
      ...env,
    }),
    stdio: ["ignore", "ignore", log],
  });
  const url = `http://127.0.0.1:${port}`;
  const startup = await firstAnswer(`${url}/connexion`, child, began);
  return {
    url,
    startup,
    pid: child.pid,
    resident: () => memory(child.pid, "VmRSS"),
    peak: () => memory(child.pid, "VmHWM"),
    stop: () => stop(child),
  };
}
