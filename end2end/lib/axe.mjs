// Checks the accessibility rules on a page as it is on the screen.
import assert from "node:assert/strict";
import axe from "axe-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Fails with each broken rule and its place; `rules` limits the check to some rules. It looks at the document on the
 * screen, so that a page that answers a form with errors is checked too.
 */
export async function checkAxe(page, rules = TAGS) {
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    // Without scripts no timer fires, and axe waits for some of its own: these replacements run at once.
    if (!page.context().script) await page.evaluate(() => (globalThis.setTimeout = (step) => void Promise.resolve().then(step)));
    await page.evaluate(axe.source);
  }
  // Frames are left out: the content of other providers is theirs, and our own frames are pages that the sweep checks.
  const { violations } = await page.evaluate(
    (runOnly) => globalThis.axe.run({ runOnly, iframes: false, preload: false, resultTypes: ["violations"] }),
    rules,
  );
  const { width } = page.viewportSize();
  assert.ok(violations.length === 0, `axe on ${page.url()} at ${width} px:\n${describe(violations)}`);
}

/** The looks that are checked in each mode. Both modes together show every page in all four. */
const LOOKS = {
  off: [
    { width: 360, height: 740, colorScheme: "light" },
    { width: 820, height: 1180, colorScheme: "dark" },
  ],
  on: [
    { width: 360, height: 740, colorScheme: "dark" },
    { width: 820, height: 1180, colorScheme: "light" },
  ],
};
/** A narrow telephone, and a usual screen at 400 % zoom. */
const NARROW = [
  { width: 320, height: 640 },
  { width: 320, height: 256 },
];

/** Checks the rules in two looks, and that nothing sticks out sideways on narrow screens. */
export async function checkEverywhere(page) {
  const context = page.context();
  const before = page.viewportSize();
  const dark = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches);
  for (const { width, height, colorScheme } of LOOKS[context.script ? "on" : "off"]) {
    await page.setViewportSize({ width, height });
    // Transitions are off, because a colour half way between two looks belongs to neither.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await checkAxe(page);
    await checkWidth(page);
  }
  for (const viewport of NARROW) {
    await page.setViewportSize(viewport);
    await checkWidth(page);
  }
  await page.setViewportSize(before);
  await page.emulateMedia({ colorScheme: dark ? "dark" : "light", reducedMotion: null });
}

/** Checks that nothing sticks out sideways. */
export async function checkWidth(page) {
  const { inner, wide, culprits } = await page.evaluate(() => {
    const inner = document.documentElement.clientWidth;
    const wide = document.scrollingElement.scrollWidth;
    const out = wide > inner ? [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > inner + 0.5) : [];
    return { inner, wide, culprits: out.slice(0, 5).map((e) => e.outerHTML.slice(0, 120)) };
  });
  assert.ok(wide <= inner, `${page.url()} at ${inner} px scrolls sideways (${wide} px):\n  ${culprits.join("\n  ")}`);
}

/** Checks that no paragraph, heading or list entry is empty, except for the places where messages will appear. */
export async function checkEmpty(page) {
  const empty = await page.evaluate(() =>
    [...document.querySelectorAll("p, h1, h2, h3, li, dt, dd, th, caption, legend, label")]
      .filter((element) => element.children.length === 0 && element.textContent.trim() === "")
      .filter((element) => !element.matches("[hidden], [aria-live], [role=status], [role=alert]"))
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(empty, [], `${page.url()} has elements that say nothing`);
}

/**
 * Checks that every control is 44 px high and every link outside of a sentence at least 24 px. Hidden ones do not
 * count.
 */
export async function checkTargets(page) {
  const small = await page.evaluate(() => {
    const main = ".button, .tab-bar a, .tabs a, .letters a, .chips a, .menu-in :is(a, button), .back, summary, select, textarea, .choice, .switch, .cookie-button, input:not([type=checkbox], [type=radio], [type=hidden])";
    const inSentence = (element) => element.parentElement.matches("p, li, dd, span") && element.parentElement.textContent.trim() !== element.textContent.trim();
    return [...document.querySelectorAll("a[href], button, summary, select, textarea, input, .choice, .switch")]
      .filter((element) => element.type !== "hidden" && element.checkVisibility({ visibilityProperty: true }) && !element.closest('.skip, [aria-hidden="true"]'))
      .filter((element) => !element.matches(":is(.choice, .switch) input"))
      .map((element) => {
        const least = element.matches(main) ? 44 : inSentence(element) ? 0 : 24;
        // A link that covers its whole row is as large as the row.
        const row = getComputedStyle(element, "::after").position === "absolute" ? element.closest("tr, li") : null;
        const { width, height } = (row ?? element).getBoundingClientRect();
        return { fine: height >= least - 0.5 && width >= Math.min(least, 24), what: `${Math.round(width)} × ${Math.round(height)}: ${element.outerHTML.slice(0, 120)}` };
      })
      .filter(({ fine }) => !fine)
      .map(({ what }) => what);
  });
  assert.ok(small.length === 0, `${page.url()} at ${page.viewportSize().width} px has small targets:\n  ${small.join("\n  ")}`);
}

/** Checks that nothing is cut off with the spacing of letters, words and lines of WCAG 1.4.12. */
export async function checkSpacing(page) {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
    document.adoptedStyleSheets = [sheet];
  });
  try {
    await checkWidth(page);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll("body *")]
        .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
        .filter((element) => element.checkVisibility() && !element.closest(".sr, .skip, thead, svg, option, select, meter, progress, .cookie-button"))
        .filter((element) => {
          for (let box = element; box !== document.body; box = box.parentElement) {
            const style = getComputedStyle(box);
            // This text is read aloud and not shown.
            if (style.clipPath !== "none") return false;
            if (style.overflowX === "visible" && style.overflowY === "visible" && style.position !== "fixed") continue;
            if (style.overflowY === "auto" || style.overflowY === "scroll") continue;
            const range = document.createRange();
            range.selectNodeContents(element);
            const text = range.getBoundingClientRect();
            const around = box.getBoundingClientRect();
            if (text.right > around.right + 1 || text.left < around.left - 1 || text.bottom > around.bottom + 1) return true;
          }
          return false;
        })
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    assert.ok(cut.length === 0, `${page.url()} cuts off text that is spaced out:\n  ${cut.join("\n  ")}`);
  } finally {
    await page.evaluate(() => (document.adoptedStyleSheets = []));
  }
}

function describe(violations) {
  return violations
    .map(({ id, help, nodes }) => {
      const places = nodes.map(({ target, html, failureSummary }) => {
        const why = failureSummary.split("\n").slice(1).join("; ").trim();
        return `    ${target.join(" ")}\n      ${html.slice(0, 200)}\n      ${why}`;
      });
      return `  ${id}: ${help}\n${places.join("\n")}`;
    })
    .join("\n");
}
