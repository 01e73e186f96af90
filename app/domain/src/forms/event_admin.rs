//! `/admin/evenements` and under it: an event as the team describes it (F5).

use super::{FieldCode, FieldErrors, fields};
use crate::{
    events::{Event, NewEvent},
    time::{Calendar, CivilDate, Instant},
};
use serde::{Deserialize, Serialize};

/// What the form of an event sends. Days and times as browsers write them: `2026-03-29`, `14:30`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EventAdminForm {
    /// What it is called.
    pub name: String,
    /// Where it takes place.
    pub place: String,
    /// What it is.
    pub description: String,
    /// The day it begins.
    pub start_date: String,
    /// The time it begins, on the clock in Paris.
    pub start_time: String,
    /// The day it ends.
    pub end_date: String,
    /// The time it ends.
    pub end_time: String,
    /// As what the form was shown: the same token twice is one submission.
    pub token: String,
}

impl EventAdminForm {
    /// The word that its token is made for.
    pub const FORM: &'static str = "event_admin";
    /// Longest name, in characters.
    pub const NAME_MAX: usize = 120;
    /// Longest place, in characters.
    pub const PLACE_MAX: usize = 200;
    /// Longest description, in characters.
    pub const DESCRIPTION_MAX: usize = 2_000;

    /// The form as it would have to be typed for this event.
    #[must_use]
    pub fn of(event: &Event, calendar: &dyn Calendar) -> Self {
        let written = |at| {
            let local = calendar.local(at);
            (local.date.to_string(), format!("{:02}:{:02}", local.hour, local.minute))
        };
        let ((start_date, start_time), (end_date, end_time)) = (written(event.starts_at), written(event.ends_at));
        Self {
            name: event.name.clone(),
            place: event.place.clone(),
            description: event.description.clone(),
            start_date,
            start_time,
            end_date,
            end_time,
            token: String::new(),
        }
    }

    /// Every field at once, so that all is said the first time.
    ///
    /// # Errors
    /// What is wrong, per field.
    pub fn validate(&self, calendar: &dyn Calendar) -> Result<NewEvent, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = fields::text(&mut errors, "name", &self.name, Self::NAME_MAX);
        let place = fields::text(&mut errors, "place", &self.place, Self::PLACE_MAX);
        let description = errors.text("description", &self.description, Self::DESCRIPTION_MAX).replace("\r\n", "\n");
        let starts_at =
            moment(&mut errors, calendar, ("start_date", &self.start_date), ("start_time", &self.start_time));
        let ends_at = moment(&mut errors, calendar, ("end_date", &self.end_date), ("end_time", &self.end_time));
        if let (Some(starts_at), Some(ends_at)) = (starts_at, ends_at) {
            if ends_at <= starts_at {
                errors.push("end_date", FieldCode::EndsBeforeItStarts);
            } else if ends_at <= calendar.now() {
                errors.push("end_date", FieldCode::InThePast);
            }
        }
        match (starts_at, ends_at, errors.is_empty()) {
            (Some(starts_at), Some(ends_at), true) => Ok(NewEvent { name, place, description, starts_at, ends_at }),
            _ => Err(errors),
        }
    }
}

/// What the button that closes the pre-registration, or opens it again, sends.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EventStateForm {
    /// `close` or `open`.
    pub action: String,
}

impl EventStateForm {
    /// Whether the event is to be closed.
    ///
    /// # Errors
    /// `UnknownChoice` for the form as a whole: it has one button.
    pub fn validate(&self) -> Result<bool, FieldErrors> {
        match self.action.as_str() {
            "close" => Ok(true),
            "open" => Ok(false),
            _ => Err(FieldErrors::one(super::WHOLE_FORM, FieldCode::UnknownChoice)),
        }
    }
}

/// A day and a time of that day, where the day has it: the last Sunday of March has no half past two.
fn moment(
    errors: &mut FieldErrors,
    calendar: &dyn Calendar,
    (day_field, day): (&'static str, &str),
    (time_field, time): (&'static str, &str),
) -> Option<Instant> {
    let (day, time) = (day.trim(), time.trim());
    let parsed_day: Option<CivilDate> = day.parse().ok();
    if day.is_empty() {
        errors.push(day_field, FieldCode::Required);
    } else if parsed_day.is_none() {
        errors.push(day_field, FieldCode::NotADay);
    }
    let parsed_time = hour_and_minute(time);
    if time.is_empty() {
        errors.push(time_field, FieldCode::Required);
    } else if parsed_time.is_none() {
        errors.push(time_field, FieldCode::NotATime);
    }
    let (day, (hour, minute)) = (parsed_day?, parsed_time?);
    let at = calendar.at(day, hour, minute);
    if at.is_none() {
        errors.push(time_field, FieldCode::SkippedHour);
    }
    at
}

/// `14:30`; browsers may add seconds, which nobody plans by.
fn hour_and_minute(text: &str) -> Option<(u8, u8)> {
    let mut parts = text.split(':');
    let mut part = |below: u8| {
        let part = parts.next()?;
        let sane = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u8>().ok().filter(|number| sane && *number < below)
    };
    let time = (part(24)?, part(60)?);
    match text.matches(':').count() {
        1 => Some(time),
        2 => part(60).map(|_| time),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::LocalTime;
    use proptest::prelude::*;

    /// UTC all year but for the hour that goes missing on 29 March 2026.
    struct Plain;

    const DAY: i64 = 86_400_000;

    impl Calendar for Plain {
        fn now(&self) -> Instant {
            // 10 March 2026, noon.
            Instant::from_millis(20_522 * DAY + DAY / 2)
        }

        fn local(&self, at: Instant) -> LocalTime {
            let mut date = CivilDate::new(1970, 1, 1).unwrap();
            for _ in 0..at.millis() / DAY {
                date = date.plus_days(1);
            }
            let minutes = at.millis() % DAY / 60_000;
            LocalTime { date, weekday: 1, hour: (minutes / 60) as u8, minute: (minutes % 60) as u8 }
        }

        fn start_of(&self, day: CivilDate) -> Instant {
            let (mut date, mut days) = (CivilDate::new(2026, 1, 1).unwrap(), 20_454);
            while date < day && days < 30_000 {
                (date, days) = (date.plus_days(1), days + 1);
            }
            Instant::from_millis(days * DAY)
        }

        fn at(&self, day: CivilDate, hour: u8, minute: u8) -> Option<Instant> {
            let skipped = day.to_string() == "2026-03-29" && hour == 2;
            let at = self.start_of(day).plus_minutes(i64::from(hour) * 60 + i64::from(minute));
            (!skipped).then_some(at)
        }
    }

    fn good() -> EventAdminForm {
        EventAdminForm {
            name: "  Forum   des métiers ".into(),
            place: "Salle d’exemple, 11e".into(),
            description: "Venez voir.\r\nC’est gratuit.".into(),
            start_date: "2026-04-02".into(),
            start_time: "09:30".into(),
            end_date: "2026-04-02".into(),
            end_time: "17:00".into(),
            token: String::new(),
        }
    }

    #[test]
    fn a_good_event_is_tidied_and_can_be_typed_again() {
        let event = good().validate(&Plain).unwrap();
        assert_eq!(
            (event.name.as_str(), event.description.as_str()),
            ("Forum des métiers", "Venez voir.\nC’est gratuit.")
        );
        assert_eq!(event.ends_at.millis_since(event.starts_at), 450 * 60_000);
        let kept = Event {
            id: uuid::Uuid::nil().into(),
            name: event.name.clone(),
            place: event.place.clone(),
            description: event.description.clone(),
            starts_at: event.starts_at,
            ends_at: event.ends_at,
            closed_at: None,
        };
        assert_eq!(EventAdminForm::of(&kept, &Plain).validate(&Plain), Ok(event));
    }

    #[test]
    fn every_field_is_complained_about_at_once() {
        let errors = EventAdminForm::default().validate(&Plain).unwrap_err();
        for field in ["name", "place", "description", "start_date", "start_time", "end_date", "end_time"] {
            assert_eq!(errors.of(field), Some(&FieldCode::Required), "{field}");
        }
        let wrong = EventAdminForm {
            name: "x".repeat(121),
            place: "x".repeat(201),
            description: "x".repeat(2_001),
            start_date: "2026-02-29".into(),
            start_time: "24:00".into(),
            end_date: "demain".into(),
            end_time: "9h".into(),
            token: String::new(),
        };
        let errors = wrong.validate(&Plain).unwrap_err();
        for (field, code) in [
            ("name", FieldCode::TooLong { max: 120 }),
            ("place", FieldCode::TooLong { max: 200 }),
            ("description", FieldCode::TooLong { max: 2_000 }),
            ("start_date", FieldCode::NotADay),
            ("start_time", FieldCode::NotATime),
            ("end_date", FieldCode::NotADay),
            ("end_time", FieldCode::NotATime),
        ] {
            assert_eq!(errors.of(field), Some(&code), "{field}");
        }
    }

    #[test]
    fn an_event_ends_after_it_begins_and_after_now() {
        let with = |start: (&str, &str), end: (&str, &str)| EventAdminForm {
            start_date: start.0.into(),
            start_time: start.1.into(),
            end_date: end.0.into(),
            end_time: end.1.into(),
            ..good()
        };
        for (start, end, field, code) in [
            (("2026-04-02", "09:30"), ("2026-04-02", "09:30"), "end_date", FieldCode::EndsBeforeItStarts),
            (("2026-04-02", "09:30"), ("2026-04-01", "17:00"), "end_date", FieldCode::EndsBeforeItStarts),
            (("2026-03-10", "09:00"), ("2026-03-10", "12:00"), "end_date", FieldCode::InThePast),
            (("2026-03-29", "02:30"), ("2026-03-29", "05:00"), "start_time", FieldCode::SkippedHour),
            (("2026-03-28", "20:00"), ("2026-03-29", "02:00"), "end_time", FieldCode::SkippedHour),
        ] {
            let errors = with(start, end).validate(&Plain).unwrap_err();
            assert_eq!((errors.of(field), errors.iter().count()), (Some(&code), 1), "{start:?} {end:?}");
        }
        // It may have begun already, and may last for days.
        assert!(with(("2026-03-01", "09:00"), ("2026-03-10", "12:01")).validate(&Plain).is_ok());
    }

    #[test]
    fn times_as_browsers_write_them() {
        for (text, time) in [("09:05", (9, 5)), ("0:00", (0, 0)), ("23:59:59", (23, 59))] {
            assert_eq!(hour_and_minute(text), Some(time), "{text}");
        }
        for bad in ["", "9", "9h30", "09:60", "24:00", "+9:00", "09:30:00:00", "09:30:61", "009:30", "09:", ":30"] {
            assert_eq!(hour_and_minute(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_answered(day in "\\PC{0,12}|[0-9]{4}-[0-9]{2}-[0-9]{2}", time in "\\PC{0,8}|[0-9:]{0,8}") {
            let form = EventAdminForm { end_date: day, end_time: time, ..good() };
            if let Ok(event) = form.validate(&Plain) {
                prop_assert!(event.starts_at < event.ends_at);
            }
        }
    }
}
