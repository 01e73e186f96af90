// assets.mjs SITE FOLDER… : gathers the files of the folders into SITE/files with their .br and .gz
// siblings, and writes SITE/manifest.json, from which the server's build embeds them.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative, sep } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

// The type, and whether compressing is worthwhile.
const TYPES = {
  ".avif": ["image/avif", false],
  ".css": ["text/css; charset=utf-8", true],
  ".html": ["text/html; charset=utf-8", true],
  ".ico": ["image/x-icon", true],
  ".jpeg": ["image/jpeg", false],
  ".jpg": ["image/jpeg", false],
  ".js": ["text/javascript; charset=utf-8", true],
  ".json": ["application/json", true],
  ".mjs": ["text/javascript; charset=utf-8", true],
  ".pdf": ["application/pdf", false],
  ".png": ["image/png", false],
  ".svg": ["image/svg+xml", true],
  ".txt": ["text/plain; charset=utf-8", true],
  ".wasm": ["application/wasm", true],
  ".webmanifest": ["application/manifest+json", true],
  ".webp": ["image/webp", false],
  ".woff2": ["font/woff2", false],
  ".xml": ["application/xml", true],
};

const [site, ...folders] = process.argv.slice(2);

/** Every file under `folder`, except for hidden ones. */
function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

const files = new Map();
for (const folder of folders.filter(existsSync)) {
  for (const path of walk(folder)) {
    const name = relative(folder, path).split(sep).join("/");
    if (files.has(name)) throw new Error(`two files are called ${name}`);
    if (!(extname(name) in TYPES)) throw new Error(`${path}: no media type known for it, add one to scripts/assets.mjs`);
    files.set(name, readFileSync(path));
  }
}
const names = [...files.keys()].sort();

const digest = createHash("sha256");
for (const name of names) {
  // The lengths separate the files, so that two different sets never give the same hash.
  digest.update(`${name}\0${files.get(name).length}\0`).update(files.get(name));
}
const hash = digest.digest("hex").slice(0, 16);

const fresh = join(site, "files.new");
rmSync(fresh, { recursive: true, force: true });
const listed = names.map((name) => {
  const content = files.get(name);
  const [type, compressible] = TYPES[extname(name)];
  const path = join(fresh, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  const sibling = (extension, compress) => {
    if (!compressible) return null;
    const packed = compress(content);
    if (packed.length >= content.length) return null;
    writeFileSync(path + extension, packed);
    return packed.length;
  };
  const br = sibling(".br", (bytes) =>
    brotliCompressSync(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: 11,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  );
  const gzip = sibling(".gz", (bytes) => gzipSync(bytes, { level: 9 }));
  return { name, type, bytes: content.length, br, gzip };
});

// One file on each line makes a readable diff. The file is not written when it is unchanged, because cargo would build
// again.
const manifest = join(site, "manifest.json");
const kept = join(site, "files");
const text = `{"hash":"${hash}","files":[\n${listed.map((file) => JSON.stringify(file)).join(",\n")}\n]}\n`;
if (existsSync(kept) && existsSync(manifest) && readFileSync(manifest, "utf8") === text) {
  rmSync(fresh, { recursive: true, force: true });
} else {
  rmSync(kept, { recursive: true, force: true });
  if (names.length > 0) renameSync(fresh, kept);
  writeFileSync(manifest, text);
}

for (const { name, bytes, br } of listed) {
  console.log(`  ${name}  ${bytes} bytes${br === null ? "" : `, ${br} with brotli`}`);
}
