// pictures.mjs [ROUTE…] : pictures of pages into target/pictures, with the script off and on, on a
// phone and on a tablet, light and dark. ROUTE is a path, after `ROLE:` to be signed in. A `*` in it
// stands for the first link of the page so far that goes on from there; a `!` at its end sends the
// page's form empty. The roles of a sign-in under way are `code`, `enrolment` and `recovery`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { enterCode, enterPassword, pick, signIn } from "./logins.mjs";
import { startServer } from "./server.mjs";
import { launch, openWindow } from "./window.mjs";

const FOLDER = fileURLToPath(new URL("../../target/pictures", import.meta.url));
const WIDTHS = { 360: 740, 820: 1180 };
const EVERY_MAIN_PAGE = [
  "/",
  "/cookies",
  "/embed/youtube",
  "/connexion",
  "/connexion!",
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
];

const asked = process.argv.slice(2);
const routes = (asked.length > 0 ? asked : EVERY_MAIN_PAGE).map((argument) => {
  const [, role, path, refused] = argument.match(/^(?:(\w+):)?(\/.*?)(!?)$/) ?? [];
  if (!path) throw new Error(`not a route: ${argument}`);
  return { role: role ?? "visitor", path, refused: refused === "!" };
});

mkdirSync(FOLDER, { recursive: true });
const browser = await launch();
const server = await startServer();
const problems = [];

/** Steps of a sign-in that are left where they are. */
const steps = {
  code: (page) => enterPassword(page, pick(server.logins, "advisor")),
  enrolment: (page) => enterPassword(page, toEnrol()),
  recovery: async (page) => {
    await enterPassword(page, toEnrol());
    await enterCode(page, (await page.locator(".key").textContent()).replaceAll(" ", ""));
    await page.waitForURL("**/codes-de-secours");
  },
};
const toEnrol = () => server.logins.find(({ role, totp_secret }) => role === "advisor" && !totp_secret);

/** One sign-in for each role, for all of its pictures. */
const states = new Map();
async function stateOf(role) {
  if (role !== "visitor" && !states.has(role)) {
    const { page, context } = await openWindow(browser, server);
    await (steps[role] ? steps[role](page) : signIn(page, pick(server.logins, role)));
    states.set(role, await context.storageState());
    await context.close();
  }
  return states.get(role);
}

/** Opens the route in a window and gives the answer's status. */
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
} finally {
  await browser.close();
  await server.remove();
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
