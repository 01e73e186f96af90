//! Colours and whether they can be read (WCAG 2.2, 1.4.3).

use std::{fmt, str::FromStr};

/// The least contrast of text and what is behind it.
pub const READABLE: f64 = 4.5;

/// An opaque sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

impl Colour {
    /// White.
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };

    /// How bright it is, 0 to 1, as WCAG defines it.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The contrast with `other`, 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if a > b { a / b } else { b / a }
    }

    /// This colour with `percent` of `other` in it.
    #[must_use]
    pub fn mixed(self, other: Self, percent: u8) -> Self {
        let percent = u32::from(percent.min(100));
        let channel = |a: u8, b: u8| {
            let sum = u32::from(a) * (100 - percent) + u32::from(b) * percent;
            u8::try_from((sum + 50) / 100).unwrap_or(u8::MAX)
        };
        Self {
            red: channel(self.red, other.red),
            green: channel(self.green, other.green),
            blue: channel(self.blue, other.blue),
        }
    }
}

/// `#29256f` or `#fff`.
impl FromStr for Colour {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, NotAColour> {
        let digits = text.strip_prefix('#').ok_or(NotAColour)?.as_bytes();
        let digit = |at: usize| {
            let digit = char::from(*digits.get(at).ok_or(NotAColour)?).to_digit(16).ok_or(NotAColour)?;
            u8::try_from(digit).map_err(|_| NotAColour)
        };
        let channel = |number: usize| match digits.len() {
            3 => Ok(digit(number)? * 17),
            6 => Ok(digit(2 * number)? * 16 + digit(2 * number + 1)?),
            _ => Err(NotAColour),
        };
        Ok(Self { red: channel(0)?, green: channel(1)?, blue: channel(2)? })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// Not `#` and three or six hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAColour;

#[cfg(test)]
mod tests {
    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn contrast_is_what_wcag_says() {
        for (one, other, expected) in [
            ("#000", "#fff", 21.0),
            ("#ffffff", "#fff", 1.0),
            ("#767676", "#fff", 4.54),
            ("#777777", "#fff", 4.48),
            ("#0000ff", "#fff", 8.59),
        ] {
            let found = colour(one).contrast(colour(other));
            assert!((found - expected).abs() < 0.01, "{one} on {other}: {found}");
            assert_eq!(found, colour(other).contrast(colour(one)));
        }
    }

    #[test]
    fn only_hexadecimal_colours_are_colours() {
        assert_eq!(colour("#1a2B3c").to_string(), "#1a2b3c");
        assert_eq!(colour("#abc").to_string(), "#aabbcc");
        for bad in ["", "#", "#12", "#1234", "#12345", "#1234567", "123456", "#gggggg", "red", "#12345é", "rgb(0,0,0)"]
        {
            assert_eq!(bad.parse::<Colour>(), Err(NotAColour), "{bad}");
        }
    }

    #[test]
    fn a_mixture_lies_between() {
        assert_eq!(colour("#000").mixed(Colour::WHITE, 50).to_string(), "#808080");
        assert_eq!(colour("#123456").mixed(Colour::WHITE, 0).to_string(), "#123456");
        assert_eq!(colour("#123456").mixed(Colour::WHITE, 100), Colour::WHITE);
    }
}
