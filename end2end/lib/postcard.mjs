// Puts several pictures of pages beside each other into one small WebP. Chromium encodes it, so no other tool is
// needed.
import { readFileSync, writeFileSync } from "node:fs";

const HEIGHT = 740;

/** Writes `path`, a small WebP, from a PNG. */
export async function shrink(browser, png, path) {
  const page = await browser.newPage();
  try {
    const webp = await page.evaluate(async (source) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [image.width, image.height];
      canvas.getContext("2d").drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", 0.72);
    }, `data:image/png;base64,${png.toString("base64")}`);
    writeFileSync(path, Buffer.from(webp.split(",")[1], "base64"));
  } finally {
    await page.close();
  }
}

/** Writes `path` from the upper parts of the PNG files, with phones and tablets at one scale. */
export async function postcard(browser, files, path) {
  const page = await browser.newPage({ viewport: { width: 800, height: 600 } });
  try {
    const pictures = files.map((file) => `data:image/png;base64,${readFileSync(file).toString("base64")}`);
    const webp = await page.evaluate(
      async ({ pictures, height }) => {
        const images = await Promise.all(
          pictures.map(async (source) => {
            const image = new Image();
            image.src = source;
            await image.decode();
            return image;
          }),
        );
        const [gap, round] = [28, 26];
        const canvas = document.createElement("canvas");
        canvas.width = images.reduce((sum, { width }) => sum + width + gap, gap);
        canvas.height = height + 2 * gap;
        const draw = canvas.getContext("2d");
        draw.fillStyle = "#29256f";
        draw.fillRect(0, 0, canvas.width, canvas.height);
        let left = gap;
        for (const image of images) {
          draw.save();
          draw.beginPath();
          draw.roundRect(left, gap, image.width, height, round);
          draw.clip();
          draw.drawImage(image, 0, 0, image.width, height, left, gap, image.width, height);
          draw.restore();
          left += image.width + gap;
        }
        return canvas.toDataURL("image/webp", 0.82);
      },
      { pictures, height: HEIGHT },
    );
    writeFileSync(path, Buffer.from(webp.split(",")[1], "base64"));
  } finally {
    await page.close();
  }
}
