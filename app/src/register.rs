//! The public register as rows, for its page and its files.

use crate::{
    policy::{self, words},
    texts::Texts,
};
use domain::{
    register::{self, Need, Processing},
    site::Site,
};
use serde::Serialize;

/// A processing with its texts.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// Its id in addresses.
    pub(crate) id: &'static str,
    /// Its name.
    pub(crate) name: String,
    purpose: String,
    legal_basis: Vec<String>,
    people: Vec<String>,
    required_data: Vec<String>,
    optional_data: Vec<String>,
    other_data: Vec<String>,
    seen_by: Vec<String>,
    recipients: Vec<String>,
    processors: Vec<String>,
    kept: Vec<String>,
    rights: Vec<String>,
}

impl Entry {
    /// All processings of `site`.
    pub(crate) fn all(texts: Texts, site: &Site) -> Vec<Self> {
        register::processings(site).map(|processing| Self::of(texts, site, processing)).collect()
    }

    fn of(texts: Texts, site: &Site, processing: &Processing) -> Self {
        let data = |need: Need| {
            let fields = processing.fields.iter().filter(|field| field.need == need);
            fields.map(|field| words::data(texts, field.data).to_owned()).collect()
        };
        let recipients = processing.recipients.iter();
        Self {
            id: processing.id.code(),
            name: words::title(texts, processing.id).to_owned(),
            purpose: words::purpose(texts, processing.id).to_owned(),
            legal_basis: words::bases(texts, processing),
            people: words::people(texts, processing),
            required_data: data(Need::Required),
            optional_data: data(Need::Optional),
            other_data: data(Need::Made),
            seen_by: policy::seen(texts, processing),
            recipients: recipients.map(|recipient| words::recipient(texts, *recipient).to_owned()).collect(),
            processors: policy::processors(texts, site, processing),
            kept: policy::kept(texts, site, processing.retention),
            rights: processing.rights().map(|right| words::right(texts, right).0.to_owned()).collect(),
        }
    }

    /// The rows: a label and its values.
    pub(crate) fn rows(&self, texts: Texts) -> Vec<(&'static str, Vec<String>)> {
        let line = |words: &[String]| if words.is_empty() { Vec::new() } else { vec![words.join(", ")] };
        vec![
            (texts.policy_row_purpose(), vec![self.purpose.clone()]),
            (texts.policy_row_basis(), self.legal_basis.clone()),
            (texts.policy_row_people(), self.people.clone()),
            (texts.policy_row_needed(), line(&self.required_data)),
            (texts.policy_row_optional(), line(&self.optional_data)),
            (texts.policy_row_made(), line(&self.other_data)),
            (texts.policy_row_seen(), self.seen_by.clone()),
            (texts.policy_row_recipients(), self.recipients.clone()),
            (texts.policy_row_processors(), self.processors.clone()),
            (texts.policy_row_kept(), self.kept.clone()),
            (texts.policy_row_rights(), line(&self.rights)),
        ]
    }
}

#[derive(Serialize)]
struct Controller<'s> {
    name: &'s str,
    address: String,
    email: &'s str,
    phone: &'s str,
    dpo: &'s str,
    host: &'s str,
}

#[derive(Serialize)]
struct Register<'s> {
    controller: Controller<'s>,
    processings: Vec<Entry>,
}

/// The register as JSON.
///
/// # Errors
/// None for plain texts.
pub(crate) fn json(texts: Texts, site: &Site) -> serde_json::Result<Vec<u8>> {
    let controller = Controller {
        name: &site.name,
        address: format!("{}, {}", site.address, site.city),
        email: &site.email,
        phone: &site.phone,
        dpo: &site.legal.dpo_email,
        host: &site.legal.host_name,
    };
    serde_json::to_vec_pretty(&Register { controller, processings: Entry::all(texts, site) })
}

/// The register as CSV in the form that French spreadsheets open: with semicolons, and a byte order mark that says
/// UTF-8.
///
/// # Errors
/// None for plain texts.
pub(crate) fn csv(texts: Texts, site: &Site) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::WriterBuilder::new().delimiter(b';').from_writer("\u{feff}".as_bytes().to_vec());
    let entries = Entry::all(texts, site);
    if let Some(first) = entries.first() {
        let rows = first.rows(texts);
        file.write_record([texts.register_name()].into_iter().chain(rows.iter().map(|(row, _)| *row)))?;
    }
    for entry in &entries {
        let rows = entry.rows(texts);
        file.write_record(
            [entry.name.clone()].into_iter().chain(rows.into_iter().map(|(_, answers)| answers.join(" | "))),
        )?;
    }
    file.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
