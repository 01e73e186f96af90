//! Drawing without a library: rectangles, ellipses, capital letters, grain.
//!
//! All computations use integers, so that every processor draws the same picture.

use crate::demo::chance::Dice;
use crate::demo::words;

/// A colour.
pub(super) type Rgb = [u8; 3];

/// Soft colours with enough contrast for dark text.
pub(super) const TINTS: &[(Rgb, Rgb)] = &[
    ([214, 228, 240], [170, 200, 222]),
    ([240, 224, 206], [222, 190, 160]),
    ([218, 236, 220], [174, 210, 184]),
    ([232, 220, 238], [202, 180, 216]),
    ([240, 234, 204], [220, 206, 150]),
];

/// Dark colours that go with [`TINTS`].
pub(super) const INKS: &[Rgb] = &[[28, 62, 96], [104, 56, 24], [26, 84, 52], [78, 44, 104], [92, 74, 10]];

/// A picture in memory.
pub(super) struct Picture {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) pixels: Vec<u8>,
}

impl Picture {
    /// A picture of one colour.
    pub(super) fn new(width: u16, height: u16, colour: Rgb) -> Self {
        Self { width, height, pixels: colour.repeat(usize::from(width) * usize::from(height)) }
    }

    /// The bytes of a pixel, or nothing outside of the picture.
    pub(super) fn at(&mut self, x: i32, y: i32) -> Option<&mut [u8]> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        let width = usize::from(self.width);
        if x >= width {
            return None;
        }
        let start = (y * width + x) * 3;
        self.pixels.get_mut(start..start + 3)
    }

    /// Fills a rectangle; what lies outside the picture is left out.
    pub(super) fn rectangle(&mut self, left: i32, top: i32, width: i32, height: i32, colour: Rgb) {
        let (from, to) = (left.clamp(0, i32::from(self.width)), (left + width).clamp(0, i32::from(self.width)));
        let (Ok(from), Ok(to)) = (usize::try_from(from), usize::try_from(to)) else {
            return;
        };
        if to <= from {
            return;
        }
        for y in top.max(0)..(top + height).min(i32::from(self.height)) {
            let start = usize::try_from(y).unwrap_or(0) * usize::from(self.width);
            for pixel in self.pixels[(start + from) * 3..(start + to) * 3].chunks_exact_mut(3) {
                pixel.copy_from_slice(&colour);
            }
        }
    }

    /// Fills an ellipse.
    pub(super) fn ellipse(&mut self, x: i32, y: i32, across: i32, down: i32, colour: Rgb) {
        for row in -down..=down {
            // Widest x with (x/across)² + (row/down)² ≤ 1; integers, so that every processor draws the same.
            let half = ((down * down - row * row) * across * across / (down * down).max(1)).max(0).isqrt();
            self.rectangle(x - half, y + row, 2 * half + 1, 1, colour);
        }
    }

    /// Writes capitals, each dot of a letter being `scale` pixels wide; shrinks what would not fit in `room`.
    pub(super) fn write(&mut self, text: &str, left: i32, top: i32, scale: i32, room: i32, colour: Rgb) {
        let glyphs = glyphs(text);
        let length = i32::try_from(glyphs.len()).unwrap_or(i32::MAX).max(1);
        let scale = scale.min(room / length.saturating_mul(6)).max(1);
        for (index, glyph) in (0..).zip(glyphs) {
            let x = left + index * 6 * scale;
            // A very long title is cut rather than drawn over the next element.
            if x + 6 * scale > left + room {
                break;
            }
            for (column, bits) in (0..).zip(glyph) {
                for row in (0..7).filter(|row| bits >> row & 1 == 1) {
                    self.rectangle(x + column * scale, top + row * scale, scale, scale, colour);
                }
            }
        }
    }

    /// Writes « SPECIMEN » over the whole picture, slanted and repeated, by darkening the pixels.
    pub(super) fn specimen(&mut self, scale: i32, depth: u8) {
        // Eight letters of six columns, then a blank up to 64; lines of 16: powers of two, because a division for each
        // pixel took most of the time of a whole demonstration.
        let mut columns = [0_u8; 64];
        for (column, bits) in columns.chunks_exact_mut(6).zip(glyphs("SPECIMEN")) {
            column[..5].copy_from_slice(&bits);
        }
        // Rotated by some twenty degrees, in 65536ths; whole numbers, so that every processor draws the same.
        let (cosine, sine) = (61_440 / scale, 22_528 / scale);
        for (y, line) in (0..).zip(self.pixels.chunks_exact_mut(usize::from(self.width) * 3)) {
            for (x, pixel) in (0..).zip(line.chunks_exact_mut(3)) {
                let (across, down): (i32, i32) = ((x * cosine - y * sine) >> 16, (x * sine + y * cosine) >> 16);
                // Every other line is shifted, like on a security paper.
                let column = (across + (down >> 4) * 27) & 63;
                if columns[column as usize] >> (down & 15).min(7) & 1 == 1 {
                    for channel in pixel {
                        *channel = channel.saturating_sub(depth);
                    }
                }
            }
        }
    }

    /// Adds the grain of a photograph; without it the files would be far too small.
    pub(super) fn grain(&mut self, dice: &mut Dice, strength: u8) {
        let mut tile = [0_u8; 4096 + 1];
        dice.fill(&mut tile);
        for noise in &mut tile {
            *noise %= 2 * strength + 1;
        }
        // The length of the tile is odd, so that the repetition does not draw columns.
        for (pixel, noise) in self.pixels.chunks_exact_mut(3).zip(tile.iter().cycle()) {
            for channel in pixel {
                *channel = channel.saturating_add(*noise).saturating_sub(strength);
            }
        }
    }
}

/// A colour between two others, `part` out of `whole` of the way.
pub(super) fn between(from: Rgb, to: Rgb, part: i32, whole: i32) -> Rgb {
    let mut mixed = from;
    for (channel, target) in mixed.iter_mut().zip(to) {
        let (start, end) = (i32::from(*channel), i32::from(target));
        *channel = u8::try_from(start + (end - start) * part / whole.max(1)).unwrap_or(target);
    }
    mixed
}

/// The dots of each letter: five columns, the lowest bit on top. Small letters and accents become plain capitals.
fn glyphs(text: &str) -> Vec<[u8; 5]> {
    let mut out = Vec::with_capacity(text.len());
    for letter in text.chars() {
        let plain = words::plain(letter);
        if plain.is_empty() {
            out.push(glyph(letter));
        } else {
            out.extend(plain.chars().map(|letter| glyph(letter.to_ascii_uppercase())));
        }
    }
    out
}

/// The dots of one capital, digit or sign; a blank for any other character.
fn glyph(letter: char) -> [u8; 5] {
    match letter {
        'A' => [0x7e, 0x11, 0x11, 0x11, 0x7e],
        'B' => [0x7f, 0x49, 0x49, 0x49, 0x36],
        'C' => [0x3e, 0x41, 0x41, 0x41, 0x22],
        'D' => [0x7f, 0x41, 0x41, 0x22, 0x1c],
        'E' => [0x7f, 0x49, 0x49, 0x49, 0x41],
        'F' => [0x7f, 0x09, 0x09, 0x09, 0x01],
        'G' => [0x3e, 0x41, 0x49, 0x49, 0x7a],
        'H' => [0x7f, 0x08, 0x08, 0x08, 0x7f],
        'I' => [0x00, 0x41, 0x7f, 0x41, 0x00],
        'J' => [0x20, 0x40, 0x41, 0x3f, 0x01],
        'K' => [0x7f, 0x08, 0x14, 0x22, 0x41],
        'L' => [0x7f, 0x40, 0x40, 0x40, 0x40],
        'M' => [0x7f, 0x02, 0x0c, 0x02, 0x7f],
        'N' => [0x7f, 0x04, 0x08, 0x10, 0x7f],
        'O' => [0x3e, 0x41, 0x41, 0x41, 0x3e],
        'P' => [0x7f, 0x09, 0x09, 0x09, 0x06],
        'Q' => [0x3e, 0x41, 0x51, 0x21, 0x5e],
        'R' => [0x7f, 0x09, 0x19, 0x29, 0x46],
        'S' => [0x46, 0x49, 0x49, 0x49, 0x31],
        'T' => [0x01, 0x01, 0x7f, 0x01, 0x01],
        'U' => [0x3f, 0x40, 0x40, 0x40, 0x3f],
        'V' => [0x1f, 0x20, 0x40, 0x20, 0x1f],
        'W' => [0x3f, 0x40, 0x38, 0x40, 0x3f],
        'X' => [0x63, 0x14, 0x08, 0x14, 0x63],
        'Y' => [0x07, 0x08, 0x70, 0x08, 0x07],
        'Z' => [0x61, 0x51, 0x49, 0x45, 0x43],
        '0' => [0x3e, 0x51, 0x49, 0x45, 0x3e],
        '1' => [0x00, 0x42, 0x7f, 0x40, 0x00],
        '2' => [0x42, 0x61, 0x51, 0x49, 0x46],
        '3' => [0x21, 0x41, 0x45, 0x4b, 0x31],
        '4' => [0x18, 0x14, 0x12, 0x7f, 0x10],
        '5' => [0x27, 0x45, 0x45, 0x45, 0x39],
        '6' => [0x3c, 0x4a, 0x49, 0x49, 0x30],
        '7' => [0x01, 0x71, 0x09, 0x05, 0x03],
        '8' => [0x36, 0x49, 0x49, 0x49, 0x36],
        '9' => [0x06, 0x49, 0x49, 0x29, 0x1e],
        '-' | '–' => [0x08; 5],
        '_' => [0x40; 5],
        '.' => [0x00, 0x60, 0x60, 0x00, 0x00],
        ',' => [0x00, 0x50, 0x30, 0x00, 0x00],
        ':' => [0x00, 0x36, 0x36, 0x00, 0x00],
        '/' => [0x20, 0x10, 0x08, 0x04, 0x02],
        '\'' | '’' => [0x00, 0x05, 0x03, 0x00, 0x00],
        '(' => [0x00, 0x1c, 0x22, 0x41, 0x00],
        ')' => [0x00, 0x41, 0x22, 0x1c, 0x00],
        _ => [0; 5],
    }
}
