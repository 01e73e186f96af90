//! The texts of the site's mails. One letter gives the plain text and the HTML, so that both say the same.

mod letter;
mod newsletter;
mod requests;
mod rights;

use crate::{
    components::format,
    policy::words,
    texts::{Language, Texts},
};
use domain::{
    mail::{Composed, Composer, Message},
    site::Site,
    time::Calendar,
};
use letter::{Block, Letter};
use std::sync::Arc;

/// Writes letters in the site's name.
pub struct Letters {
    site: Arc<Site>,
    calendar: Arc<dyn Calendar>,
    texts: Texts,
}

impl Letters {
    /// The letters of `site`; dates are those of `calendar`.
    #[must_use]
    pub fn new(site: Arc<Site>, calendar: Arc<dyn Calendar>) -> Self {
        Self { site, calendar, texts: Texts::of(Language::Fr) }
    }
}

impl Composer for Letters {
    fn compose(&self, message: &Message) -> Composed {
        let (texts, site, site_of) = (self.texts, &self.site.name, &self.site);
        let letter = match message {
            Message::RequestReceived { kind, first_name, event, kept_until } => {
                let (what, next) = words::request(texts, *kind).received;
                let event = event.as_ref().map(|name| Block::Fact(texts.mail_request_event(), name.clone()));
                let mut blocks = vec![Block::Text(what.to_owned())];
                blocks.extend(event);
                blocks.extend([
                    Block::Text(next.to_owned()),
                    Block::Text(texts.mail_request_urgent(&site_of.phone)),
                    Block::Text(texts.mail_request_kept(format::date(texts, *kept_until))),
                    Block::Text(texts.mail_request_not_you().to_owned()),
                ]);
                Letter {
                    subject: texts.mail_request_subject(site),
                    heading: texts.mail_request_heading(first_name),
                    blocks,
                }
            }
            Message::RequestAwaits { kind, link } => Letter {
                subject: texts.mail_awaits_subject(site),
                heading: texts.mail_awaits_heading().to_owned(),
                blocks: vec![
                    Block::Text(words::request(texts, *kind).awaits.to_owned()),
                    Block::Text(texts.mail_awaits_text().to_owned()),
                    Block::Button(texts.mail_awaits_button(), link.clone()),
                ],
            },
            Message::StaffInvitation { name, identifier, link, code, valid_until } => {
                let until = self.calendar.local(*valid_until);
                let until =
                    texts.mail_until(format::date(texts, until.date), until.hour, format_args!("{:02}", until.minute));
                Letter {
                    subject: texts.mail_invitation_subject(site),
                    heading: texts.mail_invitation_heading(name),
                    blocks: vec![
                        Block::Text(texts.mail_invitation_text(site)),
                        Block::Fact(texts.mail_invitation_identifier(), identifier.clone()),
                        Block::Button(texts.mail_invitation_button(), link.clone()),
                        Block::Text(texts.mail_invitation_code_text().to_owned()),
                        Block::Fact(texts.mail_invitation_code(), code.clone()),
                        Block::Text(texts.mail_invitation_until(until)),
                        Block::Text(texts.mail_invitation_not_you().to_owned()),
                    ],
                }
            }
            Message::ConfirmationAwaited { name, link } => Letter {
                subject: texts.mail_confirmation_subject(site),
                heading: texts.mail_confirmation_heading().to_owned(),
                blocks: vec![
                    Block::Text(texts.mail_confirmation_text(name)),
                    Block::Text(texts.mail_confirmation_check().to_owned()),
                    Block::Button(texts.mail_confirmation_button(), link.clone()),
                    Block::Text(texts.mail_confirmation_not_expected().to_owned()),
                ],
            },
            Message::AdministratorRescued { name, link } => Letter {
                subject: texts.mail_rescue_subject(site),
                heading: texts.mail_rescue_heading().to_owned(),
                blocks: vec![
                    Block::Text(texts.mail_rescue_text(name)),
                    Block::Text(texts.mail_rescue_check().to_owned()),
                    Block::Button(texts.mail_rescue_button(), link.clone()),
                ],
            },
            Message::RequestAnswered { name, answer } => requests::answered(texts, site, name, answer),
            Message::RightsReceived { name, right, due_on } => rights::received(texts, site, name, *right, *due_on),
            Message::RightsArrived { link, due_on } => rights::arrived(texts, site, link, *due_on),
            Message::RightsIdentity { name, doubt } => rights::identity(texts, site, name, doubt),
            Message::RightsExtended { name, reason, due_on } => rights::extended(texts, site, name, reason, *due_on),
            Message::RightsAnswered { name, outcome, answer } => rights::answered(texts, site, name, *outcome, answer),
            Message::NewsletterConfirmation { name, link } => newsletter::confirmation(texts, site, name, link),
            Message::NewsletterWelcome { name, unsubscribe } => newsletter::welcome(texts, site, name, unsubscribe),
            Message::Trial => Letter {
                subject: texts.mail_trial_subject(site),
                heading: texts.mail_trial_heading().to_owned(),
                blocks: vec![Block::Text(texts.mail_trial_text(site))],
            },
        };
        letter.compose(texts, &self.site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::requests::RequestKind;
    use domain::{
        consent::ServiceList,
        mail::MessageKind,
        rights::{Right, RightsOutcome},
        site::{Look, Modules, SiteTexts},
        time::{CivilDate, Instant, LocalTime},
    };

    struct OneDay;

    impl Calendar for OneDay {
        fn now(&self) -> Instant {
            Instant::default()
        }

        fn local(&self, _: Instant) -> LocalTime {
            LocalTime { date: CivilDate::new(2026, 3, 1).unwrap(), weekday: 7, hour: 9, minute: 5 }
        }

        fn start_of(&self, _: CivilDate) -> Instant {
            Instant::default()
        }
    }

    fn letters() -> Letters {
        let site = Site {
            name: "Mission Locale d’Exemple & fils".to_owned(),
            short_name: String::new(),
            tagline: String::new(),
            address: "22 rue de l’Exemple".to_owned(),
            city: "75011 Paris".to_owned(),
            phone: String::new(),
            email: "contact@exemple.test".to_owned(),
            vault_name: String::new(),
            modules: Modules::without(&[]),
            look: Look::default(),
            texts: SiteTexts::default(),
            services: ServiceList::of::<&str>(&[]).unwrap(),
            consent_months: 6,
            embeds: Vec::new(),
            share: Vec::new(),
            legal: domain::site::Legal::default(),
            keeping: domain::retention::Keeping::default(),
            events: domain::site::EventSettings::default(),
            news: Vec::new(),
            territory: domain::territory::Territory::default(),
        };
        Letters::new(Arc::new(site), Arc::new(OneDay))
    }

    fn messages() -> Vec<Message> {
        vec![
            Message::RequestReceived {
                kind: RequestKind::Event,
                first_name: "Zoé <b>Exemple</b>".to_owned(),
                event: Some("Forum <b>".to_owned()),
                kept_until: CivilDate::new(2026, 9, 1).unwrap(),
            },
            Message::RequestAwaits {
                kind: RequestKind::Contact,
                link: "https://portail.test/conseiller/demandes".to_owned(),
            },
            Message::StaffInvitation {
                name: "Zoé <b>Exemple</b>".to_owned(),
                identifier: "zoe.exemple".to_owned(),
                link: "https://portail.test/activation?jeton=a&suite=b".to_owned(),
                code: "ABCD-EFGH".to_owned(),
                valid_until: Instant::default(),
            },
            Message::ConfirmationAwaited {
                name: "Zoé \"<Exemple>".to_owned(),
                link: "https://portail.test/admin/comptes".to_owned(),
            },
            Message::AdministratorRescued {
                name: "Zoé \"<Exemple>".to_owned(),
                link: "https://portail.test/admin/comptes".to_owned(),
            },
            Message::RequestAnswered { name: "Zoé <b>".to_owned(), answer: "Oui <b>.\n\nÀ lundi".to_owned() },
            Message::RightsReceived { name: "Zoé".to_owned(), right: Right::Access, due_on: due_on() },
            Message::RightsArrived { link: "https://portail.test/admin/droits/1".to_owned(), due_on: due_on() },
            Message::RightsIdentity { name: "Zoé".to_owned(), doubt: "Deux <b> Zoé".to_owned() },
            Message::RightsExtended { name: "Zoé".to_owned(), reason: "<b>".to_owned(), due_on: due_on() },
            Message::RightsAnswered {
                name: "Zoé".to_owned(),
                outcome: RightsOutcome::Refused,
                answer: "<b>".to_owned(),
            },
            Message::NewsletterConfirmation {
                name: "Zoé <b>".to_owned(),
                link: "https://portail.test/newsletter/confirmer?jeton=a".to_owned(),
            },
            Message::NewsletterWelcome {
                name: "Zoé <b>".to_owned(),
                unsubscribe: "https://portail.test/newsletter/desinscription?jeton=a".to_owned(),
            },
            Message::Trial,
        ]
    }

    fn due_on() -> CivilDate {
        CivilDate::new(2026, 4, 10).unwrap()
    }

    #[test]
    fn every_kind_says_the_same_in_text_and_html() {
        assert_eq!(messages().iter().map(Message::kind).collect::<Vec<_>>(), MessageKind::ALL);
        for message in messages() {
            let Composed { subject, text, html } = letters().compose(&message);
            assert!(!subject.is_empty() && !subject.contains('\n'), "{subject}");
            let own: &[&str] = match message {
                Message::Trial => &[],
                Message::RightsArrived { .. } => &["https://portail.test/", "10 avril 2026"],
                Message::RightsReceived { .. } | Message::RightsExtended { .. } => &["Zoé", "10 avril 2026"],
                Message::RequestAnswered { .. } => &["Zoé", "À lundi"],
                Message::RightsIdentity { .. } => &["Zoé"],
                Message::RightsAnswered { .. } => &["Zoé", "CNIL"],
                Message::RequestReceived { .. } => &["Zoé", "1er septembre 2026"],
                Message::RequestAwaits { .. } => &["https://portail.test/conseiller/demandes"],
                _ => &["Zoé", "https://portail.test/"],
            };
            for part in [&text, &html] {
                for expected in ["Mission Locale d’Exemple", "22 rue de l’Exemple", "75011 Paris"].iter().chain(own)
                {
                    assert!(part.contains(expected), "« {expected} » is not in:\n{part}");
                }
            }
            // Names stay text, whatever they hold. A mail loads nothing and runs nothing.
            for forbidden in ["<b>", "<Exemple>", "<script", "<img", "src=", "http://", "url(", "\u{202e}"] {
                assert!(!html.contains(forbidden), "« {forbidden} » is in:\n{html}");
            }
            assert!(text.lines().all(|line| line.len() < 900), "{text}");
            assert_eq!(html.matches("<h1").count(), 1);
            assert!(html.contains("<html lang=\"fr\">") && html.contains("<title>"), "{html}");
        }
    }

    #[test]
    fn the_text_that_staff_write_keeps_its_lines() {
        let answer =
            Message::RequestAnswered { name: "Zoé".to_owned(), answer: "Oui.\n\nÀ lundi & mardi".to_owned() };
        let Composed { text, html, .. } = letters().compose(&answer);
        assert!(text.contains("\nOui.\n\nÀ lundi & mardi\n"), "{text}");
        assert!(html.contains("Oui.<br><br>À lundi &amp; mardi</p>"), "{html}");
    }

    #[test]
    fn only_an_answer_that_refuses_something_says_where_to_complain() {
        for (outcome, complains) in
            [(RightsOutcome::Granted, false), (RightsOutcome::Partly, true), (RightsOutcome::Withdrawn, false)]
        {
            let message = Message::RightsAnswered { name: "Zoé".to_owned(), outcome, answer: "Voici.".to_owned() };
            assert_eq!(letters().compose(&message).text.contains("CNIL"), complains, "{outcome:?}");
        }
    }

    #[test]
    fn an_invitation_has_all_that_is_needed_to_open_the_account() {
        let Composed { subject, text, html } = letters().compose(&messages()[2]);
        assert_eq!(subject, "Votre compte Mission Locale d’Exemple & fils vous attend");
        assert!(text.contains("\nhttps://portail.test/activation?jeton=a&suite=b\n"), "{text}");
        assert!(html.contains("href=\"https://portail.test/activation?jeton=a&amp;suite=b\""), "{html}");
        for expected in ["zoe.exemple", "ABCD-EFGH", "1er mars 2026"] {
            assert!(text.contains(expected) && html.contains(expected), "{expected}\n{text}");
        }
    }
}
