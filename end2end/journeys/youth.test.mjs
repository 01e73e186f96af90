// The main tasks of a young person: signing in, reading, keeping documents, deciding who reads them, leaving.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { download, pdf, picked, sha256 } from "../lib/files.mjs";
import { allTheWayBack, deposit, focused, refusal, row, share, withoutBrowserChecks } from "../lib/steps.mjs";

const VAULT = "/mon-espace/coffre-fort";
const E2 = [
  "Date de naissance",
  "Adresse",
  "Téléphone",
  "Adresse mail",
  "Niveau d’études validé",
  "Métier visé",
  "Métier préparé",
  "Métier exercé",
  "Inscription",
  "Conseiller ou conseillère",
  "Entrée en Garantie jeunes",
  "Entrée en Contrat d’engagement jeune",
  "Numéro de cohorte",
  "Numéro I-MILO",
];
const button = (page, name) => page.getByRole("button", { name, exact: true });

journey("a young person signs in, at the second try, and leaves nothing behind", async ({ page, login, at, see }) => {
  const youth = login("youth");
  await page.goto("/");
  await button(page, "Tout refuser").click();
  await page.getByRole("link", { name: "Se connecter" }).click();
  await at("/connexion");
  await page.getByLabel("Identifiant").fill(youth.identifier);
  await page.getByLabel("Mot de passe").fill("pas le bon");
  await button(page, "Se connecter").click();
  const summary = await refusal(page);
  assert.match(await summary.textContent(), /L’identifiant ou le mot de passe n’est pas le bon/);
  assert.equal(await page.getByLabel("Identifiant").inputValue(), youth.identifier, "the identifier is kept");
  assert.equal(await page.getByLabel("Mot de passe").inputValue(), "", "the password is not");
  await page.getByLabel("Mot de passe").fill(youth.password);
  await button(page, "Se connecter").click();
  await at("/mon-espace");
  const firstName = youth.name.split(" ")[0];
  await see(`Bonjour ${firstName}`);

  await page.getByRole("navigation", { name: "Mon espace" }).getByRole("link", { name: "Coffre-fort" }).click();
  await at(VAULT);
  const answer = await page.reload();
  assert.equal(answer.headers()["cache-control"], "private, no-store");
  const names = await page.locator("li.doc h4").allTextContents();
  await button(page, "Se déconnecter").click();
  await at("/");
  const seen = await allTheWayBack(page, async () => {
    const text = await page.locator("body").textContent();
    for (const secret of [...names, `Bonjour ${firstName}`]) assert.ok(!text.includes(secret), `Back to ${page.url()} shows « ${secret} »`);
  });
  assert.ok(names.length > 0 && seen.length >= 2 && seen.slice(0, 2).every((path) => path === "/connexion"), seen.join(" "));
  await page.goto("/mon-espace/profil");
  assert.equal(new URL(page.url()).pathname, "/connexion");
});

journey("a young person reads their profile and asks for a correction", async ({ page, login, signIn, at, see }) => {
  await signIn(login("youth"));
  await page.getByRole("link", { name: "Profil" }).click();
  await at("/mon-espace/profil");
  for (const label of E2) {
    const term = page.locator("dt").filter({ hasText: new RegExp(`^${label}$`) });
    assert.ok(await term.isVisible(), label);
    assert.notEqual((await term.locator("xpath=following-sibling::dd").textContent()).trim(), "", label);
  }
  await button(page, "Envoyer ma demande").click();
  assert.equal(await page.locator("textarea:invalid").count(), 1, "the browser holds an empty request back");
  await withoutBrowserChecks(page.locator("main form"));
  await button(page, "Envoyer ma demande").click();
  const summary = await refusal(page);
  await summary.getByRole("link", { name: /^Ce qui doit changer/ }).click();
  await focused(page.getByLabel("Ce qui doit changer"), "the field that the summary leads to");
  assert.match(await page.locator("#message-erreur").textContent(), /Remplissez ce champ/);

  const text = `J’habite <b>maintenant</b> 8, passage du Modèle & "ailleurs".`;
  await page.getByLabel("Ce qui doit changer").fill(text);
  await button(page, "Envoyer ma demande").click();
  await see("Votre demande est envoyée.");
  await see(text);
  assert.equal(await page.getByLabel("Ce qui doit changer").inputValue(), "");
});

journey(
  "a young person keeps documents, finds, takes and deletes them",
  async ({ page, script, login, signIn, at, see }) => {
    await signIn(login("youth", 1));
    await page.goto(VAULT);
    const camera = page.locator("#photo");
    assert.equal(await camera.getAttribute("capture"), "environment");
    assert.equal(await camera.getAttribute("accept"), "image/*");
    assert.equal(await page.getByLabel(/^Prendre une photo/).count(), 1);

    const name = "Relevé d’essai n° 1 (été).pdf";
    const bytes = pdf(60_000);
    await deposit(page, "Argent", picked(name, bytes));
    await see("Votre document est bien gardé.");
    await row(page, name).waitFor();

    // Three files are sent at once: a good one, one that is not a PDF inside, and one of a kind that is not accepted.
    const files = [picked("bon.pdf", pdf()), picked("faux.pdf", Buffer.from("MZ, a program")), picked("tableau.xlsx", Buffer.from("PK"))];
    await page.getByLabel("De quoi s’agit-il ?").selectOption({ label: "Emploi" });
    await page.locator("#fichiers").setInputFiles(files);
    await button(page, "Déposer").click();
    if (script) {
      const line = (file) => page.locator("li.upload").filter({ hasText: file });
      await line("bon.pdf").getByText("Déposé", { exact: true }).waitFor();
      await line("faux.pdf").getByText("Son contenu n’est pas ce que son nom annonce.").waitFor();
      await line("tableau.xlsx").getByText("Ce type de fichier n’est pas accepté.").waitFor();
      await page.getByRole("link", { name: "Voir mes documents" }).click();
      await see("Votre document est bien gardé.");
    } else {
      const text = await (await refusal(page)).textContent();
      assert.match(text, /2 fichiers n’ont pas été gardés/);
      assert.match(text, /«\sfaux\.pdf\s»\s: Son contenu n’est pas ce que son nom annonce/);
      assert.match(text, /«\stableau\.xlsx\s»\s: Ce type de fichier n’est pas accepté/);
      await see("« bon.pdf » est bien gardé.");
      assert.equal(await page.locator("#category").inputValue(), "employment", "the category is kept");
    }
    assert.equal(await row(page, "bon.pdf").count(), 1);
    assert.equal(await row(page, "faux.pdf").count(), 0);

    await page.goto(VAULT);
    await page.getByRole("searchbox").fill("RELEVE d’essai");
    await button(page, "Chercher").click();
    await page.waitForURL((url) => url.searchParams.has("q"));
    assert.equal(await page.locator("li.doc").count(), 1);
    const taken = await download(page, row(page, name).getByRole("link", { name: `Télécharger ${name}` }));
    assert.equal(taken.name, name);
    assert.equal(sha256(taken.bytes), sha256(bytes));

    const remove = row(page, name).getByRole("link", { name: `Supprimer ${name}` });
    await remove.click();
    await see("Supprimer ce document ?");
    await page.getByRole("link", { name: "Garder" }).click();
    await at(VAULT);
    const address = await row(page, name).getByRole("link", { name: /^Télécharger/ }).getAttribute("href");
    await remove.click();
    await button(page, "Supprimer").click();
    await at(VAULT);
    await see("Le document est supprimé.");
    assert.equal(await row(page, name).count(), 0);
    assert.equal((await page.request.get(address)).status(), 404);
  },
  { expected: /422/ },
);

journey("a young person decides who reads their documents", async ({ page, login, signIn, see }) => {
  await signIn(login("youth", 2));
  await page.goto(VAULT);
  const box = page.getByRole("checkbox", { name: /^Partager avec les personnes/ });
  const before = await box.isChecked();
  for (const shared of [!before, before]) {
    await share(page, shared);
    await see(shared ? "C’est noté : les personnes qui vous suivent peuvent lire vos documents." : "C’est noté : plus personne d’autre que vous ne lit vos documents");
    assert.equal(await box.isChecked(), shared);
    await page.goto("/mon-espace");
    await see(shared ? "Les personnes qui vous suivent voient vos documents." : "Vous ne partagez rien pour le moment.");
    await page.getByRole("link", { name: "Changer mon choix" }).click();
    await box.waitFor();
  }
});
