//! What tests need besides the ports: people made in one call, sessions without a password, the access log. Compiled
//! only with the feature `testing`, which no release has.

mod content;
mod inbox;
mod ledger;
mod requests;

pub use content::{CONTENT_START, ContentCheck, ContentVerdict, check_content, check_content_start, demo_files};
pub use inbox::TestRequest;
pub use requests::moment;

use crate::{
    Services,
    crypto::{random_token, sha256},
    db::{execute, on},
    error::Fault,
    identity::NewCode,
    store::{self, accounts::NewAccount, second_factors, sessions, youths::NewYouth},
};
use data_encoding::BASE64URL_NOPAD;
use domain::{
    activation::ActivationCode,
    actor::Role,
    identity::Stage,
    ids::{AccountId, YouthId},
    time::Instant,
    youth::Profile,
};
use uuid::Uuid;

/// A line of the access log.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LogLine {
    /// What was done or tried.
    pub action: String,
    /// `youth`, `staff` …
    pub actor_kind: String,
    /// The account, if any.
    pub actor_id: Option<Uuid>,
    /// The document, if any.
    pub document_id: Option<Uuid>,
    /// Whether it was refused.
    pub refused: bool,
}

fn fail(fault: Fault) -> String {
    fault.to_string()
}

impl Services {
    /// The hash of a password, to be used for many accounts.
    ///
    /// # Errors
    /// A message.
    pub async fn test_hash(&self, password: &str) -> Result<String, String> {
        self.passwords.hash(password.to_owned()).await.map_err(fail)
    }

    /// Sums up one batch of the visits from before `before` and returns how many they were.
    ///
    /// # Errors
    /// A message.
    pub async fn test_aggregate_visits(&self, before: Instant, at_most: i64) -> Result<u64, String> {
        let calendar = self.calendar.clone();
        let write = self.data.write(move |tx| {
            Box::pin(async move { store::visits::aggregate_older(tx, &*calendar, before, at_most).await })
        });
        write.await.map_err(fail)
    }

    /// A young person; `change` fills their profile.
    ///
    /// # Errors
    /// A message.
    pub async fn test_youth(
        &self,
        identifier: &str,
        password_hash: Option<String>,
        change: impl FnOnce(&mut Profile),
    ) -> Result<(AccountId, YouthId), String> {
        let (account, youth): (AccountId, YouthId) = (store::new_id(), store::new_id());
        let mut profile = Profile {
            youth,
            first_name: "Lina".to_owned(),
            birth_name: "Exemple".to_owned(),
            usual_name: None,
            birth_date: domain::time::CivilDate::new(2007, 5, 4).ok_or("no such day")?,
            address: None,
            postal_code: None,
            city: None,
            phone: None,
            email: None,
            school_level: None,
            target_job: None,
            prepared_job: None,
            held_job: None,
            registered_on: None,
            guarantee_entry_on: None,
            cej_entry_on: None,
            cohort_number: None,
            imilo_id: youth.to_string(),
            referent: None,
            vault_shared: false,
        };
        change(&mut profile);
        let (identifier, at) = (identifier.to_owned(), self.calendar.now());
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                let row = NewAccount {
                    id: account,
                    identifier: &identifier,
                    role: None,
                    password_hash: password_hash.as_deref(),
                    created_at: at,
                };
                store::accounts::insert(tx, &row).await?;
                store::youths::insert(tx, &NewYouth { profile, account }).await
            })
        });
        write.await.map_err(fail)?;
        Ok((account, youth))
    }

    /// A member of staff. With a key, their authenticator is enrolled.
    ///
    /// # Errors
    /// A message.
    pub async fn test_staff(
        &self,
        identifier: &str,
        name: &str,
        role: Role,
        password_hash: Option<String>,
        key: Option<[u8; 20]>,
    ) -> Result<AccountId, String> {
        let id: AccountId = store::new_id();
        let sealed = key.map(|key| self.seal_second_factor(id, &key)).transpose().map_err(fail)?;
        let (identifier, name, at) = (identifier.to_owned(), name.to_owned(), self.calendar.now());
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                let row = NewAccount {
                    id,
                    identifier: &identifier,
                    role: Some(role),
                    password_hash: password_hash.as_deref(),
                    created_at: at,
                };
                store::accounts::insert(tx, &row).await?;
                store::accounts::insert_staff(tx, id, &name, "equipe@exemple.test", Some("+33199000001")).await?;
                if let Some(sealed) = sealed {
                    second_factors::propose(tx, id, &sealed).await?;
                    second_factors::use_step(tx, id, 1).await?;
                }
                Ok(())
            })
        });
        write.await.map_err(fail)?;
        Ok(id)
    }

    /// Attaches a member of staff to a file, from now to `to`.
    ///
    /// # Errors
    /// A message.
    pub async fn test_attach(&self, youth: YouthId, staff: AccountId, to: Option<Instant>) -> Result<(), String> {
        let at = self.calendar.now();
        let write = self.data.write(move |tx| {
            Box::pin(async move { store::youths::attach(tx, youth, staff, true, at, to, "Référent").await })
        });
        write.await.map_err(fail)
    }

    /// Ends every attachment to a file, now.
    ///
    /// # Errors
    /// A message.
    pub async fn test_detach(&self, youth: YouthId) -> Result<(), String> {
        let at = self.calendar.now();
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                execute!(tx => sqlx::query("UPDATE attachment SET ended_at = $1 WHERE youth_id = $2")
                    .bind(at.millis())
                    .bind(Uuid::from(youth)))?;
                Ok(())
            })
        });
        write.await.map_err(fail)
    }

    /// Opens a session as the right password and code would do, and returns its token.
    ///
    /// # Errors
    /// A message.
    pub async fn test_session(&self, account: AccountId, stage: Stage) -> Result<String, String> {
        let token = BASE64URL_NOPAD.encode(&random_token().map_err(|error| error.to_string())?);
        let (hash, at) = (sha256(token.as_bytes()), self.calendar.now());
        let write = self.data.write(move |tx| {
            Box::pin(async move {
                let session = sessions::New {
                    token_hash: &hash,
                    account,
                    stage,
                    device: "Test",
                    at,
                    ends_at: at.plus_hours(12),
                    sealed_codes: None,
                };
                sessions::insert(tx, &session).await
            })
        });
        write.await.map_err(fail)?;
        Ok(token)
    }

    /// How many passwords were checked against a hash until now, decoys included.
    #[must_use]
    pub fn test_password_checks(&self) -> u64 {
        self.passwords.checks()
    }

    /// An activation code for an account that awaits one.
    ///
    /// # Errors
    /// A message.
    pub async fn test_code(&self, account: AccountId) -> Result<ActivationCode, String> {
        let code = NewCode::make(self.calendar.now()).map_err(fail)?;
        let made = code.invitation(String::new(), String::new()).code;
        self.data.write(move |tx| Box::pin(async move { code.write(tx, account).await })).await.map_err(fail)?;
        Ok(made)
    }

    /// The access log of a file, oldest first.
    ///
    /// # Errors
    /// A message.
    pub async fn test_log(&self, youth: YouthId) -> Result<Vec<LogLine>, String> {
        let read = async {
            let mut db = self.data.read().await?;
            Ok::<_, Fault>(on!(&mut db, conn => sqlx::query_as(
                "SELECT action, actor_kind, actor_id, document_id, refused FROM access_log
                 WHERE youth_id = $1 ORDER BY at, id",
            )
            .bind(Uuid::from(youth))
            .fetch_all(conn)
            .await)?)
        };
        read.await.map_err(fail)
    }

    /// Runs a statement on the data, as somebody with access to the database can do.
    ///
    /// # Errors
    /// A message.
    pub async fn test_execute(&self, sql: &'static str) -> Result<u64, String> {
        let write = self.data.write(move |tx| Box::pin(async move { execute!(tx => sqlx::query(sql)) }));
        write.await.map_err(fail)
    }

    /// The single number that a query on the data returns.
    ///
    /// # Errors
    /// A message.
    pub async fn test_number(&self, sql: &'static str) -> Result<i64, String> {
        let read = async {
            let mut db = self.data.read().await?;
            Ok::<_, Fault>(on!(&mut db, conn => sqlx::query_scalar(sql).fetch_one(conn).await)?)
        };
        read.await.map_err(fail)
    }
}
