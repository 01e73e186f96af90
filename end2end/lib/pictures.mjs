// pictures.mjs [ROUTE…] : pictures of pages into target/pictures, with the script off and on, on a
// phone and on a tablet, light and dark. ROUTE is a path, after `ROLE:` to be signed in.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pick, signIn } from "./logins.mjs";
import { startServer } from "./server.mjs";
import { launch, openWindow } from "./window.mjs";

const FOLDER = fileURLToPath(new URL("../../target/pictures", import.meta.url));
const WIDTHS = { 360: 740, 820: 1180 };

const routes = process.argv.slice(2).map((argument) => {
  const [, role, path] = argument.match(/^(?:(\w+):)?(\/.*)$/) ?? [];
  if (!path) throw new Error(`not a route: ${argument}`);
  return { role: role ?? "visitor", path };
});
if (routes.length === 0) routes.push({ role: "visitor", path: "/" }, { role: "visitor", path: "/connexion" });

mkdirSync(FOLDER, { recursive: true });
const browser = await launch();
const server = await startServer();
const problems = [];

/** One sign-in for each role, for all of its pictures. */
const states = new Map();
async function stateOf(role) {
  if (role !== "visitor" && !states.has(role)) {
    const { page, context } = await openWindow(browser, server);
    await signIn(page, pick(server.logins, role));
    states.set(role, await context.storageState());
    await context.close();
  }
  return states.get(role);
}

try {
  for (const { role, path } of routes) {
    const name = `${role}${path.replace(/\W+/g, "-").replace(/-$/, "") || "-home"}`;
    const storageState = await stateOf(role);
    for (const script of [false, true]) {
      for (const [width, height] of Object.entries(WIDTHS)) {
        for (const colorScheme of ["light", "dark"]) {
          const viewport = { width: Number(width), height };
          const opened = await openWindow(browser, server, { script, viewport, colorScheme, storageState });
          const answer = await opened.page.goto(path);
          const file = `${name}-${width}-${colorScheme}-${script ? "on" : "off"}.png`;
          await opened.page.screenshot({ path: join(FOLDER, file), fullPage: true });
          const reached = new URL(opened.page.url()).pathname;
          console.log(`${answer.status()} ${path}${reached === path ? "" : ` → ${reached}`}  target/pictures/${file}`);
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
