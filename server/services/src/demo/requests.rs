//! What visitors of the demonstration sent: requests of each form and in each state, and requests about rights, one of
//! them late.

use super::{DemoError, DemoOrganisation, DemoRole};
use crate::{
    Services,
    store::{self, sample_requests::NewRow},
};
use domain::{
    ids::{AccountId, EventId, RightsRequestId},
    inbox::RequestState::{self, Closed, New, Open},
    requests::RequestKind::{self, ApprenticeshipTax, Contact, Event, PreRegistration},
    rights::{Concerns, DELAY, Ground, NewRightsRequest, Right},
    screening::Findings,
    time::Instant,
};

/// A request in short: kind, hours ago, state, first and last name, message, and the member of staff in charge.
type Sample = (RequestKind, i64, RequestState, &'static str, &'static str, &'static str, Option<DemoRole>);

const SAMPLES: &[Sample] = &[
    (
        Contact,
        2,
        New,
        "Océane",
        "Exemple",
        "Bonjour, ma sœur a 19 ans et ne sait pas par où commencer. Peut-on venir sans rendez-vous ?",
        None,
    ),
    (
        Contact,
        20,
        New,
        "Bilal",
        "Modèle",
        "Je suis né le 4 mai, mon numéro est le 1 99 05 75 999 001 21. Pouvez-vous regarder mon dossier ?",
        None,
    ),
    (
        Contact,
        50,
        Open,
        "Marie",
        "Fictive",
        "Notre association aimerait présenter ses chantiers aux jeunes que vous suivez. Qui contacter ?",
        Some(DemoRole::Reception),
    ),
    (Contact, 400, Closed, "Hugo", "Exemple", "À quelle heure ouvrez-vous le lundi ?", Some(DemoRole::Reception)),
    (
        PreRegistration,
        5,
        New,
        "Inès",
        "Modèle",
        "J’ai arrêté le lycée en janvier, je veux travailler avec les animaux.",
        None,
    ),
    (PreRegistration, 30, New, "Moussa", "Exemple", "Je cherche un apprentissage en plomberie.", None),
    (
        PreRegistration,
        75,
        Open,
        "Léna",
        "Fictive",
        "Je sors de l’hôpital et je voudrais reprendre une formation doucement.",
        Some(DemoRole::Advisor),
    ),
    (PreRegistration, 600, Closed, "Tom", "Modèle", "Je voudrais passer le permis.", Some(DemoRole::Advisor)),
    (Event, 9, New, "Sofia", "Exemple", "", None),
    (Event, 28, Open, "Yanis", "Fictif", "", Some(DemoRole::Reception)),
    (
        ApprenticeshipTax,
        12,
        New,
        "Claire",
        "Exemple",
        "Nous voulons vous verser le solde de notre taxe cette année. Comment faire ?",
        None,
    ),
    (
        ApprenticeshipTax,
        300,
        Closed,
        "Paul",
        "Modèle",
        "Pouvez-vous nous envoyer le reçu de notre versement ?",
        Some(DemoRole::Assistant),
    ),
];

/// A request about rights in short: right, ground, whose data, days ago, names, message.
type RightsSample = (Right, Option<Ground>, Concerns, i64, &'static str, &'static str, Option<&'static str>);

const RIGHTS: &[RightsSample] = &[
    (
        Right::Access,
        None,
        Concerns::Oneself,
        3,
        "Amel",
        "Exemple",
        Some("Je voudrais une copie de mon dossier de 2024."),
    ),
    (Right::Erasure, Some(Ground::NotNeeded), Concerns::Oneself, 26, "Kevin", "Modèle", None),
    (
        Right::Rectification,
        None,
        Concerns::Child,
        40,
        "Nadia",
        "Fictive",
        Some("La date de naissance de mon fils est fausse."),
    ),
];

fn row(sample: &Sample, number: usize, now: Instant, event: EventId, holder: Option<AccountId>) -> NewRow {
    let (kind, hours, state, first_name, last_name, message, _) = *sample;
    let young = matches!(kind, PreRegistration | Event);
    let flags = if message.contains("1 99 05") {
        Some("nir")
    } else if message.contains("hôpital") {
        Some("health")
    } else {
        None
    };
    // Half of the young people gave no address, so staff call them.
    let email = (!young || number.is_multiple_of(2))
        .then(|| format!("{}.{}@exemple.test", plain(first_name), plain(last_name)));
    NewRow {
        id: store::new_id(),
        kind,
        received_at: now.plus_hours(-hours),
        state,
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        email,
        phone: young.then(|| format!("+336399800{:02}", number % 100)),
        birth_date: young.then(|| format!("200{}-0{}-1{}", number % 8, number % 9 + 1, number % 10)),
        postal_code: (kind != ApprenticeshipTax).then(|| format!("750{:02}", number + 9)),
        company: (kind == ApprenticeshipTax).then(|| "Atelier d’exemple".to_owned()),
        by_video: (kind == PreRegistration).then_some(number.is_multiple_of(2)),
        availability: (kind == PreRegistration).then(|| "Le matin, sauf le mercredi".to_owned()),
        message: (!message.is_empty()).then(|| message.to_owned()),
        event: (kind == Event).then_some(event),
        structure: (kind == Event).then(|| "Mission Locale de Paris".to_owned()),
        flags: flags.map(str::to_owned),
        assigned_to: holder,
    }
}

fn plain(name: &str) -> String {
    domain::fold::fold(name).replace(' ', "")
}

impl Services {
    /// Writes the requests. No mail is sent, because nobody is behind these addresses.
    pub(super) async fn demo_requests(
        &self,
        organisation: &DemoOrganisation,
        staff: &[AccountId],
    ) -> Result<(), DemoError> {
        let now = self.calendar.now();
        let event: EventId = store::new_id();
        let holder = |role: DemoRole| {
            let first = organisation.staff.iter().position(|person| person.role == role);
            first.and_then(|first| staff.get(first).copied())
        };
        let rows: Vec<_> = SAMPLES
            .iter()
            .enumerate()
            .map(|(number, sample)| row(sample, number, now, event, sample.6.and_then(holder)))
            .collect();
        let rights: Vec<_> = RIGHTS
            .iter()
            .map(|&(right, ground, concerns, days, first_name, last_name, message)| {
                let asked = NewRightsRequest {
                    right,
                    ground,
                    concerns,
                    first_name: first_name.to_owned(),
                    last_name: last_name.to_owned(),
                    email: format!("{}.{}@exemple.test", plain(first_name), plain(last_name)),
                    message: message.map(str::to_owned),
                    findings: Findings::default(),
                };
                let at = now.plus_hours(-24 * days);
                (asked, at, DELAY.after(self.calendar.local(at).date))
            })
            .collect();
        let starts_at = self.calendar.start_of(self.calendar.today().plus_days(20)).plus_hours(9);
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                let (name, place) = ("Forum d’exemple de l’alternance", "Halle d’exemple, 75011 Paris");
                store::sample_requests::insert_event(tx, event, name, place, starts_at, starts_at.plus_hours(8), now)
                    .await?;
                for row in &rows {
                    store::sample_requests::insert(tx, row).await?;
                }
                for (asked, at, due_on) in &rights {
                    let id: RightsRequestId = store::new_id();
                    let new = store::rights::New {
                        id,
                        submission: store::new_id(),
                        asked,
                        account: None,
                        at: *at,
                        due_on: *due_on,
                    };
                    store::rights::insert(tx, &new).await?;
                }
                Ok(())
            })
        });
        Ok(write.await?)
    }
}
