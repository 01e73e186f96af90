// An advisor on a tablet: the code, the portfolio, a file, and a vault that its owner shares and stops sharing.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { download, pdf, picked, sha256 } from "../lib/files.mjs";
import { code, enterCode, enterPassword } from "../lib/logins.mjs";
import { deposit, refusal, row, share } from "../lib/steps.mjs";

const TABLET = { viewport: { width: 820, height: 1180 }, hasTouch: true };
const button = (page, name) => page.getByRole("button", { name, exact: true });

journey(
  "a vault opens to the advisor and closes again, from one request to the next",
  async ({ page, server, login, signIn, another, at, see }) => {
    const youth = login("youth");
    const phone = await another({ viewport: { width: 360, height: 740 } });
    await signIn(youth, phone.page);
    const referent = await phone.page.locator(".person-name").textContent();
    const advisor = server.logins.find(({ name }) => name === referent);
    await share(phone.page, false);
    const own = picked("Papiers à moi.pdf", pdf(5000));
    await deposit(phone.page, "Identité", own);

    // A wrong code is refused, and the right one is accepted.
    await enterPassword(page, advisor);
    await at("/connexion/code");
    await page.getByLabel(/^Code à six chiffres/).fill("000000");
    await button(page, "Valider").tap();
    assert.match(await (await refusal(page)).textContent(), /Ce code n’est pas le bon/);
    await enterCode(page, advisor.totp_secret);
    await at("/conseiller");

    // Two taps lead to a person.
    await page.getByRole("searchbox").fill(youth.name.split(" ").at(-1).toLowerCase());
    await button(page, "Chercher").tap();
    await page.getByRole("link", { name: youth.name }).tap();
    await page.getByRole("heading", { level: 1, name: youth.name }).waitFor();
    const file = new URL(page.url()).pathname;
    assert.match(file, /^\/conseiller\/jeunes\/[0-9a-f-]{36}$/);
    const tabs = page.getByRole("navigation", { name: `Dossier de ${youth.name}` });
    assert.equal(await tabs.locator("[aria-current=page]").textContent(), "Profil");
    for (const title of ["Coordonnées", "Projet", "Suivi", "Dernière situation", "Corrections demandées"]) await see(title);
    await see("Pas partagés : vous voyez ce que vous avez déposé.");
    await tabs.getByRole("link", { name: "Coffre-fort" }).tap();
    await at(`${file}/coffre-fort`);
    assert.equal(await tabs.locator("[aria-current=page]").textContent(), "Coffre-fort");

    // The vault is not shared: the page says so, and shows none of its documents.
    await see(`${youth.name} garde ses documents pour soi.`);
    await see("C’est son droit, et cela ne change rien à son suivi.");
    assert.equal(await row(page, own.name).count(), 0);
    assert.doesNotMatch(await page.content(), /Papiers à moi/);

    // The owner shares the vault.
    await share(phone.page, true);
    await page.reload();
    await see(`${youth.name} partage ses documents avec vous.`);
    const link = row(page, own.name).getByRole("link", { name: /^Télécharger/ });
    const taken = await download(page, link);
    assert.equal(taken.name, own.name);
    assert.equal(sha256(taken.bytes), sha256(own.buffer));
    assert.equal(await row(page, own.name).getByRole("link", { name: /^Supprimer/ }).count(), 0, "it is not the advisor's");
    await phone.page.goto("/mon-espace/coffre-fort");
    const all = await phone.page.locator("li.doc h4").allTextContents();
    assert.deepEqual((await page.locator("li.doc h4").allTextContents()).sort(), all.sort());

    // The owner stops sharing, and the very next request is refused.
    const address = await link.getAttribute("href");
    await share(phone.page, false);
    const refused = await page.goto(address);
    assert.equal(refused.status(), 403);
    await see("Cette page n’est pas pour vous");

    // Both see what the advisor deposits.
    await page.goto(`${file}/coffre-fort`);
    const note = picked("Convention signée.pdf", pdf());
    await deposit(page, "Emploi", note);
    await see("Le document est déposé.");
    await row(page, note.name).getByRole("link", { name: /^Supprimer/ }).waitFor();
    await phone.page.goto("/mon-espace/coffre-fort");
    await row(phone.page, note.name).getByText(`déposé par ${advisor.name}`).waitFor();
  },
  TABLET,
);

journey(
  "a new advisor enrols an authenticator and keeps the recovery codes",
  async ({ page, server, at }) => {
    const advisor = server.logins.find(({ role, totp_secret }) => role === "advisor" && !totp_secret);
    await enterPassword(page, advisor);
    await at("/connexion/enrolement");
    const drawing = page.getByRole("img", { name: "QR code à scanner avec l’application" });
    const { width, height } = await drawing.boundingBox();
    assert.ok(width > 150 && width === height, `${width} × ${height}`);
    assert.ok((await drawing.locator("path").getAttribute("d")).length > 500);
    await page.goto("/conseiller/jeunes");
    assert.equal(new URL(page.url()).pathname, "/connexion/enrolement", "nothing is shown before the second factor");

    const key = page.locator(".key");
    assert.ok(!(await key.isVisible()));
    await page.getByText("Je ne peux pas scanner").tap();
    await key.waitFor();
    const secret = (await key.textContent()).replaceAll(" ", "");
    assert.match(secret, /^[A-Z2-7]{32,}$/);
    await page.getByLabel(/^Code à six chiffres/).fill("000000");
    await button(page, "Valider").tap();
    await refusal(page);
    assert.equal((await key.textContent()).replaceAll(" ", ""), secret, "the same key after a typing error");
    await page.getByLabel(/^Code à six chiffres/).fill(await code(secret));
    await button(page, "Valider").tap();
    await at("/connexion/codes-de-secours");
    const codes = await page.locator(".codes li").allTextContents();
    assert.equal(new Set(codes).size, 10);
    await button(page, "J’ai noté mes codes").tap();
    await at("/conseiller");
    await page.getByRole("heading", { name: "Mes jeunes" }).waitFor();

    // A recovery code works once.
    for (const works of [true, false]) {
      await button(page, "Se déconnecter").tap();
      await at("/");
      await enterPassword(page, advisor);
      await at("/connexion/code");
      await page.getByLabel(/^Code à six chiffres/).fill(codes[0].toLowerCase());
      await button(page, "Valider").tap();
      if (works) await at("/conseiller");
      else await refusal(page);
      if (!works) break;
    }
  },
  TABLET,
);
