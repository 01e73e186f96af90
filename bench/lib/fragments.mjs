// What a site writes into its page for a script of somebody else: kept in bench/banners, put onto a page here.

const PLACE = "<!-- the page -->";

/** Our own files as a site would send them: no comments on lines of their own, no indentation. */
export function tidy(text) {
  const bare = text.replaceAll(/<!--[\s\S]*?-->/g, (comment) => (comment === PLACE ? comment : ""));
  return bare.split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("//")).join("\n");
}

/** A page with a fragment put onto it: last into its head, first and last into its body. */
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
