// The banner for everyone: without a mouse, on a narrow screen, at 400 % zoom, with a screen reader, and without moving
// the page.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { banner, button, choice, GOOGLE, VIDEO, YOUTUBE } from "../lib/consent.mjs";
import { unseen } from "../lib/keyboard.mjs";
import { allTheWayBack } from "../lib/steps.mjs";

/** A narrow telephone, and a usual screen at 400 % zoom. */
const NARROW = [
  { width: 320, height: 640 },
  { width: 320, height: 256 },
];

for (const viewport of NARROW) {
  journey(
    `the banner can be used with the keyboard alone at ${viewport.width} × ${viewport.height}`,
    async ({ page, context, foreign, at }) => {
      const stop = async (locator, what) => {
        await page.keyboard.press("Tab");
        assert.ok(await locator.evaluate((element) => element === document.activeElement), `the next stop is ${what}`);
        assert.equal(await unseen(page), null);
        const box = await locator.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= viewport.width && box.height >= 44, `${what}: ${JSON.stringify(box)}`);
        assert.ok(box.y >= 0 && box.y + box.height <= viewport.height, `${what} is in sight`);
      };
      await page.goto("/");
      const order = await banner(page).locator("h2, button, a").evaluateAll((all) => all.map((element) => element.textContent));
      assert.deepEqual(order, ["Vos cookies, votre choix", "Tout accepter", "Tout refuser", "Personnaliser"]);
      const customise = page.getByRole("link", { name: "Personnaliser" });
      await stop(button(page, "Tout accepter"), "« Tout accepter »");
      // The banner is not a dialog, so there is nothing to close.
      await page.keyboard.press("Escape");
      await banner(page).waitFor();
      assert.equal(await choice(context), undefined, "Escape decides nothing");
      await stop(button(page, "Tout refuser"), "« Tout refuser »");
      await stop(customise, "« Personnaliser »");
      await stop(page.locator(".skip"), "the way past the header: the focus is not held");
      await page.keyboard.press("Shift+Tab");
      assert.ok(await customise.evaluate((element) => element === document.activeElement), "and back");
      await page.keyboard.press("Enter");
      await at("/cookies");
      await page.goBack();
      await at("/");
      await button(page, "Tout refuser").focus();
      await page.keyboard.press("Enter");
      await banner(page).waitFor({ state: "detached" });
      await at("/");
      await page.keyboard.press("Tab");
      assert.ok(await page.locator(".skip").evaluate((element) => element === document.activeElement), "the page begins anew");
      assert.deepEqual((await choice(context)).services, []);
      assert.deepEqual(foreign, []);
    },
    { viewport },
  );
}

const BANNER = `- region "Vos cookies, votre choix":
  - heading "Vos cookies, votre choix" [level=2]
  - paragraph: Le site marche sans. Si vous acceptez, il peut aussi compter les visites (Google Analytics), montrer des vidéos (YouTube). Vous changez d’avis quand vous voulez.
  - button "Tout accepter"
  - button "Tout refuser"
  - link "Personnaliser":
    - /url: /cookies#choix`;
const PANEL = `- heading "Votre choix" [level=2]
- paragraph: Cochez ce que vous acceptez. Tout refuser ne change rien à ce que nous faisons pour vous.
- button "Tout accepter"
- button "Tout refuser"
- group "Compter les visites":
  - text: Compter les visites
  - paragraph: Pour savoir quelles pages servent, et les améliorer.
  - checkbox "Google Analytics Google Ireland Ltd (Irlande)"
  - strong: Google Analytics
  - text: Google Ireland Ltd (Irlande)
  - group: Détails de Google Analytics
- group "Voir des vidéos":
  - text: Voir des vidéos
  - paragraph: Pour regarder nos vidéos sans quitter le site.
  - checkbox "YouTube Google Ireland Ltd (Irlande)"
  - strong: YouTube
  - text: Google Ireland Ltd (Irlande)
  - group: Détails de YouTube
- button "Enregistrer mes choix"`;
const PLACEHOLDER = `- paragraph: "Ce contenu vient de YouTube, qui dépose ses propres cookies : rien n’est chargé sans votre accord."
- button "Voir une fois"
- button "Toujours"
- link "Ouvrir sur YouTube":
  - /url: ${VIDEO}/ailleurs`;

journey("banner, panel and placeholder are read aloud as they are meant", async ({ page }) => {
  await page.goto("/");
  assert.equal(await banner(page).ariaSnapshot(), BANNER);
  await page.goto("/cookies");
  assert.equal(await page.locator("form#choix").ariaSnapshot(), PANEL);
  await page.goto(VIDEO);
  assert.equal(await page.locator("form.embed").ariaSnapshot(), PLACEHOLDER);
});

/** How far the page moved while somebody reads it. */
const shift = (page) =>
  page.evaluate(
    () =>
      new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (sum += value))).observe({ type: "layout-shift", buffered: true });
        // Two frames later, all buffered entries have arrived.
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum))));
      }),
  );

journey(
  "no page moves on a first visit, nor after a choice",
  async ({ page }) => {
    for (const viewport of [NARROW[1], { width: 360, height: 740 }, { width: 1280, height: 800 }]) {
      await page.setViewportSize(viewport);
      await page.context().clearCookies();
      for (const path of ["/", VIDEO, "/nulle-part"]) {
        await page.goto(path);
        await banner(page).waitFor();
        assert.equal(await shift(page), 0, `${path} at ${viewport.width} px`);
      }
      await button(page, "Tout accepter").click();
      await banner(page).waitFor({ state: "detached" });
      await page.goto("/");
      assert.equal(await shift(page), 0, `accepted, at ${viewport.width} px`);
    }
  },
  { script: true, thirdParties: [YOUTUBE, GOOGLE] },
);

journey("Back after a refusal asks nothing and loads nothing, kept pages included", async ({ page, script, foreign, at }) => {
  await page.goto(VIDEO);
  await page.goto("/cookies/traces");
  await page.goto("/");
  if (script) await page.evaluate(() => addEventListener("pageshow", (event) => (document.title += event.persisted ? " (kept)" : "")));
  await button(page, "Tout refuser").click();
  await banner(page).waitFor({ state: "detached" });
  await at("/");
  const seen = await allTheWayBack(page, async () => {
    assert.equal(await banner(page).count(), 0, `a banner on ${page.url()}`);
    assert.equal(await page.locator("iframe").count(), 0);
    assert.doesNotMatch(await page.title(), /kept/, "no page was kept as it stood before the choice");
  });
  assert.ok(seen.includes(VIDEO) && seen.includes("/cookies/traces"), seen.join(" "));
  for (let forward = 0; forward < seen.length; forward += 1) {
    await page.goForward();
    assert.equal(await banner(page).count(), 0, `a banner on ${page.url()}`);
  }
  assert.deepEqual(foreign, []);
});
