//! The consent forms: banner, panel and placeholders (C2, C3, C7).

use super::{FieldCode, FieldErrors};
use crate::consent::{ConsentDecision, Place, ServiceId, ServiceList};
use serde::Deserialize;

/// What any consent form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConsentForm {
    /// `accept`, `refuse`, `custom`; `always` adds the named ones to those accepted before, `keep` adds none.
    pub choice: String,
    /// The services ticked in the panel, the one of a placeholder, or those that came since the last choice.
    pub service: Vec<String>,
    /// Where the form stands: `panel`, `placeholder`, or nothing for the banner.
    pub place: String,
    /// The path of the page to go back to.
    pub back: String,
}

impl ConsentForm {
    /// What was decided, over the optional services of the site; `already` are those accepted before.
    ///
    /// # Errors
    /// `UnknownChoice` on `choice` or `service`.
    pub fn validate(&self, list: &ServiceList, already: &[ServiceId]) -> Result<ConsentDecision, FieldErrors> {
        let named = || {
            self.service
                .iter()
                .map(|id| {
                    list.optional(id)
                        .map(|service| service.id.clone())
                        .ok_or_else(|| FieldErrors::one("service", FieldCode::UnknownChoice))
                })
                .collect::<Result<Vec<_>, _>>()
        };
        let mut accepted = match self.choice.as_str() {
            "accept" => list.optional_ids(),
            "refuse" => Vec::new(),
            "custom" => named()?,
            "keep" => already.to_vec(),
            "always" => named()?.into_iter().chain(already.iter().cloned()).collect(),
            _ => return Err(FieldErrors::one("choice", FieldCode::UnknownChoice)),
        };
        accepted.sort();
        accepted.dedup();
        Ok(ConsentDecision { accepted })
    }

    /// Where the form stands; the banner says nothing.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::from_code(&self.place).unwrap_or(Place::Banner)
    }

    /// Where to go afterwards: a path of this site, or the home page. Never another site.
    #[must_use]
    pub fn back(&self) -> &str {
        local_path(&self.back).unwrap_or("/")
    }
}

/// `path` when it is a path of this site: one leading slash, no second one, no backslash, no
/// control character, at most 300 bytes of ASCII.
#[must_use]
pub fn local_path(path: &str) -> Option<&str> {
    let bytes = path.as_bytes();
    let sane = bytes.len() <= 300 && bytes.iter().all(|b| b.is_ascii_graphic() && *b != b'\\');
    (sane && bytes.first() == Some(&b'/') && bytes.get(1) != Some(&b'/')).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(choice: &str, services: &[&str]) -> ConsentForm {
        ConsentForm {
            choice: choice.into(),
            service: services.iter().map(ToString::to_string).collect(),
            ..ConsentForm::default()
        }
    }

    #[test]
    fn each_button_decides_what_it_says() {
        let list = ServiceList::of(&["youtube"]).unwrap();
        let youtube = vec![ServiceId::from("youtube")];
        let decided = |form: ConsentForm| form.validate(&list, &[]).map(|decision| decision.accepted);
        assert_eq!(decided(form("accept", &[])), Ok(youtube.clone()));
        assert_eq!(decided(form("refuse", &["youtube"])), Ok(vec![]));
        assert_eq!(decided(form("custom", &[])), Ok(vec![]));
        assert_eq!(decided(form("custom", &["youtube", "youtube"])), Ok(youtube.clone()));
        assert_eq!(decided(form("always", &["youtube"])), Ok(youtube.clone()));
        let kept = |form: ConsentForm| form.validate(&list, &youtube).map(|decision| decision.accepted);
        assert_eq!(kept(form("keep", &["unknown"])), Ok(youtube.clone()), "what came since is not added");
        assert_eq!(kept(form("refuse", &[])), Ok(vec![]));
        assert!(decided(form("", &[])).is_err());
        assert!(decided(form("custom", &["hotjar"])).is_err());
        assert!(decided(form("custom", &["session"])).is_err(), "an exempt service is not a choice");
    }

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        for good in ["/", "/cookies", "/mon-espace?a=b"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in ["", "cookies", "//evil.test", "/\\evil.test", "https://evil.test", "/a\r\nSet-Cookie: x", "/é"] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }
}
