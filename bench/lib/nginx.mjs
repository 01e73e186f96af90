// Runs nginx beside Balise: it serves a file, and accepts one, on the same disk.
import { mkdirSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { firstAnswer, start, stop } from "./server.mjs";
import { freePort } from "../../end2end/lib/ports.mjs";

/** Runs nginx on a folder that holds `file`, with WebDAV's PUT. */
export async function nginx(folder, name, file) {
  const site = join(folder, "nginx");
  mkdirSync(join(site, "temporary"), { recursive: true });
  mkdirSync(join(site, "files"));
  writeFileSync(join(site, "files", name), file);
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${site}/temporary;`)
    .join("\n  ");
  writeFileSync(
    join(site, "nginx.conf"),
    `daemon off;
${userInfo().uid === 0 ? "user root;" : ""}
worker_processes auto;
pid ${site}/pid;
error_log ${site}/error.log;
events {}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  client_max_body_size 64m;
  ${temporary}
  server {
    listen 127.0.0.1:${port};
    root ${site}/files;
    dav_methods PUT DELETE;
  }
}
`,
  );
  const began = performance.now();
  const child = start("nginx", ["-p", site, "-c", join(site, "nginx.conf"), "-e", join(site, "error.log")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  await firstAnswer(`${url}/${name}`, child, began);
  return { url, stop: () => stop(child) };
}
