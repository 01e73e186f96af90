// The search of the site, and an event that is created, found, closed and no longer found.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { anEvent } from "../lib/routes.mjs";

const results = (page) => page.locator("main ol a");

async function search(page, words) {
  await page.getByLabel("Que cherchez-vous ?").fill(words);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === words);
}

journey("a visitor searches, by keyboard alone", async ({ page, everywhere, see, at }) => {
  await page.goto("/recherche");
  await everywhere();
  await search(page, "emplois");
  await see("résultat");
  assert.ok((await results(page).count()) > 0, "« emplois » finds the pages that say « emploi »");
  await everywhere();
  await search(page, "MENTION LEGALE");
  await results(page).first().focus();
  await page.keyboard.press("Enter");
  await at("/mentions-legales");
  await page.goBack();
  await search(page, "sous-marin");
  await see("Rien ne correspond à");
  assert.equal(await page.getByLabel("Que cherchez-vous ?").inputValue(), "sous-marin", "what was typed is still there");
  await see("Par où commencer");
  await everywhere();
});

journey("an event is made, found, closed, and found no more", async ({ page, login, signIn, see, everywhere }) => {
  await signIn(login("admin"));
  const event = await anEvent(page);
  await page.goto(`/admin/evenements/${event}`);
  await see("Ouverte");
  const title = await page.getByLabel("Nom de l’événement").inputValue();
  await everywhere();
  await page.goto(`/recherche?q=${encodeURIComponent(title)}`);
  await page.locator("main").getByRole("link", { name: title }).waitFor();
  await page.goto(`/admin/evenements/${event}`);
  await page.getByRole("button", { name: "Fermer la préinscription" }).click();
  await see("Vous pouvez la rouvrir");
  await page.goto(`/recherche?q=${encodeURIComponent(title)}`);
  assert.equal(await page.locator("main").getByRole("link", { name: title }).count(), 0);
  await page.goto(`/admin/evenements/${event}`);
  await page.getByRole("button", { name: "Rouvrir la préinscription" }).click();
  await see("C’est rouvert.");
});
