// Helpers of the journeys about cookies.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./server.mjs";

export const YOUTUBE = "www.youtube-nocookie.com";
export const GOOGLE = "www.googletagmanager.com";
/** The video of the default site. */
export const VIDEO = "/embed/youtube/jNQXAC9IVRw";

export const banner = (page) => page.locator("section.consent");
export const button = (page, name) => page.getByRole("button", { name, exact: true });
/** The stored choice, which anyone may read. */
export async function choice(context) {
  const found = (await context.cookies()).find(({ name }) => name === "eu-consent");
  return found && JSON.parse(decodeURIComponent(found.value));
}

/** Chooses in the panel, service by service. */
export async function decide(page, ...services) {
  await page.goto("/cookies");
  for (const box of await page.locator("input[name=service]").all()) {
    await box.setChecked(services.includes(await box.getAttribute("value")));
  }
  await button(page, "Enregistrer mes choix").click();
  await page.getByText("Votre choix est enregistré.").waitFor();
}

const PARIS = readFileSync(fileURLToPath(new URL("../../server/sites/paris.toml", import.meta.url)), "utf8");

/**
 * Writes a site file: the default one with these `services` and an embed of each of `embeds`. Its `write` writes it
 * again.
 */
export function siteFile(services, embeds) {
  const path = join(temporaryFolder(), "site.toml");
  const write = (services, embeds) => {
    let text = PARIS.replace(/^services = .*$/m, `services = ${JSON.stringify(services)}`);
    if (!services.includes("google_analytics")) text = text.replace(/^\[consent\.google_analytics\]\nmeasurement.*$/m, "");
    text = text.replace(/^\[\[embeds\]\][^[]*/m, "");
    for (const { service, item } of embeds) {
      text += `\n[[embeds]]\nservice = "${service}"\nitem = "${item}"\ntitle = "Une vidéo sur ${service}"\n`;
    }
    writeFileSync(path, text);
  };
  write(services, embeds);
  return { path, write };
}

/** The addresses of other hosts in the bytes of a page, with or without a scheme. */
export function foreignAddresses(html, own) {
  const found = html.match(/(?:https?:)?\/\/[\w.-]+\.[a-z]{2,}[^"'\s<]*/gi) ?? [];
  // The name of the drawing language is not an address to load from.
  return found.filter((address) => !address.startsWith("http://www.w3.org/") && !address.startsWith(own));
}

/** Fails unless `found` is empty. */
export const none = (found, what) => assert.ok(found.length === 0, `${what}: ${found.join(" ")}`);
