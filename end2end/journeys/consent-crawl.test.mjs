// Visits every page in each state of the choice, and looks at which hosts are asked and which addresses stand in the
// bytes (C1, C5). The pages come from the server's own table of routes, so a new page is visited without a change here.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { decide, foreignAddresses, GOOGLE, VIDEO, YOUTUBE } from "../lib/consent.mjs";
import { forgetCodes } from "../lib/logins.mjs";
import { roleFor, values } from "../lib/routes.mjs";
import { startServer } from "../lib/server.mjs";
import { until } from "../lib/steps.mjs";
import { launch, openWindow } from "../lib/window.mjs";

const BEACON = "region1.google-analytics.com";
const PLAYER = `https://${YOUTUBE}/embed/`;
const TAG = `https://${GOOGLE}/gtag/js`;
/**
 * What each choice allows: the beginnings of addresses in the bytes, and of addresses that the browser asks for.
 * Visitors accept one service at a time. No measurement runs for people who are signed in or who are signing in.
 */
const REFUSED = { "before any choice": { written: [], asked: [] }, "after refusing": { choice: [], written: [], asked: [] } };
const VISITORS = {
  ...REFUSED,
  "with the videos": { choice: ["youtube"], written: [PLAYER], asked: [PLAYER] },
  "with the visits counted": { choice: ["google_analytics"], written: [TAG], asked: [TAG, `https://${BEACON}/g/collect`] },
};
const OTHERS = { ...REFUSED, "with everything": { choice: ["google_analytics", "youtube"], written: [PLAYER], asked: [PLAYER] } };
/** Addresses that are not among the routes: the inside of a frame, and an answer that is not a page. */
const MORE = [`${VIDEO}?cadre=oui`, "/nulle-part"].map((path) => ({ path, audience: "Everyone" }));
/** Pages for everyone that never have a service of others, because people type a secret there. */
const CLOSED = ["/connexion", "/activation", "/contact", "/pre-inscription", "/evenement", "/taxe-apprentissage"];

/**
 * On these pages the administration reads what was shown and what was blocked: as words, and not as addresses of the
 * page.
 */
const PROOF = "/admin/consentements";

/** A script in place of Google's own: it counts a visit, and then tries what must not be possible. */
const OUTSIDE = [`https://${GOOGLE}/gtm.js?id=GTM-EXEMPLE`, "https://ad.doubleclick.net/pixel"];
const MEASURE = `
  fetch("https://${BEACON}/g/collect?v=2", { method: "POST", mode: "no-cors" });
  const more = document.createElement("script");
  more.src = "${OUTSIDE[0]}";
  document.head.append(more);
  new Image().src = "${OUTSIDE[1]}";
`;
const VENDORS = {
  [YOUTUBE]: { contentType: "text/html", body: "<!doctype html><title>.</title>" },
  [GOOGLE]: { contentType: "text/javascript", body: MEASURE },
  [BEACON]: { status: 204 },
};

const answerAsVendor = (route) => route.fulfill({ status: 200, ...VENDORS[new URL(route.request().url()).hostname] });

let browser;
after(async () => {
  await (await browser)?.close();
});

for (const script of [false, true]) {
  test(`nobody else is asked for on any page [script ${script ? "on" : "off"}]`, { timeout: 300_000 }, async () => {
    browser ??= launch();
    const running = await browser;
    forgetCodes();
    const server = await startServer({ env: { BALISE_DEV: "1" } });
    const failures = [];
    const met = new Set();
    const kept = new Set();
    try {
      const routes = JSON.parse(await server.command("routes"));
      const pages = [...routes.filter(({ page }) => page), ...MORE];
      assert.ok(pages.length > 25, `only ${pages.length} pages`);
      const choices = await decisions(running, server);
      for (const role of new Set(pages.map(({ audience }) => roleFor(audience)))) {
        const { page, context, foreign, blocked } = await openWindow(running, server, { script });
        const fill = await values(running, server, role, context);
        const mine = pages.filter(({ audience }) => roleFor(audience) === role);
        // People who are signed in see another version of the pages for everyone.
        const common = role !== "youth" ? [] : pages.filter(({ audience }) => audience === "Everyone");
        for (const [state, { choice, written, asked }] of Object.entries(role === "visitor" ? VISITORS : OTHERS)) {
          await context.clearCookies({ name: "eu-consent" });
          if (choice) await context.addCookies([choices.get(state)]);
          if (asked.length > 0) await context.route((url) => url.hostname in VENDORS, answerAsVendor);
          for (const { path, audience } of [...mine, ...common]) {
            const what = `${path} as ${role}, ${state}`;
            const address = await fill(path);
            foreign.length = 0;
            const answer = await page.goto(address);
            assert.ok(answer.status() < 500, what);
            const html = await answer.text();
            const bytes = foreignAddresses(path.startsWith(PROOF) ? html.replace(/>[^<]*</g, "><") : html, server.url);
            if (choice?.includes("youtube") && (await page.locator("iframe").count()) > 0) {
              await page.locator("iframe").scrollIntoViewIfNeeded();
              await until(() => foreign.length > 0, `no player: ${what}`);
            }
            const open = audience === "Everyone" && !CLOSED.includes(path);
            const there = open && answer.ok();
            const strange = (all, allowed) => all.filter((url) => !(there && allowed.some((start) => url.startsWith(start))));
            failures.push(...strange(bytes, written).map((url) => `${what}: ${url} is in the bytes`));
            failures.push(...strange(foreign, asked).map((url) => `${what}: ${url} was asked for`));
            bytes.forEach((url) => met.add(`${new URL(url).hostname} written`));
            blocked.splice(0).filter((url) => !url.startsWith(server.url)).forEach((url) => kept.add(url));
            foreign.forEach((url) => met.add(`${new URL(url).hostname} asked for`));
          }
        }
        // Paths that are not pages answer like pages when they refuse.
        for (const { path, audience } of role === "visitor" ? routes.filter(({ page }) => !page) : []) {
          const answer = await page.request.get(path.replaceAll(/[{}]/g, ""), { maxRedirects: 0 });
          // A receipt is a file that holds what was shown.
          if (!answer.headers()["content-type"]?.startsWith("text/html")) continue;
          const bytes = foreignAddresses(await answer.text(), server.url);
          failures.push(...bytes.map((url) => `${path} (${audience}): ${url} is in the bytes`));
        }
        await context.close();
      }
      assert.ok(failures.length === 0, failures.join("\n"));
      // The accepted services did load: the crawl can see them.
      const expected = [`${GOOGLE} written`, `${YOUTUBE} asked for`, `${YOUTUBE} written`];
      if (script) expected.push(`${BEACON} asked for`, `${GOOGLE} asked for`);
      assert.deepEqual([...met].sort(), expected.sort());
      assert.deepEqual([...kept].sort(), script ? OUTSIDE.toSorted() : [], "the browser kept out what its policy does not name");
    } finally {
      await server.remove();
    }
  });
}

/** The cookie of each choice, as the panel stores it. */
async function decisions(running, server) {
  const found = new Map();
  for (const [state, { choice }] of Object.entries({ ...VISITORS, ...OTHERS }).filter(([, { choice }]) => choice)) {
    const { page, context } = await openWindow(running, server);
    await decide(page, ...choice);
    found.set(state, (await context.cookies()).find(({ name }) => name === "eu-consent"));
    await context.close();
  }
  return found;
}
