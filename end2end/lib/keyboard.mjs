// Uses a page with the keyboard alone.
import assert from "node:assert/strict";

/** What is wrong with the focused element: it has no outline, or something hides it. Nothing when it is right. */
export const unseen = (page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (at === document.body) return null;
    // The label of a control may be what is drawn.
    const shown = at.matches("input[type=radio], input[type=checkbox]") ? (at.closest("label.choice") ?? at) : at;
    const place = `${at.outerHTML.slice(0, 120)} on ${location.pathname}`;
    const rings = [at, shown].map((element) => getComputedStyle(element));
    if (!rings.some(({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2)) {
      return `no outline: ${place}`;
    }
    const { left, top, width, height } = shown.getBoundingClientRect();
    const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + x * width, top + y * height]));
    const visible = points.some(([x, y]) => {
      const hit = document.elementFromPoint(x, y);
      return hit && (shown.contains(hit) || hit.contains(shown));
    });
    return visible ? null : `covered or out of sight: ${place}`;
  });

/** Numbers every element that the keyboard can reach, in the order of the page. */
const number = (page) =>
  page.evaluate(() => {
    const groups = new Set();
    const all = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, iframe, [tabindex]")].filter((element) => {
      if (element.disabled || element.type === "hidden" || element.tabIndex < 0) return false;
      if (!element.checkVisibility({ visibilityProperty: true })) return false;
      if (element.type !== "radio") return true;
      const first = !groups.has(element.name);
      groups.add(element.name);
      return first;
    });
    all.forEach((element, at) => (element.dataset.stop = at));
    return all.map((element) => element.outerHTML.replace(/ data-stop="\d+"/, "").slice(0, 120));
  });

/**
 * Goes through the page by Tab alone: every element is reached in order and is visible, and none keeps the focus. The
 * link past the header works too.
 */
export async function walkByKeyboard(page) {
  // The focus begins at the start of the page, wherever the page put it.
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
  });
  const stops = await number(page);
  const reached = [];
  // A date has a stop for each of its parts.
  for (let presses = 0; presses < stops.length * 2 + 10; presses += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return null;
      const group = element.type === "radio" ? document.querySelector(`[data-stop][name="${element.name}"]`) : element;
      return Number(group.dataset.stop ?? -1);
    });
    if (at === null) break;
    assert.notEqual(at, -1, "the focus went where nothing was expected");
    if (reached.at(-1) === at) continue;
    // After the last element the focus comes back to the start.
    if (at === 0 && reached.length > 0) break;
    assert.equal(await unseen(page), null);
    reached.push(at);
  }
  assert.deepEqual(reached.map((at) => stops[at]), stops, "Tab reaches everything once, in the order of the page");

  const skip = page.locator(".skip");
  await skip.focus();
  const box = await skip.boundingBox();
  assert.ok(box.width > 100 && box.height >= 40 && box.y >= -1, "the way past the header shows");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "contenu", "and leads to the content");
}
