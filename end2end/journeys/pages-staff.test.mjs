// Checks the accessibility rules, in each look and mode, on the answers of the staff's pages to what people do. The
// pages themselves are checked in sweep.test.mjs.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { pdf, picked } from "../lib/files.mjs";
import { deposit, refusal, row, share, withoutBrowserChecks } from "../lib/steps.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

journey(
  "the staff's space can be used by everyone",
  async ({ page, server, login, signIn, another, everywhere, see }) => {
    const youth = login("youth");
    const phone = await another();
    await signIn(youth, phone.page);
    const referent = await phone.page.locator(".person-name").textContent();
    await share(phone.page, true);

    await signIn(server.logins.find(({ name }) => name === referent));
    await page.goto("/conseiller/jeunes?q=introuvable");
    await everywhere();
    const refused = await page.goto("/mon-espace");
    assert.equal(refused.status(), 403);
    await everywhere();

    await page.goto("/conseiller/jeunes");
    await page.getByRole("searchbox").fill(youth.name);
    await button(page, "Chercher").click();
    await page.getByRole("link", { name: youth.name }).click();
    await see("Dernière situation");
    await everywhere();
    const file = new URL(page.url()).pathname;
    await page.goto(`${file}/coffre-fort`);
    await see("partage ses documents avec vous.");
    await everywhere();
    await share(phone.page, false);
    const note = "Convention.pdf";
    await page.reload();
    await deposit(page, "Emploi", picked(note, pdf()));
    await see("garde ses documents pour soi.");
    await everywhere();
    await row(page, note).getByRole("link", { name: /^Supprimer/ }).click();
    await see("Supprimer ce document ?");
    await everywhere();
    await page.goto(`${file}/coffre-fort`);
    await withoutBrowserChecks(page.locator("#depot"));
    await button(page, "Déposer").click();
    await refusal(page);
    await everywhere();
    await page.goto(`${file}/nulle-part`);
    await everywhere();

    const desk = await another();
    await signIn(login("reception"), desk.page);
    await everywhere(desk.page);
    assert.equal((await desk.page.goto("/conseiller/jeunes")).status(), 403);
  },
  { timeout: 240_000 },
);
