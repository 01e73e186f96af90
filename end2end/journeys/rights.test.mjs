// A request about one's own data, from the form to the officer's answer.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { mail } from "../lib/mailbox.mjs";
import { reading, refusal, withoutBrowserChecks } from "../lib/steps.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

journey(
  "somebody asks for an erasure, the officer answers",
  async ({ page, server, login, signIn, another, everywhere, see, at }) => {
    await page.goto("/mes-droits");
    await everywhere();
    assert.equal(await page.getByLabel("Elles ne servent plus à rien").isVisible(), false, "not asked yet");
    await withoutBrowserChecks(page.locator("main form"));
    await button(page, "Envoyer ma demande").click();
    const summary = await refusal(page);
    assert.equal(await summary.getByRole("link").count(), 5);
    await everywhere();

    await page.getByLabel("Effacer mes données").check();
    await page.getByLabel("Elles ne servent plus à rien").check();
    await page.getByLabel("De moi", { exact: true }).check();
    await page.getByLabel("Prénom").fill("Sacha");
    await page.getByLabel("Nom", { exact: true }).fill("Exemple");
    await page.getByLabel("Adresse mail").fill("nulle part");
    await page.getByLabel(/^Voulez-vous préciser/).fill("Mon dossier de 2019.");
    await withoutBrowserChecks(page.locator("main form"));
    await button(page, "Envoyer ma demande").click();
    assert.equal(await (await refusal(page)).getByRole("link").count(), 1);
    assert.equal(await page.getByLabel("Effacer mes données").isChecked(), true, "what was chosen is kept");
    assert.match(await page.getByLabel(/^Voulez-vous préciser/).inputValue(), /2019/);
    await page.getByLabel("Adresse mail").fill("sacha@exemple.test");
    await reading();
    await button(page, "Envoyer ma demande").click();
    await see("Votre demande est bien arrivée.");
    await everywhere();
    await mail(server, /Nous répondons au plus tard le/);

    const office = await another();
    await signIn(login("dpo"), office.page);
    await see("1 demande est en retard.", office.page);
    await everywhere(office.page);
    await office.page.getByRole("link", { name: "Voir les demandes" }).click();
    await at("/admin/droits", office.page);
    await everywhere(office.page);
    await office.page.getByRole("link", { name: "Sacha Exemple" }).click();
    await see("Mon dossier de 2019.", office.page);
    await everywhere(office.page);
    await office.page.getByText("Prolonger de deux mois").click();
    await office.page.getByLabel("Pourquoi faut-il plus de temps ?").fill("Les archives sont sur papier.");
    await button(office.page, "Prolonger").click();
    await see("Le délai est prolongé", office.page);
    await withoutBrowserChecks(office.page.locator("form:has(#answer)"));
    await button(office.page, "Répondre et clore").click();
    await refusal(office.page);
    await everywhere(office.page);
    await office.page.getByLabel("Ce que vous répondez").selectOption({ label: "Refusée" });
    await office.page.getByLabel("Votre réponse").fill("La loi nous oblige à garder ce dossier.");
    await button(office.page, "Répondre et clore").click();
    await see("La demande est close", office.page);
    await everywhere(office.page);
    await mail(server, /La loi nous oblige à garder ce dossier\.[^]*CNIL, 3 place de Fontenoy/);
  },
  { timeout: 240_000 },
);
