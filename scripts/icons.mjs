// icons.mjs MARK.svg FOLDER draws the icons of the installed app from the site's mark. resvg draws an SVG in the same
// way on every machine.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [mark, folder] = process.argv.slice(2);
const { Resvg, initWasm } = createRequire(new URL("../tools/package.json", import.meta.url))("@resvg/resvg-wasm");
const wasm = fileURLToPath(new URL("../tools/node_modules/@resvg/resvg-wasm/index_bg.wasm", import.meta.url));
await initWasm(readFileSync(wasm));

const rounded = readFileSync(mark, "utf8");
// Telephones cut an icon into a shape of their own, so its ground must reach every edge, without round corners.
const whole = rounded.replace(/(<rect width="32" height="32") rx="\d+"/, "$1");
if (whole === rounded) throw new Error(`${mark}: no round ground of 32 × 32 that could be made whole`);

mkdirSync(folder, { recursive: true });
for (const [name, svg, size] of [
  ["icon-192.png", rounded, 192],
  ["icon-512.png", rounded, 512],
  ["icon-maskable-512.png", whole, 512],
  ["apple-touch-icon.png", whole, 180],
]) {
  const picture = new Resvg(svg, { fitTo: { mode: "width", value: size } });
  writeFileSync(join(folder, name), picture.render().asPng());
}
