// licences.mjs checks that every dependency, of Rust and of npm, has a licence that deny.toml allows and comes from its
// registry. It needs only cargo and the installed packages; `make audit` checks more.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const CRATES_IO = "registry+https://github.com/rust-lang/crates.io-index";

/** The quoted words of a list in a TOML text. */
const words = (list) => [...list.replaceAll(/#.*$/gm, "").matchAll(/"([^"]+)"/g)].map(([, word]) => word);

/** The licences that deny.toml allows: for all crates, and for single ones. */
export function allowance(toml) {
  const section = toml.match(/^\[licenses\]$([\s\S]*?)(?=^\[)/m)?.[1] ?? "";
  const allowed = section.match(/^allow = \[([\s\S]*?)\]/m)?.[1];
  if (!allowed) throw new Error("deny.toml: [licenses] has no `allow = [`");
  const exceptions = new Map();
  for (const [, crate, list] of section.matchAll(/\{ crate = "([^"]+)", allow = \[([^\]]*)\] \}/g)) {
    exceptions.set(crate, words(list));
  }
  return { allowed: new Set(words(allowed)), exceptions };
}

/** Whether an SPDX expression can be met with licences for which `ok` holds. `A/B` is an old way to write OR. */
export function satisfied(expression, ok) {
  const tokens = expression.replaceAll("/", " OR ").match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const either = () => {
    let result = both();
    while (tokens[at] === "OR") {
      at += 1;
      result = both() || result;
    }
    return result;
  };
  const both = () => {
    let result = one();
    while (tokens[at] === "AND") {
      at += 1;
      result = one() && result;
    }
    return result;
  };
  const one = () => {
    const token = tokens[at];
    at += 1;
    if (token === "(") {
      const inner = either();
      if (tokens[at] !== ")") throw new Error("a bracket is not closed");
      at += 1;
      return inner;
    }
    if (!token || /^(\)|AND|OR|WITH)$/.test(token)) throw new Error(`a licence is missing in « ${expression} »`);
    if (tokens[at] !== "WITH") return ok(token);
    at += 2;
    return ok(`${token} WITH ${tokens[at - 1]}`);
  };
  const result = either();
  if (at !== tokens.length) throw new Error(`« ${tokens[at]} » is unexpected in « ${expression} »`);
  return result;
}

/** What is wrong with the packages, one line each. */
export function findings(packages, { allowed, exceptions }) {
  const lines = [];
  for (const { name, version, licence, source } of packages) {
    const own = exceptions.get(name) ?? [];
    let fine = false;
    try {
      fine = Boolean(licence) && satisfied(licence, (one) => allowed.has(one) || own.includes(one));
    } catch (error) {
      lines.push(`${name} ${version}: ${error.message}`);
      continue;
    }
    if (!fine) lines.push(`${name} ${version}: ${licence || "no licence is named"}, which deny.toml does not allow`);
    if (source === "elsewhere") lines.push(`${name} ${version}: does not come from its registry`);
  }
  return lines;
}

/** The crates of Cargo.lock that any target could use. */
export function crates() {
  const options = { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 };
  const metadata = JSON.parse(execFileSync("cargo", ["metadata", "--locked", "--format-version", "1"], options));
  return metadata.packages.map(({ name, version, license, source }) => ({
    name,
    version,
    licence: license,
    source: source === null || source === CRATES_IO ? "registry" : "elsewhere",
  }));
}

/** The packages of an npm lock file. */
export function npmPackages(lock) {
  return Object.entries(JSON.parse(lock).packages)
    .filter(([path]) => path !== "")
    .map(([path, { version, license, integrity }]) => ({
      name: path.replace(/^.*node_modules\//, ""),
      version,
      licence: license,
      source: integrity ? "registry" : "elsewhere",
    }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = new URL("..", import.meta.url);
  process.chdir(fileURLToPath(root));
  const read = (name) => readFileSync(new URL(name, root), "utf8");
  const packages = [...crates(), ...["tools", "end2end"].flatMap((name) => npmPackages(read(`${name}/package-lock.json`)))];
  const lines = findings(packages, allowance(read("deny.toml")));
  for (const line of lines) console.error(line);
  console.log(`${packages.length} packages, ${lines.length} of them with a licence or a source that is not allowed`);
  process.exitCode = lines.length > 0 ? 1 : 0;
}
