// Files to deposit, made here. They hold no personal data, and each one is different.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** A valid PDF with `size` random bytes in a stream, which cannot be compressed or guessed. */
export function pdf(size = 2000) {
  const parts = [];
  const offsets = [];
  let length = 0;
  const add = (part) => {
    const bytes = Buffer.from(part, "latin1");
    parts.push(bytes);
    length += bytes.length;
  };
  const object = (text) => {
    offsets.push(length);
    add(`${offsets.length} 0 obj\n${text}\nendobj\n`);
  };
  add("%PDF-1.7\n");
  object("<< /Type /Catalog /Pages 2 0 R >>");
  object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>");
  offsets.push(length);
  add(`4 0 obj\n<< /Length ${size} >>\nstream\n`);
  parts.push(randomBytes(size));
  length += size;
  add("\nendstream\nendobj\n");
  const table = length;
  add(`xref\n0 5\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`);
  add(`trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return Buffer.concat(parts);
}

/** A picture with the structure of a phone's camera: segments, then `size` bytes of picture data. */
export function jpeg(size = 4_000_000) {
  const segment = (code, body) => {
    const head = Buffer.from([0xff, code, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  const picture = randomBytes(size);
  // In picture data, 0xff would begin a segment, so no byte has this value.
  for (let at = 0; at < size; at += 1) if (picture[at] === 0xff) picture[at] = 0xfe;
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from("JFIF\0\x01\x01\0\0\x48\0\x48\0\0", "latin1")),
    segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0", "latin1"), randomBytes(2000)])),
    segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 16)])),
    // 3000 × 4000 pixels, three components
    segment(0xc0, Buffer.from([8, 0x0b, 0xb8, 0x0f, 0xa0, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0])),
    segment(0xc4, Buffer.concat([Buffer.from([0, 1]), Buffer.alloc(16)])),
    segment(0xda, Buffer.from([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])),
    picture,
    Buffer.from([0xff, 0xd9]),
  ]);
}

/** A file as Playwright's file picker takes it. */
export const picked = (name, buffer) => ({ name, buffer, mimeType: "" });

/** Follows a download link to its end and gives the file's name and bytes. */
export async function download(page, link) {
  const [started] = await Promise.all([page.waitForEvent("download"), link.click()]);
  return { name: started.suggestedFilename(), bytes: readFileSync(await started.path()) };
}
