// Checks the accessibility rules, in each look and mode, on the answers of public pages and of the steps of a sign-in.
// The pages themselves are checked in sweep.test.mjs.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { enterCode, enterPassword } from "../lib/logins.mjs";
import { refusal, withoutBrowserChecks } from "../lib/steps.mjs";

const button = (page, name) => page.getByRole("button", { name, exact: true });

async function sendEmpty(page, name) {
  await withoutBrowserChecks(page.locator("main form"));
  await button(page, name).click();
  await refusal(page);
}

journey("public pages can be used by everyone", async ({ page, everywhere }) => {
  await page.goto("/nulle-part");
  await everywhere();
  await page.goto("/cookies");
  await page.getByText("Détails de YouTube").click();
  await button(page, "Enregistrer mes choix").click();
  await page.locator(".message--success").waitFor();
  await everywhere();
  await page.goto("/connexion");
  await sendEmpty(page, "Se connecter");
  await everywhere();
});

journey("every step of a sign-in can be used by everyone", async ({ page, server, login, at, everywhere }) => {
  await enterPassword(page, login("advisor"));
  await at("/connexion/code");
  await sendEmpty(page, "Valider");
  await everywhere();
  await page.context().clearCookies();
  await enterPassword(page, server.logins.find(({ role, totp_secret }) => role === "advisor" && !totp_secret));
  await at("/connexion/enrolement");
  await page.getByText("Je ne peux pas scanner").click();
  await everywhere();
  const secret = (await page.locator(".key").textContent()).replaceAll(" ", "");
  await sendEmpty(page, "Valider");
  await everywhere();
  await enterCode(page, secret);
  await at("/connexion/codes-de-secours");
});

journey("a fault that is planted is found", async ({ page, everywhere }) => {
  await page.goto("/contact");
  await page.locator("main").evaluate((main) => {
    const pale = Object.assign(document.createElement("p"), { textContent: "Peu lisible" });
    Object.assign(pale.style, { color: "#999", background: "#aaa" });
    main.append(pale);
  });
  await assert.rejects(everywhere(), /color-contrast[^]*Peu lisible/);
});
