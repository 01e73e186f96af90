// The devices on which an account is open: a person sees them, ends one, and changes the password.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { enterPassword } from "../lib/logins.mjs";
import { refusal } from "../lib/steps.mjs";

const NEW = "quatre lampes au plafond";
const button = (page, name) => page.getByRole("button", { name, exact: true });

journey(
  "a young person signs out another device and changes their password",
  async ({ page, login, signIn, another, everywhere, see, at }) => {
    const youth = login("youth");
    const hall = await another();
    await signIn(youth, hall.page);
    await signIn(youth);
    await page.getByRole("link", { name: "Profil" }).click();
    await page.getByRole("link", { name: "Appareils connectés" }).click();
    await at("/appareils");
    await see("Cet appareil");
    await everywhere();
    const ends = page.getByRole("button", { name: /^Déconnecter .+, ouvert le / });
    assert.equal(await ends.count(), 1);
    await ends.click();
    await see("L’appareil est déconnecté.");
    await see("Votre compte n’est ouvert nulle part ailleurs.");
    await hall.page.reload();
    await at("/connexion", hall.page);

    await signIn(youth, hall.page);
    await page.reload();
    await button(page, "Déconnecter tous les autres").click();
    await see("Tous les autres appareils sont déconnectés.");
    await hall.page.goto("/mon-espace/coffre-fort");
    await at("/connexion", hall.page);

    await signIn(youth, hall.page);
    await page.getByRole("link", { name: "Changer mon mot de passe" }).click();
    await at("/mot-de-passe");
    await everywhere();
    const fill = async (current, again) => {
      await page.getByLabel("Mot de passe actuel").fill(current);
      await page.getByLabel("Nouveau mot de passe").fill(NEW);
      await page.getByLabel("Le nouveau, encore une fois").fill(again);
      await button(page, "Changer").click();
    };
    await fill("pas le bon", NEW);
    await refusal(page);
    assert.equal(await page.getByLabel("Nouveau mot de passe").inputValue(), "");
    await everywhere();
    await fill(youth.password, NEW);
    await at("/appareils");
    await see("Votre mot de passe est changé.");
    await hall.page.goto("/mon-espace");
    await at("/connexion", hall.page);
    await enterPassword(hall.page, youth);
    await refusal(hall.page);
    await signIn({ ...youth, password: NEW }, hall.page);
    await at("/mon-espace", hall.page);
  },
  { expected: /422/, timeout: 240_000 },
);

journey("an administrator finds their devices in their own space", async ({ page, login, signIn, everywhere, see, at }) => {
  await signIn(login("admin"));
  const navigation = page.getByRole("navigation", { name: "Administration" });
  // There are more places than fit at the bottom of a telephone.
  await navigation.getByText("Plus", { exact: true }).click();
  await navigation.getByRole("link", { name: "Appareils" }).click();
  await at("/appareils");
  await see("Cet appareil");
  await everywhere();
  await page.getByRole("link", { name: "Changer mon mot de passe" }).click();
  await at("/mot-de-passe");
  await everywhere();
});
