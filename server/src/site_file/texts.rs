//! `[texts]`: the home page in the organisation's own words.

use super::{Refused, filled};
use domain::site::{OutsideLink, SecondPhone, SiteTexts};
use serde::Deserialize;
use toml::Spanned;
use url::Url;

/// The most lines of opening hours, and of ways to come.
const LINES: usize = 10;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    heading: Option<Spanned<String>>,
    lead: Option<Spanned<String>>,
    hours: Option<Spanned<Vec<Spanned<String>>>>,
    directions: Option<Spanned<Vec<Spanned<String>>>>,
    second_phone: Option<Phone>,
    link: Option<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phone {
    label: Spanned<String>,
    number: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    label: Spanned<String>,
    url: Spanned<String>,
}

/// The sentences, each of limited length. Pages escape them like any other text.
pub(super) fn read(section: Section) -> Result<SiteTexts, Refused> {
    let one = |name: &str, value: Option<Spanned<String>>| value.map(|value| filled(name, value)).transpose();
    Ok(SiteTexts {
        heading: one("texts.heading", section.heading)?,
        lead: one("texts.lead", section.lead)?,
        hours: lines("texts.hours", section.hours)?,
        directions: lines("texts.directions", section.directions)?,
        second_phone: section.second_phone.map(phone).transpose()?,
        link: section.link.map(link).transpose()?,
    })
}

fn lines(name: &str, lines: Option<Spanned<Vec<Spanned<String>>>>) -> Result<Vec<String>, Refused> {
    let Some(lines) = lines else { return Ok(Vec::new()) };
    if !(1..=LINES).contains(&lines.get_ref().len()) {
        return Err((lines.span().start, format!("{name} must have 1 to {LINES} lines")));
    }
    lines.into_inner().into_iter().map(|line| filled(name, line)).collect()
}

fn phone(phone: Phone) -> Result<SecondPhone, Refused> {
    let at = phone.number.span().start;
    let number = filled("texts.second_phone.number", phone.number)?;
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let written = number
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '.' | '-' | '+' | '(' | ')'));
    if !(3..=15).contains(&digits) || !written {
        return Err((at, "texts.second_phone.number must be a phone number, such as 01 99 00 00 01".to_owned()));
    }
    Ok(SecondPhone { label: filled("texts.second_phone.label", phone.label)?, number })
}

fn link(link: Link) -> Result<OutsideLink, Refused> {
    let url = address("texts.link.url", link.url)?;
    Ok(OutsideLink { label: filled("texts.link.label", link.label)?, url })
}

/// An https address of another site.
pub(super) fn address(name: &str, value: Spanned<String>) -> Result<String, Refused> {
    let at = value.span().start;
    let text = filled(name, value)?;
    match Url::parse(&text) {
        Ok(url) if url.scheme() == "https" && url.host_str().is_some() && url.username().is_empty() => Ok(url.into()),
        _ => Err((at, format!("{name} must be an address such as https://www.exemple.test/page"))),
    }
}
