// The installed app: it can be installed, it keeps the offline page alone, and a new release breaks nothing in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { download } from "../lib/files.mjs";
import { forgetCodes, pick, signIn } from "../lib/logins.mjs";
import { startReleases } from "../lib/releases.mjs";
import { startServer } from "../lib/server.mjs";
import { allTheWayBack, until } from "../lib/steps.mjs";
import { openProfile } from "../lib/window.mjs";

const VAULT = "/mon-espace/coffre-fort";
const SPACE = ["/mon-espace", "/mon-espace/profil", "/mon-espace/droits", VAULT, "/appareils", "/mot-de-passe"];
const PUBLIC = ["/", "/contact", "/confidentialite", "/recherche?q=logement", "/hors-ligne"];

/**
 * Runs `walk` in a whole browser with a profile of its own, on a portal whose release can be replaced and whose network
 * can be cut.
 */
function inTheApp(name, walk, expected) {
  test(name, { timeout: 180_000 }, async () => {
    forgetCodes();
    const server = await startServer();
    const releases = await startReleases(server.url);
    const profile = await openProfile(releases);
    try {
      await walk({ ...profile, releases, login: (role) => pick(server.logins, role) });
      const problems = profile.problems.filter((problem) => !expected?.test(problem));
      assert.deepEqual(problems, []);
    } catch (error) {
      error.message += `\n(at ${profile.page.url()})`;
      throw error;
    } finally {
      await profile.context.close();
      await releases.close();
      await server.remove();
    }
  });
}

/** The messages of the console when the network is cut. */
const CUT = /net::ERR_|Failed to load resource|Failed to fetch/;

/** Waits until the worker controls the page. */
async function controlled(page) {
  await page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
}

/** The content of the caches: the name of each, and the addresses in it. */
const kept = (page) =>
  page.evaluate(async () => {
    const found = {};
    for (const name of await caches.keys()) {
      const requests = await (await caches.open(name)).keys();
      found[name] = requests.map(({ url }) => url.slice(location.origin.length)).sort();
    }
    return found;
  });

/** Checks that the caches hold the offline page and its style, and nothing else. Gives the name of the cache. */
async function offlinePageAlone(page) {
  const caches = Object.entries(await kept(page));
  assert.equal(caches.length, 1, JSON.stringify(caches));
  const [name, addresses] = caches[0];
  assert.match(name, /^hors-ligne-[0-9a-f]{16}$/);
  assert.equal(addresses.length, 2, addresses.join(" "));
  assert.match(addresses[0], /^\/assets\/hors-ligne\/[0-9a-f]{16}\.css$/);
  assert.equal(addresses[1], "/hors-ligne");
  return name;
}

/** Checks that the offline page is shown, with its style and with none of `secrets`. */
async function offline(page, secrets = []) {
  await page.getByRole("heading", { level: 1, name: "Pas de réseau" }).waitFor();
  assert.equal(await page.locator('a[href="tel:0199000000"]').isVisible(), true);
  const rounded = await page.locator("main .button").first().evaluate((button) => getComputedStyle(button).borderRadius);
  assert.equal(rounded, "160px", "the style is there");
  const text = await page.locator("body").textContent();
  for (const secret of secrets) assert.ok(!text.includes(secret), `« ${secret} » is on ${page.url()}`);
}

inTheApp("Chromium finds no obstacle to installing", async ({ page, context, login }) => {
  const devtools = await context.newCDPSession(page);
  const obstacles = async (path) => {
    await page.goto(path);
    const { errors, url, data } = await devtools.send("Page.getAppManifest");
    assert.deepEqual(errors, [], path);
    assert.equal(new URL(url).pathname, "/manifest.webmanifest");
    assert.equal(JSON.parse(data).short_name, "ML Paris");
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    assert.deepEqual(installabilityErrors, [], path);
  };
  await obstacles("/");
  await obstacles("/connexion");
  await signIn(page, login("youth"));
  for (const path of ["/mon-espace", VAULT]) await obstacles(path);
});

inTheApp(
  "whatever was visited, the caches hold the offline page alone, and offline nothing private is shown",
  async ({ page, releases, login }) => {
    const youth = login("youth");
    await signIn(page, youth);
    assert.deepEqual(await kept(page), {}, "a page without an island registers nothing");
    await page.goto(VAULT);
    await controlled(page);
    const names = await page.locator("li.doc h4").allTextContents();
    const secrets = [...names, youth.name.split(" ")[0], youth.identifier];
    for (const path of [...SPACE, ...PUBLIC]) assert.equal((await page.goto(path)).status(), 200, path);
    await page.goto(VAULT);
    const file = await download(page, page.locator("li.doc").first().getByRole("link", { name: /Télécharger/ }));
    assert.ok(file.bytes.length > 0, "a download passes the worker");
    await page.getByRole("link", { name: /Supprimer/ }).first().click();
    await page.waitForURL(/supprimer$/);
    await page.goto("/mon-espace/profil");
    await page.locator("textarea").fill("Mon adresse a changé.");
    await page.getByRole("button", { name: "Envoyer ma demande" }).click();
    await page.waitForURL(/demande=envoyee/);
    await offlinePageAlone(page);

    releases.down = true;
    for (const path of [...SPACE, ...PUBLIC, "/nulle-part", "/conseiller"]) {
      await page.goto(path);
      assert.equal(new URL(page.url()).pathname, path.split("?")[0], "the address stays");
      await offline(page, secrets);
    }
    const seen = await allTheWayBack(page, () => offline(page, secrets));
    assert.ok(seen.includes(VAULT) && seen.includes("/mon-espace/profil"), seen.join(" "));

    // One press brings the page that was asked for.
    await page.goto("/mon-espace");
    releases.down = false;
    await page.getByRole("link", { name: "Réessayer" }).click();
    await page.getByRole("heading", { level: 1, name: /^Bonjour/ }).waitFor();

    await page.getByRole("button", { name: "Se déconnecter" }).click();
    await page.waitForURL((url) => url.pathname === "/");
    await offlinePageAlone(page);
    releases.down = true;
    await page.goto("/mon-espace");
    await offline(page, secrets);
    await allTheWayBack(page, () => offline(page, secrets));
  },
  CUT,
);

inTheApp(
  "a release that changes every address breaks nothing in an app that was opened before",
  async ({ page, releases, login }) => {
    await signIn(page, login("youth"));
    await page.goto(VAULT);
    await controlled(page);
    const first = await offlinePageAlone(page);
    const files = () => page.locator("link[rel=stylesheet], link[rel=modulepreload]").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
    const before = await files();

    releases.release = 2;
    // The worker of the first release still has its page and the style of that page.
    releases.down = true;
    await page.goto("/mon-espace");
    await offline(page);
    releases.down = false;

    // Pages that were opened before the release lead to pages of the next one, with their own scripts.
    await page.goto(VAULT);
    const after = await files();
    assert.equal(after.filter((file) => before.includes(file)).length, 0, "every address is another");
    await page.locator("#fichiers").setInputFiles({ name: "a.pdf", mimeType: "", buffer: Buffer.from("%PDF-1.7\n") });
    await page.locator("li.upload").waitFor();
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    const second = await until(async () => {
      const names = Object.keys(await kept(page));
      return names.length === 1 && names[0] !== first && names[0];
    }, "the worker of the second release has not taken over");
    assert.equal(await offlinePageAlone(page), second);
    for (const path of [...SPACE, ...PUBLIC]) assert.equal((await page.goto(path)).status(), 200, path);
    assert.deepEqual(releases.missing, [], "files of another release were asked for");
    releases.down = true;
    await page.goto("/mon-espace");
    await offline(page);
  },
  CUT,
);

inTheApp("« Effacer mes traces » leaves neither a worker nor a cache", async ({ page, login }) => {
  await signIn(page, login("youth"));
  await page.goto(VAULT);
  await controlled(page);
  await offlinePageAlone(page);
  await page.goto("/cookies/traces");
  await page.getByRole("button", { name: /Effacer/ }).click();
  await page.waitForURL(/fait=oui/);
  const left = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length + (await caches.keys()).length);
  await until(async () => (await left()) === 0, "a worker or a cache is left");
});
