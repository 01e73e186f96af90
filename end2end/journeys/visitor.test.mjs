// A visitor and the cookies: they are asked once and plainly, and nothing of other providers comes before they accept.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { allTheWayBack, until } from "../lib/steps.mjs";

const YOUTUBE = "www.youtube-nocookie.com";
const GOOGLE = "www.googletagmanager.com";
const VIDEO = "/embed/youtube/jNQXAC9IVRw";
const banner = (page) => page.getByRole("region", { name: "Vos cookies, votre choix" });
const button = (page, name) => page.getByRole("button", { name, exact: true });
const choice = async (context) => (await context.cookies()).find(({ name }) => name === "eu-consent");

/** Every computed style of an element, and its size. */
const looks = (locator) =>
  locator.evaluate((element) => {
    const style = getComputedStyle(element);
    const { width, height } = element.getBoundingClientRect();
    return { width, height, ...Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)])) };
  });

/** Checks that nothing of the service is there: no frame, and no address of it in the bytes of the page. */
async function nothingForeign(page) {
  assert.equal(await page.locator("iframe").count(), 0);
  const html = await (await page.request.get(page.url())).text();
  assert.doesNotMatch(html, /youtube-nocookie|ytimg|google\.|googletagmanager/);
}

journey("a visitor refuses cookies and is left alone", async ({ page, context, foreign, at }) => {
  await page.goto(VIDEO);
  await page.getByRole("link", { name: "Retour à l’accueil" }).click();
  await at("/");
  await banner(page).waitFor();
  assert.ok(await page.evaluate(() => document.body.firstElementChild.matches("section.consent")), "first in the page");
  const box = await banner(page).boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 360 && box.height < 370, "the banner leaves half of a phone's screen");
  assert.deepEqual(await looks(button(page, "Tout refuser")), await looks(button(page, "Tout accepter")));
  await nothingForeign(page);

  await button(page, "Tout refuser").click();
  await at("/");
  await banner(page).waitFor({ state: "detached" });
  assert.match(decodeURIComponent((await choice(context)).value), /"?video"?\W+(false|0)/);
  await nothingForeign(page);
  // Going back as far as possible, no page asks again.
  const seen = await allTheWayBack(page, async () => {
    assert.equal(await banner(page).count(), 0, `a banner on ${page.url()}`);
    assert.equal(await page.locator("iframe").count(), 0);
  });
  assert.ok(seen.includes(VIDEO), seen.join(" "));
  await page.goto("/nulle-part");
  assert.equal(await banner(page).count(), 0);
  assert.deepEqual(foreign, []);
});

journey(
  "a visitor accepts videos, then changes their mind",
  async ({ page, context, script, foreign, at, see }) => {
    await page.goto("/");
    await nothingForeign(page);
    assert.deepEqual(foreign, []);
    await button(page, "Tout accepter").click();
    await at("/");
    assert.equal(await banner(page).count(), 0);
    const frame = page.getByTitle(/^Vidéo\s: La Mission Locale en deux minutes$/);
    assert.equal(await frame.getAttribute("src"), `${VIDEO}?cadre=oui`, "the page around it knows our own frame only");
    await frame.scrollIntoViewIfNeeded();
    const hosts = () => foreign.map((url) => new URL(url).hostname);
    await until(() => hosts().includes(YOUTUBE), "the player was never asked for");
    assert.ok(hosts().every((host) => host === YOUTUBE || (script && host === GOOGLE)), foreign.join(" "));
    const player = frame.contentFrame().getByTitle(/^Vidéo/);
    assert.ok((await player.getAttribute("src")).startsWith(`https://${YOUTUBE}/embed/`));
    const { expires } = await choice(context);
    const days = (expires - Date.now() / 1000) / 86_400;
    assert.ok(days > 170 && days < 190, `the choice lasts ${days} days`);

    await page.getByRole("link", { name: "Gestion des cookies" }).click();
    await at("/cookies");
    assert.ok(await page.getByRole("checkbox", { name: /YouTube/ }).isChecked());
    await button(page, "Tout refuser").click();
    await see("Votre choix est enregistré.");
    foreign.length = 0;
    await page.goto("/");
    await nothingForeign(page);
    assert.deepEqual(foreign, []);
  },
  { thirdParties: [YOUTUBE, GOOGLE] },
);

journey(
  "a visitor chooses service by service, and watches a video once",
  async ({ page, context, foreign, at, see }) => {
    await page.goto("/");
    await button(page, "Voir une fois").click();
    await at(VIDEO);
    await page.locator("iframe.embed-frame").waitFor();
    assert.equal(await choice(context), undefined, "« Voir une fois » stores nothing");
    await page.goto("/");
    await banner(page).waitFor();
    await nothingForeign(page);

    await page.getByRole("link", { name: "Personnaliser" }).click();
    await at("/cookies");
    await see("Vous n’avez pas encore choisi : rien n’est allumé.");
    const box = page.getByRole("checkbox", { name: /YouTube/ });
    assert.ok(!(await box.isChecked()), "off by default");
    await page.getByText("Détails de YouTube").click();
    await see("Google Ireland Ltd (Irlande)");
    await box.check();
    await button(page, "Enregistrer mes choix").click();
    await see("Votre choix est enregistré.");
    await see(/^Numéro de votre reçu/);
    assert.ok(await box.isChecked());
    await box.uncheck();
    await button(page, "Enregistrer mes choix").click();
    await see("Votre choix est enregistré.");
    assert.ok(!(await box.isChecked()));

    await page.goto(VIDEO);
    foreign.length = 0;
    await button(page, "Toujours").click();
    await at(VIDEO);
    await page.locator("iframe.embed-frame").waitFor();
    await until(() => foreign.length > 0, "the player was never asked for");
  },
  { thirdParties: [YOUTUBE] },
);

journey("« Gestion des cookies » stays at the bottom left of every page", async ({ page, at }) => {
  for (const path of ["/", "/connexion", "/cookies", "/nulle-part"]) {
    await page.goto(path);
    const link = page.getByRole("link", { name: "Gestion des cookies" });
    const { x, y, width, height } = await link.boundingBox();
    assert.ok(x >= 0 && x < 40 && y + height <= 740 && y > 600 && width >= 44 && height >= 44, `${path}: ${x} ${y} ${width} ${height}`);
    await link.click();
    await at("/cookies");
  }
});

journey(
  "a page with the banner does not move while it loads",
  async ({ page, login, signIn }) => {
    const shift = () =>
      page.evaluate(async () => {
        let sum = 0;
        const observer = new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (sum += value)));
        observer.observe({ type: "layout-shift", buffered: true });
        await new Promise((done) => setTimeout(done, 300));
        return sum;
      });
    for (const path of ["/", VIDEO]) {
      await page.goto(path);
      await banner(page).waitFor();
      assert.equal(await shift(), 0, path);
    }
    await signIn(login("youth"));
    // The island starts without moving anything.
    await page.goto("/mon-espace/coffre-fort");
    assert.equal(await shift(), 0, "vault");
  },
  { script: true },
);
