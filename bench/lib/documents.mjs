// Measures uploads and downloads of a document of 24 MiB, beside nginx with the same file and beside AES-GCM alone.
import { execFile } from "node:child_process";
import http from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { pdf } from "../../end2end/lib/files.mjs";
import { load, median } from "./load.mjs";
import { nginx } from "./nginx.mjs";
import { post, read } from "./visitor.mjs";

const BYTES = 24 * 1024 * 1024;
const VAULT = "/mon-espace/coffre-fort";
const agent = new http.Agent({ keepAlive: true });

/** Sends a body, and gives the status and the milliseconds until the whole answer is there. */
function send(method, url, headers, body) {
  return new Promise((done, failed) => {
    const began = performance.now();
    const request = http.request(url, { method, agent, headers: { ...headers, "content-length": body.length } });
    request.on("error", failed);
    request.on("response", (response) => {
      response.resume();
      response.on("end", () => done({ status: response.statusCode, milliseconds: performance.now() - began }));
    });
    request.end(body);
  });
}

function multipart(file) {
  const mark = "----------------measure";
  const field = `--${mark}\r\ncontent-disposition: form-data; name="category"\r\n\r\nother\r\n`;
  const head = `--${mark}\r\ncontent-disposition: form-data; name="file"; filename="mesure.pdf"\r\ncontent-type: application/pdf\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${mark}`,
    body: Buffer.concat([Buffer.from(field + head), file, Buffer.from(`\r\n--${mark}--\r\n`)]),
  };
}

async function documents(url, session) {
  const page = await read(`${url}${VAULT}`, session);
  return new Set([...page.matchAll(/coffre-fort\/([0-9a-f-]{36})"/g)].map((match) => match[1]));
}

/** The bytes per second of each way, as the median of the interleaved rounds. */
export async function throughput({ url, session, folder, rounds, seconds }) {
  const file = pdf(BYTES);
  const form = multipart(file);
  const beside = await nginx(folder, "mesure.pdf", file);
  const cipher = join(process.env.BALISE_TARGET ?? "target", "release/plain-cipher");

  const deposit = async () => {
    const before = await documents(url, session);
    const { status, milliseconds } = await send("POST", `${url}${VAULT}`, { cookie: session, "content-type": form.type }, form.body);
    if (status !== 303) throw new Error(`the deposit was answered with ${status}`);
    const id = [...(await documents(url, session))].find((one) => !before.has(one));
    return { id, speed: (file.length / milliseconds) * 1000 };
  };
  const remove = (id) => post(`${url}${VAULT}/${id}/supprimer`, {}, { cookie: session });

  const speeds = { download: [], downloads: [], nginx: [], nginxes: [], decrypt: [], upload: [], nginxPut: [], encrypt: [] };
  const { id: kept } = await deposit();
  for (let round = 0; round < rounds; round += 1) {
    const one = { session, seconds, connections: 1 };
    const four = { session, seconds, connections: 4 };
    speeds.download.push((await load(`${url}${VAULT}/${kept}`, one)).bytes);
    speeds.nginx.push((await load(`${beside.url}/mesure.pdf`, one)).bytes);
    speeds.downloads.push((await load(`${url}${VAULT}/${kept}`, four)).bytes);
    speeds.nginxes.push((await load(`${beside.url}/mesure.pdf`, four)).bytes);
    const plain = JSON.parse((await promisify(execFile)(cipher, [String(file.length)])).stdout);
    speeds.encrypt.push(plain.encrypt);
    speeds.decrypt.push(plain.decrypt);

    const { id, speed } = await deposit();
    speeds.upload.push(speed);
    await remove(id);
    const put = await send("PUT", `${beside.url}/deposit-${round}.pdf`, {}, file);
    if (put.status !== 201) throw new Error(`nginx answered a PUT with ${put.status}`);
    speeds.nginxPut.push((file.length / put.milliseconds) * 1000);
    await send("DELETE", `${beside.url}/deposit-${round}.pdf`, {}, Buffer.alloc(0));
  }
  await remove(kept);
  await beside.stop();
  return Object.fromEntries(Object.entries(speeds).map(([name, values]) => [name, median(values)]));
}
