// Takes the rules of one class out of a compressed style sheet: what is left is the sheet of a page without that part.

/** The index after the block, string or comment that begins at `at`, or after one character. */
function skip(css, at) {
  const first = css[at];
  if (first === "\\") return at + 2;
  if (first === '"' || first === "'") {
    let end = at + 1;
    while (end < css.length && css[end] !== first) end += css[end] === "\\" ? 2 : 1;
    return end + 1;
  }
  if (css.startsWith("/*", at)) {
    const end = css.indexOf("*/", at + 2);
    return end < 0 ? css.length : end + 2;
  }
  const closing = { "{": "}", "(": ")", "[": "]" }[first];
  if (!closing) return at + 1;
  let end = at + 1;
  while (end < css.length && css[end] !== closing) end = skip(css, end);
  if (end >= css.length) throw new Error(`the style sheet has a ${first} that nothing closes`);
  return end + 1;
}

/** The parts of a text between the signs `sign` that stand outside of brackets and strings. */
function split(text, sign) {
  const pieces = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const next = skip(text, at);
    if (text[at] === sign) {
      pieces.push(text.slice(from, at));
      from = next;
    }
    at = next;
  }
  return [...pieces, text.slice(from)];
}

/** The rules of a sheet or of a block: `head{body}`, or a statement such as `@charset "utf-8";`. */
function* rules(css) {
  let from = 0;
  for (let at = 0; at < css.length; ) {
    const next = skip(css, at);
    if (css[at] === "{") {
      yield { head: css.slice(from, at), body: css.slice(at + 1, next - 1) };
      from = next;
    } else if (css[at] === ";") {
      yield { head: css.slice(from, next) };
      from = next;
    }
    at = next;
  }
  if (from < css.length) yield { head: css.slice(from) };
}

/**
 * The sheet without the selectors that name the class, and what was taken out. A rule is taken out when it has no
 * selector left, and an at-rule (`@media`, `@supports`…) when it has no rule left.
 */
export function withoutClass(css, name) {
  const names = new RegExp(`\\.${name}(?![\\w-])`);
  let left = "";
  let taken = "";
  for (const { head, body } of rules(css)) {
    if (body === undefined) left += head;
    else if (!names.test(`${head}{${body}}`)) left += `${head}{${body}}`;
    else if (head.trimStart().startsWith("@")) {
      const inner = withoutClass(body, name);
      if (inner.left.trim()) left += `${head}{${inner.left}}`;
      if (inner.taken) taken += `${head}{${inner.taken}}`;
    } else {
      const selectors = split(head, ",");
      const kept = selectors.filter((selector) => !names.test(selector));
      if (kept.length > 0) left += `${kept.join(",")}{${body}}`;
      if (kept.length < selectors.length) taken += `${selectors.filter((selector) => names.test(selector)).join(",")}{${body}}`;
    }
  }
  return { left, taken };
}
