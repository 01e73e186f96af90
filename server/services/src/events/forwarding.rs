//! The file of a hand-over: a table for spreadsheets, encrypted with `age` to the receiver's public key.

use crate::{error::Fault, store::events::Registration};
use age::x25519::Recipient;
use domain::{
    events::{ForwardColumns, ForwardWords},
    fold::fold,
    time::{Calendar, CivilDate, Instant},
};
use std::io::Write;
use zeroize::Zeroizing;

/// Spreadsheets on French computers expect this sign between cells, and recognise UTF-8 by the mark below.
const SEPARATOR: u8 = b';';
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Whether `key` is a public key that files can be encrypted to.
#[must_use]
pub fn is_receiver(key: &str) -> bool {
    key.parse::<Recipient>().is_ok()
}

/// The table of `rows`, encrypted to `receiver`. The plain table is wiped from memory.
pub(super) fn encrypt(
    columns: &ForwardColumns,
    rows: &[Registration],
    calendar: &dyn Calendar,
    receiver: &str,
) -> Result<Vec<u8>, Fault> {
    let broken = |_| Fault::Broken("the encryption of a handing-over failed");
    let recipient: Recipient = receiver.parse().map_err(|_| Fault::Broken("the receiver's key is none"))?;
    let plain = Zeroizing::new(table(columns, rows, calendar)?);
    let encryptor = age::Encryptor::with_recipients(std::iter::once(&recipient as &dyn age::Recipient))
        .map_err(|_| Fault::Broken("the receiver's key cannot be used"))?;
    let mut bytes = Vec::new();
    let mut writer = encryptor.wrap_output(&mut bytes).map_err(broken)?;
    writer.write_all(&plain).map_err(broken)?;
    writer.finish().map_err(broken)?;
    Ok(bytes)
}

fn table(columns: &ForwardColumns, rows: &[Registration], calendar: &dyn Calendar) -> Result<Vec<u8>, Fault> {
    let broken = |_| Fault::Broken("the table of a handing-over could not be written");
    let mut writer = csv::WriterBuilder::new().delimiter(SEPARATOR).from_writer(MARK.to_vec());
    let head = [
        &columns.first_name,
        &columns.last_name,
        &columns.birth_date,
        &columns.postal_code,
        &columns.structure,
        &columns.phone,
        &columns.email,
        &columns.received_on,
    ];
    writer.write_record(head).map_err(broken)?;
    for row in rows {
        let received = calendar.local(Instant::from_millis(row.received_at)).date.to_string();
        let optional = |cell: &Option<String>| harmless(cell.as_deref().unwrap_or_default());
        let record = [
            harmless(&row.first_name),
            harmless(&row.last_name),
            optional(&row.birth_date),
            optional(&row.postal_code),
            optional(&row.structure),
            phone(row.phone.as_deref().unwrap_or_default()),
            optional(&row.email),
            received,
        ];
        writer.write_record(&record).map_err(broken)?;
    }
    writer.into_inner().map_err(|_| Fault::Broken("the table of a handing-over could not be written"))
}

/// A cell that no spreadsheet takes for a formula. People choose the names that stand here, so a name could be one.
fn harmless(cell: &str) -> String {
    let shown = cell.trim_start_matches(' ');
    let formula =
        shown.starts_with(['\t', '\r', '\n']) || shown.trim_start().starts_with(['=', '+', '-', '@', '|', '%']);
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

/// A phone number as people dial it: a number that begins with a plus would be read as a formula.
fn phone(number: &str) -> String {
    let plain = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match (number.strip_prefix("+33"), number.strip_prefix('+')) {
        (Some(national), _) if plain(national) => format!("0{national}"),
        (None, Some(foreign)) if plain(foreign) => format!("00{foreign}"),
        _ => harmless(number),
    }
}

/// A file name of letters, digits and hyphens, which all mail programs and file systems accept.
pub(super) fn file_name(words: &ForwardWords, event: &str, day: CivilDate) -> String {
    let own = plain(event);
    let (file, event) = (plain(&words.file), if own.is_empty() { plain(&words.event) } else { own });
    format!("{file}-{event}-{day}.csv.age")
}

/// The words of `text` without accents, joined by hyphens, cut after 60 characters.
fn plain(text: &str) -> String {
    let folded = fold(text);
    let words: String = folded.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
    words.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use proptest::prelude::*;
    use std::io::Read;

    fn words() -> ForwardWords {
        let word = |word: &str| word.to_owned();
        ForwardWords {
            file: word("preinscriptions"),
            event: word("evenement"),
            columns: ForwardColumns {
                first_name: word("Prénom"),
                last_name: word("Nom"),
                birth_date: word("Date de naissance"),
                postal_code: word("Code postal"),
                structure: word("Mission Locale"),
                phone: word("Téléphone"),
                email: word("Adresse mail"),
                received_on: word("Préinscription reçue le"),
            },
        }
    }

    fn row(first_name: &str, phone: &str) -> Registration {
        Registration {
            // 28 March 2026, 23 h 30 UTC: the day after in Paris.
            received_at: 1_774_740_600_000,
            first_name: first_name.to_owned(),
            last_name: "Exemple".to_owned(),
            birth_date: Some("2007-05-04".to_owned()),
            postal_code: Some("75011".to_owned()),
            structure: None,
            phone: Some(phone.to_owned()),
            email: None,
        }
    }

    #[test]
    fn the_receiver_alone_reads_the_table() {
        let key = age::x25519::Identity::generate();
        let receiver = key.to_public().to_string();
        assert!(is_receiver(&receiver));
        let rows = [row("Lina", "+33639981234"), row("=SOMME(A1)", "+3225551212")];
        let calendar = SystemClock::paris();
        let bytes = encrypt(&words().columns, &rows, &calendar, &receiver).unwrap();
        assert!(!bytes.windows(4).any(|window| window == b"Lina"));
        let open = |identity: &age::x25519::Identity| {
            let decryptor = age::Decryptor::new(bytes.as_slice()).ok()?;
            let mut text = String::new();
            decryptor.decrypt(std::iter::once(identity as &dyn age::Identity)).ok()?.read_to_string(&mut text).ok()?;
            Some(text)
        };
        assert_eq!(
            open(&key).unwrap(),
            "\u{feff}Prénom;Nom;Date de naissance;Code postal;Mission Locale;Téléphone;Adresse mail;Préinscription reçue le\n\
             Lina;Exemple;2007-05-04;75011;;0639981234;;2026-03-29\n\
             '=SOMME(A1);Exemple;2007-05-04;75011;;003225551212;;2026-03-29\n"
        );
        assert_eq!(open(&age::x25519::Identity::generate()), None);
        for none in ["", "age1", "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA"] {
            assert!(!is_receiver(none) && encrypt(&words().columns, &rows, &calendar, none).is_err(), "{none}");
        }
    }

    #[test]
    fn names_of_files_are_accepted_everywhere() {
        let day = CivilDate::new(2026, 3, 29).unwrap();
        for (event, name) in [
            ("Forum des métiers, 11e", "preinscriptions-forum-des-metiers-11e-2026-03-29.csv.age"),
            ("\"../../x\r\n", "preinscriptions-x-2026-03-29.csv.age"),
            ("日本", "preinscriptions-evenement-2026-03-29.csv.age"),
        ] {
            assert_eq!(file_name(&words(), event, day), name);
        }
    }

    proptest! {
        #[test]
        fn no_cell_is_a_formula(text in "[=+@|%\t\r\n -]{0,3}\\PC{0,12}", number in "[+]?[0-9=+ ]{0,14}") {
            for cell in [harmless(&text), phone(&number)] {
                prop_assert!(!cell.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
            }
        }

        #[test]
        fn a_name_of_a_file_is_ascii_and_short(event in "\\PC{0,200}") {
            let name = file_name(&words(), &event, CivilDate::new(2026, 3, 29).unwrap());
            prop_assert!(name.len() <= 110 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.'));
        }
    }
}
