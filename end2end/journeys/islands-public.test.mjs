// The small living parts of the public pages: suggestions under the search, and the postal code of an event's form.
// Each is tried with the script, without it, with calls that are cut, and with WebAssembly that does not come.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { until } from "../lib/steps.mjs";

const SUGGEST = "**/action/recherche/suggestions";
const STRUCTURES = "**/action/evenement/structures";
const WASM = "**/*_bg.wasm";

const words = (page) => page.getByLabel("Que cherchez-vous ?");
const options = (page) => page.getByRole("option");
/** The island has taken the search field over. */
const awake = (page) => page.locator('#q[role="combobox"]').waitFor();

journey(
  "suggestions follow what is typed, by keyboard alone",
  async ({ page, everywhere, at }) => {
    await page.goto("/recherche");
    await awake(page);
    await words(page).fill("mention");
    await options(page).first().waitFor();
    assert.equal(await words(page).getAttribute("aria-expanded"), "true");
    await until(async () => /suggestion/.test(await page.locator("#suggestions [role=status]").textContent()), "nothing is said");
    await everywhere();
    await page.keyboard.press("Escape");
    await until(async () => (await options(page).count()) === 0, "Escape closes the list");
    assert.equal(await words(page).inputValue(), "mention", "and keeps what was typed");
    await page.keyboard.type("s");
    await options(page).first().waitFor();
    await page.keyboard.press("ArrowDown");
    const chosen = page.locator('[role="option"][aria-selected="true"]');
    assert.equal(await words(page).getAttribute("aria-activedescendant"), await chosen.getAttribute("id"));
    const path = await chosen.getAttribute("href");
    await page.keyboard.press("Enter");
    await at(path);
    await page.goBack();
    await words(page).fill("sous-marin");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.searchParams.get("q") === "sous-marin");
  },
  { script: true },
);

journey(
  "an answer that comes late does not replace that of what was typed since",
  async ({ page }) => {
    let late;
    await page.route(SUGGEST, async (route) => {
      if (route.request().postData().includes("contact")) await new Promise((done) => (late = done));
      await route.continue();
    });
    await page.goto("/recherche");
    await awake(page);
    await words(page).fill("contact");
    await until(() => late, "no call");
    await words(page).fill("mentions");
    await options(page).first().waitFor();
    const shown = await options(page).allTextContents();
    late();
    await page.waitForResponse((response) => response.request().postData()?.includes("contact"));
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    assert.deepEqual(await options(page).allTextContents(), shown);
  },
  { script: true },
);

for (const [what, block, expected] of [
  ["the network is cut in the middle of a call", (page) => page.route(SUGGEST, (route) => route.abort("connectionreset")), /ERR_CONNECTION_RESET/],
  ["WebAssembly does not come", (page) => page.route(WASM, (route) => route.abort()), /ERR_FAILED|WebAssembly|wasm|fetch/],
]) {
  journey(
    `the search works when ${what}`,
    async ({ page, see }) => {
      await block(page);
      await page.goto("/recherche");
      await words(page).fill("mentions");
      await page.keyboard.press("Enter");
      await page.waitForURL((url) => url.searchParams.get("q") === "mentions");
      await see("résultat");
      assert.equal(await words(page).inputValue(), "mentions");
    },
    { script: true, expected },
  );
}

const code = (page) => page.locator("#postal_code");
const answers = (page) => page.locator('#structures input[name="structure"]');
const said = (page) => page.locator("#structures [role=status]");

journey(
  "the postal code tells who serves it, and asks where several do",
  async ({ page, everywhere }) => {
    await page.goto("/evenement");
    await page.evaluate(() => document.querySelector(".consent")?.remove());
    await page.locator("leptos-island").first().waitFor({ state: "attached" });
    await code(page).fill("75011");
    await until(async () => /Mission Locale de Paris/.test(await said(page).textContent()), "who serves it is not said");
    assert.equal(await answers(page).count(), 0);
    await code(page).fill("77400");
    await answers(page).first().waitFor();
    assert.deepEqual(await page.locator("#structures label").allTextContents(), ["Mission Locale de Torcy", "Mission Locale d’Exemple"]);
    await everywhere();
    await page.locator("#structures label").last().click();
    assert.equal(await answers(page).last().isChecked(), true);
    await code(page).fill("00000");
    await until(async () => (await answers(page).count()) === 0, "the question stays for a code that nobody serves");
    await until(async () => /Nous ne connaissons pas/.test(await said(page).textContent()), "nothing is said of an unknown code");
    await code(page).fill("770");
    await until(async () => (await said(page).textContent()) === "", "half a code is served by somebody");
  },
  { script: true },
);

for (const [what, block, expected] of [
  ["the network is cut in the middle of the call", (page) => page.route(STRUCTURES, (route) => route.abort("connectionreset")), /ERR_CONNECTION_RESET/],
  ["WebAssembly does not come", (page) => page.route(WASM, (route) => route.abort()), /ERR_FAILED|WebAssembly|wasm|fetch/],
]) {
  journey(
    `the server asks which Mission Locale it is when ${what}`,
    async ({ page }) => {
      await block(page);
      await page.goto("/evenement");
      await page.evaluate(() => document.querySelector(".consent")?.remove());
      await code(page).fill("77400");
      await page.locator("#first_name").fill("Zoé");
      await page.locator("main form").evaluate((form) => (form.noValidate = true));
      await page.locator("main form button").last().click();
      await answers(page).first().waitFor();
      assert.equal(await code(page).inputValue(), "77400");
      assert.equal(await page.locator("#first_name").inputValue(), "Zoé", "nothing typed is lost");
    },
    { script: true, expected },
  );
}

journey(
  "without a script the search is a plain form and the server asks which Mission Locale it is",
  async ({ page, see, everywhere }) => {
    await page.goto("/recherche");
    assert.equal(await page.getByRole("option").count(), 0);
    await words(page).fill("mentions");
    await page.keyboard.press("Enter");
    await see("résultat");
    await page.goto("/evenement");
    await code(page).fill("77400");
    await page.locator("main form").evaluate((form) => (form.noValidate = true));
    await page.locator("main form button").last().click();
    await answers(page).first().waitFor();
    assert.equal(await answers(page).count(), 2);
    await everywhere();
  },
  { script: false },
);
