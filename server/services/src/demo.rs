//! `balise demo`: fills an empty database with a believable organisation that is plainly fictitious.
//!
//! People and files come from the seed alone; passwords and authenticators' keys are random, because
//! the logins that are printed must be the only copy.

mod calendar;
mod chance;
pub(crate) mod files;
mod people;
mod requests;
mod words;

use crate::{
    Services, clock,
    crypto::fill_random,
    db::Tx,
    error::Fault,
    identity::fold_identifier,
    store::{self, accounts::NewAccount, second_factors, youths::NewYouth},
};
use data_encoding::BASE32_NOPAD;
use domain::{
    actor::{Actor, Role},
    forms::account::NewStaffForm,
    ids::{AccountId, YouthId},
    time::{CivilDate, Instant},
    vault::{NewDocument, Vaults},
    youth::{NextAppointment, Profile, Situation},
};
use futures::{StreamExt, TryStreamExt, stream};
use people::{DemoDocument, DemoOrganisation, DemoRole, DemoStaff, DemoYouth};
use serde::Serialize;

/// How many documents are stored at the same time.
const AT_ONCE: usize = 4;
/// How many young people are written in one transaction.
const TOGETHER: usize = 200;
/// How many young people get a filled vault. It takes time, because each document is encrypted and on the disk before
/// the next one.
const FILLED: usize = 200;

/// Why the demo was not written.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There are accounts already, so nothing was changed.
    #[error("the database is not empty: nothing was changed")]
    NotEmpty,
    /// Any other failure.
    #[error("{0}")]
    Failed(String),
}

impl From<Fault> for DemoError {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.to_string())
    }
}

/// One person who can sign in, as `--json` prints it.
#[derive(Clone, Debug, Serialize)]
pub struct DemoLogin {
    /// `youth`, `advisor`, `reception`, `admin`, `dpo` …
    pub role: &'static str,
    /// The identifier they sign in with.
    pub identifier: String,
    /// Their password, which is stored nowhere in clear.
    pub password: String,
    /// The authenticator's key in base32, or nothing for young people and for staff who still have to enrol.
    pub totp_secret: Option<String>,
    /// First and last name.
    pub name: String,
}

/// The progress that [`Services::demo`] reports.
#[derive(Clone, Copy, Debug)]
pub enum DemoProgress {
    /// This number of people is written.
    People(usize),
    /// The first number of documents is stored, out of the second.
    Documents(usize, usize),
}

impl Services {
    /// Writes the demo organisation: staff, `youths` young people, their vaults. `documents` says whether
    /// the vaults are filled.
    ///
    /// # Errors
    /// `NotEmpty` when there is any account; a message otherwise.
    pub async fn demo(
        &self,
        seed: u64,
        youths: usize,
        mut tell: impl FnMut(DemoProgress) + Send,
    ) -> Result<Vec<DemoLogin>, DemoError> {
        if store::accounts::any(&mut self.data.read().await?).await? {
            return Err(DemoError::NotEmpty);
        }
        let today = self.calendar.today();
        let day = jiff::civil::Date::new(today.year(), signed(today.month()), signed(today.day()));
        let day = day.map_err(|_| DemoError::Failed("the clock shows no day".to_owned()))?;
        let mut organisation = people::organisation(seed, youths, day);
        organisation.staff.extend(people::heads());

        let mut logins = Vec::new();
        let staff = self.demo_staff(&organisation, &mut logins).await?;
        self.demo_proposal(&organisation, &staff).await?;
        self.demo_requests(&organisation, &staff).await?;
        let mut files = Vec::new();
        for (number, youths) in organisation.youths.chunks(TOGETHER).enumerate() {
            let ids = self.demo_youths(youths, &staff, &mut logins).await?;
            for (youth, id) in youths.iter().zip(ids).take(FILLED.saturating_sub(number * TOGETHER)) {
                let referent = staff.get(youth.referent).copied();
                let full_name = format!("{} {}", youth.first_name, youth.birth_name);
                files.extend(youth.documents.iter().map(|document| (id, referent, full_name.clone(), document)));
            }
            tell(DemoProgress::People(number * TOGETHER + youths.len()));
        }
        let count = files.len();
        let mut stored = stream::iter(files)
            .map(|(youth, referent, owner, document)| self.demo_document(youth, referent, owner, document))
            .buffer_unordered(AT_ONCE);
        let mut done = 0;
        while stored.try_next().await?.is_some() {
            done += 1;
            tell(DemoProgress::Documents(done, count));
        }
        Ok(logins)
    }

    async fn demo_staff(
        &self,
        organisation: &DemoOrganisation,
        logins: &mut Vec<DemoLogin>,
    ) -> Result<Vec<AccountId>, DemoError> {
        let mut ids = Vec::with_capacity(organisation.staff.len());
        // The last advisor still has to enrol an authenticator, so that a demonstration can show that step.
        let last_advisor =
            organisation.staff.iter().rposition(|person| person.role == DemoRole::Advisor && person.has_password);
        for (index, person) in organisation.staff.iter().enumerate() {
            let id: AccountId = store::new_id();
            ids.push(id);
            let password = person.has_password.then(|| chance::password(&mut rand::rng()));
            let hash = match &password {
                Some(password) => Some(self.passwords.hash(password.clone()).await?),
                None => None,
            };
            let key = match &password {
                Some(_) if Some(index) != last_advisor => {
                    let mut key = [0; 20];
                    fill_random(&mut key).map_err(Fault::from)?;
                    Some(key)
                }
                _ => None,
            };
            let sealed = match &key {
                Some(key) => Some(self.seal_second_factor(id, key)?),
                None => None,
            };
            let role = role(person);
            let name = format!("{} {}", person.first_name, person.last_name);
            if let Some(password) = password {
                logins.push(DemoLogin {
                    role: role.code(),
                    identifier: person.identifier.clone(),
                    password,
                    totp_secret: key.map(|key| BASE32_NOPAD.encode(&key)),
                    name: name.clone(),
                });
            }
            let (person, at) = (person.clone(), self.calendar.now());
            self.data
                .write(move |tx| {
                    Box::pin(async move {
                        let account = NewAccount {
                            id,
                            identifier: &fold_identifier(&person.identifier),
                            role: Some(role),
                            password_hash: hash.as_deref(),
                            created_at: at,
                        };
                        store::accounts::insert(tx, &account).await?;
                        store::accounts::insert_staff(tx, id, &name, &person.email, Some(&person.phone)).await?;
                        if let Some(sealed) = sealed {
                            second_factors::propose(tx, id, &sealed).await?;
                            second_factors::use_step(tx, id, 1).await?;
                        }
                        Ok(())
                    })
                })
                .await?;
        }
        Ok(ids)
    }

    /// A new colleague whom one administrator proposed and the other one may confirm.
    async fn demo_proposal(&self, organisation: &DemoOrganisation, staff: &[AccountId]) -> Result<(), DemoError> {
        let first = organisation.staff.iter().position(|person| person.role == DemoRole::Administrator);
        let Some(administrator) = first.and_then(|first| staff.get(first)) else {
            return Ok(());
        };
        let form = NewStaffForm {
            name: "Camille Modèle".to_owned(),
            identifier: "camille.modele".to_owned(),
            email: "camille.modele@exemple.test".to_owned(),
            phone: "01 99 00 98 76".to_owned(),
            role: Role::Reception.code().to_owned(),
            token: String::new(),
        };
        let new = form.validate().map_err(|_| DemoError::Failed("a demo form is wrong".to_owned()))?;
        // No mail is sent, because nobody is behind these addresses.
        match self
            .propose_account(&Actor::staff(*administrator, Role::Administrator), store::new_id(), new, false)
            .await
        {
            Ok(_) => Ok(()),
            Err(refusal) => Err(DemoError::Failed(format!("a demo account was refused: {refusal}"))),
        }
    }

    /// Writes these people in one transaction and returns their ids in the same order.
    async fn demo_youths(
        &self,
        youths: &[DemoYouth],
        staff: &[AccountId],
        logins: &mut Vec<DemoLogin>,
    ) -> Result<Vec<YouthId>, DemoError> {
        let mut rows = Vec::with_capacity(youths.len());
        for youth in youths {
            let password = youth.has_password.then(|| chance::password(&mut rand::rng()));
            let hash = match &password {
                Some(password) => Some(self.passwords.hash(password.clone()).await?),
                None => None,
            };
            if let Some(password) = password {
                logins.push(DemoLogin {
                    role: "youth",
                    identifier: youth.identifier.clone(),
                    password,
                    totp_secret: None,
                    name: format!("{} {}", youth.first_name, youth.usual_name.as_ref().unwrap_or(&youth.birth_name)),
                });
            }
            rows.push((store::new_id::<YouthId>(), hash, youth.clone()));
        }
        let ids = rows.iter().map(|row| row.0).collect();
        let (staff, at) = (staff.to_vec(), self.calendar.now());
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    for (id, hash, youth) in &rows {
                        write_youth(tx, *id, hash.as_deref(), youth, &staff, at).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(ids)
    }

    async fn demo_document(
        &self,
        youth: YouthId,
        referent: Option<AccountId>,
        owner: String,
        document: &DemoDocument,
    ) -> Result<(), DemoError> {
        let file = document.clone();
        let bytes = tokio::task::spawn_blocking(move || files::file(file.kind, file.seed, &file.name, &owner))
            .await
            .map_err(|_| DemoError::Failed("a demo file could not be made".to_owned()))?;
        let new = NewDocument {
            category: document.category,
            raw_name: document.name.clone(),
            announced_bytes: Some(bytes.len() as u64),
        };
        let actor = match referent.filter(|_| document.deposited_by_advisor) {
            Some(advisor) => Actor::staff(advisor, Role::Advisor),
            None => Actor::machine("demo"),
        };
        let body = stream::once(async move { Ok(bytes.into()) }).boxed();
        match self.deposit(&actor, youth, new, body).await {
            Ok(_) => Ok(()),
            Err(refusal) => Err(DemoError::Failed(format!("a demo document was refused: {refusal}"))),
        }
    }
}

async fn write_youth(
    tx: &mut Tx,
    id: YouthId,
    password_hash: Option<&str>,
    youth: &DemoYouth,
    staff: &[AccountId],
    created_at: Instant,
) -> Result<(), Fault> {
    let account: AccountId = store::new_id();
    let identifier = &fold_identifier(&youth.identifier);
    let row = NewAccount { id: account, identifier, role: None, password_hash, created_at };
    store::accounts::insert(tx, &row).await?;
    store::youths::insert(tx, &NewYouth { profile: profile(youth, id), account }).await?;
    attachments(tx, youth, id, staff).await?;
    store::youths::insert_situation(tx, id, &situation(youth)).await?;
    for event in &youth.next_events {
        let event = NextAppointment {
            at: clock::paris_instant(event.at),
            kind: event.kind,
            title: event.title.clone(),
            place: event.place.clone(),
        };
        store::youths::insert_event(tx, id, &event).await?;
    }
    Ok(())
}

fn signed(part: u8) -> i8 {
    i8::try_from(part).unwrap_or(1)
}

fn start_of(day: jiff::civil::Date) -> Instant {
    clock::paris_instant(day.at(0, 0, 0, 0))
}

fn date(day: jiff::civil::Date) -> CivilDate {
    clock::civil_date(day)
}

fn role(person: &DemoStaff) -> Role {
    match person.role {
        DemoRole::Advisor => Role::Advisor,
        DemoRole::Reception => Role::Reception,
        DemoRole::TeamLead => Role::SectorHead,
        DemoRole::Administrator => Role::Administrator,
        DemoRole::Dpo => Role::Dpo,
        DemoRole::Director => Role::Director,
        DemoRole::Assistant => Role::AdministrativeAssistant,
    }
}

fn situation(youth: &DemoYouth) -> Situation {
    let last = &youth.last_situation;
    Situation {
        category: last.category.clone(),
        state: last.state,
        started_on: Some(date(last.started)),
        ended_on: last.end.map(date),
        label: last.label.clone(),
    }
}

fn profile(youth: &DemoYouth, id: YouthId) -> Profile {
    let address = &youth.address;
    Profile {
        youth: id,
        first_name: youth.first_name.clone(),
        birth_name: youth.birth_name.clone(),
        usual_name: youth.usual_name.clone(),
        birth_date: date(youth.birth_date),
        address: Some(match &address.extra {
            Some(extra) => format!("{}, {extra}", address.street),
            None => address.street.clone(),
        }),
        postal_code: Some(address.postal_code.clone()),
        city: Some(address.city.clone()),
        phone: Some(youth.phone.clone()),
        email: Some(youth.email.clone()),
        school_level: Some(youth.school_level.clone()),
        target_job: youth.target_job.clone(),
        prepared_job: youth.prepared_job.clone(),
        held_job: youth.held_job.clone(),
        registered_on: Some(date(youth.registration_date)),
        guarantee_entry_on: youth.guarantee_entry_date.map(date),
        cej_entry_on: youth.cej_entry_date.map(date),
        cohort_number: youth.cohort_number.clone(),
        imilo_id: youth.imilo_id.clone(),
        referent: None,
        vault_shared: youth.shares_vault,
    }
}

async fn attachments(tx: &mut Tx, youth: &DemoYouth, id: YouthId, staff: &[AccountId]) -> Result<(), Fault> {
    for past in &youth.past_referents {
        if let Some(advisor) = staff.get(past.advisor) {
            let (from, to) = (start_of(past.start), start_of(past.end));
            store::youths::attach(tx, id, *advisor, true, from, Some(to), &past.reason).await?;
        }
    }
    if let Some(advisor) = staff.get(youth.referent) {
        let from = start_of(youth.referent_since);
        store::youths::attach(tx, id, *advisor, true, from, None, "Référent").await?;
    }
    Ok(())
}
