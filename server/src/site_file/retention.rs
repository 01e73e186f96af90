//! `[retention]`: how long this site keeps things, within the bounds of the register.

use super::Refused;
use domain::{
    retention::{Keeping, Kept, RuleId},
    time::Period,
};
use std::collections::BTreeMap;
use toml::Spanned;

/// The rules by their words. One that is not named keeps its usual period.
pub(super) type Section = BTreeMap<Spanned<String>, Spanned<u16>>;

/// The periods of this site.
pub(super) fn read(section: &Section) -> Result<Keeping, Refused> {
    let mut keeping = Keeping::default();
    for (word, number) in section {
        let chosen = RuleId::from_code(word.get_ref()).filter(|rule| rule.bounds().is_some());
        let Some(rule) = chosen else {
            let allowed: Vec<_> =
                RuleId::ALL.into_iter().filter(|rule| rule.bounds().is_some()).map(RuleId::code).collect();
            let allowed = allowed.join(", ");
            return Err((word.span().start, format!("retention.{}: unknown rule; allowed: {allowed}", word.get_ref())));
        };
        if let Err(Some(bounds)) = keeping.choose(rule, *number.get_ref()) {
            let unit = match rule.usual() {
                Kept::For(Period::Months(_)) => "months",
                _ => "days",
            };
            let (word, least, most) = (word.get_ref(), bounds.least, bounds.most);
            return Err((number.span().start, format!("retention.{word} must be {least} to {most} {unit}")));
        }
    }
    Ok(keeping)
}
