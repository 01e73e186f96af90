// Short steps that several journeys share.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `check` gives a true value. It polls from here, because pages without a script cannot wait. */
export async function until(check, what, limit = 5_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await check();
    if (found) return found;
    assert.ok(Date.now() < end, `${what}, after ${limit} ms`);
    await sleep(50);
  }
}

/** Waits as long as a person reads a public form: the server refuses a form that was filled in faster. */
export const reading = () => sleep(3_200);

/** Waits until the element has the focus. */
export function focused(locator, what) {
  return until(() => locator.evaluate((element) => element === document.activeElement), `no focus on ${what}`);
}

/** Turns off the browser's own checks of a form, so that the server's are tested. An older browser has none. */
export function withoutBrowserChecks(form) {
  return form.evaluate((element) => (element.noValidate = true));
}

/**
 * Checks the error summary of a refused form: it is there and has the focus, and the title says that there are errors.
 */
export async function refusal(page) {
  const summary = page.locator(".errors");
  await summary.waitFor();
  await focused(summary, "the error summary");
  assert.match(await page.title(), /^Erreur\s: /);
  return summary;
}

/**
 * Goes back as far as the browser can, and looks at each page on the way. The browser stops at a page that answered a
 * post, because it cannot show it again. Gives the paths that it saw.
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

/** Deposits files through the form of a vault, and waits for the message of success. */
export async function deposit(page, category, files) {
  await page.getByLabel("De quoi s’agit-il ?").selectOption({ label: category });
  await page.locator("#fichiers").setInputFiles(files);
  await page.getByRole("button", { name: "Déposer", exact: true }).click();
  await page.waitForURL((url) => url.searchParams.get("depose") === String([files].flat().length));
}

/** The row of a document, found by its name. */
export const row = (page, name) => page.locator("li.doc").filter({ has: page.getByText(name, { exact: true }) });

/** Ticks or unticks the box that shares the vault, and waits for the answer. */
export async function share(page, open) {
  await page.goto("/mon-espace/coffre-fort");
  const box = page.getByRole("checkbox", { name: /^Partager avec les personnes/ });
  const button = page.getByRole("button", { name: "Enregistrer mon choix" });
  if (page.context().script) {
    // The island is awake, and a box that is moved needs no button.
    await button.waitFor({ state: "hidden" });
    if ((await box.isChecked()) === open) return;
    await box.setChecked(open);
  } else {
    await box.setChecked(open);
    await button.click();
  }
  await page.getByText(open ? "C’est noté : les personnes qui vous suivent" : "C’est noté : plus personne d’autre").first().waitFor();
}
