// Checks the accessibility rules, in each look and mode, on the answers of a young person's pages to what they do. The
// pages themselves are checked in sweep.test.mjs.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { pdf, picked } from "../lib/files.mjs";
import { deposit, refusal, withoutBrowserChecks } from "../lib/steps.mjs";

const VAULT = "/mon-espace/coffre-fort";
const button = (page, name) => page.getByRole("button", { name, exact: true });

journey(
  "a young person's space can be used by everyone",
  async ({ page, script, login, signIn, everywhere, see }) => {
    await signIn(login("youth"));
    for (const path of [`${VAULT}?q=introuvable`, "/connexion", "/"]) {
      await page.goto(path);
      await everywhere();
    }
    const refused = await page.goto("/conseiller");
    assert.equal(refused.status(), 403);
    await everywhere();

    await page.goto("/mon-espace/profil");
    await withoutBrowserChecks(page.locator("main form"));
    await button(page, "Envoyer ma demande").click();
    await refusal(page);
    await everywhere();
    await page.getByLabel("Ce qui doit changer").fill("Mon numéro de téléphone a changé.");
    await button(page, "Envoyer ma demande").click();
    await see("Votre demande est envoyée.");
    await everywhere();

    // No file is chosen.
    await page.goto(VAULT);
    await withoutBrowserChecks(page.locator("#depot"));
    await button(page, "Déposer").click();
    await refusal(page);
    await everywhere();
    // One file is good and one is bad: without a script there is a report, with one there are lines of progress.
    await page.goto(VAULT);
    await page.getByLabel("De quoi s’agit-il ?").selectOption({ label: "Emploi" });
    await page.locator("#fichiers").setInputFiles([picked("bon.pdf", pdf()), picked("faux.pdf", Buffer.from("MZ"))]);
    if (script) await everywhere();
    await button(page, "Déposer").click();
    if (script) await page.getByRole("link", { name: "Voir mes documents" }).waitFor();
    else await refusal(page);
    await everywhere();

    await page.goto(VAULT);
    await deposit(page, "Identité", picked("un-nom-de-fichier-sans-la-moindre-espace-et-bien-trop-long-pour-un-telephone.pdf", pdf()));
    await everywhere();
    await page.getByRole("link", { name: "Supprimer un-nom" }).click();
    await see("Supprimer ce document ?");
    await everywhere();
  },
  { timeout: 240_000, expected: /422/ },
);
