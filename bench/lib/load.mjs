// wrk, the load generator.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const UNITS = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** Asks for one address for so many seconds: answers per second and bytes per second. */
export async function load(url, { session, seconds = 2, connections = 16 } = {}) {
  const args = ["--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`, "--timeout", "10s"];
  if (session) args.push("--header", `cookie: ${session}`);
  const { stdout } = await promisify(execFile)("wrk", [...args, url]);
  const bad = stdout.match(/Non-2xx.*|Socket errors.*/);
  if (bad) throw new Error(`${url}: ${bad[0]}`);
  const [, amount, unit] = stdout.match(/Transfer\/sec:\s+([\d.]+)(\w+)/);
  return { requests: Number(stdout.match(/Requests\/sec:\s+([\d.]+)/)[1]), bytes: Number(amount) * UNITS[unit] };
}

/** p95 of the answers, in milliseconds, to visitors who wait `pause` ms before each page. */
export async function latency(url, { seconds, connections, pause }) {
  const script = fileURLToPath(new URL("p95.lua", import.meta.url));
  const args = ["--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`, "--script", script];
  const { stdout } = await promisify(execFile)("wrk", [...args, url, "--", String(pause)]);
  const bad = stdout.match(/Non-2xx.*|Socket errors.*/);
  if (bad) throw new Error(`${url}: ${bad[0]}`);
  return { p95: Number(stdout.match(/^p95 (\d+)$/m)[1]) / 1000 };
}

/** The middle one of an odd number of values. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}
