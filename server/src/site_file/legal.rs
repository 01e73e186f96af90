//! `[legal]`: who is responsible for the site.

use super::{Refused, filled};
use domain::{mail::is_address, site::Legal};
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    form: Spanned<String>,
    siret: Option<Spanned<String>>,
    publisher: Spanned<String>,
    dpo_email: Spanned<String>,
    host_name: Spanned<String>,
    host_address: Spanned<String>,
    host_phone: Option<Spanned<String>>,
    mail_provider: Option<Spanned<String>>,
    source_url: Option<Spanned<String>>,
}

/// Each value stands on one line, and the address of the data-protection officer is one that mail can be sent to.
pub(super) fn read(section: Section) -> Result<Legal, Refused> {
    let optional = |name: &str, value: Option<Spanned<String>>| value.map(|value| filled(name, value)).transpose();
    let at = section.dpo_email.span().start;
    let dpo_email = filled("legal.dpo_email", section.dpo_email)?;
    if !is_address(&dpo_email) {
        return Err((at, "legal.dpo_email must be an address that mail can be sent to".to_owned()));
    }
    let siret = match section.siret {
        None => None,
        Some(siret) => {
            let at = siret.span().start;
            let digits: String = siret.get_ref().chars().filter(|c| !c.is_whitespace()).collect();
            if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err((at, "legal.siret must have 14 digits".to_owned()));
            }
            Some(digits)
        }
    };
    Ok(Legal {
        form: filled("legal.form", section.form)?,
        siret,
        publisher: filled("legal.publisher", section.publisher)?,
        dpo_email,
        host_name: filled("legal.host_name", section.host_name)?,
        host_address: filled("legal.host_address", section.host_address)?,
        host_phone: optional("legal.host_phone", section.host_phone)?,
        mail_provider: optional("legal.mail_provider", section.mail_provider)?,
        source_url: section.source_url.map(|url| super::texts::address("legal.source_url", url)).transpose()?,
    })
}
