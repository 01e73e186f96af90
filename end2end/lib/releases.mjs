// Two releases of a portal at one address. The second one is the same portal with other hashes in the addresses of its
// files, as after a change to all of them. A file of the other release is not found, as on a server that was replaced.
import http from "node:http";
import { gather, passOn } from "./front.mjs";
import { listen } from "./ports.mjs";

/** The hashes in an address, and in the name of the worker's cache. */
const HASHES = /(?<=\/assets\/(?:[a-z-]+\/)?|hors-ligne-)[0-9a-f]{16}/g;
const shifted = (by) => (hash) => hash.replace(/./g, (digit) => ((parseInt(digit, 16) + by) & 15).toString(16));

/**
 * A server in front of `target`. `release` is the one that answers, 1 or 2; while `down` is true nothing answers.
 * `missing` holds the addresses of files that were asked for and that the release of that moment does not have.
 */
export async function startReleases(target) {
  const releases = { release: 1, down: false, missing: [] };
  const server = http.createServer(async (request, response) => {
    if (releases.down) return request.socket.destroy();
    try {
      const by = releases.release - 1;
      const there = request.url;
      request.url = there.replace(HASHES, shifted(-by));
      // A text that is changed here differs from the one in the browser's cache, and must not be compressed.
      delete request.headers["if-none-match"];
      request.headers["accept-encoding"] = "identity";
      const answer = await passOn(target, request);
      if (answer.statusCode === 404 && there.startsWith("/assets/")) releases.missing.push(there);
      const head = { ...answer.headers };
      if (!/^(text|application\/(manifest\+)?json)/.test(head["content-type"] ?? "")) {
        response.writeHead(answer.statusCode, head);
        return answer.pipe(response);
      }
      const body = Buffer.from((await gather(answer)).toString().replace(HASHES, shifted(by)));
      delete head["transfer-encoding"];
      delete head.etag;
      response.writeHead(answer.statusCode, { ...head, "content-length": body.length }).end(body);
    } catch {
      response.destroy();
    }
  });
  releases.url = `http://127.0.0.1:${await listen(server)}`;
  releases.close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return releases;
}
