//! `[events]`: who receives the pre-registrations of events (F5).

use super::{Refused, filled};
use domain::site::EventSettings;
use serde::Deserialize;
use toml::Spanned;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Section {
    receiver: Option<Spanned<String>>,
    receiver_name: Option<Spanned<String>>,
}

/// The key to encrypt to and the name of its owner. One is useless without the other.
pub(super) fn read(section: Section) -> Result<EventSettings, Refused> {
    match (section.receiver, section.receiver_name) {
        (None, None) => Ok(EventSettings::default()),
        (Some(receiver), Some(name)) => {
            let at = receiver.span().start;
            let receiver = filled("events.receiver", receiver)?;
            if !services::is_receiver(&receiver) {
                return Err((at, "events.receiver must be an age public key, age1…; age-keygen makes one".to_owned()));
            }
            let name = filled("events.receiver_name", name)?;
            Ok(EventSettings { receiver: Some(receiver), receiver_name: Some(name) })
        }
        (Some(receiver), None) => {
            Err((receiver.span().start, "events.receiver needs events.receiver_name: whose key it is".to_owned()))
        }
        (None, Some(name)) => {
            Err((name.span().start, "events.receiver_name needs events.receiver: their age public key".to_owned()))
        }
    }
}
