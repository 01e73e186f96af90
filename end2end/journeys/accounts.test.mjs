// The life of an account: one person proposes it, another confirms it, its owner opens it with a code, and it is
// suspended.
import assert from "node:assert/strict";
import { test } from "node:test";
import { journey } from "../lib/browser.mjs";
import { code, enterCode, enterPassword } from "../lib/logins.mjs";
import { balise, temporaryFolder } from "../lib/server.mjs";
import { refusal, withoutBrowserChecks } from "../lib/steps.mjs";

const PASSWORD = "quatre lampes au plafond";
const button = (page, name) => page.getByRole("button", { name, exact: true });
const link = (page, name) => page.getByRole("link", { name, exact: true });

journey(
  "two people make an account, its owner opens it, one person suspends it",
  async ({ page, login, signIn, another, everywhere, see, at }) => {
    // the first administrator proposes
    await signIn(login("admin"));
    await at("/admin");
    await everywhere();
    await page.getByRole("navigation", { name: "Administration" }).getByRole("link", { name: "Comptes" }).click();
    await at("/admin/comptes");
    await everywhere();
    await link(page, "Proposer un compte").click();
    await at("/admin/comptes/nouveau");
    await withoutBrowserChecks(page.locator("main form"));
    await page.getByLabel("Prénom et nom").fill("Sacha Exemple");
    await page.getByLabel("Adresse mail").fill("nulle part");
    await button(page, "Proposer").click();
    const summary = await refusal(page);
    assert.equal(await summary.getByRole("link").count(), 3);
    assert.equal(await page.getByLabel("Prénom et nom").inputValue(), "Sacha Exemple", "what was typed is kept");
    await everywhere();
    await page.getByLabel("Identifiant").fill("sacha.exemple");
    await page.getByLabel("Adresse mail").fill("sacha@exemple.test");
    await page.getByLabel("Rôle").selectOption({ label: "Accueil" });
    await button(page, "Proposer").click();
    await at("/admin/comptes/propositions");
    await see("C’est proposé. Une deuxième personne doit confirmer.");
    await everywhere();
    await link(page, "Nouveau compte : Sacha Exemple").click();
    await see("C’est votre proposition : une autre personne doit confirmer.");
    assert.equal(await button(page, "Confirmer").count(), 0);

    // the second one confirms, and hands over the code
    const colleague = await another();
    await signIn(login("admin", 1), colleague.page);
    await see("2 propositions attendent une deuxième personne.", colleague.page);
    await link(colleague.page, "Voir les propositions").click();
    await link(colleague.page, "Nouveau compte : Sacha Exemple").click();
    await see("sacha@exemple.test", colleague.page);
    await everywhere(colleague.page);
    await button(colleague.page, "Confirmer").click();
    await see("Ce code ne sera plus montré.", colleague.page);
    await everywhere(colleague.page);
    const given = await colleague.page.locator("#code").textContent();
    assert.match(given, /^([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]$/);
    await link(colleague.page, "C’est remis").click();
    await see("C’est confirmé.", colleague.page);

    // its owner opens it
    const newcomer = await another();
    const theirs = newcomer.page;
    await theirs.goto("/connexion");
    await link(theirs, "J’ai reçu un code").click();
    await at("/activation", theirs);
    await everywhere(theirs);
    await theirs.getByLabel("Code d’activation").fill("0".repeat(26));
    await button(theirs, "Continuer").click();
    await refusal(theirs);
    await everywhere(theirs);
    await theirs.goto(`/activation?code=${given}`);
    assert.equal(await theirs.getByLabel("Code d’activation").inputValue(), given);
    await button(theirs, "Continuer").click();
    await see("Choisissez votre mot de passe", theirs);
    assert.equal(await theirs.getByLabel("Votre identifiant").inputValue(), "sacha.exemple");
    await theirs.getByLabel(/^Mot de passe/).fill("sacha.exemple.75");
    await theirs.getByLabel("Le même, encore une fois").fill("sacha.exemple.75");
    await button(theirs, "Ouvrir mon espace").click();
    await refusal(theirs);
    assert.equal(await theirs.getByLabel(/^Mot de passe/).inputValue(), "", "a password is never shown again");
    await everywhere(theirs);
    await theirs.getByLabel(/^Mot de passe/).fill(PASSWORD);
    await theirs.getByLabel("Le même, encore une fois").fill(PASSWORD);
    await button(theirs, "Ouvrir mon espace").click();
    await at("/connexion/enrolement", theirs);
    await theirs.getByText("Je ne peux pas scanner").click();
    const secret = (await theirs.locator(".key").textContent()).replaceAll(" ", "");
    await theirs.getByLabel(/^Code à six chiffres/).fill(await code(secret));
    await button(theirs, "Valider").click();
    await at("/connexion/codes-de-secours", theirs);
    await button(theirs, "J’ai noté mes codes").click();
    await at("/conseiller", theirs);

    // the first sign-in of every day
    await button(theirs, "Se déconnecter").click();
    await at("/", theirs);
    await enterPassword(theirs, { identifier: "sacha.exemple", password: PASSWORD });
    await at("/connexion/code", theirs);
    await enterCode(theirs, secret);
    await at("/conseiller", theirs);

    // One person suspends the account: its owner is signed out at the next click.
    await page.goto("/admin/comptes");
    await page.getByRole("searchbox").fill("SACHA");
    await button(page, "Chercher").click();
    await see("1 compte correspond.");
    await link(page, "Sacha Exemple").click();
    await see("Compte ouvert avec un code");
    await everywhere();
    await link(page, "Proposer un changement").click();
    await everywhere();
    await page.goBack();
    await link(page, "Suspendre ce compte").click();
    await everywhere();
    await button(page, "Suspendre").click();
    await see("Le compte est suspendu.");
    await theirs.reload();
    await at("/connexion", theirs);
    await enterPassword(theirs, { identifier: "sacha.exemple", password: PASSWORD });
    await refusal(theirs);
  },
  { expected: /422/, timeout: 300_000 },
);

test("the first two administrators come from the command line, and more only to the rescue", async () => {
  const data = temporaryFolder();
  const make = (identifier, ...more) =>
    balise(data, ["account", "--identifier", identifier, "--name", "Sacha Exemple", "--email", "sacha@exemple.test", ...more]);
  for (const identifier of ["une", "deux"]) {
    assert.match(await make(identifier), /\n {4}([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]\n/);
  }
  await assert.rejects(make("trois"), /\/admin\/comptes/);
  assert.match(await make("trois", "--rescue"), /\/activation\?code=[0-9A-HJKMNP-TV-Z]{26}\n/);
  await assert.rejects(make("é"), /--identifier: at least 3 characters/);
  await assert.rejects(balise(data, ["account"]), /--identifier is missing/);
});
