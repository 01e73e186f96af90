// What a page's policy keeps out: the browser says so, and the administration reads it, without the page's address.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { until } from "../lib/steps.mjs";

journey(
  "the browser reports what a page tried, and the administration reads it",
  async ({ page, another, login, signIn, everywhere, see }) => {
    await page.goto("/cookies?canari=1");
    await page.evaluate(() => {
      const spy = new Image();
      spy.src = "https://espion.exemple.test/pixel.png?canari=2";
      document.body.append(spy);
      document.body.setAttribute("style", "color: red");
    });

    const admin = await another();
    await signIn(login("admin"), admin.page);
    await until(
      async () => {
        await admin.page.goto("/admin/consentements");
        return admin.page.getByText("https://espion.exemple.test").isVisible();
      },
      "no report of the picture",
      30_000,
    );
    await see("img-src", admin.page);
    const html = await admin.page.content();
    assert.doesNotMatch(html, /canari|pixel/);
    await everywhere(admin.page);
    await admin.page.getByRole("link", { name: "Textes montrés" }).click();
    await see("Aucun texte pour l’instant", admin.page);
    await everywhere(admin.page);
  },
  { script: true, expected: /Content Security Policy|request to another host: https:\/\/espion\.exemple\.test/ },
);
