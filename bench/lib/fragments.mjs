// Adds to a page what a site would write into it for the script of another provider. The fragments are in
// bench/banners.

const PLACE = "<!-- the page -->";

/** Our own files as a site would send them: without indentation, and without comments that have a line of their own. */
export function tidy(text) {
  const bare = text.replaceAll(/<!--[\s\S]*?-->/g, (comment) => (comment === PLACE ? comment : ""));
  return bare.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("//")).join("\n");
}

/** Adds a fragment to a page: at the end of its head, and at the beginning and the end of its body. */
export function put(page, fragment) {
  const parts = tidy(fragment).match(/^<head>([\s\S]*)<\/head>\n<body>([\s\S]*)<!-- the page -->([\s\S]*)<\/body>$/);
  if (!parts) throw new Error("a fragment is <head>…</head> and <body>… <!-- the page --> …</body>");
  const [head, before, after] = parts.slice(1).map((part) => part.trim());
  let made = page;
  for (const [mark, set] of [
    [/<\/head>/, (end) => head + end],
    [/<body\b[^>]*>/, (begin) => begin + before],
    [/<\/body>/, (end) => after + end],
  ]) {
    if (!mark.test(made)) throw new Error(`the page has no ${mark.source}`);
    made = made.replace(mark, set);
  }
  return made;
}
