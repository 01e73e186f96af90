// A browser, and windows onto a server that record what must not happen.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { temporaryFolder } from "./server.mjs";

/** How long a step waits for what it expects. */
const PATIENCE = 10_000;

/** The browser of the distribution, preferably the one without windows. No browser is downloaded. */
export function chromiumPath() {
  const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
  const found = [process.env.CHROMIUM, ...names.map((name) => `/usr/bin/${name}`)]
    .filter(Boolean)
    .find(existsSync);
  if (!found) throw new Error("no Chromium: make setup-test installs it, CHROMIUM=/path names one elsewhere");
  return found;
}

/** A browser with windows: the one without them cannot install an app. */
function wholeChromiumPath() {
  const found = ["chromium", "chromium-browser", "google-chrome"].map((name) => `/usr/bin/${name}`).find(existsSync);
  const named = process.env.CHROMIUM;
  if (!found && !named) throw new Error("no whole Chromium: make setup-test installs it, CHROMIUM=/path names one elsewhere");
  return named ?? found;
}

const flags = (rules) => [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The browser can reach the server under test and nothing else.
  `--host-resolver-rules=${[...rules, "MAP * ~NOTFOUND", "EXCLUDE 127.0.0.1", "EXCLUDE localhost"].join(", ")}`,
];

/** `rules` are names that lead to this machine, in the form of Chromium's `--host-resolver-rules`. */
export function launch(rules = []) {
  return chromium.launch({ executablePath: chromiumPath(), args: flags(rules) });
}

/** What all windows have in common. */
const settingsOf = (server) => ({
  baseURL: server.url,
  locale: "fr-FR",
  timezoneId: "Europe/Paris",
  viewport: { width: 360, height: 740 },
});

/**
 * A whole browser with a profile on the disk, as a person has it, because only such a one keeps what is installed.
 * Otherwise like `openWindow`.
 */
export async function openProfile(server) {
  const options = { executablePath: wholeChromiumPath(), args: flags([]), ...settingsOf(server) };
  const context = await chromium.launchPersistentContext(temporaryFolder(), options);
  context.script = true;
  const watched = watch(context, server, []);
  return { context, page: context.pages()[0] ?? (await context.newPage()), ...watched };
}

/**
 * A window onto the server: a browser context of its own (cookies, settings) and one page.
 * `problems` collects what must not happen on any page: a request to another host, an error in
 * the console, a violation of the Content-Security-Policy, an exception in a script. `foreign` has
 * every address elsewhere that was asked for, `blocked` those that the policy of a page kept out.
 */
export async function openWindow(running, server, { script = true, thirdParties = [], ...settings } = {}) {
  const context = await running.newContext({ ...settingsOf(server), ...settings, javaScriptEnabled: script });
  // axe.mjs needs timers.
  context.script = script;
  const watched = watch(context, server, thirdParties);
  if (thirdParties.length > 0) {
    // These answers stand in for the real hosts, which cannot be reached and should not be.
    await context.route(
      (url) => thirdParties.includes(url.hostname),
      (route) =>
        route.request().resourceType() === "script"
          ? route.fulfill({ status: 200, contentType: "text/javascript", body: "" })
          : route.fulfill({ status: 200, contentType: "text/html", body: "<!doctype html><title>.</title>" }),
    );
  }
  const page = await context.newPage();
  return { context, page, ...watched };
}

/** Records what happens in the windows of a context: see `openWindow`. */
function watch(context, server, thirdParties) {
  context.setDefaultTimeout(PATIENCE);
  context.setDefaultNavigationTimeout(2 * PATIENCE);
  const problems = [];
  const foreign = [];
  const blocked = [];
  const answered = new Set();
  const here = new URL(server.url).origin;
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (["data:", "blob:", "about:"].includes(url.protocol) || url.origin === here) return;
    foreign.push(url.href);
    if (!thirdParties.includes(url.hostname)) problems.push(`request to another host: ${url.href}`);
  });
  context.on("requestfailed", (request) => {
    // The policy of the page blocked this request, so no host was asked. The console reports it, which counts as a
    // problem too.
    if (request.failure()?.errorText !== "csp") return;
    const url = request.url();
    blocked.push(url);
    if (foreign.includes(url)) foreign.splice(foreign.lastIndexOf(url), 1);
    const problem = problems.lastIndexOf(`request to another host: ${url}`);
    if (problem >= 0) problems.splice(problem, 1);
  });
  context.on("response", (response) => {
    // A page or a call may well answer 404 or 422: Chromium writes that to the console as an error.
    const request = response.request();
    const called = request.headers().accept === "application/json";
    if ((request.isNavigationRequest() || called) && response.status() < 500) answered.add(response.url());
  });
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    const { url } = message.location();
    if (message.text().startsWith("Failed to load resource") && answered.has(url)) return;
    problems.push(`console: ${message.text()} (${url})`);
  });
  context.on("weberror", (error) => problems.push(`exception: ${error.error().stack ?? error.error()}`));
  return { problems, foreign, blocked };
}
