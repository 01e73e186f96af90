// A withdrawal on real names over TLS: cookies of the host and of its parent domains are no longer sent, and those of
// the organisation's other applications stay (C4).
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { banner, button, choice, GOOGLE, YOUTUBE } from "../lib/consent.mjs";
import { startFront } from "../lib/front.mjs";
import { freePort } from "../lib/ports.mjs";
import { startServer } from "../lib/server.mjs";
import { launch, openWindow } from "../lib/window.mjs";

const HOSTS = ["www.site.test", "portail.ml.site.test"];
/** The most bytes that the head of an answer may have, because proxies refuse more. */
const HEAD_MAX = 4096;

/** A host and its parents: `portail.ml.site.test`, `ml.site.test`, `site.test`. */
const upwards = (host) => host.split(".").slice(0, -1).map((_, at, all) => [...all, "test"].slice(at).join("."));
/** The hosts, other than the portal, that may be sent its cookies. */
const beside = (host) => [...new Set([...upwards(host), "site.test", "www.site.test", "ml.site.test"])].filter((name) => name !== host);

let browser;
let front;
after(async () => {
  await (await browser)?.close();
  await front?.close();
});

/** The journey on each name, with scripts off and on. */
function onRealNames(name, walk) {
  for (const host of HOSTS) {
    for (const script of [false, true]) {
      test(`${name}, on ${host} [script ${script ? "on" : "off"}]`, { timeout: 120_000 }, async () => {
        front ??= await startFront();
        browser ??= launch(front.rules);
        const running = await browser;
        const listen = `127.0.0.1:${await freePort()}`;
        const server = await startServer({ env: { BALISE_PUBLIC_URL: `https://${host}`, BALISE_LISTEN: listen } });
        Object.assign(front, { portal: host, target: `http://${listen}`, seen: [], heads: [] });
        const { page, context, problems } = await openWindow(running, server, { script, ignoreHTTPSErrors: true });
        try {
          await context.route((url) => [YOUTUBE, GOOGLE].includes(url.hostname), (route) => route.fulfill({ status: 200, body: "" }));
          /** The names of the cookies that a request to `to` carries. */
          const sent = async (to) => {
            front.seen.length = 0;
            await page.goto(`https://${to}/${to === host ? "cookies" : ""}`);
            return front.seen.find((request) => request.host === to).names;
          };
          /** Makes the browser accept cookies from `from`. */
          const set = async (from, lines) => {
            front.sets = lines;
            await page.goto(`https://${from}/poser`);
          };
          await walk({ page, context, host, sent, set });
          const known = [YOUTUBE, GOOGLE, ...beside(host)].map((name) => `request to another host: https://${name}/`);
          assert.deepEqual(problems.filter((problem) => !known.some((start) => problem.startsWith(start))), []);
        } finally {
          await context.close();
          await server.remove();
        }
      });
    }
  }
}

onRealNames("what was set is not sent again after a withdrawal", async ({ page, context, host, sent, set }) => {
  await page.goto("/");
  await button(page, "Tout accepter").click();
  await banner(page).waitFor({ state: "detached" });

  const registered = ["_ga", "_ga_X", "_gid", "__atuvc"];
  const everywhere = ["", ...upwards(host).map((domain) => `; Domain=${domain}`)];
  const lines = registered.flatMap((name) => everywhere.map((domain) => `${name}=1; Path=/; Secure${domain}`));
  await set(host, [...lines, "_gat=1; Path=/; Secure; HttpOnly; Domain=site.test", "mtm_x=1; Path=/; Secure; HttpOnly"]);
  await set(host, ["inconnu=1; Path=/; Secure", `inconnu_aussi=1; Path=/; Secure; HttpOnly; Domain=${host}`]);
  const other = host === "www.site.test" ? "site.test" : "www.site.test";
  await set(other, ["AUTRE_SESSION=1; Path=/; Secure; HttpOnly; Domain=site.test"]);
  const all = [...registered, "_gat", "mtm_x", "inconnu", "inconnu_aussi", "AUTRE_SESSION", "eu-consent"];
  const before = await sent(host);
  assert.deepEqual(all.filter((name) => !before.includes(name)), [], "the portal gets them all");
  for (const name of registered) {
    assert.equal(before.filter((one) => one === name).length, everywhere.length, `${name}, for each domain`);
  }
  for (const name of registered) assert.ok((await sent("site.test")).includes(name), `${name} on the parent domain`);

  await page.goto("/cookies");
  await button(page, "Tout refuser").click();
  await page.getByText("Votre choix est enregistré.").waitFor();
  assert.deepEqual((await choice(context)).services, []);
  assert.deepEqual((await sent(host)).sort(), ["AUTRE_SESSION", "eu-consent"]);
  for (const name of beside(host)) {
    const names = await sent(name);
    assert.deepEqual(names, ["AUTRE_SESSION"], `to ${name}`);
  }

  // A choice that an earlier portal left on the parent domain does not count, and the next choice deletes it.
  const agreed = JSON.stringify({ ...(await choice(context)), services: ["google_analytics", "youtube"] });
  await set(host, [`eu-consent=${encodeURIComponent(agreed)}; Path=/; Secure; Domain=site.test`]);
  await page.goto("/");
  assert.equal(await page.locator("iframe").count(), 0, "a choice of this name alone counts");

  // There are sixty registered cookies and twenty unknown ones: more than one answer can delete.
  const names = Array.from({ length: 60 }, (_, at) => `_ga_${String(at).padStart(10, "EXEMPLE")}`);
  await set(host, names.map((name, at) => `${name}=1; Path=/; Secure${everywhere[at % everywhere.length]}`));
  await set(host, Array.from({ length: 20 }, (_, at) => `ancien_${at}=1; Path=/; Secure`));
  assert.equal((await sent(host)).filter((name) => /^_ga_|^ancien_/.test(name)).length, 80);

  await page.goto("/cookies");
  front.heads.length = 0;
  await button(page, "Tout refuser").click();
  await page.getByText("Votre choix est enregistré.").waitFor();
  assert.equal(new URL(page.url()).pathname, "/cookies");
  const steps = front.heads.filter(({ path }) => path.startsWith("/cookies/suite"));
  assert.ok(steps.length > 1, `${steps.length} more answers`);
  assert.deepEqual(front.heads.filter(({ length }) => length > HEAD_MAX), [], "no answer's head is too long");
  assert.deepEqual((await sent(host)).sort(), ["AUTRE_SESSION", "eu-consent"]);
  for (const name of beside(host)) assert.deepEqual(await sent(name), ["AUTRE_SESSION"], `to ${name}`);
});
