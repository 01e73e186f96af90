//! Dates, sizes and phone numbers as people in France write them.

use crate::{page::Page, texts::Texts};
use domain::{
    time::{CivilDate, Instant},
    vault::{Category, FileKind},
    youth::AppointmentKind,
};

/// « mars ».
pub(crate) fn month(texts: Texts, month: u8) -> &'static str {
    match month {
        1 => texts.date_january(),
        2 => texts.date_february(),
        3 => texts.date_march(),
        4 => texts.date_april(),
        5 => texts.date_may(),
        6 => texts.date_june(),
        7 => texts.date_july(),
        8 => texts.date_august(),
        9 => texts.date_september(),
        10 => texts.date_october(),
        11 => texts.date_november(),
        _ => texts.date_december(),
    }
}

fn weekday(texts: Texts, weekday: u8) -> &'static str {
    match weekday {
        1 => texts.date_monday(),
        2 => texts.date_tuesday(),
        3 => texts.date_wednesday(),
        4 => texts.date_thursday(),
        5 => texts.date_friday(),
        6 => texts.date_saturday(),
        _ => texts.date_sunday(),
    }
}

/// « 1er mars 2026 ».
pub(crate) fn date(texts: Texts, date: CivilDate) -> String {
    texts.date_long(day_number(texts, date), month(texts, date.month()), date.year())
}

/// « 1er » for the first day of a month, the plain number for the others.
fn day_number(texts: Texts, date: CivilDate) -> String {
    if date.day() == 1 { texts.date_first_day().to_owned() } else { date.day().to_string() }
}

/// The day of `at` in the organisation's time zone, « 1er mars 2026 ».
pub(crate) fn day_of(page: &Page, at: Instant) -> String {
    date(page.texts, page.host.calendar.local(at).date)
}

/// The number that a phone dials for a written number: its digits, and the plus of a foreign code.
pub(crate) fn dialled(number: &str) -> String {
    number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

/// « mardi, 14 h 30 ».
pub(crate) fn weekday_and_hour(page: &Page, at: Instant) -> String {
    let local = page.host.calendar.local(at);
    page.texts.date_weekday_hour(weekday(page.texts, local.weekday), local.hour, format!("{:02}", local.minute))
}

/// « 3 mars, 14 h 30 », for tables of near dates.
pub(crate) fn day_and_hour(page: &Page, at: Instant) -> String {
    let texts = page.texts;
    let local = page.host.calendar.local(at);
    let (day, month) = leaf(page, at);
    texts.date_day_hour(day_number(texts, day), month, local.hour, format!("{:02}", local.minute))
}

/// The day and the short name of its month, for a drawing of a calendar page.
pub(crate) fn leaf(page: &Page, at: Instant) -> (CivilDate, &'static str) {
    let day = page.host.calendar.local(at).date;
    (day, short_month(page.texts, day.month()))
}

/// « mars », « sept. ».
pub(crate) fn short_month(texts: Texts, month: u8) -> &'static str {
    match month {
        1 => texts.date_short_january(),
        2 => texts.date_short_february(),
        3 => texts.date_short_march(),
        4 => texts.date_short_april(),
        5 => texts.date_short_may(),
        6 => texts.date_short_june(),
        7 => texts.date_short_july(),
        8 => texts.date_short_august(),
        9 => texts.date_short_september(),
        10 => texts.date_short_october(),
        11 => texts.date_short_november(),
        _ => texts.date_short_december(),
    }
}

/// One megabyte of a limit: 1024 × 1024 bytes.
pub(crate) const MEGABYTE: u64 = 1024 * 1024;

/// A limit in whole megabytes, « 25 Mo ».
pub(crate) fn limit(texts: Texts, bytes: u64) -> String {
    texts.size_megabytes(bytes / MEGABYTE)
}

/// « 420 Ko », « 1,9 Mo »: in thousands of bytes, as phones and file managers show sizes.
pub(crate) fn size(texts: Texts, bytes: u64) -> String {
    match bytes {
        0..1_000 => texts.size_bytes(bytes),
        1_000..1_000_000 => texts.size_kilobytes(bytes.div_ceil(1_000)),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            let whole = tenths / 10;
            match tenths % 10 {
                0 => texts.size_megabytes(whole),
                rest => texts.size_megabytes(format!("{whole},{rest}")),
            }
        }
    }
}

/// « 06 39 98 12 34 » for a French number in E.164; others unchanged.
pub(crate) fn phone(number: &str) -> String {
    match number.strip_prefix("+33") {
        Some(national) if national.len() == 9 && national.bytes().all(|b| b.is_ascii_digit()) => {
            let digits = format!("0{national}");
            [0, 2, 4, 6, 8].map(|at| &digits[at..at + 2]).join(" ")
        }
        _ => number.to_owned(),
    }
}

/// The initials that an avatar shows.
pub(crate) fn initials(name: &str) -> String {
    name.split([' ', '-']).filter_map(|word| word.chars().next()).take(2).flat_map(char::to_uppercase).collect()
}

/// The name of a category of the vault.
pub(crate) fn category(texts: Texts, category: Category) -> &'static str {
    match category {
        Category::Identity => texts.category_identity(),
        Category::Housing => texts.category_housing(),
        Category::HealthCover => texts.category_health_cover(),
        Category::SchoolAndDiplomas => texts.category_school_and_diplomas(),
        Category::CvAndLetters => texts.category_cv_and_letters(),
        Category::Employment => texts.category_employment(),
        Category::Money => texts.category_money(),
        Category::Other => texts.category_other(),
    }
}

/// The name of a kind of file.
pub(crate) fn kind(texts: Texts, kind: FileKind) -> &'static str {
    match kind {
        FileKind::Pdf => texts.kind_pdf(),
        FileKind::Jpeg | FileKind::Heic => texts.kind_photo(),
        FileKind::Png => texts.kind_image(),
        FileKind::Docx | FileKind::Odt => texts.kind_text(),
    }
}

/// The name of a kind of appointment.
pub(crate) fn event_kind(texts: Texts, kind: AppointmentKind) -> &'static str {
    match kind {
        AppointmentKind::Appointment => texts.event_appointment(),
        AppointmentKind::Workshop => texts.event_workshop(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;

    #[test]
    fn dates_and_sizes_are_written_as_in_french() {
        let texts = Texts::of(Language::Fr);
        let on = |text: &str| date(texts, text.parse().unwrap());
        assert_eq!(on("2026-03-01"), "1er mars 2026");
        assert_eq!(on("2008-02-29"), "29 février 2008");
        for (bytes, text) in [
            (0, "0 octet"),
            (999, "999 octets"),
            (1_000, "1 Ko"),
            (420_001, "421 Ko"),
            (1_900_000, "1,9 Mo"),
            (25_000_000, "25 Mo"),
        ] {
            assert_eq!(size(texts, bytes).replace('\u{a0}', " "), text);
        }
    }

    #[test]
    fn phone_numbers_and_initials() {
        assert_eq!(phone("+33639981234"), "06 39 98 12 34");
        assert_eq!(phone("+15550100"), "+15550100");
        assert_eq!(initials("Anne-Lise Martin"), "AL");
        assert_eq!(initials("élan"), "É");
        assert_eq!(initials(""), "");
    }
}
