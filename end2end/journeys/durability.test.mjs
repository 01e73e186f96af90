// Acknowledged documents are there after the process is killed, and no file on the disk holds readable parts of them.
import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { jpeg, pdf, sha256 } from "../lib/files.mjs";
import { pick } from "../lib/logins.mjs";
import { startServer, temporaryFolder } from "../lib/server.mjs";

const VAULT = "/mon-espace/coffre-fort";
const WINDOWS = 400;
const WINDOW = 32;

/** The session of a browser, without a browser. */
async function signIn(server, { identifier, password }) {
  const body = new URLSearchParams({ identifier, password });
  const answer = await fetch(`${server.url}/connexion`, { method: "POST", body, redirect: "manual" });
  assert.equal(answer.status, 303);
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith("__Host-session=")).split(";")[0];
  return { token: cookie.split("=")[1], get: (path) => fetch(server.url + path, { headers: { cookie } }), cookie };
}

/** Every file under the folders, with its bytes. */
function* filesOf(...folders) {
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath ?? entry.path, entry.name);
      yield { path, bytes: readFileSync(path) };
    }
  }
}

/** The ways in which a name may be written. */
function writings(name) {
  const nfd = name.normalize("NFD");
  return [name, nfd].flatMap((text) => [
    Buffer.from(text, "utf8"),
    Buffer.from(text, "utf16le"),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(Buffer.from(text).toString("base64").replace(/.{0,2}=*$/, "")),
    Buffer.from(Buffer.from(text).toString("hex")),
  ]);
}

/** Pieces of a document at random places, from its random part only. */
function windowsOf(bytes) {
  return Array.from({ length: WINDOWS }, () => {
    const at = randomInt(4096, bytes.length - 1024 - WINDOW);
    return bytes.subarray(at, at + WINDOW);
  });
}

function assertUnreadable(folders, documents) {
  let count = 0;
  for (const { path, bytes } of filesOf(...folders)) {
    count += 1;
    for (const { name, windows } of documents) {
      for (const writing of writings(name)) assert.equal(bytes.indexOf(writing), -1, `the name « ${name} » is in ${path}`);
      assert.ok(!path.includes(name), path);
      for (const piece of windows) assert.equal(bytes.indexOf(piece), -1, `a piece of « ${name} » is in ${path}`);
    }
  }
  assert.ok(count > 10, `only ${count} files were looked at`);
}

test("documents outlive kill -9, and no file holds a piece or a name of them", { timeout: 180_000 }, async () => {
  const temporary = temporaryFolder();
  const server = await startServer({ env: { TMPDIR: temporary } });
  try {
    const mark = randomUUID().slice(0, 8);
    const documents = [
      { name: `Dossier complété ${mark}.pdf`, bytes: pdf(20 * 1024 * 1024), category: "housing" },
      { name: `Photo de la pièce ${mark}.jpg`, bytes: jpeg(4_000_000), category: "identity" },
    ].map((document) => ({ ...document, windows: windowsOf(document.bytes) }));
    const youth = pick(server.logins, "youth");
    const first = await signIn(server, youth);
    for (const { name, bytes, category } of documents) {
      const body = new FormData();
      body.append("category", category);
      body.append("file", new Blob([bytes]), name);
      const answer = await fetch(server.url + VAULT, { method: "POST", body, headers: { cookie: first.cookie }, redirect: "manual" });
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.get("location"), `${VAULT}?depose=1`);
      // The process is killed right after each answer.
      await server.kill9();
      assertUnreadable([server.data, temporary], documents);
      await server.start();
    }

    const second = await signIn(server, youth);
    const list = await (await second.get(VAULT)).text();
    for (const { name, bytes } of documents) {
      const links = list.matchAll(/href="([^"]+)" download[^>]*>(.*?)<\/a>/gs);
      const [, path] = [...links].find(([, , text]) => text.includes(name)) ?? assert.fail(`« ${name} » is not in the list`);
      const answer = await second.get(path);
      assert.equal(answer.status, 200);
      const found = Buffer.from(await answer.arrayBuffer());
      assert.equal(sha256(found), sha256(bytes), name);
    }
    await server.stop();
    assertUnreadable([server.data, temporary], documents);

    const log = server.output;
    assert.match(log, /POST/, "requests are logged");
    const secrets = [youth.identifier, youth.password, youth.name, first.token, second.token, ...documents.map(({ name }) => name), mark];
    for (const secret of secrets) {
      assert.ok(!log.includes(secret) && !log.includes(encodeURIComponent(secret)), `the log holds « ${secret} »`);
    }
  } finally {
    await server.remove();
  }
});
