// The island for deposits: it works where scripts run, and where something is missing the form is a plain one.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { journey } from "../lib/browser.mjs";
import { pdf, picked } from "../lib/files.mjs";
import { temporaryFolder } from "../lib/server.mjs";
import { row } from "../lib/steps.mjs";

const VAULT = "/mon-espace/coffre-fort";
const MIB = 1024 * 1024;
const send = (page) => page.getByRole("button", { name: "Déposer", exact: true }).click();
const line = (page, name) => page.locator("li.upload").filter({ hasText: name });
const choose = async (page, files) => {
  await page.getByLabel("De quoi s’agit-il ?").selectOption({ label: "Logement" });
  await page.locator("#fichiers").setInputFiles(files);
};

/** The posts that leave the page. */
function posts(page) {
  const seen = [];
  page.on("request", (request) => request.method() === "POST" && seen.push(request.url()));
  return seen;
}

async function open({ page, login, signIn }) {
  await signIn(login("youth", 3));
  await page.goto(VAULT);
  return posts(page);
}

journey(
  "three files show their progress, then the list",
  async (walk) => {
    const { page, context, see } = walk;
    const seen = await open(walk);
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 20, downloadThroughput: -1, uploadThroughput: 1.5 * MIB });
    const names = ["bail.pdf", "quittance.pdf", "facture.pdf"];
    await choose(page, names.map((name) => picked(name, pdf(MIB))));
    for (const name of names) await line(page, name).getByText("Prêt à partir").waitFor();
    await send(page);
    for (const name of names) {
      const bar = page.getByRole("progressbar", { name });
      await bar.waitFor();
      assert.equal(await bar.getAttribute("max"), "100");
    }
    await page.waitForURL((url) => url.searchParams.get("depose") === "3");
    await see("Vos 3 documents sont bien gardés.");
    for (const name of names) assert.equal(await row(page, name).count(), 1);
    assert.equal(seen.length, 3, "one request for each file");
  },
  { script: true },
);

journey(
  "what cannot be kept is refused before a byte travels",
  async (walk) => {
    const { page } = walk;
    const seen = await open(walk);
    // The file comes from the disk, because so large a one would take long through Playwright's pipe.
    const folder = temporaryFolder();
    const file = (name, size) => {
      writeFileSync(join(folder, name), Buffer.alloc(size));
      return join(folder, name);
    };
    await choose(page, [file("film.pdf", 25 * MIB + 1), file("jeu.exe", 2), file("vide.pdf", 0)]);
    await line(page, "film.pdf").getByText("Ce fichier est trop lourd").waitFor();
    await line(page, "jeu.exe").getByText("Ce type de fichier n’est pas accepté").waitFor();
    await line(page, "vide.pdf").getByText("Ce fichier est vide").waitFor();
    await send(page);
    await page.waitForTimeout(500);
    assert.deepEqual(seen, []);
    assert.equal(new URL(page.url()).search, "");

    // A good file beside them is sent alone.
    await choose(page, [picked("jeu.exe", Buffer.from("MZ")), picked("bail.pdf", pdf())]);
    await send(page);
    await line(page, "bail.pdf").getByText("Déposé", { exact: true }).waitFor();
    await line(page, "jeu.exe").getByText("Ce type de fichier n’est pas accepté").waitFor();
    assert.equal(seen.length, 1);
    await page.getByRole("link", { name: "Voir mes documents" }).click();
    await row(page, "bail.pdf").waitFor();
  },
  { script: true },
);

journey(
  "a file without a category waits for one",
  async (walk) => {
    const { page } = walk;
    const seen = await open(walk);
    await page.locator("#fichiers").setInputFiles(picked("bail.pdf", pdf()));
    await line(page, "bail.pdf").waitFor();
    await send(page);
    assert.equal(await page.locator("select:invalid").count(), 1);
    await page.waitForTimeout(300);
    assert.deepEqual(seen, []);
    await page.getByLabel("De quoi s’agit-il ?").selectOption({ label: "Logement" });
    await send(page);
    await page.waitForURL((url) => url.searchParams.get("depose") === "1");
    assert.equal(seen.length, 1);
  },
  { script: true },
);

journey(
  "the network breaks, and one press sends again",
  async (walk) => {
    const { page, context, see } = walk;
    await open(walk);
    const names = ["bail.pdf", "quittance.pdf"];
    await choose(page, names.map((name) => picked(name, pdf(50_000))));
    await context.setOffline(true);
    await send(page);
    for (const name of names) await line(page, name).getByText("Le réseau s’est coupé. Ce fichier n’est pas encore déposé.").waitFor();
    await context.setOffline(false);
    for (const name of names) {
      const again = line(page, name).getByRole("button", { name: "Réessayer" });
      await again.click();
      await again.waitFor({ state: "detached" });
    }
    await page.waitForURL((url) => url.searchParams.get("depose") === "2");
    await see("Vos 2 documents sont bien gardés.");
  },
  { script: true, expected: /net::ERR_(INTERNET_DISCONNECTED|FAILED)/ },
);

journey(
  "without the WASM the form is a plain one",
  async (walk) => {
    const { page, context, see } = walk;
    await context.route(/spaces_bg\.wasm/, (route) => route.abort());
    const seen = await open(walk);
    await choose(page, [picked("bail.pdf", pdf()), picked("quittance.pdf", pdf())]);
    assert.equal(await page.locator("li.upload").count(), 0);
    await send(page);
    await page.waitForURL((url) => url.searchParams.get("depose") === "2");
    await see("Vos 2 documents sont bien gardés.");
    assert.equal(seen.length, 1, "both in one request");
  },
  { script: true, expected: /spaces_bg\.wasm|Failed to fetch/ },
);
