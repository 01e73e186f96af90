// dev.mjs builds and serves during development. When a file is saved, it builds the part that the file belongs to,
// restarts the server and reloads the browser; messages of the compiler are shown in the browser too. The server itself
// is unchanged: a proxy in this program, for this machine alone, adds the reloading to pages and loosens their policy
// for it.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { createServer as createPort } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const [host, port] = (process.env.BALISE_LISTEN ?? "127.0.0.1:3000").split(/:(?=\d+$)/);
if (!/^(127\.0\.0\.1|localhost|\[::1\])$/.test(host)) {
  console.error("balise: BALISE_LISTEN: make dev is for this machine alone, 127.0.0.1");
  process.exit(1);
}
const address = `http://${host}:${port}`;
const data = process.env.BALISE_DATA ?? "./data";
const tools = process.env.BALISE_TOOLS ?? ".tools";
const made = "target/dev";
mkdirSync(join(made, "wasm"), { recursive: true });

const say = (text) => console.log(`▸ ${text}`);
const children = new Set();
const stop = () => {
  for (const child of children) child.kill("SIGTERM");
  process.exit(0);
};
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, stop);

/** Runs a command. When it fails, the error holds its output. */
function run(command, args, { env = {}, capture = false } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    children.add(child);
    let [out, all] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
      all += chunk;
      if (!capture) process.stdout.write(chunk);
    });
    child.stderr.on("data", (chunk) => {
      all += chunk;
      process.stderr.write(chunk);
    });
    child.on("error", fail);
    child.on("close", (code) => {
      children.delete(child);
      if (code === 0) done(out);
      else fail(new Error(all || `${command} ended with ${code}`));
    });
  });
}

// -- what is built ---------------------------------------------------------------------------------------

let target;
async function targetFolder() {
  target ??= JSON.parse(await run("cargo", ["metadata", "--no-deps", "--format-version", "1"], { capture: true })).target_directory;
  return target;
}

/**
 * The parts: which files each is made of, and how it is built. Styles and islands reach the browser without a restart.
 */
const PARTS = {
  style: {
    of: (path) => path.startsWith("style/"),
    make: () => run("tools/node_modules/.bin/sass", ["--no-source-map", "style/main.scss", join(made, "app.css")]),
  },
  islands: {
    of: (path) => /^(frontend\/|app\/domain\/|app\/src\/(actions|fields|islands|lib)\b|app\/Cargo\.toml)/.test(path),
    make: async () => {
      const built = join(await targetFolder(), "wasm32-unknown-unknown/debug/frontend.wasm");
      // The names of the entry points in scripts/lib.sh; cargo writes both to one file.
      for (const entry of ["public", "spaces"]) {
        await run("cargo", ["build", "--package", "frontend", "--features", entry, "--target", "wasm32-unknown-unknown"]);
        await run(join(tools, "bin/wasm-bindgen"), ["--target", "web", "--no-typescript", "--out-name", entry, "--out-dir", join(made, "wasm"), built]);
      }
    },
  },
  server: {
    of: (path) => /^(app\/|server\/|Cargo\.(toml|lock)$)/.test(path) && !path.startsWith("server/tests/"),
    make: async () => {
      await run("cargo", ["build", "--package", "server", "--bin", "balise"]);
      await restart();
    },
  },
  // These are served from their folder, so the browser only has to reload.
  files: { of: (path) => path.startsWith("public/"), make: async () => {} },
};

let failure = null;
const waiting = new Set();
let building = false;

/**
 * Builds the parts that wait until none is left, and then tells the browsers. A part that failed is tried again with
 * the next change.
 */
async function build() {
  if (building) return;
  building = true;
  while (waiting.size > 0) {
    const names = Object.keys(PARTS).filter((name) => waiting.has(name));
    waiting.clear();
    const began = Date.now();
    failure = null;
    for (const name of names) {
      try {
        await PARTS[name].make();
      } catch (error) {
        failure = { name, text: error.message.replaceAll(/\x1b\[[0-9;]*m/g, "") };
        for (const left of names.slice(names.indexOf(name))) failed.add(left);
        break;
      }
      failed.delete(name);
    }
    say(failure ? `${failure.name}: not built, see above` : `${names.join(", ")}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
    tell();
  }
  building = false;
}
const failed = new Set();

let pause;
function changed(path) {
  if (/(^|\/)[.#]|~$|\.(swp|tmp)$/.test(path)) return;
  for (const [name, part] of Object.entries(PARTS)) if (part.of(path)) waiting.add(name);
  if (waiting.size === 0) return;
  for (const name of failed) waiting.add(name);
  // Editors write a file in several steps.
  clearTimeout(pause);
  pause = setTimeout(build, 80);
}

// -- the server ------------------------------------------------------------------------------------------

let server = null;
let inside = null;

const freePort = () =>
  new Promise((done) => {
    const probe = createPort().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

/** Starts the new program after the old one has ended, because only one may use the embedded database. */
async function restart() {
  const binary = join(await targetFolder(), "debug/balise");
  if (server) {
    const ended = new Promise((done) => server.once("exit", done));
    if (server.exitCode === null && server.signalCode === null) {
      server.kill("SIGTERM");
      await ended;
    }
  }
  const logins = join(data, "demo-logins.txt");
  if (!existsSync(logins)) {
    const printed = await run(binary, ["demo", "--if-empty"], { capture: true });
    if (printed.trim()) {
      writeFileSync(logins, printed, { mode: 0o600 });
      console.log(printed);
    }
  }
  const listen = `127.0.0.1:${await freePort()}`;
  const env = { BALISE_DEV: "1", BALISE_PUBLIC_URL: address, ...process.env, BALISE_LISTEN: listen };
  await new Promise((done, fail) => {
    const child = spawn(binary, ["serve"], { stdio: ["ignore", "pipe", "pipe"], env });
    let said = "";
    server = child;
    children.add(child);
    child.stdout.once("data", () => {
      inside = listen;
      done();
    });
    child.stderr.on("data", (chunk) => {
      said = (said + chunk).slice(-4000);
      process.stderr.write(chunk);
    });
    child.once("exit", () => {
      children.delete(child);
      if (server === child) inside = null;
      fail(new Error(said || "the server ended"));
    });
  });
}

// -- the proxy -------------------------------------------------------------------------------------------

const RELOAD = `new EventSource("/__dev/events").onmessage = () => location.reload();\n`;
const listeners = new Set();
const tell = () => listeners.forEach((listener) => listener.write("data: reload\n\n"));

const TYPES = { ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".wasm": "application/wasm", ".svg": "image/svg+xml" };

/** The newest version of an asset, whatever hash was asked for. */
function freshAsset(path) {
  const [, name] = path.match(/^\/assets\/[0-9a-f]{16}\/([^?]+)/) ?? [];
  if (!name || normalize(name).startsWith("..")) return null;
  const file = [join(made, name), join(made, "wasm", name), join("public", name)].find((file) => existsSync(file));
  return file && TYPES[extname(file)] ? { type: TYPES[extname(file)], bytes: readFileSync(file) } : null;
}

/** The policy of the page, extended by this proxy's script and its stream of events. */
function loosened(policy) {
  const nonce = policy.match(/'nonce-([^']+)'/)?.[1];
  const parts = policy.split(";").map((part) => {
    const [name, ...values] = part.trim().split(/\s+/);
    if (!["script-src", "connect-src"].includes(name)) return part.trim();
    return [name, ...new Set([...values.filter((value) => value !== "'none'"), "'self'"])].join(" ");
  });
  return { nonce, policy: parts.join("; ") };
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const script = (nonce) => `<script src="/__dev/reload.js"${nonce ? ` nonce="${nonce}"` : ""} defer></script>`;

function errorPage(title, text) {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${title}</title>${script()}</head><body><h1>${title}</h1><pre>${escaped(text)}</pre></body></html>`;
}

function answer(response, status, type, body) {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(body);
}

const html = "text/html; charset=utf-8";
createServer((incoming, outgoing) => {
  if (incoming.url === "/__dev/reload.js") return answer(outgoing, 200, TYPES[".js"], RELOAD);
  if (incoming.url === "/__dev/events") {
    outgoing.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    outgoing.write(":\n\n");
    listeners.add(outgoing);
    return incoming.on("close", () => listeners.delete(outgoing));
  }
  const asset = freshAsset(incoming.url);
  if (asset) return answer(outgoing, 200, asset.type, asset.bytes);
  const wantsPage = incoming.method === "GET" && (incoming.headers.accept ?? "").includes("text/html");
  if (failure && wantsPage) return answer(outgoing, 500, html, errorPage(`${failure.name}: not built`, failure.text));
  if (!inside) return answer(outgoing, 503, html, errorPage("One moment", "The server is being built."));

  const [name, number] = inside.split(":");
  const headers = { ...incoming.headers, "accept-encoding": "identity" };
  const forwarded = request({ host: name, port: number, method: incoming.method, path: incoming.url, headers }, (response) => {
    const answered = { ...response.headers };
    if (!(answered["content-type"] ?? "").startsWith("text/html")) {
      outgoing.writeHead(response.statusCode, answered);
      return response.pipe(outgoing);
    }
    const { nonce, policy } = loosened(answered["content-security-policy"] ?? "");
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("end", () => {
      const page = Buffer.concat(chunks).toString("utf8").replace("</head>", `${script(nonce)}</head>`);
      delete answered["content-length"];
      delete answered["transfer-encoding"];
      outgoing.writeHead(response.statusCode, { ...answered, "content-security-policy": policy });
      outgoing.end(page);
    });
  });
  forwarded.on("error", () => {
    if (outgoing.headersSent) return outgoing.destroy();
    answer(outgoing, 503, html, errorPage("One moment", "The server is starting again."));
  });
  incoming.pipe(forwarded);
})
  .on("error", (error) => {
    console.error(`balise: BALISE_LISTEN: ${host}:${port}: ${error.message}`);
    process.exit(1);
  })
  .listen(Number(port), host.replace(/[[\]]/g, ""), async () => {
    // The server does not start without files to embed; later changes go through target/dev.
    if (!existsSync("target/site/manifest.json")) await run("scripts/assets.sh", []).catch(() => process.exit(1));
    for (const folder of ["app", "frontend", "public", "server", "style"]) {
      watch(folder, { recursive: true }, (_, name) => name && changed(`${folder}/${name}`));
    }
    for (const file of ["Cargo.toml", "Cargo.lock"]) watch(file, () => changed(file));
    waiting.add("style").add("server");
    await build();
    if (inside) say(`on ${address}, reloading on save (Ctrl-C stops it)`);
  });
