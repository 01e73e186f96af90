// Servers in front of a portal: one that ends TLS for real names, and a cache that many people share.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { join } from "node:path";
import { listen } from "./ports.mjs";
import { temporaryFolder } from "./server.mjs";

/** A certificate for these names, which the machine itself signed. */
function certificate(names) {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subjects = names.map((name) => `DNS:${name}`).join(",");
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", [...made, "-subj", "/CN=test", "-addext", `subjectAltName=${subjects}`, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** Passes a request on unchanged, and gives the answer. */
export function passOn(url, request) {
  return new Promise((done, fail) => {
    const { method, headers } = request;
    const onward = http.request(url + request.url, { method, headers }, done);
    onward.once("error", fail);
    request.pipe(onward);
  });
}

/** All bytes of a stream. */
export async function gather(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** The number of bytes of an answer's head. */
const headLength = ({ rawHeaders, statusCode, statusMessage }) =>
  rawHeaders.reduce((sum, text) => sum + Buffer.byteLength(text) + 2, `HTTP/1.1 ${statusCode} ${statusMessage}\r\n\r\n`.length);

/**
 * Ends TLS for the names of `site.test`, on port 443 for a browser of `launch(front.rules)`. Requests for the name
 * `portal` go to `target`; on every other name another application of the organisation answers. `/poser` sets the
 * cookies of `sets`, on any name. `seen` holds what each request carried, and `heads` the length of the head of each
 * answer of the portal.
 */
export async function startFront() {
  const front = { portal: null, target: null, sets: [], seen: [], heads: [] };
  const tls = certificate(["site.test", "*.site.test", "*.ml.site.test"]);
  const server = https.createServer(tls, async (request, response) => {
    const { host, cookie = "" } = request.headers;
    const names = cookie.split("; ").filter(Boolean).map((pair) => pair.split("=")[0]);
    front.seen.push({ host, path: request.url, names });
    if (request.url === "/poser" || host !== front.portal) {
      const head = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" };
      if (request.url === "/poser") head["set-cookie"] = front.sets;
      return response.writeHead(200, head).end("<!doctype html><html lang=fr><title>Autre application</title>");
    }
    try {
      const answer = await passOn(front.target, request);
      front.heads.push({ path: request.url, length: headLength(answer) });
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    } catch {
      response.writeHead(502).end();
    }
  });
  const port = await listen(server);
  front.rules = [`MAP *.site.test:443 127.0.0.1:${port}`, `MAP site.test:443 127.0.0.1:${port}`];
  front.close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return front;
}

/** The statuses that a cache may keep without being told so (RFC 9110, 15.1). */
const KEPT = [200, 203, 204, 300, 301, 308, 404, 405, 410];

/**
 * A cache in front of `target` that many people share and that keeps all that the headers allow: an answer without
 * `private` or `no-store` is given to the next visitor who asks for the same address.
 */
export async function startCache(target) {
  const kept = new Map();
  const cache = { hits: [] };
  const server = http.createServer(async (request, response) => {
    try {
      const found = request.method === "GET" && kept.get(request.url);
      if (found && found.vary.every((name) => request.headers[name] === found.asked[name])) {
        cache.hits.push(request.url);
        return response.writeHead(found.status, found.head).end(found.body);
      }
      const answer = await passOn(target, request);
      const body = await gather(answer);
      const { "cache-control": control = "", vary = "" } = answer.headers;
      if (request.method === "GET" && KEPT.includes(answer.statusCode) && !/private|no-store/.test(control) && vary !== "*") {
        const names = vary.toLowerCase().split(",").map((name) => name.trim()).filter(Boolean);
        kept.set(request.url, { status: answer.statusCode, head: answer.rawHeaders, body, vary: names, asked: request.headers });
      }
      response.writeHead(answer.statusCode, answer.rawHeaders).end(body);
    } catch {
      response.writeHead(502).end();
    }
  });
  cache.url = `http://127.0.0.1:${await listen(server)}`;
  cache.close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return cache;
}
