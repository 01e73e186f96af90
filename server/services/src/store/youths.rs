//! Files of young people: profile, attachments, situations, appointments, corrections.

use crate::{
    access::{Access, AskCorrection, YouthFacts},
    db::{Reads, Tx, execute, on},
    error::Fault,
    store::{known, new_id},
};
use domain::{
    fold::fold,
    ids::{AccountId, CorrectionId, YouthId},
    time::{CivilDate, Instant},
    youth::{AppointmentKind, Correction, NextAppointment, Profile, Situation, SituationState, StaffContact},
};
use uuid::Uuid;

/// What reading a file requires: the proof that its owner or attached staff reads it.
pub(crate) trait MayRead {
    fn facts(&self) -> &YouthFacts;
}

impl MayRead for Access<crate::access::ReadOwnSpace, YouthFacts> {
    fn facts(&self) -> &YouthFacts {
        Access::facts(self)
    }
}

impl MayRead for Access<crate::access::ReadFile, YouthFacts> {
    fn facts(&self) -> &YouthFacts {
        Access::facts(self)
    }
}

#[derive(sqlx::FromRow)]
struct ProfileRow {
    first_name: String,
    birth_name: String,
    usual_name: Option<String>,
    birth_date: String,
    address: Option<String>,
    postal_code: Option<String>,
    city: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    school_level: Option<String>,
    target_job: Option<String>,
    prepared_job: Option<String>,
    held_job: Option<String>,
    registered_on: Option<String>,
    guarantee_entry_on: Option<String>,
    cej_entry_on: Option<String>,
    cohort_number: Option<String>,
    imilo_id: String,
    referent_id: Option<Uuid>,
    referent_name: Option<String>,
    referent_email: Option<String>,
    referent_phone: Option<String>,
    situation_category: Option<String>,
    situation_state: Option<String>,
    situation_started_on: Option<String>,
    situation_ended_on: Option<String>,
    situation_label: Option<String>,
}

fn date(text: Option<String>) -> Result<Option<CivilDate>, Fault> {
    text.map(CivilDate::try_from).transpose().map_err(|_| Fault::Broken("a stored date is none"))
}

/// The profile, with the referent attached at `at`.
pub(crate) async fn profile(db: &mut impl Reads, access: &impl MayRead, at: Instant) -> Result<Profile, Fault> {
    Ok(profile_and_situation(db, access.facts(), at).await?.0)
}

/// The profile and the last professional situation, for attached staff only (E2).
pub(crate) async fn file(
    db: &mut impl Reads,
    access: &Access<crate::access::ReadFile, YouthFacts>,
    at: Instant,
) -> Result<(Profile, Option<Situation>), Fault> {
    profile_and_situation(db, Access::facts(access), at).await
}

async fn profile_and_situation(
    db: &mut impl Reads,
    facts: &YouthFacts,
    at: Instant,
) -> Result<(Profile, Option<Situation>), Fault> {
    let row: Option<ProfileRow> = on!(db, conn => sqlx::query_as(
        "SELECT y.first_name, y.birth_name, y.usual_name, y.birth_date, y.address, y.postal_code, y.city, y.phone,
                y.email, y.school_level, y.target_job, y.prepared_job, y.held_job, y.registered_on,
                y.guarantee_entry_on, y.cej_entry_on, y.cohort_number, y.imilo_id,
                s.account_id AS referent_id, s.name AS referent_name, s.email AS referent_email,
                s.phone AS referent_phone,
                l.category AS situation_category, l.state AS situation_state, l.started_on AS situation_started_on,
                l.ended_on AS situation_ended_on, l.label AS situation_label
         FROM youth y
         LEFT JOIN attachment a ON a.youth_id = y.id AND a.referent
              AND a.started_at <= $2 AND (a.ended_at IS NULL OR a.ended_at > $2)
         LEFT JOIN staff s ON s.account_id = a.staff_id
         LEFT JOIN situation l ON l.id = (
             SELECT m.id FROM situation m WHERE m.youth_id = y.id ORDER BY m.started_on DESC LIMIT 1
         )
         WHERE y.id = $1
         ORDER BY a.started_at DESC LIMIT 1",
    )
    .bind(Uuid::from(facts.youth))
    .bind(at.millis())
    .fetch_optional(conn)
    .await)?;
    let row = row.ok_or(Fault::Broken("a file without its row"))?;
    let referent = referent(row.referent_id, row.referent_name, row.referent_email, row.referent_phone);
    let situation = row.situation_category.zip(row.situation_state).map(|(category, state)| {
        Ok::<_, Fault>(Situation {
            category,
            state: known(SituationState::from_code(&state))?,
            started_on: date(row.situation_started_on)?,
            ended_on: date(row.situation_ended_on)?,
            label: row.situation_label,
        })
    });
    let profile = Profile {
        youth: facts.youth,
        first_name: row.first_name,
        birth_name: row.birth_name,
        usual_name: row.usual_name,
        birth_date: CivilDate::try_from(row.birth_date).map_err(|_| Fault::Broken("a stored date is none"))?,
        address: row.address,
        postal_code: row.postal_code,
        city: row.city,
        phone: row.phone,
        email: row.email,
        school_level: row.school_level,
        target_job: row.target_job,
        prepared_job: row.prepared_job,
        held_job: row.held_job,
        registered_on: date(row.registered_on)?,
        guarantee_entry_on: date(row.guarantee_entry_on)?,
        cej_entry_on: date(row.cej_entry_on)?,
        cohort_number: row.cohort_number,
        imilo_id: row.imilo_id,
        referent,
        vault_shared: facts.vault_shared,
    };
    Ok((profile, situation.transpose()?))
}

fn referent(
    id: Option<Uuid>,
    name: Option<String>,
    email: Option<String>,
    phone: Option<String>,
) -> Option<StaffContact> {
    id.zip(name).map(|(id, name)| StaffContact { account: id.into(), name, email, phone })
}

/// What the dashboard shows about the young person.
pub(crate) struct Welcome {
    pub(crate) first_name: String,
    pub(crate) referent: Option<StaffContact>,
    /// Bytes used and reserved in the vault.
    pub(crate) vault_bytes: u64,
}

#[derive(sqlx::FromRow)]
struct WelcomeRow {
    first_name: String,
    vault_bytes: i64,
    referent_id: Option<Uuid>,
    referent_name: Option<String>,
    referent_email: Option<String>,
    referent_phone: Option<String>,
}

/// First name, vault and the referent attached at `at`, in one query, because this is the page that is opened most
/// often.
pub(crate) async fn welcome(
    db: &mut impl Reads,
    access: &Access<crate::access::ReadOwnSpace, YouthFacts>,
    at: Instant,
) -> Result<Welcome, Fault> {
    let row: Option<WelcomeRow> = on!(db, conn => sqlx::query_as(
        "SELECT y.first_name, v.bytes AS vault_bytes, s.account_id AS referent_id, s.name AS referent_name,
                s.email AS referent_email, s.phone AS referent_phone
         FROM youth y
         JOIN vault v ON v.youth_id = y.id
         LEFT JOIN attachment a ON a.youth_id = y.id AND a.referent
              AND a.started_at <= $2 AND (a.ended_at IS NULL OR a.ended_at > $2)
         LEFT JOIN staff s ON s.account_id = a.staff_id
         WHERE y.id = $1
         ORDER BY a.started_at DESC LIMIT 1",
    )
    .bind(Uuid::from(Access::facts(access).youth))
    .bind(at.millis())
    .fetch_optional(conn)
    .await)?;
    let row = row.ok_or(Fault::Broken("a file without its row"))?;
    Ok(Welcome {
        first_name: row.first_name,
        referent: referent(row.referent_id, row.referent_name, row.referent_email, row.referent_phone),
        vault_bytes: u64::try_from(row.vault_bytes).unwrap_or(0),
    })
}

#[derive(sqlx::FromRow)]
struct EventRow {
    starts_at: i64,
    kind: String,
    title: String,
    place: String,
}

/// The appointments after `at`, soonest first; at most five.
pub(crate) async fn next_events(
    db: &mut impl Reads,
    access: &impl MayRead,
    at: Instant,
) -> Result<Vec<NextAppointment>, Fault> {
    let rows: Vec<EventRow> = on!(db, conn => sqlx::query_as(
        "SELECT starts_at, kind, title, place FROM appointment
         WHERE youth_id = $1 AND starts_at >= $2 ORDER BY starts_at LIMIT 5",
    )
    .bind(Uuid::from(access.facts().youth))
    .bind(at.millis())
    .fetch_all(conn)
    .await)?;
    rows.into_iter()
        .map(|row| {
            Ok(NextAppointment {
                at: Instant::from_millis(row.starts_at),
                kind: known(AppointmentKind::from_code(&row.kind))?,
                title: row.title,
                place: row.place,
            })
        })
        .collect()
}

#[derive(sqlx::FromRow)]
struct CorrectionRow {
    asked_at: i64,
    message: String,
}

/// The corrections asked for, newest first; at most ten.
pub(crate) async fn corrections(db: &mut impl Reads, access: &impl MayRead) -> Result<Vec<Correction>, Fault> {
    let rows: Vec<CorrectionRow> = on!(db, conn => sqlx::query_as(
        "SELECT asked_at, message FROM correction WHERE youth_id = $1 ORDER BY asked_at DESC LIMIT 10",
    )
    .bind(Uuid::from(access.facts().youth))
    .fetch_all(conn)
    .await)?;
    Ok(rows
        .into_iter()
        .map(|row| Correction { asked_at: Instant::from_millis(row.asked_at), message: row.message })
        .collect())
}

/// Records a correction, unless this id was recorded before, or the same text a moment ago.
pub(crate) async fn insert_correction(
    tx: &mut Tx,
    access: &Access<AskCorrection, YouthFacts>,
    id: CorrectionId,
    message: &str,
    at: Instant,
) -> Result<(), Fault> {
    let youth = Uuid::from(access.facts().youth);
    // This update changes nothing but locks the row, so that two clicks at once are handled one after the other.
    execute!(tx => sqlx::query("UPDATE vault SET shared = shared WHERE youth_id = $1")
        .bind(youth))?;
    execute!(tx => sqlx::query(
        "INSERT INTO correction (id, youth_id, asked_at, message)
         SELECT $1, $2, $3, $4 WHERE NOT EXISTS (
             SELECT 1 FROM correction WHERE youth_id = $2 AND message = $4 AND asked_at > $5
         ) ON CONFLICT (id) DO NOTHING",
    )
    .bind(Uuid::from(id))
    .bind(youth)
    .bind(at.millis())
    .bind(message)
    .bind(at.plus_minutes(-10).millis()))?;
    Ok(())
}

/// A file to be written by an import or by the demonstration.
pub(crate) struct NewYouth {
    pub(crate) profile: Profile,
    pub(crate) account: AccountId,
}

/// Writes a file and its empty vault.
pub(crate) async fn insert(tx: &mut Tx, new: &NewYouth) -> Result<(), Fault> {
    let profile = &new.profile;
    let last = profile.usual_name.as_deref().unwrap_or(&profile.birth_name);
    let sort_key = fold(&format!("{last} {}", profile.first_name));
    // « N'Diaye » is found as « n diaye » and as « ndiaye »; the first name and the family name may come in either
    // order.
    let together = |name: &str| fold(name).replace(' ', "");
    let search_key = [
        fold(&profile.first_name),
        fold(last),
        fold(&profile.birth_name),
        together(&profile.first_name),
        together(last),
        together(&profile.birth_name),
        fold(&profile.first_name),
        fold(&profile.imilo_id),
    ]
    .join(" ");
    let text = |date: Option<CivilDate>| date.map(|date| date.to_string());
    execute!(tx => sqlx::query(
        "INSERT INTO youth (id, account_id, imilo_id, first_name, birth_name, usual_name, birth_date, address,
             postal_code, city, phone, email, school_level, target_job, prepared_job, held_job, registered_on,
             guarantee_entry_on, cej_entry_on, cohort_number, sort_key, search_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
    )
    .bind(Uuid::from(profile.youth))
    .bind(Uuid::from(new.account))
    .bind(&profile.imilo_id)
    .bind(&profile.first_name)
    .bind(&profile.birth_name)
    .bind(&profile.usual_name)
    .bind(profile.birth_date.to_string())
    .bind(&profile.address)
    .bind(&profile.postal_code)
    .bind(&profile.city)
    .bind(&profile.phone)
    .bind(&profile.email)
    .bind(&profile.school_level)
    .bind(&profile.target_job)
    .bind(&profile.prepared_job)
    .bind(&profile.held_job)
    .bind(text(profile.registered_on))
    .bind(text(profile.guarantee_entry_on))
    .bind(text(profile.cej_entry_on))
    .bind(&profile.cohort_number)
    .bind(&sort_key)
    .bind(&search_key))?;
    execute!(tx => sqlx::query("INSERT INTO vault (youth_id, shared, bytes, documents) VALUES ($1, $2, 0, 0)")
        .bind(Uuid::from(profile.youth))
        .bind(profile.vault_shared))?;
    Ok(())
}

/// Attaches a member of staff to a file (E3).
pub(crate) async fn attach(
    tx: &mut Tx,
    youth: YouthId,
    staff: AccountId,
    referent: bool,
    from: Instant,
    to: Option<Instant>,
    reason: &str,
) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO attachment (id, youth_id, staff_id, referent, started_at, ended_at, reason)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new_id::<Uuid>())
    .bind(Uuid::from(youth))
    .bind(Uuid::from(staff))
    .bind(referent)
    .bind(from.millis())
    .bind(to.map(Instant::millis))
    .bind(reason))?;
    Ok(())
}

/// Writes a professional situation.
pub(crate) async fn insert_situation(tx: &mut Tx, youth: YouthId, situation: &Situation) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO situation (id, youth_id, category, state, started_on, ended_on, label)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(new_id::<Uuid>())
    .bind(Uuid::from(youth))
    .bind(&situation.category)
    .bind(situation.state.code())
    .bind(situation.started_on.map(|date| date.to_string()))
    .bind(situation.ended_on.map(|date| date.to_string()))
    .bind(&situation.label))?;
    Ok(())
}

/// Writes an appointment or a workshop.
pub(crate) async fn insert_event(tx: &mut Tx, youth: YouthId, event: &NextAppointment) -> Result<(), Fault> {
    execute!(tx => sqlx::query(
        "INSERT INTO appointment (id, youth_id, starts_at, kind, title, place) VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new_id::<Uuid>())
    .bind(Uuid::from(youth))
    .bind(event.at.millis())
    .bind(event.kind.code())
    .bind(&event.title)
    .bind(&event.place))?;
    Ok(())
}

/// The owner of the vault, and the bytes that are used and reserved in it.
pub(crate) async fn vault_owner(
    db: &mut impl Reads,
    access: &Access<crate::access::ListDocuments, YouthFacts>,
) -> Result<(String, u64), Fault> {
    let (first, birth, usual, bytes): (String, String, Option<String>, i64) = on!(db, conn => sqlx::query_as(
        "SELECT y.first_name, y.birth_name, y.usual_name, v.bytes
         FROM youth y JOIN vault v ON v.youth_id = y.id WHERE y.id = $1",
    )
    .bind(Uuid::from(access.facts().youth))
    .fetch_one(conn)
    .await)?;
    Ok((format!("{first} {}", usual.unwrap_or(birth)), u64::try_from(bytes).unwrap_or(0)))
}
