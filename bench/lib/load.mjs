// Runs wrk, the load generator, and reads what it prints.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const UNITS = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** What wrk printed, as numbers. `refused` says that every answer has to be a refusal; otherwise none may be. */
export function answered(printed, { url, refused = false }) {
  const errors = printed.match(/Socket errors.*/);
  if (errors) throw new Error(`${url}: ${errors[0]}`);
  const requests = Number(printed.match(/(\d+) requests in/)[1]);
  const refusals = Number(printed.match(/Non-2xx or 3xx responses: (\d+)/)?.[1] ?? 0);
  const expected = refused ? requests : 0;
  if (refusals !== expected) throw new Error(`${url}: ${refusals} of ${requests} answers are refusals, not ${expected}`);
  const [, amount, unit] = printed.match(/Transfer\/sec:\s+([\d.]+)(\w+)/);
  return { requests: Number(printed.match(/Requests\/sec:\s+([\d.]+)/)[1]), bytes: Number(amount) * UNITS[unit] };
}

/**
 * Asks for one address for so many seconds: answers per second and bytes per second.
 * With `form`, it posts the form's `body` instead, with its `accept` header; `form.refused` says that the form is wrong.
 */
export async function load(url, { session, seconds = 2, connections = 16, form } = {}) {
  const args = ["--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`, "--timeout", "10s"];
  if (session) args.push("--header", `cookie: ${session}`);
  if (form) args.push("--script", fileURLToPath(new URL("post.lua", import.meta.url)));
  args.push(url);
  if (form) args.push("--", form.accept, form.body);
  const { stdout } = await promisify(execFile)("wrk", args);
  return answered(stdout, { url, refused: form?.refused });
}

/** The 95th percentile of the answers, in milliseconds, when each visitor waits `pause` ms before each page. */
export async function latency(url, { seconds, connections, pause }) {
  const script = fileURLToPath(new URL("p95.lua", import.meta.url));
  const args = ["--threads", "1", "--connections", String(connections), "--duration", `${seconds}s`, "--script", script];
  const { stdout } = await promisify(execFile)("wrk", [...args, url, "--", String(pause)]);
  const bad = stdout.match(/Non-2xx.*|Socket errors.*/);
  if (bad) throw new Error(`${url}: ${bad[0]}`);
  return { p95: Number(stdout.match(/^p95 (\d+)$/m)[1]) / 1000 };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[Math.floor(middle)];
}
