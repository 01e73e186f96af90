// The public forms on a small telephone, by keyboard alone: errors are shown and typed values stay, a right form
// arrives once, and sensitive text gets a question first.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { walkByKeyboard } from "../lib/keyboard.mjs";
import { anEvent } from "../lib/routes.mjs";
import { focused, reading, refusal, until, withoutBrowserChecks } from "../lib/steps.mjs";

const SMALL = { viewport: { width: 320, height: 640 } };

const field = (page, name) => page.locator(`main [name="${name}"]:not([type="hidden"])`);

/** Types into a field that Tab has reached, or chooses in it. */
async function fill(page, name, value) {
  const at = field(page, name).first();
  await at.focus();
  const kind = await at.evaluate((element) => element.type);
  if (kind === "radio") {
    await page.locator(`main [name="${name}"][value="${value}"]`).focus();
    await page.keyboard.press("Space");
  } else if (kind === "select-one") {
    await at.selectOption(value);
  } else {
    await at.fill("");
    await page.keyboard.type(value);
  }
}

/** The present value of a field. */
const held = (page, name) =>
  field(page, name).evaluateAll((all) => {
    const [first] = all;
    return first.type === "radio" ? (all.find((one) => one.checked)?.value ?? "") : first.value;
  });

/** Sends the form with Enter on the button, without the browser's own checks. */
async function send(page) {
  const form = page.locator("main form");
  await withoutBrowserChecks(form);
  await form.locator("button").focus();
  await page.keyboard.press("Enter");
}

const FORMS = [
  {
    path: "/contact",
    wrong: { first_name: "R2D2", last_name: "www.gagnez.test", email: "zoe", message: " " },
    right: { first_name: "Zoé", last_name: "Exemple", email: "zoe@exemple.test", postal_code: "75011", message: "Bonjour ?" },
    fields: 5,
    sent: "Votre message est parti",
  },
  {
    path: "/pre-inscription",
    wrong: { first_name: "1", last_name: "2", birth_date: "31/02/2007", phone: "06", email: "zoe" },
    right: {
      first_name: "Zoé",
      last_name: "Exemple",
      birth_date: "04052007",
      arrondissement: "11",
      phone: "06 39 98 12 34",
      email: "",
      by_video: "non",
      availability: "le matin",
      message: "Un emploi",
    },
    fields: 7,
    sent: "Votre demande est partie",
  },
  {
    // The demonstration has an open event.
    path: "/evenement",
    wrong: { first_name: "1", last_name: "2", birth_date: "31/02/2007", postal_code: "123", phone: "06", email: "zoe" },
    right: {
      first_name: "Zoé",
      last_name: "Exemple",
      birth_date: "04052007",
      postal_code: "75011",
      phone: "06 39 98 12 34",
      email: "",
    },
    fields: 6,
    sent: "Votre place est demandée",
  },
  {
    path: "/taxe-apprentissage",
    wrong: { first_name: "@", last_name: "3", company: " ", email: "camille@", message: " " },
    right: {
      first_name: "Camille",
      last_name: "Exemple",
      company: "Boulangerie Exemple",
      email: "camille@exemple.test",
      message: "Comment verser ?",
    },
    fields: 5,
    sent: "Votre message est parti",
  },
];

for (const { path, wrong, right, fields, sent } of FORMS) {
  journey(
    `${path}: everything wrong at once, then right, by keyboard on a small phone`,
    async ({ page, everywhere, see, at }) => {
      await page.goto(path);
      await page.evaluate(() => document.querySelector(".consent")?.remove());
      await walkByKeyboard(page);
      assert.equal(await page.locator("[name=website]").evaluate((trap) => trap.tabIndex), -1);
      for (const [name, value] of Object.entries(wrong)) await fill(page, name, value);
      await send(page);
      const summary = await refusal(page);
      assert.equal(await summary.getByRole("listitem").count(), fields, await summary.textContent());
      for (const [name, value] of Object.entries(wrong)) {
        assert.equal((await held(page, name)).trim(), value.trim(), `${name} is as it was typed`);
        const [described, invalid] = await field(page, name)
          .first()
          .evaluate((element) => [element.getAttribute("aria-describedby"), element.getAttribute("aria-invalid")]);
        assert.ok(described.includes(`${name}-erreur`) && invalid === "true", `${name} says what is wrong with it`);
        assert.ok(await page.locator(`#${name}-erreur`).isVisible());
      }
      // Each line of the summary leads to its field.
      await summary.getByRole("link").first().focus();
      await page.keyboard.press("Enter");
      await focused(field(page, "first_name"), "the first wrong field");
      await everywhere();

      for (const [name, value] of Object.entries(right)) await fill(page, name, value);
      await reading();
      await send(page);
      await at(path);
      await see(sent);
      await see(/^Vos réponses sont supprimées du site /);
      await everywhere();
    },
    SMALL,
  );
}

journey(
  "what nobody needs to tell is asked about, and may be sent all the same",
  async ({ page, see, everywhere }) => {
    await page.goto("/contact");
    const right = { ...FORMS[0].right, message: "Je suis enceinte. 2 69 05 49 588 157 80" };
    for (const [name, value] of Object.entries(right)) await fill(page, name, value);
    await reading();
    await send(page);
    const question = await refusal(page);
    await see("Un instant avant d’envoyer");
    assert.equal(await question.getByRole("listitem").count(), 2);
    assert.equal(await held(page, "message"), right.message);
    await everywhere();
    await page.getByRole("checkbox", { name: /^Envoyer quand même/ }).focus();
    await page.keyboard.press("Space");
    await send(page);
    await see("Votre message est parti");
  },
  SMALL,
);

journey(
  "a form that is sent at once comes back with all of it, and goes the second time",
  async ({ page, see }) => {
    await page.goto("/contact");
    // A program that fills in forms does the same.
    await page.locator("main form").evaluate((form) => {
      form.elements.first_name.value = "Zoé";
      form.elements.last_name.value = "Exemple";
      form.elements.email.value = "zoe@exemple.test";
      form.elements.postal_code.value = "75011";
      form.elements.message.value = "Bonjour ?";
    });
    await page.locator("main form button").click();
    await see(/^C’était très rapide\s!/);
    assert.equal(await held(page, "message"), "Bonjour ?");
    await reading();
    await page.locator("main form button").click();
    await see("Votre message est parti");
  },
  SMALL,
);

journey("without an open event the page says so, and where else to go", async ({ page, login, signIn, another, see, everywhere, at }) => {
  const office = await another();
  await signIn(login("admin"), office.page);
  await office.page.goto(`/admin/evenements/${await anEvent(office.page)}`);
  await office.page.getByRole("button", { name: "Fermer la préinscription" }).click();
  await see("Vous pouvez la rouvrir", office.page);
  await page.goto("/evenement");
  await see("Aucun événement n’est ouvert en ce moment");
  await everywhere();
  await page.locator("main").getByRole("link", { name: "Se préinscrire" }).click();
  await at("/pre-inscription");
});

journey("every form is two steps away: on the home page and at the end of each page", async ({ page, at }) => {
  for (const [name, path] of [
    ["Se préinscrire", "/pre-inscription"],
    ["Nous écrire", "/contact"],
    ["Venir à un événement", "/evenement"],
    ["Entreprises : taxe d’apprentissage", "/taxe-apprentissage"],
  ]) {
    await page.goto("/");
    await page.locator("main").getByRole("link", { name, exact: true }).click();
    await at(path);
    await page.goto("/cookies");
    assert.equal(await page.getByRole("contentinfo").locator(`a[href="${path}"]`).count(), 1, path);
  }
});

// -- the island that sends the forms -------------------------------------------------------------------------

const CALL = (request) => request.method() === "POST" && request.headers().accept === "application/json";
const contact = (page) => page.locator("main form").getByRole("button");

/** Fills in the contact form as it should be. */
async function write(page) {
  for (const [name, value] of Object.entries(FORMS[0].right)) await fill(page, name, value);
}

/** The island has taken the form over. */
const alive = (page) => until(() => page.locator("[data-call]:not([data-live-form])").count(), "the island took no form");

/** The posts that leave the page: calls, and those of the browser itself. */
function posts(page) {
  const seen = { calls: 0, plain: 0 };
  page.on("request", (request) => {
    if (request.method() === "POST") seen[CALL(request) ? "calls" : "plain"] += 1;
  });
  return seen;
}

/**
 * What is wrong as the page has it: the summary, and each field with its error. What was typed is in the page of the
 * server, but in the memory of the browser where the page stayed; the order of attributes says nothing.
 */
const wrongs = (page) =>
  page.evaluate(() => {
    const written = (node) => {
      if (node.nodeType !== Node.ELEMENT_NODE) return node.nodeValue;
      const names = node.getAttributeNames().filter((name) => !["value", "selected"].includes(name)).sort();
      const attributes = names.map((name) => ` ${name}="${node.getAttribute(name)}"`).join("");
      const inside = node.tagName === "TEXTAREA" ? [] : [...node.childNodes].map(written);
      return `<${node.tagName}${attributes}>${inside.join("")}`;
    };
    return [...document.querySelectorAll(".errors, .field:has(.error)")].map(written);
  });

for (const { path, wrong } of FORMS) {
  journey(
    `${path}: what is wrong looks the same whether the island or the server says it`,
    async ({ page, another }) => {
      const seen = posts(page);
      const plain = (await another({ script: false })).page;
      for (const window of [page, plain]) {
        await window.goto(path);
        if (window === page) await alive(page);
        for (const [name, value] of Object.entries(wrong)) await fill(window, name, value);
        await send(window);
        await refusal(window);
      }
      assert.deepEqual(seen, { calls: 1, plain: 0 }, "one call, and the page stays");
      assert.deepEqual(await wrongs(page), await wrongs(plain));
      assert.equal(await page.title(), await plain.title());
    },
    { script: true },
  );
}

journey(
  "a form that is sent says so and goes once, however often the button is pressed",
  async ({ page, see, at }) => {
    const seen = posts(page);
    let answer;
    await page.route("**/contact", async (route) => {
      if (CALL(route.request())) await new Promise((done) => (answer = done));
      await route.continue();
    });
    await page.goto("/contact");
    await alive(page);
    await write(page);
    await reading();
    await contact(page).click();
    const button = page.getByRole("button", { name: "Envoi en cours…" });
    await button.waitFor();
    assert.equal(await button.getAttribute("aria-disabled"), "true");
    await focused(button, "the button that was pressed");
    await until(() => page.locator("main [aria-live=polite]").textContent(), "nothing is said aloud");
    await page.keyboard.press("Enter");
    await button.click({ force: true });
    await until(() => answer, "no call");
    answer();
    await at("/contact");
    await see("Votre message est parti");
    assert.deepEqual(seen, { calls: 1, plain: 0 });
  },
  { ...SMALL, script: true },
);

for (const [what, cut] of [
  ["the network is cut in the middle of a call", (route) => route.abort("connectionreset")],
  ["something else than the site answers a call", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<p>?" })],
]) {
  journey(
    `${what}: nothing typed is lost, and the browser sends the form`,
    async ({ page, see }) => {
      const seen = posts(page);
      await page.route("**/contact", (route) => (CALL(route.request()) ? cut(route) : route.continue()));
      await page.goto("/contact");
      await alive(page);
      await write(page);
      await reading();
      await contact(page).click();
      const said = page.locator(".errors").filter({ hasText: "La connexion s’est coupée." });
      await said.waitFor();
      await focused(said, "what is said");
      for (const [name, value] of Object.entries(FORMS[0].right)) assert.equal(await held(page, name), value, name);
      await contact(page).click();
      await see("Votre message est parti");
      assert.deepEqual(seen, { calls: 1, plain: 1 });
    },
    { ...SMALL, script: true, expected: /ERR_CONNECTION_RESET|502/ },
  );
}

journey(
  "without any network the form stays on the page until there is one",
  async ({ page, context, see }) => {
    await page.goto("/contact");
    await alive(page);
    await write(page);
    await reading();
    await context.setOffline(true);
    for (const press of [1, 2]) {
      await contact(page).click();
      await until(async () => (await page.locator("[aria-disabled]").count()) === 0, "the call does not end");
      await page.locator(".errors").filter({ hasText: "La connexion s’est coupée." }).waitFor();
      assert.equal(await held(page, "message"), FORMS[0].right.message, `press ${press}`);
    }
    await context.setOffline(false);
    await contact(page).click();
    await see("Votre message est parti");
  },
  { ...SMALL, script: true, expected: /ERR_INTERNET_DISCONNECTED/ },
);

journey(
  "a call whose answer is lost and the plain post after it are one message",
  async ({ page, login, signIn, another, see }) => {
    await page.route("**/contact", async (route) => {
      if (!CALL(route.request())) return route.continue();
      await route.fetch();
      await route.abort("connectionreset");
    });
    await page.goto("/contact");
    await alive(page);
    await fill(page, "last_name", "Unique");
    for (const [name, value] of Object.entries(FORMS[0].right)) if (name !== "last_name") await fill(page, name, value);
    await reading();
    await contact(page).click();
    await page.locator(".errors").filter({ hasText: "La connexion s’est coupée." }).waitFor();
    await contact(page).click();
    await see("Votre message est parti");
    const desk = await another();
    await signIn(login("reception"), desk.page);
    await desk.page.goto("/conseiller/demandes");
    assert.equal(await desk.page.getByRole("link", { name: "Zoé Unique", exact: true }).count(), 1);
  },
  { ...SMALL, script: true, expected: /ERR_CONNECTION_RESET/ },
);

journey(
  "a form whose WebAssembly is kept out is a plain one",
  async ({ page, see }) => {
    const seen = posts(page);
    await page.route("**/*.wasm", (route) => route.abort("blockedbyclient"));
    await page.goto("/contact");
    await fill(page, "first_name", "R2D2");
    await send(page);
    await refusal(page);
    assert.equal(await held(page, "first_name"), "R2D2");
    await write(page);
    await reading();
    await send(page);
    await see("Votre message est parti");
    assert.deepEqual(seen, { calls: 0, plain: 2 });
  },
  { ...SMALL, script: true, expected: /ERR_BLOCKED_BY_CLIENT|Failed to fetch/ },
);

journey(
  "a field is checked when it is left, and mended while one types",
  async ({ page }) => {
    await page.goto("/contact");
    await alive(page);
    await fill(page, "email", "zoe");
    await page.keyboard.press("Tab");
    const error = page.locator("#email-erreur");
    await error.waitFor();
    assert.equal(await field(page, "email").getAttribute("aria-invalid"), "true");
    assert.match(await page.locator("main [aria-live=polite]").textContent(), /^Cette adresse mail/);
    await fill(page, "email", "zoe@exemple.test");
    await error.waitFor({ state: "detached" });
    assert.equal(await field(page, "email").getAttribute("aria-invalid"), null);
    assert.equal(await field(page, "email").getAttribute("aria-describedby"), "email-aide");
  },
  { ...SMALL, script: true },
);

journey(
  "the browser asks before it leaves a half-written form, and only then",
  async ({ page, see, at }) => {
    const asked = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      return dialog.accept();
    });
    await page.goto("/contact");
    await alive(page);
    const away = page.getByRole("contentinfo").locator('a[href="/mentions-legales"]');
    await away.click();
    await at("/mentions-legales");
    assert.deepEqual(asked, [], "nothing was typed");
    await page.goto("/contact");
    await alive(page);
    await fill(page, "message", "Bonjour");
    await away.click();
    await at("/mentions-legales");
    assert.deepEqual(asked, ["beforeunload"], "something typed would be lost");
    await page.goto("/contact");
    await alive(page);
    await write(page);
    await reading();
    await contact(page).click();
    await see("Votre message est parti");
    assert.deepEqual(asked, ["beforeunload"], "it was sent");
  },
  { ...SMALL, script: true },
);
