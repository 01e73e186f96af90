// Compares our banner with the scripts that sites use instead: what each adds to one and the same page.
//
// That page is our home page as a visitor sees it who refused, and its style sheet has no rules of the banner. Each
// candidate is added to it as its documentation says, with one service (YouTube) and in French, and Chromium opens the
// page until the banner is visible and no request is running. What counts is the difference to the page alone: the
// requests, and the bytes of the answers' bodies, with texts compressed by brotli's best level on both sides. Doubts
// are settled in favour of the others: the smallest files that they ship, no headers, settings without comments and
// indentation, and no placeholder for a video. Ours is the banner that the server sends before a choice, with its rules
// in the style sheet; the goal even counts both as if compressed alone. Buttons, colours and fonts belong to the page.
// That is so for us and for a site with the DSFR, which is therefore measured both ways, and the smaller result counts.
// Balise neither builds with these packages nor ships them.
import { existsSync, readFileSync, statSync } from "node:fs";
import http from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { launch } from "../../end2end/lib/window.mjs";
import { put, tidy } from "./fragments.mjs";
import { withoutClass } from "./stylesheet.mjs";

const FOLDER = fileURLToPath(new URL("../banners", import.meta.url));
const PHONE = { width: 360, height: 740 };
/** The class of our banner, in the page and in the style sheet. */
const OURS = "consent";

/**
 * The package, the fragments that add it to the page (one of them under its own name), what is visible when its banner
 * is there, and how many of the fragments are there without it.
 */
const SCRIPTS = [
  { name: "tarteaucitronjs", banner: "#tarteaucitronAlertBig" },
  { name: "orejime", banner: ".orejime-Banner" },
  { name: "klaro", banner: ".klaro .cookie-notice" },
  { name: "vanilla-cookieconsent", banner: "#cc-main .cm" },
  { name: "@gouvfr/dsfr", fragments: ["dsfr-page", "dsfr"], banner: ".fr-consent-banner" },
  { name: "@gouvfr/dsfr", fragments: ["dsfr-page", "dsfr"], banner: ".fr-consent-banner", above: 1 },
];

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** A file that a candidate asks for: from its package (`/npm/`), or its settings, which are kept here (`/own/`). */
function fileOf(path) {
  const [, kind, name] = path.match(/^\/(npm|own)\/(.+)$/) ?? [];
  if (!kind || normalize(name) !== name) return null;
  const file = join(FOLDER, kind === "npm" ? "node_modules" : "", name);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return null;
  const content = readFileSync(file);
  return { type: TYPES[extname(name)], content: kind === "own" ? Buffer.from(tidy(content.toString())) : content };
}

const packed = new Map();
/** The body as it is sent. Compressing takes longer than everything else, so each body is compressed once. */
function pack({ type, content }) {
  const key = content.toString("latin1");
  if (!packed.has(key)) packed.set(key, brotliCompressSync(content));
  return { "content-type": type, "content-encoding": "br", body: packed.get(key) };
}

/** Serves these files (path → type and content) and those of the packages while `work` runs. */
async function serving(files, work) {
  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const file = files.get(pathname) ?? fileOf(pathname);
    if (!file) return response.writeHead(404).end();
    const text = /^text\/|javascript|json|xml/.test(file.type ?? "");
    const { body, ...headers } = text ? pack(file) : { "content-type": file.type ?? "application/octet-stream", body: file.content };
    return response.writeHead(200, { ...headers, "cache-control": "no-store" }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  try {
    return await work(`http://127.0.0.1:${server.address().port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/**
 * Opens a page until `seen` is visible and no request is running: gives its requests, their bytes, the time of its
 * scripts until then (in ms, of one visit, so it is approximate), and how much the page moved.
 */
async function weigh(browser, files, seen) {
  return serving(files, async (url) => {
    const context = await browser.newContext({ locale: "fr-FR", timezoneId: "Europe/Paris", viewport: PHONE });
    try {
      const page = await context.newPage();
      const asked = [];
      page.on("request", (request) => {
        if (/^https?:/.test(request.url())) asked.push(request);
      });
      await page.addInitScript(() => {
        // Some scripts do not show a banner to automated browsers.
        Object.defineProperty(Navigator.prototype, "webdriver", { get: () => false });
        window.moved = 0;
        new PerformanceObserver((list) => {
          for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.moved += shift.value;
        }).observe({ type: "layout-shift", buffered: true });
      });
      const inspector = await context.newCDPSession(page);
      await inspector.send("Performance.enable");
      await page.goto(url);
      await page.locator(seen).first().waitFor();
      await page.waitForLoadState("networkidle");
      const { metrics } = await inspector.send("Performance.getMetrics");
      const weight = {
        requests: asked.length,
        bytes: 0,
        raw: 0,
        script: metrics.find((metric) => metric.name === "ScriptDuration").value * 1000,
        shift: await page.evaluate(() => window.moved),
        paths: [],
      };
      for (const request of asked) {
        const here = request.url().startsWith(url);
        weight.paths.push(here ? request.url().slice(url.length - 1) : request.url());
        // No other host can be reached: such a request is counted, and its bytes are not.
        if (!here) continue;
        const response = await request.response();
        // A missing file would make a candidate look smaller.
        if (response?.status() !== 200) throw new Error(`${request.url()}: ${response?.status() ?? "no answer"}`);
        weight.bytes += (await request.sizes()).responseBodySize;
        weight.raw += (await response.body()).length;
      }
      return weight;
    } finally {
      await context.close();
    }
  });
}

/** What one page takes more than another. */
function more(page, bare) {
  const numbers = ["requests", "bytes", "raw", "script", "shift"].map((what) => [what, page[what] - bare[what]]);
  return { ...Object.fromEntries(numbers), paths: page.paths.filter((path) => !bare.paths.includes(path)) };
}

/**
 * Our home page before a choice, the same after « Tout refuser », and the files that both ask for, as the server sends
 * them.
 */
async function home(browser, url) {
  const context = await browser.newContext({ locale: "fr-FR", viewport: PHONE });
  try {
    const page = await context.newPage();
    const files = new Map();
    const answers = [];
    page.on("response", (response) => answers.push(response));
    const asking = await (await page.goto(url)).text();
    await page.waitForLoadState("networkidle");
    for (const response of answers.slice(1)) {
      const { pathname } = new URL(response.url());
      files.set(pathname, { type: response.headers()["content-type"], content: await response.body() });
    }
    const section = await page.locator(`.${OURS}`).evaluate((element) => element.outerHTML);
    const refuse = page.locator(`.${OURS} button`, { hasText: /refuser/i }).first();
    await Promise.all([page.waitForNavigation(), refuse.click()]);
    // The page is read once more, because the message right after a choice would hide part of the banner's weight.
    const refused = await (await page.goto(url)).text();
    if ((await page.locator(`.${OURS}`).count()) > 0) throw new Error("the home page still asks after refusing");
    const panel = await (await page.goto(`${url}/cookies`)).text();
    return { asking, section, refused, panel, files };
  } finally {
    await context.close();
  }
}

const html = (text) => ({ type: TYPES[".html"], content: Buffer.from(text) });

/** Our banner and then the scripts: what each adds to the page. `url` is a running Balise whose banner is on. */
export async function banners(url) {
  if (!existsSync(join(FOLDER, "node_modules"))) throw new Error("scripts/setup-bench.sh comes first");
  const browser = await launch();
  try {
    const { asking, section, refused, panel, files } = await home(browser, url);
    const plain = new Map(files);
    let rules = "";
    for (const [path, { type, content }] of files) {
      if (!type.startsWith("text/css")) continue;
      const { left, taken } = withoutClass(content.toString(), OURS);
      rules += taken;
      plain.set(path, { type, content: Buffer.from(left) });
    }
    if (!rules) throw new Error(`the style sheet has no rule for .${OURS}`);
    const bare = await weigh(browser, plain.set("/", html(refused)), "main");
    const ours = await weigh(browser, files.set("/", html(asking)), `.${OURS}`);
    const alone = { alone: brotliCompressSync(section + rules).length, panel: brotliCompressSync(panel).length };
    const result = [{ name: "balise", ...more(ours, bare), ...alone }];

    for (const { name, fragments = [name], banner, above = 0 } of SCRIPTS) {
      const { version } = JSON.parse(readFileSync(join(FOLDER, "node_modules", name, "package.json"), "utf8"));
      const on = (parts) => parts.reduce((page, part) => put(page, readFileSync(join(FOLDER, `${part}.html`), "utf8")), refused);
      const load = (parts, seen) => weigh(browser, new Map(plain).set("/", html(on(parts))), seen);
      const page = await load(fragments, banner);
      const below = above > 0 ? await load(fragments.slice(0, above), "main") : bare;
      result.push({ name: above > 0 ? `${name}, on its own pages` : name, version, ...more(page, below) });
    }
    return result;
  } finally {
    await browser.close();
  }
}
