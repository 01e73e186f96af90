//! The picture of a telephone's screen, and its PNG.

use jiff::civil::Date;

use super::picture::{INKS, Picture, TINTS, between};
use super::{NOTICE, french};
use crate::demo::chance::Dice;

/// The picture of a telephone's screen: bars, bubbles of a conversation, lines of text.
pub(super) fn screen(dice: &mut Dice, title: &str, person: &str, issued: Date) -> Picture {
    let choice = dice.index(TINTS.len());
    let ((light, dark), ink) = (TINTS[choice], INKS[choice]);
    let (width, height) = (540_u16, 1080_u16);
    let (wide, tall) = (i32::from(width), i32::from(height));
    let mut picture = Picture::new(width, height, [250, 250, 250]);
    picture.rectangle(0, 0, wide, 40, between(ink, [0, 0, 0], 1, 3));
    picture.write(&format!("{:02}:{:02}", 8 + dice.below(11), dice.below(60)), 24, 12, 2, 120, [255, 255, 255]);
    picture.rectangle(wide - 74, 13, 40, 14, [255, 255, 255]);
    picture.rectangle(0, 40, wide, 110, ink);
    picture.write(title, 30, 70, 4, wide - 60, [255, 255, 255]);
    picture.write(&format!("{person} - {}", french(issued)), 30, 116, 2, wide - 60, light);
    let mut top = 176;
    while top < tall - 220 {
        let lines = 2 + dice.below(4) as i32;
        let mine = dice.chance(40);
        let across = 300 + dice.below(120) as i32;
        let left = if mine { wide - across - 24 } else { 24 };
        let down = lines * 24 + 24;
        let fill = if mine { between(light, dark, 1, 2) } else { [232, 234, 238] };
        picture.rectangle(left, top, across, down, fill);
        for line in 0..lines {
            // Words are grey bars: people recognise a screen, but cannot read it.
            let mut x = left + 18;
            while x < left + across - 60 {
                let word = 14 + dice.below(46) as i32;
                picture.rectangle(x, top + 18 + line * 24, word, 9, [120, 124, 132]);
                x += word + 9;
            }
        }
        top += down + 22;
    }
    picture.rectangle(0, tall - 150, wide, 150, light);
    picture.write(NOTICE, 30, tall - 120, 2, wide - 60, ink);
    picture.ellipse(wide / 2, tall - 50, 34, 34, ink);
    picture.specimen(5, 22);
    picture
}

/// Encodes a screen.
pub(super) fn png(picture: &Picture) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * 1024);
    let mut encoder = png::Encoder::new(&mut out, u32::from(picture.width), u32::from(picture.height));
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder
        .write_header()
        .and_then(|mut writer| {
            writer.write_image_data(&picture.pixels)?;
            writer.finish()
        })
        .expect("the dimensions match the pixels, and memory takes every byte");
    out
}
