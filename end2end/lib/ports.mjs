// Finds free ports of this machine.
import { createServer } from "node:net";

/** Makes a server listen on a port that the system chooses, and gives the port. */
export function listen(server) {
  return new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => done(server.address().port));
  });
}

/** A port on which nothing listens. */
export async function freePort() {
  const server = createServer();
  const port = await listen(server);
  await new Promise((done) => server.close(done));
  return port;
}
