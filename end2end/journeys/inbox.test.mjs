// A visitor's message, from the list to the answer in the visitor's mailbox, on the tablet of the reception.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { mail } from "../lib/mailbox.mjs";
import { refusal, withoutBrowserChecks } from "../lib/steps.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });
const link = (page, name) => page.getByRole("link", { name, exact: true });

journey(
  "reception takes a request, blanks what should not be kept, answers and closes",
  async ({ page, server, login, signIn, everywhere, see, at }) => {
    await signIn(login("reception"));
    await at("/conseiller");
    await everywhere();
    await page.getByRole("navigation", { name: "Espace des équipes" }).getByRole("link", { name: "Demandes" }).click();
    await at("/conseiller/demandes");
    await everywhere();
    assert.equal(await page.locator("main").getByText("taxe").count(), 0, "somebody else’s work is not shown");

    await page.getByLabel("Formulaire").selectOption({ label: "Contact" });
    await button(page, "Filtrer").click();
    await see("Bilal Modèle");
    await link(page, "Bilal Modèle").click();
    await see("contient peut-être");
    await everywhere();
    await button(page, "Effacer le message").click();
    await see("Le message est effacé.");
    assert.equal(await page.getByText("999 001").count(), 0);

    await page.goto("/conseiller/demandes?suivi=personne&formulaire=contact");
    await link(page, "Océane Exemple").click();
    await button(page, "Je m’en occupe").click();
    await see("Vous suivez cette demande.");
    await withoutBrowserChecks(page.locator("form:has(textarea)"));
    await button(page, "Envoyer la réponse").click();
    await refusal(page);
    await everywhere();
    await page.getByLabel("Votre réponse").fill("Oui, venez quand vous voulez.\nÀ bientôt !");
    await page.getByLabel("Clore la demande après l’envoi").check();
    await button(page, "Envoyer la réponse").click();
    await see("Votre réponse part dans un instant.");
    await see("a répondu le");
    await everywhere();
    assert.equal(await button(page, "Envoyer la réponse").count(), 0, "it is closed");
    await mail(server, /Oui, venez quand vous voulez\.\r?\nÀ bientôt !/);

    await page.goto("/conseiller/demandes?etat=closed&suivi=moi");
    await see("Océane Exemple");
    await page.goto("/conseiller/demandes?formulaire=event&suivi=moi&etat=new");
    await see("Aucune demande ici");
    await everywhere();
  },
  { timeout: 240_000 },
);
