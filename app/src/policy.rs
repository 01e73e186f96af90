//! The text of the privacy policy. It is made only from the register and the site file. This text is what is stored of
//! a version, so that the version never changes.

pub(crate) mod words;

use crate::texts::{Language, Texts};
use domain::{
    error::PortError,
    register::{self, Field, Need, Policies, PolicyVersion, Processing, ProcessingId, Processor},
    retention::RuleId,
    rights::Right,
    site::{Module, Site},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::OnceCell;

/// A part of the policy under its heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Section {
    /// Its id in addresses.
    pub(crate) anchor: String,
    /// The level of the heading: 2, or 3 for a part of the section before.
    pub(crate) level: u8,
    /// The heading.
    pub(crate) title: String,
    /// Its content.
    pub(crate) blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Block {
    /// A paragraph.
    Text(String),
    /// A list of points.
    List(Vec<String>),
    /// A list of questions with their answers.
    Facts(Vec<(String, Vec<String>)>),
    /// A link: its text and its address.
    Link(String, String),
}

/// The policy of the site, and its version.
pub struct Policy {
    sections: Vec<Section>,
    /// The rendered sections, which are the same for everybody.
    html: Arc<str>,
    in_force: OnceCell<PolicyVersion>,
}

impl Policy {
    /// The policy of `site`.
    #[must_use]
    pub fn of(site: &Site) -> Self {
        let sections = compose(Texts::of(Language::Fr), site);
        let html = render(&sections).into();
        Self { sections, html, in_force: OnceCell::new() }
    }

    /// Its sections.
    pub(crate) fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Its text as HTML, which is rendered only once.
    pub(crate) fn html(&self) -> String {
        self.html.to_string()
    }

    /// The version of this policy. The first call stores the policy.
    ///
    /// # Errors
    /// The errors of the port.
    pub(crate) async fn in_force(&self, policies: &dyn Policies) -> Result<PolicyVersion, PortError> {
        let keep = || async {
            let content = serde_json::to_string(&self.sections).map_err(|_| PortError::Internal)?;
            policies.keep(&content).await
        };
        self.in_force.get_or_try_init(keep).await.copied()
    }
}

/// Stores the policy of `site` as the version in force, unless the stored version says the same.
///
/// # Errors
/// The errors of the port.
pub async fn keep(site: &Site, policies: &dyn Policies) -> Result<PolicyVersion, PortError> {
    Policy::of(site).in_force(policies).await
}

/// The sections of a stored version; nothing when it cannot be read.
pub(crate) fn read(content: &str) -> Option<Vec<Section>> {
    serde_json::from_str(content).ok()
}

fn section(anchor: &str, title: impl Into<String>, blocks: Vec<Block>) -> Section {
    Section { anchor: anchor.to_owned(), level: 2, title: title.into(), blocks }
}

fn text(text: impl Into<String>) -> Block {
    Block::Text(text.into())
}

fn list(lines: &[&str]) -> Block {
    Block::List(lines.iter().map(|line| (*line).to_owned()).collect())
}

fn compose(texts: Texts, site: &Site) -> Vec<Section> {
    let legal = &site.legal;
    let mut sections = vec![
        section(
            "en-bref",
            texts.policy_short_title(),
            vec![list(&[
                texts.policy_short_need(),
                texts.policy_short_sell(),
                texts.policy_short_ends(),
                texts.policy_short_seen(),
                texts.policy_short_rights(),
            ])],
        ),
        section(
            "responsable",
            texts.policy_who_title(),
            vec![
                text(texts.policy_who_text(&site.name, &site.address, &site.city)),
                text(texts.policy_who_contact(&site.phone, &site.email)),
                text(texts.policy_who_dpo(&legal.dpo_email)),
            ],
        ),
        section("usages", texts.policy_what_title(), vec![text(texts.policy_what_text())]),
    ];
    for processing in register::processings(site) {
        sections.push(Section {
            anchor: processing.id.code().to_owned(),
            level: 3,
            title: words::title(texts, processing.id).to_owned(),
            blocks: about(texts, site, processing),
        });
    }
    if site.modules.has(Module::YouthSpace) {
        sections.push(section("i-milo", texts.policy_imilo_title(), vec![text(texts.policy_imilo_text())]));
    }
    let mail = match &legal.mail_provider {
        Some(name) => texts.policy_helpers_mail(name),
        None => texts.policy_helpers_mail_own().to_owned(),
    };
    sections.push(section(
        "sous-traitants",
        texts.policy_helpers_title(),
        vec![
            text(texts.policy_helpers_text()),
            Block::List(vec![texts.policy_helpers_host(&legal.host_name, &legal.host_address), mail]),
        ],
    ));
    let abroad: Vec<_> = site
        .services
        .iter_optional()
        .filter(|service| service.provider.as_ref().is_some_and(|provider| provider.transfer_outside_eu))
        .map(|service| service.name.as_str())
        .collect();
    let abroad = match abroad.is_empty() {
        true => texts.policy_abroad_none().to_owned(),
        false => texts.policy_abroad_some(abroad.join(", ")),
    };
    sections.push(section("hors-ue", texts.policy_abroad_title(), vec![text(abroad)]));
    let rights = Right::ALL.map(|right| {
        let (name, what) = words::right(texts, right);
        (name.to_owned(), vec![what.to_owned()])
    });
    sections.push(section(
        "vos-droits",
        texts.policy_rights_title(),
        vec![
            Block::Facts(rights.into()),
            text(texts.policy_rights_text()),
            Block::Link(texts.policy_rights_how().to_owned(), "/mes-droits".to_owned()),
            text(texts.policy_rights_cnil()),
        ],
    ));
    sections.push(section("mineurs", texts.policy_minors_title(), vec![text(texts.policy_minors_text())]));
    sections.push(section("decisions", texts.policy_machine_title(), vec![text(texts.policy_machine_text())]));
    let mut safe = vec![texts.policy_safe_staff(), texts.policy_safe_log(), texts.policy_safe_travel()];
    if site.modules.has(Module::Vault) {
        safe.insert(0, texts.policy_safe_documents());
    }
    sections.push(section("protection", texts.policy_safe_title(), vec![list(&safe)]));
    sections.push(section(
        "les-cookies",
        texts.policy_cookies_title(),
        vec![
            text(texts.policy_cookies_text()),
            Block::Link(texts.policy_cookies_link().to_owned(), "/cookies".to_owned()),
        ],
    ));
    sections.push(section("changements", texts.policy_changes_title(), vec![text(texts.policy_changes_text())]));
    sections
}

/// Everything that the register says about a processing.
fn about(texts: Texts, site: &Site, processing: &Processing) -> Vec<Block> {
    let mut facts = vec![
        (texts.policy_row_basis(), words::bases(texts, processing)),
        (texts.policy_row_people(), words::people(texts, processing)),
    ];
    for (need, row) in [
        (Need::Required, texts.policy_row_needed()),
        (Need::Optional, texts.policy_row_optional()),
        (Need::Made, texts.policy_row_made()),
    ] {
        facts.push((row, held(texts, processing.fields.iter().filter(|field| field.need == need))));
    }
    facts.push((texts.policy_row_seen(), seen(texts, processing)));
    facts.push((
        texts.policy_row_recipients(),
        processing.recipients.iter().map(|recipient| words::recipient(texts, *recipient).to_owned()).collect(),
    ));
    facts.push((texts.policy_row_kept(), kept(texts, site, processing.retention)));
    facts.push((
        texts.policy_row_rights(),
        vec![processing.rights().map(|right| uncapped(words::right(texts, right).0)).collect::<Vec<_>>().join(", ")],
    ));
    facts.retain(|(_, answers)| !answers.is_empty());
    let facts = facts.into_iter().map(|(row, answers)| (row.to_owned(), answers)).collect();
    let mut blocks = vec![text(words::purpose(texts, processing.id)), Block::Facts(facts)];
    if processing.id == ProcessingId::Vault {
        blocks.push(text(texts.policy_shared()));
    }
    blocks
}

/// The data of `fields`, one line for each source; data that the person gave comes first.
fn held<'f>(texts: Texts, fields: impl Iterator<Item = &'f Field>) -> Vec<String> {
    let mut by_source: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for field in fields {
        by_source.entry(words::source(texts, field.source)).or_default().push(words::data(texts, field.data));
    }
    let line = |(source, names): (Option<&str>, Vec<&str>)| match source {
        None => names.join(", "),
        Some(source) => texts.policy_from(source, names.join(", ")),
    };
    by_source.into_iter().map(line).collect()
}

/// A name inside a sentence: its first letter becomes small, but « DPO » stays as it is.
fn uncapped(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// The roles of the team that see the data.
pub(crate) fn seen(texts: Texts, processing: &Processing) -> Vec<String> {
    let roles: Vec<_> = processing.seen_by.iter().map(|role| uncapped(words::role_name(texts, *role))).collect();
    vec![match (roles.is_empty(), processing.attached_only) {
        (true, _) => texts.policy_nobody().to_owned(),
        (_, true) => texts.policy_attached(roles.join(", ")),
        _ => roles.join(", "),
    }]
}

/// When the data is deleted, one line for each rule.
pub(crate) fn kept(texts: Texts, site: &Site, rules: &[RuleId]) -> Vec<String> {
    let one = rules.len() == 1;
    let lines = rules.iter().map(|rule| {
        let kept = words::kept(texts, *rule, site.keeping.kept(*rule));
        if one { kept } else { texts.kept_rule(words::rule(texts, *rule), kept) }
    });
    lines.collect()
}

/// The processors that handle the data for the organisation.
pub(crate) fn processors(texts: Texts, site: &Site, processing: &Processing) -> Vec<String> {
    let name = |processor: &Processor| match (processor, &site.legal.mail_provider) {
        (Processor::Host, _) => texts.processor_host(&site.legal.host_name),
        (Processor::MailProvider, Some(name)) => texts.processor_mail_provider(name),
        (Processor::MailProvider, None) => texts.processor_mail_provider_own().to_owned(),
    };
    processing.processors.iter().map(name).collect()
}

/// The sections as HTML.
pub(crate) fn render(sections: &[Section]) -> String {
    let owner = Owner::new_root(None);
    let html = owner.with(|| sections.iter().map(view).collect::<Vec<_>>().to_html());
    owner.unset_with_forced_cleanup();
    html.replace("<!>", "")
}

fn view(section: &Section) -> impl IntoView + use<> {
    let Section { anchor, level, title, blocks } = section.clone();
    let blocks: Vec<_> = blocks
        .into_iter()
        .map(|block| match block {
            Block::Text(text) => view! { <p>{text}</p> }.into_any(),
            Block::List(lines) => {
                let lines: Vec<_> = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect();
                view! { <ul>{lines}</ul> }.into_any()
            }
            Block::Facts(facts) => {
                let facts: Vec<_> = facts
                    .into_iter()
                    .map(|(row, answers)| {
                        let answers: Vec<_> = answers.into_iter().map(|answer| view! { <dd>{answer}</dd> }).collect();
                        view! { <div><dt>{row}</dt>{answers}</div> }
                    })
                    .collect();
                view! { <dl class="facts">{facts}</dl> }.into_any()
            }
            Block::Link(text, href) => view! { <p class="alone"><a href=href>{text}</a></p> }.into_any(),
        })
        .collect();
    if level == 3 {
        view! { <section class="card policy-part" id=anchor><h3>{title}</h3>{blocks}</section> }.into_any()
    } else {
        view! { <section class="policy-part" id=anchor><h2>{title}</h2>{blocks}</section> }.into_any()
    }
}
