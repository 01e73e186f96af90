// The islands of the spaces: the sharing switch, the search of the portfolio, and requests handled in their list. Each is
// tried with and without scripts, with the network cut in the middle of a call, and without its WebAssembly.
import assert from "node:assert/strict";
import { journey } from "../lib/browser.mjs";
import { focused, until } from "../lib/steps.mjs";

const VAULT = "/mon-espace/coffre-fort";
const PEOPLE = "/conseiller/jeunes";
const REQUESTS = "/conseiller/demandes";
const TABLET = { viewport: { width: 1180, height: 820 } };
const CUT = /net::ERR_(INTERNET_DISCONNECTED|FAILED)|Failed to fetch/;
const BLOCKED = /spaces_bg\.wasm|Failed to fetch|net::ERR_FAILED/;

const box = (page) => page.getByRole("checkbox", { name: /^Partager avec les personnes/ });
const save = (page) => page.getByRole("button", { name: "Enregistrer mon choix" });
const field = (page) => page.getByRole("searchbox");
const names = (page) => page.locator("#liste a.person-name");
const query = (page) => new URL(page.url()).searchParams.get("q");
const blockWasm = (context) => context.route(/spaces_bg\.wasm/, (route) => route.abort());

/** Waits until the islands listen: the last thing they do is to ask for nothing more. */
const awake = (page) => page.waitForLoadState("networkidle");

/** The number of posts that leave the page. */
function posts(page) {
  const seen = [];
  page.on("request", (request) => request.method() === "POST" && seen.push(new URL(request.url()).pathname));
  return seen;
}

journey("the sharing switch is kept at once, and announced", async ({ page, script, login, signIn, axe, see }) => {
  await signIn(login("youth", 2));
  await page.goto(VAULT);
  const before = await box(page).isChecked();
  if (script) {
    await save(page).waitFor({ state: "hidden" });
    await box(page).focus();
    await page.keyboard.press("Space");
    await page.locator("#partager [role=status]").filter({ hasText: "C’est noté" }).waitFor();
    assert.equal(new URL(page.url()).search, "", "the page is the same");
    await focused(box(page), "the switch");
  } else {
    await box(page).setChecked(!before);
    await save(page).click();
    await see(/^C’est noté/);
  }
  assert.equal(await box(page).isChecked(), !before);
  await axe();
  await page.goto(VAULT);
  assert.equal(await box(page).isChecked(), !before, "the server knows it");
});

journey(
  "a sharing switch whose call fails goes back, and the button comes back",
  async ({ page, context, login, signIn, see }) => {
    await signIn(login("youth", 2));
    await page.goto(VAULT);
    await save(page).waitFor({ state: "hidden" });
    const before = await box(page).isChecked();
    await context.setOffline(true);
    await box(page).setChecked(!before, { noWaitAfter: true }).catch(() => {});
    await save(page).waitFor();
    await until(async () => (await box(page).isChecked()) === before, "the switch goes back");
    assert.notEqual(await page.locator("#partager [role=status]").textContent(), "");
    await context.setOffline(false);
    await box(page).setChecked(!before);
    await see(/^C’est noté/);
  },
  { script: true, expected: CUT },
);

journey(
  "without the WebAssembly the sharing switch is a form",
  async ({ page, context, login, signIn, see }) => {
    await blockWasm(context);
    await signIn(login("youth", 2));
    await page.goto(VAULT);
    const before = await box(page).isChecked();
    await box(page).setChecked(!before);
    await save(page).click();
    await see(/^C’est noté/);
    assert.equal(await box(page).isChecked(), !before);
  },
  { script: true, expected: BLOCKED },
);

journey("people are found by name, and Back comes to the same list", async ({ page, script, login, signIn, axe, at, see }) => {
  await signIn(login("advisor"));
  await page.goto(PEOPLE);
  const everybody = await names(page).allTextContents();
  const wanted = everybody.at(-1);
  await awake(page);
  await field(page).fill(wanted);
  if (!script) await page.getByRole("button", { name: "Chercher" }).click();
  await see(/trouvées? pour/);
  assert.ok((await names(page).allTextContents()).includes(wanted));
  assert.ok((await names(page).count()) < everybody.length);
  await until(() => query(page) === wanted, "the address follows");
  await axe();
  await names(page).filter({ hasText: wanted }).first().click();
  await page.getByRole("heading", { level: 1, name: wanted }).waitFor();
  await page.goBack();
  await at(PEOPLE);
  await see(/trouvées? pour/);
  assert.equal(await field(page).inputValue(), wanted);

  await field(page).fill("zzzz");
  if (!script) await page.getByRole("button", { name: "Chercher" }).click();
  await see("Aucun nom ne correspond");
  assert.equal(await names(page).filter({ visible: true }).count(), 0);
  await axe();
});

journey(
  "the search is walked through by keyboard, and Escape clears it",
  async ({ page, login, signIn, see }) => {
    await signIn(login("advisor"));
    await page.goto(PEOPLE);
    await awake(page);
    const everybody = await names(page).allTextContents();
    await field(page).focus();
    await page.keyboard.type("a");
    await until(() => query(page) === "a", "the search is done");
    const [first, second] = [names(page).nth(0), names(page).nth(1)];
    await page.keyboard.press("ArrowDown");
    await focused(first, "the first person");
    await page.keyboard.press("ArrowDown");
    await focused(second, "the second person");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowUp");
    await focused(field(page), "the field");
    await page.keyboard.press("Escape");
    await until(() => query(page) === null, "the search is cleared");
    assert.deepEqual(await names(page).allTextContents(), everybody);
    assert.equal(await field(page).inputValue(), "");
    await page.keyboard.press("ArrowDown");
    const name = await names(page).nth(0).textContent();
    await page.keyboard.press("Enter");
    await see(name);
    await page.getByRole("heading", { level: 1, name }).waitFor();
  },
  { script: true },
);

journey(
  "an answer that comes late is dropped",
  async ({ page, login, signIn }) => {
    await signIn(login("advisor"));
    await page.goto(PEOPLE);
    await awake(page);
    const wanted = (await names(page).allTextContents()).at(-1);
    // The first search is held until the second has its answer.
    let release;
    const held = new Promise((done) => (release = done));
    let count = 0;
    await page.route(/\/action\/jeunes\/chercher/, async (route) => {
      if (count++ === 0) await held;
      await route.continue();
    });
    await field(page).fill("zzzz");
    await until(() => count === 1, "the first search is on its way");
    await field(page).fill(wanted);
    await until(() => query(page) === wanted, "the second search is shown");
    const late = page.waitForResponse(/\/action\/jeunes\/chercher/);
    release();
    await late;
    await page.waitForTimeout(200);
    assert.equal(query(page), wanted);
    assert.ok((await names(page).allTextContents()).includes(wanted));
  },
  { script: true },
);

journey(
  "a search that the network cuts keeps what is typed, and goes the second time",
  async ({ page, context, login, signIn, see }) => {
    await signIn(login("advisor"));
    await page.goto(PEOPLE);
    await awake(page);
    const wanted = (await names(page).allTextContents()).at(-1);
    await context.setOffline(true);
    await field(page).fill(wanted);
    await see(/^La recherche ne répond pas/);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(300);
    assert.equal(await field(page).inputValue(), wanted);
    await context.setOffline(false);
    await page.keyboard.press("Enter");
    await see(/trouvées? pour/);
  },
  { script: true, expected: CUT },
);

journey(
  "without the WebAssembly the search is a form",
  async ({ page, context, login, signIn, see }) => {
    await blockWasm(context);
    await signIn(login("advisor"));
    await page.goto(PEOPLE);
    const wanted = (await names(page).allTextContents()).at(-1);
    await field(page).fill(wanted);
    await page.keyboard.press("Enter");
    await see(/trouvées? pour/);
    assert.equal(query(page), wanted);
  },
  { script: true, expected: BLOCKED },
);

journey(
  "on a tablet in landscape a file stands beside the list",
  async ({ page, script, login, signIn, axe, at }) => {
    await signIn(login("advisor"));
    await page.goto(PEOPLE);
    await awake(page);
    const [first, second] = await names(page).allTextContents();
    const link = (name) => page.locator("#liste a.person-name").filter({ hasText: name }).first();
    await link(first).click();
    await page.getByRole("heading", { level: 1, name: first }).waitFor();
    assert.match(new URL(page.url()).pathname, /^\/conseiller\/jeunes\/[0-9a-f-]{36}$/);
    if (!script) return;
    assert.ok(await link(second).isVisible(), "the list is beside the file");
    await focused(page.locator("#dossier h1"), "the file");
    await axe();
    // From one to the next, and back to the list in one step.
    await link(second).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: second }).waitFor();
    assert.match(await page.title(), new RegExp(second));
    await page.goBack();
    await at(PEOPLE);
    await page.locator("#dossier").waitFor({ state: "hidden" });
    await focused(link(second), "the person whose file was open");
    await page.goForward();
    await page.getByRole("heading", { level: 1, name: second }).waitFor();
    // Held upright, there is room for the file alone.
    await page.setViewportSize({ width: 820, height: 1180 });
    assert.equal(await link(second).isVisible(), false);
    await page.locator("#dossier").getByRole("link", { name: "Mes jeunes" }).click();
    await at(PEOPLE);
    await link(second).waitFor();
  },
  TABLET,
);

const rows = (page) => page.locator("tr[id^=demande-]");
const act = (row, name) => row.getByRole("button", { name: new RegExp(`^${name} `) });

journey(
  "requests are taken, handed over and closed in their list",
  async ({ page, script, login, signIn, axe, see }) => {
    await signIn(login("reception"));
    await page.goto(`${REQUESTS}?suivi=personne&formulaire=contact`);
    await page.goto(`${REQUESTS}?formulaire=contact`);
    await awake(page);
    await axe();
    const sent = posts(page);
    const id = await rows(page).filter({ has: page.getByText("Personne pour l’instant") }).first().getAttribute("id");
    const row = page.locator(`[id="${id}"]`);
    await act(row, "Je m’en occupe").click();
    await row.getByText("En cours").waitFor();
    assert.equal(await row.getByText("Personne pour l’instant").count(), 0);
    assert.equal(await act(row, "Je m’en occupe").count(), 0);
    const address = new URL(page.url());
    assert.equal(address.searchParams.get("formulaire"), "contact", "the list is the same");
    if (script) {
      await page.getByRole("status").filter({ hasText: "Vous suivez cette demande." }).waitFor({ state: "attached" });
      await focused(row.getByRole("link").first(), "the request");
    } else {
      assert.equal(address.hash, `#${id}`);
      await see("Vous suivez cette demande.");
    }
    assert.equal(sent.length, 1);

    await row.getByRole("link", { name: /^Confier / }).click();
    const colleague = page.getByLabel("Confier à");
    await colleague.waitFor();
    await axe();
    const label = await colleague.locator("option").nth(1).textContent();
    await colleague.selectOption({ label });
    await page.getByRole("button", { name: "Confier", exact: true }).click();
    await row.getByText(label).waitFor();
    assert.equal(new URL(page.url()).pathname, REQUESTS);
    assert.equal(sent.length, 2);

    await act(row, "Clore").click();
    if (script) await row.getByText("La demande est close.").waitFor();
    else await see("La demande est close.");
    assert.equal(new URL(page.url()).pathname, REQUESTS);
    await axe();
    await page.goto(`${REQUESTS}?etat=closed&formulaire=contact`);
    await row.waitFor();
    assert.equal(await act(row, "Clore").count(), 0);
  },
);

journey(
  "a request whose call the network cuts stays as it is, and is taken the second time",
  async ({ page, context, login, signIn }) => {
    await signIn(login("reception"));
    await page.goto(`${REQUESTS}?suivi=personne`);
    await awake(page);
    const id = await rows(page).first().getAttribute("id");
    const row = page.locator(`[id="${id}"]`);
    await context.setOffline(true);
    await act(row, "Je m’en occupe").click();
    await row.getByText(/^Ce n’est pas encore fait/).waitFor();
    await context.setOffline(false);
    await act(row, "Je m’en occupe").click();
    // « Nobody’s » is what this list shows: the row that was taken keeps its place.
    await row.getByText("Vous suivez cette demande.").waitFor();
  },
  { script: true, expected: CUT },
);

journey(
  "without the WebAssembly the buttons of the list are forms",
  async ({ page, context, login, signIn, see }) => {
    await blockWasm(context);
    await signIn(login("reception"));
    await page.goto(`${REQUESTS}?suivi=personne`);
    await act(rows(page).first(), "Je m’en occupe").click();
    await see("Vous suivez cette demande.");
    const address = new URL(page.url());
    assert.equal(address.pathname, REQUESTS);
    assert.equal(address.searchParams.get("suivi"), "personne");
  },
  { script: true, expected: BLOCKED },
);
