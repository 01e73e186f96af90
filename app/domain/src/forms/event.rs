//! Pre-registration for an event (F5).

use super::{FieldCode, FieldErrors, fields, public::public_form};
use crate::{
    ids::EventId,
    requests::{NewRequest, RequestKind},
    territory::Territory,
    time::CivilDate,
};
use serde::{Deserialize, Serialize};

/// What the pre-registration for an event sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EventForm {
    /// Which event; asked where several are open.
    pub event: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where they live.
    pub postal_code: String,
    /// Any age: 16 to 29 is asked kindly.
    pub birth_date: String,
    /// Where to call back.
    pub phone: String,
    /// Optional.
    pub email: String,
    /// Which Mission Locale, where several serve the postal code.
    pub structure: String,
    /// See [`super::public::PublicForm`].
    pub token: String,
    /// The trap.
    pub website: String,
    /// Whether the question of the screening was answered.
    pub confirmed: String,
}

public_form!(EventForm, "event", []);

impl EventForm {
    /// Every field at once, so that all is said the first time. `open` are the events that one may come to; the
    /// postal code leads to the Mission Locale that serves it, and is asked about when several do.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(
        &self,
        today: CivilDate,
        open: &[EventId],
        territory: &Territory,
    ) -> Result<NewRequest, FieldErrors> {
        let mut errors = FieldErrors::default();
        let event = self.event(&mut errors, open);
        let first_name = fields::name(&mut errors, "first_name", &self.first_name);
        let last_name = fields::name(&mut errors, "last_name", &self.last_name);
        let birth_date = fields::birth_date(&mut errors, &self.birth_date, today);
        let postal_code = fields::postal_code(&mut errors, &self.postal_code);
        let structure = self.structure(&mut errors, territory, &postal_code);
        let phone = fields::phone(&mut errors, &self.phone);
        let email = fields::optional_email(&mut errors, &self.email);
        errors.or(|| NewRequest {
            email,
            phone,
            birth_date,
            postal_code: Some(postal_code),
            event,
            structure,
            ..NewRequest::of(RequestKind::Event, first_name, last_name)
        })
    }

    /// The only one that is open needs no choice.
    fn event(&self, errors: &mut FieldErrors, open: &[EventId]) -> Option<EventId> {
        match (self.event.as_str(), open) {
            ("", [only]) => return Some(*only),
            (_, []) => errors.push("event", FieldCode::EventClosed),
            ("", _) => errors.push("event", FieldCode::Required),
            (chosen, _) => match chosen.parse().ok().filter(|chosen| open.contains(chosen)) {
                Some(event) => return Some(event),
                None => errors.push("event", FieldCode::EventClosed),
            },
        }
        None
    }

    /// The one that serves the code; nothing where the table knows none, which keeps nobody out.
    fn structure(&self, errors: &mut FieldErrors, territory: &Territory, postal_code: &str) -> Option<String> {
        let serving = territory.serving(postal_code);
        match serving.as_slice() {
            [] => None,
            [only] => Some(only.code.clone()),
            several => match several.iter().find(|structure| structure.code == self.structure) {
                Some(chosen) => Some(chosen.code.clone()),
                None => {
                    errors.push("structure", FieldCode::SeveralStructures);
                    None
                }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::territory::Structure;
    use uuid::Uuid;

    fn today() -> CivilDate {
        "2026-03-10".parse().unwrap()
    }

    fn territory() -> Territory {
        let structure = |code: &str| Structure { code: code.into(), name: format!("Mission Locale {code}") };
        Territory::of([
            ("75011".to_owned(), structure("75119S00")),
            ("77400".to_owned(), structure("77468S00")),
            ("77400".to_owned(), structure("77000S99")),
        ])
    }

    fn event(n: u128) -> EventId {
        Uuid::from_u128(n).into()
    }

    fn form() -> EventForm {
        EventForm {
            first_name: "Zoé".into(),
            last_name: "Exemple".into(),
            postal_code: "75011".into(),
            birth_date: "04/05/2007".into(),
            phone: "01 99 00 12 34".into(),
            ..EventForm::default()
        }
    }

    #[test]
    fn the_postal_code_leads_to_a_mission_locale_or_asks_which() {
        let (open, territory) = ([event(1)], territory());
        let sent = |form: EventForm| form.validate(today(), &open, &territory);
        let request = sent(form()).unwrap();
        assert_eq!(request.structure.as_deref(), Some("75119S00"));
        assert_eq!((request.event, request.postal_code.as_deref()), (Some(event(1)), Some("75011")));
        // Nobody knows who serves it: taken all the same.
        assert_eq!(sent(EventForm { postal_code: "13001".into(), ..form() }).unwrap().structure, None);
        let several = EventForm { postal_code: "77400".into(), ..form() };
        for structure in ["", "75119S00", "x"] {
            let errors = sent(EventForm { structure: structure.into(), ..several.clone() }).unwrap_err();
            assert_eq!(errors, FieldErrors::one("structure", FieldCode::SeveralStructures), "{structure}");
        }
        let chosen = EventForm { structure: "77000S99".into(), ..several };
        assert_eq!(sent(chosen).unwrap().structure.as_deref(), Some("77000S99"));
        // What was chosen for another code does not count.
        let moved = EventForm { structure: "77000S99".into(), ..form() };
        assert_eq!(sent(moved).unwrap().structure.as_deref(), Some("75119S00"));
    }

    #[test]
    fn only_an_open_event_can_be_chosen() {
        let territory = territory();
        let sent = |chosen: &str, open: &[EventId]| {
            EventForm { event: chosen.into(), ..form() }.validate(today(), open, &territory)
        };
        let one = event(1).to_string();
        assert_eq!(sent(&one, &[event(1), event(2)]).unwrap().event, Some(event(1)));
        assert_eq!(sent("", &[event(1), event(2)]).unwrap_err(), FieldErrors::one("event", FieldCode::Required));
        for (chosen, open) in [("", &[][..]), (&one, &[]), (&one, &[event(2)]), ("x", &[event(2)])] {
            assert_eq!(sent(chosen, open).unwrap_err(), FieldErrors::one("event", FieldCode::EventClosed), "{chosen}");
        }
    }

    #[test]
    fn everything_wrong_is_said_at_once_in_the_order_of_the_form() {
        let open = [event(1), event(2)];
        let errors = EventForm::default().validate(today(), &open, &territory()).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| (error.field.as_ref(), error.code.clone())).collect();
        let expected = ["event", "first_name", "last_name", "birth_date", "postal_code", "phone"];
        assert_eq!(fields, expected.map(|field| (field, FieldCode::Required)));
        let wrong = EventForm {
            first_name: "1".into(),
            last_name: "2".into(),
            postal_code: "7501".into(),
            birth_date: "11/03/2026".into(),
            phone: "0899 70 12 34".into(),
            email: "@".into(),
            ..EventForm::default()
        };
        let errors = wrong.validate(today(), &open, &territory()).unwrap_err();
        for (field, code) in [
            ("first_name", FieldCode::NotAName),
            ("last_name", FieldCode::NotAName),
            ("birth_date", FieldCode::NotBornYet),
            ("postal_code", FieldCode::NotAPostalCode),
            ("phone", FieldCode::NotAPhone),
            ("email", FieldCode::NotAnEmail),
        ] {
            assert_eq!(errors.of(field), Some(&code), "{field}");
        }
    }
}
