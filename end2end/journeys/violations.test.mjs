// What the policy of a page blocks: the browser reports it, and the administration reads it without the address of the
// page.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { until } from "../lib/steps.mjs";

const SPY = "https://espion.exemple.test";

journey(
  "the browser keeps out and reports what somebody put into a page, and the administration reads it",
  async ({ page, context, foreign, another, login, signIn, everywhere, see }) => {
    // Somebody on the way, or a fault in our own page, adds this.
    await context.route(
      (url) => url.pathname === "/cookies",
      async (route) => {
        const answer = await route.fetch();
        const added = `<img src="${SPY}/pixel.png?canari=2" alt=""><script src="${SPY}/tout.js"></script><p style="color: red"></p>`;
        const body = (await answer.text()).replace("</body>", `${added}</body>`);
        await route.fulfill({ response: answer, body });
      },
    );
    await page.goto("/cookies?canari=1");
    assert.deepEqual(foreign, [], "nobody was asked");

    const admin = await another();
    await signIn(login("admin"), admin.page);
    await until(
      async () => {
        await admin.page.goto("/admin/consentements");
        return admin.page.getByText(SPY).first().isVisible();
      },
      "no report of the picture",
      30_000,
    );
    await see("img-src", admin.page);
    assert.doesNotMatch(await admin.page.content(), /canari|pixel|tout\.js/);
    await everywhere(admin.page);
    await admin.page.getByRole("link", { name: "Textes montrés" }).click();
    await see("Aucun texte pour l’instant", admin.page);
    await everywhere(admin.page);
  },
  { expected: /Content Security Policy|Content-Security-Policy/ },
);
