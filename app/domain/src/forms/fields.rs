//! Checks of single fields that several forms have: text, choice, name, mail, telephone, birth date, postal code. The
//! browser and the server run the same checks; only the numbering plans of telephones are on the server alone.

use super::{FieldCode, FieldErrors};
use crate::{
    mail::{is_address, one_line},
    time::CivilDate,
};
use std::ops::RangeInclusive;

/// Longest first or last name, in characters.
pub const NAME_MAX: usize = 60;
/// Longest address, in characters (RFC 5321).
pub const EMAIL_MAX: usize = 254;
/// Longest telephone number, written with all its spaces.
pub const PHONE_MAX: usize = 40;
/// The ages that Mission Locales and their events are for. Asked kindly, never a bar.
pub const AGES: RangeInclusive<i16> = 16..=29;
/// Nobody who fills in a form was born before.
const FIRST_BIRTH_YEAR: i16 = 1900;

/// One line of 1 to `max` characters.
pub fn text(errors: &mut FieldErrors, field: &'static str, value: &str, max: usize) -> String {
    let value = one_line(&value.split_whitespace().collect::<Vec<_>>().join(" "), usize::MAX);
    errors.text(field, &value, max);
    value
}

/// Several lines of at most `max` characters, or nothing.
pub fn optional_text(errors: &mut FieldErrors, field: &'static str, value: &str, max: usize) -> Option<String> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    errors.text(field, value, max);
    Some(value.to_owned())
}

/// One choice of a list, by its word: `read` knows the words.
pub fn choice<T>(
    errors: &mut FieldErrors,
    field: &'static str,
    value: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let chosen = read(value);
    match (value, &chosen) {
        ("", _) => errors.push(field, FieldCode::Required),
        (_, None) => errors.push(field, FieldCode::UnknownChoice),
        _ => {}
    }
    chosen
}

/// A first or last name on one line. It stands in mails and lists: no digit, no address, nothing to be clicked.
pub fn name(errors: &mut FieldErrors, field: &'static str, value: &str) -> String {
    let value = text(errors, field, value, NAME_MAX);
    // Outside of ASCII all signs but pictures: the tables of every alphabet would weigh more in the browser than they help.
    let written = |c: char| c.is_ascii_alphabetic() || " -'.".contains(c) || (!c.is_ascii() && c < '\u{1f000}');
    let link = value.contains("www.")
        || value.split(' ').any(|word| word.trim_end_matches('.').contains('.') && word.len() > 6);
    if !value.is_empty()
        && (!value.chars().all(written) || !value.chars().any(|c| c.is_ascii_alphabetic() || !c.is_ascii()) || link)
    {
        errors.push(field, FieldCode::NotAName);
    }
    value
}

/// An address that mail can be sent to; whether anybody reads it only the mail server knows.
pub fn email(errors: &mut FieldErrors, value: &str) -> String {
    let value = value.trim();
    if value.is_empty() {
        errors.push("email", FieldCode::Required);
    } else if value.chars().count() > EMAIL_MAX {
        errors.push("email", FieldCode::TooLong { max: EMAIL_MAX });
    } else if !is_address(value) {
        errors.push("email", FieldCode::NotAnEmail);
    }
    value.to_owned()
}

/// The same, or nothing.
pub fn optional_email(errors: &mut FieldErrors, value: &str) -> Option<String> {
    if value.trim().is_empty() { None } else { Some(email(errors, value)) }
}

/// A telephone number, in E.164.
pub fn phone(errors: &mut FieldErrors, value: &str) -> Option<String> {
    if value.trim().is_empty() {
        errors.push("phone", FieldCode::Required);
    }
    optional_phone(errors, value)
}

/// The same, or nothing.
pub fn optional_phone(errors: &mut FieldErrors, value: &str) -> Option<String> {
    if value.trim().is_empty() {
        return None;
    }
    let number = dialled(value).and_then(|number| e164(&number));
    if number.is_none() {
        errors.push("phone", FieldCode::NotAPhone);
    }
    number
}

/// What people write, as a telephone would dial it: « 0612345678 » or « +33612345678 ». Spaces, dots and hyphens do not
/// count, nor the zero in « +33 (0)6 »; a French number has its ten digits.
fn dialled(value: &str) -> Option<String> {
    if value.chars().count() > PHONE_MAX {
        return None;
    }
    let plain: String = value
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}'))
        .collect();
    let abroad = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
    let digits = abroad.unwrap_or(&plain);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let national = match abroad {
        None => plain.strip_prefix('0'),
        Some(abroad) => abroad.strip_prefix("33").map(|rest| rest.strip_prefix('0').unwrap_or(rest)),
    };
    match (national, abroad) {
        (Some(national), _) => (national.len() == 9 && !national.starts_with('0')).then(|| format!("0{national}")),
        (None, Some(abroad)) => (8..=15).contains(&abroad.len()).then(|| format!("+{abroad}")),
        (None, None) => None,
    }
}

/// In E.164, by the numbering plans of the world. Overseas, French numbers are dialled alike and have codes of their
/// own. A ten-digit number that the plans do not know yet is taken as it is: plans grow, and nobody is shut out.
#[cfg(not(target_arch = "wasm32"))]
fn e164(number: &str) -> Option<String> {
    use phonenumber::{Mode, PhoneNumber, Type, country::Id, metadata::DATABASE};
    const FRENCH: [Id; 6] = [Id::FR, Id::GP, Id::MQ, Id::GF, Id::RE, Id::YT];
    let known = |region, number: &str| phonenumber::parse(region, number).ok().filter(PhoneNumber::is_valid);
    let found = if number.starts_with('+') {
        Some(known(None, number)?)
    } else {
        FRENCH.into_iter().find_map(|region| known(Some(region), number))
    };
    match found {
        // Somebody would pay dearly for calling back.
        Some(found) if found.number_type(&DATABASE) == Type::PremiumRate => None,
        Some(found) => Some(found.format().mode(Mode::E164).to_string()),
        None => Some(format!("+33{}", &number[1..])),
    }
}

/// The browser has no room for the numbering plans: the server's word counts.
#[cfg(target_arch = "wasm32")]
fn e164(number: &str) -> Option<String> {
    Some(number.to_owned())
}

/// A day somebody can have been born on, seen from `today`.
pub fn birth_date(errors: &mut FieldErrors, value: &str, today: CivilDate) -> Option<CivilDate> {
    if value.trim().is_empty() {
        errors.push("birth_date", FieldCode::Required);
        return None;
    }
    match day(value) {
        None => errors.push("birth_date", FieldCode::NotADay),
        Some(born) if born > today => errors.push("birth_date", FieldCode::NotBornYet),
        Some(born) if born.year() < FIRST_BIRTH_YEAR => errors.push("birth_date", FieldCode::BornTooLongAgo),
        Some(born) => return Some(born),
    }
    None
}

/// A day as people here write it, « 4/5/2007 », « 04 05 2007 », « 04052007 », or as browsers fill it in, « 2007-05-04 ».
#[must_use]
pub fn day(value: &str) -> Option<CivilDate> {
    let value = value.trim();
    let parts: Vec<&str> =
        value.split(|c: char| c.is_whitespace() || "/.-".contains(c)).filter(|part| !part.is_empty()).collect();
    if parts.iter().any(|part| part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let (year, month, day) = match parts[..] {
        [whole] if whole.len() == 8 => (&whole[4..], &whole[2..4], &whole[..2]),
        [year, month, day] if year.len() == 4 => (year, month, day),
        [day, month, year] if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    CivilDate::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Whether somebody is of the age that the organisation is for.
#[must_use]
pub fn is_of_age(born: CivilDate, today: CivilDate) -> bool {
    AGES.contains(&born.age_on(today))
}

/// Five digits that a French post office may have.
pub fn postal_code(errors: &mut FieldErrors, value: &str) -> String {
    let code: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    if code.is_empty() {
        errors.push("postal_code", FieldCode::Required);
    } else if !is_postal_code(&code) {
        errors.push("postal_code", FieldCode::NotAPostalCode);
    }
    code
}

/// Whether `code` is five digits that begin with a French department.
#[must_use]
pub fn is_postal_code(code: &str) -> bool {
    code.len() == 5
        && code.bytes().all(|byte| byte.is_ascii_digit())
        && code[..2].parse().is_ok_and(|department: u8| matches!(department, 1..=95 | 97 | 98))
}

/// The word of forms for a home that is not in Paris.
pub const OUTSIDE_PARIS: &str = "hors-paris";

/// The postal codes of Paris, 75116 included.
pub fn paris_codes() -> impl Iterator<Item = u32> {
    (75_001..=75_020).chain([75_116])
}

/// A postal code of Paris, or nothing for somebody outside: a choice of a list.
pub fn paris_postal_code(errors: &mut FieldErrors, value: &str) -> Option<String> {
    match value {
        "" => errors.push("postal_code", FieldCode::Required),
        OUTSIDE_PARIS => {}
        code if code.len() == 5 && paris_codes().any(|known| code.parse() == Ok(known)) => {
            return Some(code.to_owned());
        }
        _ => errors.push("postal_code", FieldCode::UnknownChoice),
    }
    None
}

/// An arrondissement as its postal code, or nothing for somebody outside of Paris.
pub fn arrondissement(errors: &mut FieldErrors, value: &str) -> Option<String> {
    match value {
        "" => errors.push("arrondissement", FieldCode::Required),
        OUTSIDE_PARIS => {}
        number => match (1..=20).find(|known: &u32| known.to_string() == number) {
            Some(number) => return Some((75_000 + number).to_string()),
            None => errors.push("arrondissement", FieldCode::UnknownChoice),
        },
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn checked<T>(check: impl FnOnce(&mut FieldErrors) -> T) -> (T, Option<FieldCode>) {
        let mut errors = FieldErrors::default();
        let value = check(&mut errors);
        (value, errors.iter().next().map(|error| error.code.clone()))
    }

    fn date(text: &str) -> CivilDate {
        text.parse().unwrap()
    }

    #[test]
    fn names_as_people_bear_them() {
        for good in [
            "Zoé",
            "Jean-Baptiste",
            "N’Diaye",
            "O'Brien",
            "Marie Ange",
            "J. P.",
            "李",
            "Łukasz",
            "Ngọc",
            "e\u{301}lise",
            "El\u{a0}Amrani",
        ] {
            assert_eq!(checked(|errors| name(errors, "first_name", good)).1, None, "{good}");
        }
        assert_eq!(checked(|errors| name(errors, "first_name", "  Anne \n Lise ")), ("Anne Lise".to_owned(), None));
        for bad in
            ["123", "R2D2", "www.gagnez.test", "gagnez.exemple.test", "a@b.fr", "http://x.test", "-", "<b>", "Zoé 😀"]
        {
            assert_eq!(checked(|errors| name(errors, "first_name", bad)).1, Some(FieldCode::NotAName), "{bad}");
        }
        assert_eq!(checked(|errors| name(errors, "first_name", " ")).1, Some(FieldCode::Required));
        let long = "é".repeat(61);
        assert_eq!(checked(|errors| name(errors, "first_name", &long)).1, Some(FieldCode::TooLong { max: 60 }));
    }

    #[test]
    fn a_text_of_one_line_has_no_hidden_signs() {
        let mut errors = FieldErrors::default();
        assert_eq!(text(&mut errors, "name", "Inès\r\nBcc: x\0\u{202e} Modèle", 100), "Inès Bcc: x Modèle");
        assert!(errors.is_empty());
        assert_eq!(text(&mut errors, "name", " \0 ", 100), "");
        assert_eq!(errors.of("name"), Some(&FieldCode::Required));
    }

    #[test]
    fn addresses_that_mail_can_be_sent_to() {
        for good in ["a@b.fr", "prenom.nom+x@sous.exemple.test"] {
            let mut errors = FieldErrors::default();
            assert_eq!((email(&mut errors, good).as_str(), errors.is_empty()), (good, true), "{good}");
        }
        for bad in [
            "a",
            "a@b",
            "@b.fr",
            "a@",
            "a@b@c.fr",
            "a b@c.fr",
            "a@b..fr",
            "a@.fr",
            "a@b.fr.",
            "a@b.fr\r\nBcc: c@d.fr",
            "A <a@b.fr>",
            "é@b.fr",
        ] {
            let mut errors = FieldErrors::default();
            email(&mut errors, bad);
            assert_eq!(errors.of("email"), Some(&FieldCode::NotAnEmail), "{bad}");
        }
    }

    #[test]
    fn telephone_numbers_in_every_writing() {
        for (written, number) in [
            ("01 99 00 12 34", "+33199001234"),
            ("01.99.00.12.34", "+33199001234"),
            ("01-99-00-12-34", "+33199001234"),
            ("0199001234", "+33199001234"),
            ("01\u{a0}99\u{202f}00 12 34", "+33199001234"),
            ("+33 1 99 00 12 34", "+33199001234"),
            ("0033 1 99 00 12 34", "+33199001234"),
            ("+33 (0)1 99 00 12 34", "+33199001234"),
            ("+330199001234", "+33199001234"),
            // Numbers for fictions, which no plan knows.
            ("06 39 98 12 34", "+33639981234"),
            ("07 99 00 12 34", "+33799001234"),
            // Overseas, dialled like any other French number.
            ("0692 12 34 56", "+262692123456"),
            ("0690 00 12 34", "+590690001234"),
            ("0696 20 12 34", "+596696201234"),
            ("0694 20 12 34", "+594694201234"),
            ("+32 2 555 12 12", "+3225551212"),
            ("0044 20 7946 0018", "+442079460018"),
        ] {
            assert_eq!(checked(|errors| phone(errors, written)), (Some(number.to_owned()), None), "{written}");
        }
        for bad in [
            "12",
            "0199001234567",
            "199001234",
            "01 99 00 12 3x",
            "++33199001234",
            "+33 0",
            "00",
            "0000000000",
            "+1 2",
            "+999 99 99 99 99",
            "0899 70 12 34",
            "zéro un",
            "٠١٩٩٠٠١٢٣٤",
            "+33 1 99 00 12",
        ] {
            assert_eq!(checked(|errors| phone(errors, bad)), (None, Some(FieldCode::NotAPhone)), "{bad}");
        }
        assert_eq!(checked(|errors| phone(errors, " ")), (None, Some(FieldCode::Required)));
        assert_eq!(checked(|errors| optional_phone(errors, " ")), (None, None));
    }

    #[test]
    fn birth_dates_that_make_sense() {
        let today = date("2026-03-10");
        for (written, born) in [
            ("4/5/2007", "2007-05-04"),
            ("04/05/2007", "2007-05-04"),
            ("04.05.2007", "2007-05-04"),
            ("04-05-2007", "2007-05-04"),
            (" 04 05 2007 ", "2007-05-04"),
            ("04052007", "2007-05-04"),
            ("2007-05-04", "2007-05-04"),
            ("29/02/2008", "2008-02-29"),
            ("10/03/2026", "2026-03-10"),
            ("01/01/1900", "1900-01-01"),
        ] {
            let found = checked(|errors| birth_date(errors, written, today));
            assert_eq!(found, (Some(date(born)), None), "{written}");
        }
        for (written, code) in [
            ("", FieldCode::Required),
            ("29/02/2007", FieldCode::NotADay),
            ("31/04/2007", FieldCode::NotADay),
            ("13/13/2007", FieldCode::NotADay),
            ("04/05/07", FieldCode::NotADay),
            ("5/2007", FieldCode::NotADay),
            ("0405207", FieldCode::NotADay),
            ("mai 2007", FieldCode::NotADay),
            ("4/5/2007/1", FieldCode::NotADay),
            ("004/05/2007", FieldCode::NotADay),
            ("11/03/2026", FieldCode::NotBornYet),
            ("31/12/1899", FieldCode::BornTooLongAgo),
            ("04/05/0007", FieldCode::BornTooLongAgo),
        ] {
            assert_eq!(checked(|errors| birth_date(errors, written, today)), (None, Some(code)), "{written}");
        }
        for (born, asked) in [
            ("2010-03-10", true),
            ("2010-03-11", false),
            ("1996-03-11", true),
            ("1996-03-10", false),
            ("1950-01-01", false),
        ] {
            assert_eq!(is_of_age(date(born), today), asked, "{born}");
        }
    }

    #[test]
    fn postal_codes() {
        for good in ["75011", "01000", "20090", "97400", "98800", " 77 200 "] {
            assert_eq!(checked(|errors| postal_code(errors, good)).1, None, "{good}");
        }
        for bad in ["7501", "750111", "00100", "96000", "99000", "2A004", "７５０１１"] {
            assert_eq!(checked(|errors| postal_code(errors, bad)).1, Some(FieldCode::NotAPostalCode), "{bad}");
        }
        for (value, code) in [("75001", Some("75001")), ("75116", Some("75116")), (OUTSIDE_PARIS, None)] {
            assert_eq!(checked(|errors| paris_postal_code(errors, value)), (code.map(str::to_owned), None));
        }
        for bad in ["75021", "75000", "075001", "+75001", "77200"] {
            let found = checked(|errors| paris_postal_code(errors, bad)).1;
            assert_eq!(found, Some(FieldCode::UnknownChoice), "{bad}");
        }
        for (value, code) in [("1", Some("75001")), ("20", Some("75020")), (OUTSIDE_PARIS, None)] {
            assert_eq!(checked(|errors| arrondissement(errors, value)), (code.map(str::to_owned), None));
        }
        for bad in ["0", "21", "01", "+1", "1 "] {
            assert_eq!(checked(|errors| arrondissement(errors, bad)).1, Some(FieldCode::UnknownChoice), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(value in "\\PC{0,60}|[0-9+(). /-]{0,30}") {
            let today = date("2026-03-10");
            let mut errors = FieldErrors::default();
            if let Some(number) = optional_phone(&mut errors, &value) {
                prop_assert!(number.starts_with('+') && number.len() <= 16, "{}", number);
                prop_assert!(number[1..].bytes().all(|byte| byte.is_ascii_digit()));
                // What was read means the same when it is read again.
                prop_assert_eq!(optional_phone(&mut errors, &number), Some(number));
            }
            if let Some(born) = birth_date(&mut errors, &value, today) {
                prop_assert!(born <= today && born.year() >= 1900);
                prop_assert_eq!(day(&born.to_string()), Some(born));
            }
            let code = postal_code(&mut errors, &value);
            prop_assert!(errors.of("postal_code").is_some() || code.len() == 5);
            let name = name(&mut errors, "first_name", &value);
            prop_assert!(!name.chars().any(char::is_control));
        }
    }
}
