// The mails that a server without a mail server leaves as files in its data folder.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { until } from "./steps.mjs";

/** Quoted-printable as text. */
const decoded = (text) =>
  Buffer.from(
    text.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");

/** Waits for a mail that `pattern` matches and gives its text, headers included. They leave in no fixed order. */
export function mail(server, pattern) {
  const folder = join(server.data, "mail");
  const found = () => {
    if (!existsSync(folder)) return undefined;
    const names = readdirSync(folder).filter((name) => name.endsWith(".eml"));
    return names.map((name) => decoded(readFileSync(join(folder, name), "utf8"))).find((text) => pattern.test(text));
  };
  return until(found, `no mail that says ${pattern}`, 20_000);
}

/** The path of the first link to this site that starts with `start`. */
export const linkIn = (text, start) => text.match(new RegExp(`https?://[^/\\s"<>]+(${start}[^\\s"<>]*)`))?.[1];
