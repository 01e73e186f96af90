// The banner, the panel and the placeholders after the first visit: new services, caches, signals, shared computers,
// and a site that asks nothing. The first visit is in visitor.test.mjs.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { banner, button, choice, decide, foreignAddresses, GOOGLE, none, siteFile, VIDEO, YOUTUBE } from "../lib/consent.mjs";
import { startCache } from "../lib/front.mjs";
import { allTheWayBack, until } from "../lib/steps.mjs";

const VIMEO = "player.vimeo.com";
const OURS = { service: "youtube", item: "jNQXAC9IVRw" };
const NEW = { service: "vimeo", item: "76979871" };

const growing = siteFile(["youtube"], [OURS]);
for (const [word, agrees] of [["refuses", false], ["accepts", true]]) {
  journey(
    `a visitor is asked about what came since alone, and ${word} it`,
    async ({ page, context, server, foreign, at, see }) => {
      await page.goto("/");
      await button(page, "Tout accepter").click();
      await banner(page).waitFor({ state: "detached" });
      assert.deepEqual((await choice(context)).services, ["youtube"]);

      growing.write(["youtube", "vimeo"], [OURS, NEW]);
      // No request is running while the server restarts.
      await page.goto("about:blank");
      await server.restart();
      foreign.length = 0;
      await page.goto("/");
      await page.getByRole("region", { name: "Du nouveau dans les cookies" }).waitFor();
      await see(/montrer des vidéos \(Vimeo\)/);
      assert.doesNotMatch(await banner(page).textContent(), /YouTube/);
      assert.equal(await page.locator("iframe.embed-frame").count(), 1, "what was accepted stays so");
      await page.getByRole("heading", { name: "Une vidéo sur vimeo" }).waitFor();
      assert.ok(foreign.every((url) => new URL(url).hostname === YOUTUBE), foreign.join(" "));

      await button(page, agrees ? "Accepter aussi" : "Refuser").click();
      await banner(page).waitFor({ state: "detached" });
      await at("/");
      assert.deepEqual((await choice(context)).services, agrees ? ["vimeo", "youtube"] : ["youtube"]);
      assert.equal(await page.locator("iframe.embed-frame").count(), agrees ? 2 : 1);
      await page.goto("/cookies");
      assert.ok(await page.getByRole("checkbox", { name: /YouTube/ }).isChecked());
      assert.equal(await page.getByRole("checkbox", { name: /Vimeo/ }).isChecked(), agrees);
      // A refusal is remembered at the next start too.
      await page.goto("about:blank");
      await server.restart();
      await page.goto("/");
      assert.equal(await banner(page).count(), 0);
      // The site is as before for the next journey.
      growing.write(["youtube"], [OURS]);
    },
    // The browser asks for the icon of the tab while the server restarts.
    { env: { BALISE_SITE: growing.path }, thirdParties: [YOUTUBE, VIMEO], expected: /ERR_CONNECTION_REFUSED.*favicon/ },
  );
}

journey(
  "two people behind one cache never get each other's page",
  async ({ server, another }) => {
    const cache = await startCache(server.url);
    try {
      const one = await another({ through: cache });
      const other = await another({ through: cache });
      await one.page.goto("/");
      await button(one.page, "Tout accepter").click();
      await one.page.locator("iframe.embed-frame").waitFor();
      await other.page.goto("/");
      await banner(other.page).waitFor();
      assert.equal(await other.page.locator("iframe").count(), 0);
      await button(other.page, "Tout refuser").click();
      await banner(other.page).waitFor({ state: "detached" });
      const third = await another({ through: cache });
      for (const path of ["/", VIDEO, "/nulle-part"]) {
        await one.page.goto(path);
        await other.page.goto(path);
        await third.page.goto(path);
        assert.equal(await banner(one.page).count(), 0, path);
        assert.equal(await banner(other.page).count(), 0, path);
        assert.equal(await banner(third.page).count(), 1, path);
        none(foreignAddresses(await other.page.content(), cache.url), path);
        none(foreignAddresses(await third.page.content(), cache.url), path);
        assert.deepEqual(await choice(third.context), undefined, "nobody else's choice");
      }
      assert.ok((await choice(one.context)).services.length > 0 && (await choice(other.context)).services.length === 0);
      assert.ok(cache.hits.some((path) => path.endsWith(".css")), "the cache does keep what it may");
      none(cache.hits.filter((path) => !path.startsWith("/assets/")), "kept for others");
    } finally {
      await cache.close();
    }
  },
  { thirdParties: [YOUTUBE, GOOGLE] },
);

const bare = siteFile([], []);
journey(
  "a site without services of others asks nothing",
  async ({ page, server, see, axe, foreign }) => {
    for (const path of ["/", "/connexion", "/activation", "/cookies/traces", "/nulle-part", "/cookies"]) {
      const answer = await page.goto(path);
      assert.equal(await banner(page).count(), 0, path);
      none(foreignAddresses(await answer.text(), server.url), path);
    }
    await see("Aucun service de ce site n’a besoin de votre accord.");
    await see("Il n’y a que les cookies qui font marcher le site.");
    assert.equal(await page.locator("form#choix").count(), 0, "nothing to choose");
    assert.equal((await page.goto(VIDEO)).status(), 404);
    await page.goto("/cookies");
    await axe();
    assert.deepEqual(foreign, []);
  },
  { env: { BALISE_SITE: bare.path } },
);

journey(
  "a browser that asks not to be followed is not asked, and a later choice counts",
  async ({ page, context, server, foreign, see, at, axe }) => {
    const answer = await page.goto("/");
    assert.equal(await banner(page).count(), 0);
    await see("Votre navigateur demande à ne pas être suivi : nous comptons cela comme un refus.");
    none(foreignAddresses(await answer.text(), server.url), "in the bytes");
    assert.equal(await choice(context), undefined, "nothing is stored");
    await axe();
    await page.getByRole("link", { name: "Gestion des cookies" }).click();
    await at("/cookies");
    await see("Si vous choisissez ici, c’est votre choix qui compte.");
    assert.deepEqual(foreign, []);
    await decide(page, "youtube");
    await page.goto("/");
    await page.locator("iframe.embed-frame").waitFor();
    assert.doesNotMatch(await page.locator("footer").textContent(), /ne pas être suivi/);
  },
  { extraHTTPHeaders: { "Sec-GPC": "1" }, thirdParties: [YOUTUBE] },
);

journey(
  "« Effacer mes traces » leaves a shared computer as it was found",
  async ({ page, context, login, signIn, at, see, axe }) => {
    await page.goto("/");
    await button(page, "Tout accepter").click();
    await banner(page).waitFor({ state: "detached" });
    await signIn(login("youth", 1));
    await page.goto("/mon-espace/coffre-fort");
    await page.getByRole("link", { name: "Gestion des cookies" }).click();
    await at("/cookies");
    await button(page, "Effacer mes traces sur cet ordinateur").click();
    await at("/cookies/traces");
    await see("C’est effacé.");
    assert.deepEqual(await context.cookies(), [], "no cookie is left");
    await axe();
    // Going back as far as possible shows nothing of the space.
    await allTheWayBack(page, async () => {
      assert.ok(!new URL(page.url()).pathname.startsWith("/mon-espace"), page.url());
      assert.equal(await page.getByRole("button", { name: "Se déconnecter" }).count(), 0);
    });
    await page.goto("/mon-espace");
    await at("/connexion");
    await page.goto("/");
    await page.getByRole("link", { name: "Se connecter" }).first().waitFor();
    await page.getByRole("region", { name: "Vos cookies, votre choix" }).waitFor();
    assert.equal(await page.locator("iframe").count(), 0);
  },
  { thirdParties: [YOUTUBE, GOOGLE] },
);

journey(
  "a placeholder shows once, or always, or leads to the provider's",
  async ({ page, context, foreign, axe, everywhere, at }) => {
    await page.goto(VIDEO);
    await button(page, "Voir une fois").click();
    await page.locator("iframe.embed-frame").waitFor();
    await until(() => foreign.length > 0, "the player was never asked for");
    assert.equal(await choice(context), undefined, "nothing is stored");
    await axe();
    foreign.length = 0;
    await page.goto(VIDEO);
    await button(page, "Toujours").waitFor();
    assert.deepEqual(foreign, [], "once is once");

    // The browser asks for this page and cannot show it, because no host answers. What its address bar then shows is
    // its own affair.
    const asked = page.waitForRequest(
      (request) => request.isNavigationRequest() && request.url() === "https://www.youtube.com/watch?v=jNQXAC9IVRw",
    );
    await page.getByRole("link", { name: "Ouvrir sur YouTube" }).click();
    assert.equal((await asked).frame(), page.mainFrame(), "in the place of this page");
    await page.goto(VIDEO);
    await button(page, "Toujours").click();
    await at(VIDEO);
    await page.locator("iframe.embed-frame").waitFor();
    assert.deepEqual((await choice(context)).services, ["youtube"], "this one alone");
    await everywhere();
    await page.goto(`${VIDEO}?cadre=oui`);
    await page.locator("iframe.embed-frame").waitFor();
    await everywhere();
    await page.goto("/");
    await page.locator("iframe.embed-frame").scrollIntoViewIfNeeded();
    await axe();
    await page.goto(VIDEO);
    await page.getByRole("link", { name: "Changer d’avis" }).click();
    await at("/cookies");
  },
  { thirdParties: [YOUTUBE, "www.youtube.com"] },
);
