// Reads the mails of a server without a mail server: it leaves them as files in its data folder.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "./steps.mjs";

/** Decodes quoted-printable text. */
const decoded = (text) =>
  Buffer.from(
    text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");

/** Waits for a mail that matches `pattern` and gives its text, headers included. The order of mails is not fixed. */
export function mail(server, pattern) {
  const folder = join(server.data, "mail");
  const found = () => {
    if (!existsSync(folder)) return undefined;
    const names = readdirSync(folder).filter((name) => name.endsWith(".eml"));
    return names.map((name) => decoded(readFileSync(join(folder, name), "utf8"))).find((text) => pattern.test(text));
  };
  return until(found, `no mail that says ${pattern}`, 20_000);
}

/** The path of the first link to this site whose path begins with `start`. */
export const linkIn = (text, start) => text.match(new RegExp(`https?://[^/\\s"<>]+(${start}[^\\s"<>]*)`))?.[1];
