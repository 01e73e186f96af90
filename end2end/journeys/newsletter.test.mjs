// The newsletter: a reader subscribes, confirms by the mail, and leaves by the mail.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { linkIn, mail } from "../lib/mailbox.mjs";
import { reading, refusal, withoutBrowserChecks } from "../lib/steps.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

journey(
  "a reader subscribes, confirms and leaves",
  async ({ page, server, everywhere, see }) => {
    await page.goto("/newsletter");
    await everywhere();
    await withoutBrowserChecks(page.locator("main form"));
    await button(page, "M’inscrire").click();
    assert.equal(await (await refusal(page)).getByRole("link").count(), 4);
    await everywhere();
    assert.equal(await page.getByLabel(/^Organisme/).isVisible(), false, "not asked of everybody");
    await page.getByLabel("Prénom").fill("Sacha");
    await page.getByLabel("Nom", { exact: true }).fill("Exemple");
    await page.getByLabel("Adresse mail").fill("sacha@exemple.test");
    await page.getByLabel("Une entreprise partenaire").check();
    await page.getByLabel(/^Organisme/).fill("Atelier d’exemple");
    assert.equal(await page.getByLabel(/^J’accepte que l’on mesure/).isChecked(), false);
    await reading();
    await button(page, "M’inscrire").click();
    await see("Regardez votre boîte mail.");
    await everywhere();

    const confirm = linkIn(await mail(server, /newsletter\/confirmer/), "/newsletter/confirmer");
    await page.goto(confirm);
    await everywhere();
    await button(page, "Oui, je m’inscris").click();
    await see("C’est confirmé, merci.");
    await everywhere();

    const welcome = await mail(server, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click/m);
    await page.goto(linkIn(welcome, "/newsletter/desinscription"));
    await everywhere();
    await button(page, "Me désinscrire").click();
    await see("C’est fait.");
    await everywhere();
    await page.goto(confirm);
    await button(page, "Oui, je m’inscris").click();
    await see("Ce lien ne marche plus.");
    await everywhere();
  },
  { timeout: 240_000 },
);
