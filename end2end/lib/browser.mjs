// Journeys: what a person does in a browser, once with scripts off and once with scripts on.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { checkAxe, checkEverywhere } from "./axe.mjs";
import { forgetCodes, pick, signIn } from "./logins.mjs";
import { startServer } from "./server.mjs";
import { launch, openWindow } from "./window.mjs";

const FAILURES = fileURLToPath(new URL("../../target/test-results/browser", import.meta.url));

let browser;
after(async () => {
  await (await browser)?.close();
});

/**
 * Registers the journey twice, `NAME [script off]` and `NAME [script on]`, each on a server and in a
 * window of its own. `walk` receives:
 *   page, context   the window
 *   script          whether scripts run in it
 *   server          url, data, logins, restart(), kill9(), command(…)
 *   login(role, n)  a login of the demonstration
 *   signIn(login, page?)
 * another(settings?)  one more window, for a second person: { page, context, … }; `through` is a server in front of
 * this one, with a `url`
 *   axe(page?)      the accessibility rules on the page as it stands
 *   everywhere(page?)  the same and the layout, on a phone and a tablet, light and dark, and at 320 px
 *   see(text, page?)  waits for a text that a person can see (Playwright never sees <noscript>)
 *   at(path, page?)   waits for the page's path
 *   foreign         addresses of other hosts that were asked for (only `thirdParties` may be)
 * Options: script (one mode only), env and demo (server), thirdParties, timeout, expected (what this
 * journey makes the console say, as one expression), and any setting of a Playwright context
 * (viewport, colorScheme…).
 */
export function journey(name, walk, { script: only, env, demo, expected, timeout = 120_000, ...settings } = {}) {
  for (const script of only === undefined ? [false, true] : [only]) {
    const title = `${name} [script ${script ? "on" : "off"}]`;
    test(title, { timeout }, async () => {
      browser ??= launch();
      const running = await browser;
      forgetCodes();
      const server = await startServer({ env, demo });
      const windows = [];
      const another = async ({ through = server, ...more } = {}) => {
        const opened = await openWindow(running, through, { script, ...settings, ...more });
        windows.push(opened);
        return opened;
      };
      try {
        const { page, context, foreign } = await another();
        await walk({
          page,
          context,
          foreign,
          script,
          server,
          another,
          login: (role, index) => pick(server.logins, role, index),
          signIn: (login, where = page) => signIn(where, login),
          axe: (where = page) => checkAxe(where),
          everywhere: (where = page) => checkEverywhere(where),
          see: (text, where = page) => where.getByText(text).filter({ visible: true }).first().waitFor(),
          at: (path, where = page) => where.waitForURL((url) => url.pathname === path),
        });
        const problems = windows.flatMap((opened) => opened.problems).filter((problem) => !expected?.test(problem));
        assert.ok(problems.length === 0, `met on the way:\n  ${problems.join("\n  ")}`);
      } catch (error) {
        throw await report(title, windows, server, error);
      } finally {
        await Promise.all(windows.map((opened) => opened.context.close()));
        await server.remove();
      }
    });
  }
}

/** Prints what helps to understand a failed journey: pictures of its windows, and the last lines of the server. */
async function report(title, windows, server, error) {
  mkdirSync(FAILURES, { recursive: true });
  const name = title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/-$/, "");
  const lines = [];
  for (const [index, { page }] of windows.entries()) {
    const path = join(FAILURES, `${name}-${index + 1}.png`);
    await page.screenshot({ path, fullPage: true }).catch(() => {});
    lines.push(`  window ${index + 1} at ${page.url()}, picture: ${path}`);
  }
  lines.push("  the server's last lines:");
  lines.push(...server.output.trim().split("\n").slice(-20).map((line) => `    ${line}`));
  // This is a plain error, because the runner prints the values of an assertion a second time.
  const plain = new Error(error.message);
  plain.stack = stripVTControlCharacters(`${error.stack}\n${lines.join("\n")}`);
  return plain;
}
