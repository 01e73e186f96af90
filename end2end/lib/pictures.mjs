// pictures.mjs [ROUTE…] : pictures of pages into target/pictures, with the script off and on, on a
// phone and on a tablet, light and dark. ROUTE is a path, after `ROLE:` to be signed in. A `*` in it
// stands for the first link of the page so far that goes on from there; a `!` at its end sends the
// page's form empty. The roles of a sign-in under way are `code`, `enrolment` and `recovery`. Without a
// ROUTE also target/pictures/balise.webp, the picture of the README (docs/pictures). The word `app` instead of routes makes
// the screenshots that the manifest of the app names, in public/screenshots.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { postcard, shrink } from "./postcard.mjs";
import { enter } from "./routes.mjs";
import { startServer } from "./server.mjs";
import { launch, openWindow } from "./window.mjs";

const FOLDER = fileURLToPath(new URL("../../target/pictures", import.meta.url));
const WIDTHS = { 360: 740, 820: 1180 };
const EVERY_MAIN_PAGE = [
  "/",
  "/cookies",
  "/cookies/traces",
  "/embed/youtube/jNQXAC9IVRw",
  "/connexion",
  "/connexion!",
  "/hors-ligne",
  "/nulle-part",
  "code:/connexion/code!",
  "enrolment:/connexion/enrolement!",
  "recovery:/connexion/codes-de-secours",
  "youth:/mon-espace",
  "youth:/mon-espace/profil!",
  "youth:/mon-espace/coffre-fort",
  "youth:/mon-espace/coffre-fort!",
  "youth:/mon-espace/coffre-fort?q=introuvable",
  "youth:/mon-espace/coffre-fort/*/supprimer",
  "youth:/connexion",
  "advisor:/conseiller/jeunes",
  "advisor:/conseiller/jeunes?q=introuvable",
  "advisor:/conseiller/jeunes/*",
  "advisor:/conseiller/jeunes/*/coffre-fort",
  "advisor:/mon-espace",
  "reception:/conseiller",
  "/activation!",
  "youth:/appareils",
  "youth:/mot-de-passe!",
  "admin:/admin",
  "admin:/admin/comptes",
  "admin:/admin/comptes/nouveau!",
  "admin:/admin/comptes/propositions",
  "admin:/admin/consentements",
  "admin:/admin/consentements/textes",
  "admin:/admin/taches",
  "/recherche",
  "/recherche?q=logement",
  "/recherche?q=introuvable",
  "/chiffres-cles",
  "/mentions-legales",
  "/accessibilite",
  "admin:/admin/evenements",
  "admin:/admin/evenements/nouveau!",
  "admin:/admin/audience",
  "/dev/composants",
];
/** The README shows these three beside each other. */
const POSTCARD = ["youth-mon-espace-360-light-off", "youth-mon-espace-coffre-fort-360-dark-off", "advisor-conseiller-jeunes-820-light-off"];

/** The screenshots of the manifest (app/src/web_app.rs): what a browser shows before it installs the app. */
const SCREENSHOTS = [
  { name: "space", role: "youth", path: "/mon-espace", width: 360, height: 740, deviceScaleFactor: 2 },
  { name: "vault", role: "youth", path: "/mon-espace/coffre-fort", width: 360, height: 740, deviceScaleFactor: 2 },
  { name: "advisor", role: "advisor", path: "/conseiller/jeunes", width: 1180, height: 820, deviceScaleFactor: 1 },
];

const app = process.argv[2] === "app";
const asked = app ? [] : process.argv.slice(2);
const routes = (app || asked.length > 0 ? asked : EVERY_MAIN_PAGE).map((argument) => {
  const [, role, path, refused] = argument.match(/^(?:(\w+):)?(\/.*?)(!?)$/) ?? [];
  if (!path) throw new Error(`not a route: ${argument}`);
  return { role: role ?? "visitor", path, refused: refused === "!" };
});

mkdirSync(FOLDER, { recursive: true });
const browser = await launch();
const server = await startServer({ env: { BALISE_DEV: "1" } });
const problems = [];

/** Signs in once for each role, for all of its pictures. */
const states = new Map();
async function stateOf(role) {
  if (role !== "visitor" && !states.has(role)) {
    const { page, context } = await openWindow(browser, server);
    await enter(page, server, role);
    states.set(role, await context.storageState());
    await context.close();
  }
  return states.get(role);
}

/** Opens the route in a window and gives the status of the answer. */
async function show(page, path, refused) {
  let [start, ...rest] = path.split("/*");
  let answer = await page.goto(start);
  for (const more of rest) {
    const links = await page.locator(`main a[href^="${start}/"]`).evaluateAll((found) => found.map((link) => link.getAttribute("href")));
    const next = links.map((href) => href.slice(start.length + 1).split(/[/?#]/)[0]).find(Boolean);
    if (!next) throw new Error(`no link goes on from ${start}`);
    start = `${start}/${next}${more}`;
    if (!more || rest.at(-1) === more) answer = await page.goto(start);
  }
  if (refused) {
    const form = page.locator("main form[method=post]").first();
    await form.evaluate((element) => (element.noValidate = true));
    [answer] = await Promise.all([page.waitForNavigation(), form.locator("button:not([name])").last().click()]);
  }
  return answer.status();
}

try {
  for (const { role, path, refused } of routes) {
    const name = `${role}${path.replaceAll("*", "one").replace(/\W+/g, "-").replace(/-$/, "") || "-home"}${refused ? "-refused" : ""}`;
    const storageState = await stateOf(role);
    for (const script of [false, true]) {
      for (const [width, height] of Object.entries(WIDTHS)) {
        for (const colorScheme of ["light", "dark"]) {
          const viewport = { width: Number(width), height };
          const opened = await openWindow(browser, server, { script, viewport, colorScheme, storageState });
          const status = await show(opened.page, path, refused);
          const file = `${name}-${width}-${colorScheme}-${script ? "on" : "off"}.png`;
          await opened.page.screenshot({ path: join(FOLDER, file), fullPage: true });
          const reached = new URL(opened.page.url()).pathname;
          console.log(`${status} ${path}${reached === path ? "" : ` → ${reached}`}  target/pictures/${file}`);
          problems.push(...opened.problems.map((problem) => `${file}: ${problem}`));
          await opened.context.close();
        }
      }
    }
  }
  if (app) {
    const folder = fileURLToPath(new URL("../../public/screenshots", import.meta.url));
    mkdirSync(folder, { recursive: true });
    for (const { name, role, path, width, height, deviceScaleFactor } of SCREENSHOTS) {
      const settings = { viewport: { width, height }, deviceScaleFactor, storageState: await stateOf(role) };
      const opened = await openWindow(browser, server, settings);
      await opened.page.goto(path);
      await shrink(browser, await opened.page.screenshot(), join(folder, `${name}.webp`));
      console.log(`    ${path}  public/screenshots/${name}.webp`);
      problems.push(...opened.problems.map((problem) => `${name}: ${problem}`));
      await opened.context.close();
    }
  } else if (asked.length === 0) {
    await postcard(browser, POSTCARD.map((name) => join(FOLDER, `${name}.png`)), join(FOLDER, "balise.webp"));
    console.log("    the picture of the README  target/pictures/balise.webp");
  }
} finally {
  await browser.close();
  await server.remove();
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
