// Checks every page of the server's own table of routes: the accessibility rules in both themes and at each width,
// reflow, room for larger text, sizes of targets, and the keyboard alone. A new page is checked without a change here,
// and a page that cannot be reached fails.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkAxe, checkEmpty, checkWidth, checkSpacing, checkTargets } from "../lib/axe.mjs";
import { walkByKeyboard } from "../lib/keyboard.mjs";
import { forgetCodes } from "../lib/logins.mjs";
import { roleFor, values } from "../lib/routes.mjs";
import { startServer } from "../lib/server.mjs";
import { launch, openWindow } from "../lib/window.mjs";

/** The last one is a usual screen at 400 % zoom. */
const SIZES = [
  { width: 360, height: 740 },
  { width: 820, height: 1180 },
  { width: 1280, height: 800 },
  { width: 320, height: 256 },
];
const SCHEMES = ["light", "dark"];

let browser;
after(async () => {
  await (await browser)?.close();
});

test("every page of the site can be used by everyone", { timeout: 600_000 }, async () => {
  browser ??= launch();
  const running = await browser;
  forgetCodes();
  const server = await startServer({ env: { BALISE_DEV: "1" } });
  const failures = [];
  const swept = new Set();
  try {
    const pages = JSON.parse(await server.command("routes")).filter(({ page }) => page);
    assert.ok(pages.length > 15, `only ${pages.length} pages`);
    // One sign-in serves for all pages of a role.
    const roles = new Map();
    for (const route of pages) {
      const role = roleFor(route.audience);
      roles.set(role, [...(roles.get(role) ?? []), route]);
    }
    for (const [role, routes] of roles) {
      // Each page is checked as if no script ever arrived, and a page with an island once more with its script.
      for (const script of [false, true]) {
        const mine = routes.filter(({ island }) => island || !script);
        if (mine.length === 0) continue;
        const opened = await openWindow(running, server, { reducedMotion: "reduce" });
        const { page, context, problems } = opened;
        if (!script) await context.route(/\/assets\/.*\.(js|wasm)$/, (route) => route.abort());
        const fill = await values(running, server, role, context);
        for (const { path } of mine) {
          const address = await fill(path);
          const what = `${path} as ${role}, ${script ? "with its script" : "without a script"}`;
          const wrong = await sweep(page, address);
          if (wrong.length > 0) failures.push(`${what}:\n${wrong.join("\n")}`);
          swept.add(path);
        }
        const met = problems.filter((problem) => script || !/ERR_FAILED|dynamically imported|balise\.js/.test(problem));
        if (met.length > 0) failures.push(`as ${role}:\n${met.join("\n")}`);
        await context.close();
      }
    }
    assert.ok(failures.length === 0, failures.join("\n\n"));
    assert.deepEqual([...swept].sort(), pages.map(({ path }) => path).sort(), "every page was swept");
  } finally {
    await server.remove();
  }
});

/** Everything that is wrong with one page. */
async function sweep(page, address) {
  const wrong = [];
  const check = async (walk) => {
    try {
      await walk();
    } catch (error) {
      if (!(error instanceof assert.AssertionError)) throw error;
      wrong.push(error.message);
    }
  };
  await page.setViewportSize(SIZES[0]);
  await page.emulateMedia({ colorScheme: "light" });
  const answer = await page.goto(address);
  await check(() => assert.equal(answer.status(), 200, `${address} answers`));
  await check(() => assert.equal(new URL(page.url()).pathname, address, "it is shown at its own address"));
  await check(() => checkEmpty(page));
  await check(() => walkByKeyboard(page));
  for (const [at, size] of SIZES.entries()) {
    await page.setViewportSize(size);
    await check(() => checkWidth(page));
    await check(() => checkTargets(page));
    const [first, other] = at % 2 === 0 ? SCHEMES : SCHEMES.toReversed();
    await page.emulateMedia({ colorScheme: first });
    await check(() => checkAxe(page));
    // Of all rules, only the contrast depends on the theme.
    await page.emulateMedia({ colorScheme: other });
    await check(() => checkAxe(page, ["color-contrast"]));
  }
  await page.setViewportSize(SIZES[0]);
  await check(() => checkSpacing(page));
  return wrong;
}
