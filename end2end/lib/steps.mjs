// Small steps that several journeys take.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `check` gives something true. Asks from here: pages without a script cannot wait. */
export async function until(check, what, limit = 5_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await check();
    if (found) return found;
    assert.ok(Date.now() < end, `${what}, after ${limit} ms`);
    await sleep(50);
  }
}

/** As long as somebody reads a public form: the server takes nothing that was filled in faster. */
export const reading = () => sleep(3_200);

/** Waits for the element to hold the focus. */
export function focused(locator, what) {
  return until(() => locator.evaluate((element) => element === document.activeElement), `no focus on ${what}`);
}

/** Lets a form go with what the browser itself would hold back, as an older one does. */
export function withoutBrowserChecks(form) {
  return form.evaluate((element) => (element.noValidate = true));
}

/** The error summary of a refused form: it is there, it has the focus, and the title says so too. */
export async function refusal(page) {
  const summary = page.locator(".errors");
  await summary.waitFor();
  await focused(summary, "the error summary");
  assert.match(await page.title(), /^Erreur\s: /);
  return summary;
}

/**
 * Goes back as far as the browser goes and looks at each page on the way. A page that answered a post
 * cannot be shown again: the browser stops there by itself. Gives the paths that were seen.
 */
export async function allTheWayBack(page, look) {
  const seen = [];
  for (;;) {
    const answer = await page.goBack().catch(async (error) => {
      if (!/ERR_CACHE_MISS/.test(error.message)) throw error;
      await until(() => page.url().startsWith("chrome-error:"), "the browser's own page");
      return null;
    });
    if (!answer || !page.url().startsWith("http")) return seen;
    seen.push(new URL(page.url()).pathname);
    await look();
  }
}

/** Deposits through the form of a vault and waits for the word of success. */
export async function deposit(page, category, files) {
  await page.getByLabel("De quoi s’agit-il ?").selectOption({ label: category });
  await page.locator("#fichiers").setInputFiles(files);
  await page.getByRole("button", { name: "Déposer", exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get("depose") === String([files].flat().length));
}

/** The row of a document, by its name. */
export const row = (page, name) => page.locator("li.doc").filter({ has: page.getByText(name, { exact: true }) });

/** Ticks or unticks the box that opens the vault, and waits for the answer. */
export async function share(page, open) {
  await page.goto("/mon-espace/coffre-fort");
  await page.getByRole("checkbox", { name: /^Partager avec les personnes/ }).setChecked(open);
  await page.getByRole("button", { name: "Enregistrer mon choix" }).click();
  await page.waitForURL((url) => url.searchParams.get("partage") === (open ? "oui" : "non"));
}
