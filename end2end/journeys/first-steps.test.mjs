// The pages that a person reaches first.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";

journey("a visitor opens the home page and the sign-in page", async ({ page, axe }) => {
  for (const path of ["/", "/connexion"]) {
    const answer = await page.goto(path);
    assert.equal(answer.status(), 200);
    assert.equal(await page.locator("html").getAttribute("lang"), "fr");
    assert.equal(await page.locator("h1").count(), 1);
    await axe();
  }
  await page.getByLabel(/^Identifiant/).waitFor();
});

journey("an address that does not exist says so", async ({ page, axe }) => {
  const answer = await page.goto("/nulle-part");
  assert.equal(answer.status(), 404);
  assert.equal(await page.locator("h1").count(), 1);
  await axe();
});

journey("a young person signs in", async ({ at, login, signIn }) => {
  await signIn(login("youth"));
  await at("/mon-espace");
});

journey("an advisor signs in with a second factor", async ({ at, login, signIn }) => {
  await signIn(login("advisor"));
  await at("/conseiller");
});
