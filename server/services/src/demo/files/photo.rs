//! A photographed card, and its JPEG.

use jiff::civil::Date;

use super::picture::{INKS, Picture, TINTS, between};
use super::{NOTICE, french};
use crate::demo::chance::Dice;

/// A photographed card: gradient, band with the title, a silhouette, the name, the date, waves and « SPECIMEN ».
pub(super) fn card(dice: &mut Dice, width: u16, height: u16, title: &str, person: &str, issued: Date) -> Picture {
    let choice = dice.index(TINTS.len());
    let ((light, dark), ink) = (TINTS[choice], INKS[choice]);
    let (wide, tall) = (i32::from(width), i32::from(height));
    let mut picture = Picture::new(width, height, light);
    for y in 0..tall {
        picture.rectangle(0, y, wide, 1, between(light, dark, y, tall));
    }
    // Waves: parabolas put end to end, in whole numbers.
    let period = 60 + dice.below(60) as i32;
    for base in (0..tall).step_by(26) {
        for x in 0..wide {
            let phase = (x + base * 3).rem_euclid(period);
            let arc = phase * (period - phase) * 40 / (period * period);
            let half = (x + base * 3).div_euclid(period).rem_euclid(2);
            let y = base + if half == 0 { arc } else { -arc };
            if let Some(pixel) = picture.at(x, y) {
                pixel.copy_from_slice(&between(dark, ink, 1, 3));
            }
        }
    }
    let unit = wide / 140;
    picture.rectangle(0, 0, wide, tall / 6, ink);
    picture.write(title, 4 * unit, tall / 6 / 2 - 3 * unit / 2 * 2, unit, wide - 8 * unit, [255, 255, 255]);
    // The portrait: a frame, a head and shoulders, without a face.
    let (left, top, across, down) = (6 * unit, tall / 4, wide / 4, tall / 2);
    picture.rectangle(left, top, across, down, [246, 246, 244]);
    let skin = between(ink, light, 1 + dice.below(3) as i32, 5);
    // Shoulders: the upper half of an ellipse that stands on the frame.
    let (broad, high) = (across * 2 / 5, down / 3);
    for row in 0..high {
        let half = ((high * high - (high - row) * (high - row)).max(0) * broad * broad / (high * high)).isqrt();
        picture.rectangle(left + across / 2 - half, top + down - high + row, 2 * half, 1, skin);
    }
    picture.ellipse(left + across / 2, top + down * 2 / 5, across / 6, down / 6, skin);
    let text = left + across + 6 * unit;
    let room = wide - text - 4 * unit;
    let number = format!("FICTIF {:05}", dice.below(100_000));
    let lines = [("NOM", person), ("FAIT LE", &french(issued)), ("NUMERO", &number)];
    for (index, (label, value)) in (0..).zip(lines) {
        let line = tall / 4 + index * tall * 2 / 11;
        picture.write(label, text, line, unit / 2, room, ink);
        picture.write(value, text, line + 5 * unit, unit, room, [24, 24, 28]);
    }
    picture.write(NOTICE, 6 * unit, tall - 12 * unit, unit, wide - 12 * unit, ink);
    picture.specimen((unit * 4 / 3).max(2), 34);
    picture.grain(dice, 5);
    picture
}

/// Encodes a photograph.
pub(super) fn jpeg(picture: &Picture, quality: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(128 * 1024);
    jpeg_encoder::Encoder::new(&mut out, quality)
        .encode(&picture.pixels, picture.width, picture.height, jpeg_encoder::ColorType::Rgb)
        .expect("the dimensions match the pixels, and memory takes every byte");
    out
}
