// Without a mouse: the focus is visible at every stop, and the whole way can be gone.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { pdf, picked } from "../lib/files.mjs";
import { unseen } from "../lib/keyboard.mjs";
import { row } from "../lib/steps.mjs";

/** Presses Tab until the element has the focus. */
async function tabTo(page, locator, what) {
  for (let stops = 0; stops < 60; stops += 1) {
    await page.keyboard.press("Tab");
    assert.equal(await unseen(page), null);
    if (await locator.evaluate((element) => element === document.activeElement).catch(() => false)) return;
  }
  assert.fail(`60 presses of Tab do not reach ${what}`);
}

journey("signing in, depositing and leaving, with the keyboard alone", async ({ page, login, at, see }) => {
  const youth = login("youth", 4);
  const link = (name) => page.getByRole("link", { name, exact: true });
  const button = (name) => page.getByRole("button", { name, exact: true });

  // The listener is added early, because the browser must know of it before the key is pressed.
  const choosing = page.waitForEvent("filechooser", { timeout: 60_000 });
  choosing.catch(() => {});
  await page.goto("/");
  await tabTo(page, button("Tout refuser"), "« Tout refuser »");
  await page.keyboard.press("Space");
  await page.getByRole("region", { name: "Vos cookies, votre choix" }).waitFor({ state: "detached" });
  await tabTo(page, link("Se connecter"), "« Se connecter »");
  await page.keyboard.press("Enter");
  await at("/connexion");

  // The first stop leads past the header.
  await page.keyboard.press("Tab");
  const skip = link("Aller au contenu");
  assert.ok(await skip.evaluate((element) => element === document.activeElement), "the first stop skips the header");
  const box = await skip.boundingBox();
  assert.ok(box.width > 100 && box.height >= 40 && box.y >= 0, "and it shows");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "contenu");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "identifier");
  await page.keyboard.type(youth.identifier);
  await tabTo(page, page.getByLabel("Mot de passe"), "the password");
  await page.keyboard.type(youth.password);
  await page.keyboard.press("Enter");
  await at("/mon-espace");

  await tabTo(page, link("Déposer un document"), "« Déposer un document »");
  await page.keyboard.press("Enter");
  await at("/mon-espace/coffre-fort");
  await tabTo(page, page.getByLabel("De quoi s’agit-il ?"), "the category");
  await page.keyboard.type("Log");
  assert.equal(await page.locator("#category").inputValue(), "housing");
  await tabTo(page, page.locator("#fichiers"), "the files");
  await page.keyboard.press("Enter");
  const chooser = await choosing;
  assert.ok(chooser.isMultiple());
  await chooser.setFiles(picked("Quittance du clavier.pdf", pdf()));
  await tabTo(page, button("Déposer"), "« Déposer »");
  await page.keyboard.press("Space");
  await page.waitForURL((url) => url.searchParams.get("depose") === "1");
  await see("Votre document est bien gardé.");
  await row(page, "Quittance du clavier.pdf").waitFor();
  await tabTo(page, button("Se déconnecter"), "« Se déconnecter »");
  await page.keyboard.press("Space");
  await at("/");
});
