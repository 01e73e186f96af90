//! Files of young people: reading them and asking for corrections, under the rules of E2 and E3.

use crate::{
    Services,
    access::{
        Access, AskCorrection, Permission, PermissionType, ReadDocument, ReadFile, ReadOwnSpace, YouthFacts, authorize,
    },
    db::Reads,
    error::Fault,
    store,
};
use async_trait::async_trait;
use domain::{
    actor::Actor,
    error::{PortError, PortResult},
    ids::{CorrectionId, DocumentId, SubmissionId, YouthId},
    youth::{Correction, Dashboard, NewCorrection, Profile, YouthFile, Youths},
};
use uuid::Uuid;

impl Services {
    /// Decides whether the actor may use a file. A refused attempt is logged. A missing file gives « not found ».
    pub(crate) async fn access_youth<P: PermissionType>(
        &self,
        db: &mut impl Reads,
        actor: &Actor,
        permission: P,
        youth: YouthId,
    ) -> Result<Access<P, YouthFacts>, Fault> {
        let at = self.calendar.now();
        let facts = store::facts::youth(db, actor, youth, at).await?.ok_or(PortError::NotFound)?;
        match authorize(actor, permission, facts) {
            Ok(access) => Ok(access),
            Err(refused) => {
                self.log_refusal::<P>(actor, youth, None).await?;
                Err(refused.into())
            }
        }
    }

    /// Logs a refused attempt (V11).
    pub(crate) async fn log_refusal<P: PermissionType>(
        &self,
        actor: &Actor,
        youth: YouthId,
        document: Option<DocumentId>,
    ) -> Result<(), Fault> {
        let (at, actor) = (self.calendar.now(), actor.clone());
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    store::access_log::append(tx, at, &actor, P::PERMISSION, youth, document, true).await
                })
            })
            .await
    }

    async fn log_kept_out(
        &self,
        actor: &Actor,
        youth: Option<YouthId>,
        document: Option<DocumentId>,
    ) -> Result<(), Fault> {
        let at = self.calendar.now();
        let mut db = self.data.read().await?;
        let aimed = match document {
            // The attempt is logged for the document's real owner, even if the path names somebody else.
            Some(id) => store::facts::document(&mut db, actor, id, at).await?.map(|facts| facts.vault.youth),
            None => None,
        };
        match (aimed, youth) {
            (Some(owner), _) => {
                drop(db);
                self.log_refusal::<ReadDocument>(actor, owner, document).await
            }
            (None, Some(youth)) => {
                let known = store::facts::youth(&mut db, actor, youth, at).await?.is_some();
                drop(db);
                if known { self.log_refusal::<ReadFile>(actor, youth, None).await } else { Ok(()) }
            }
            (None, None) => Ok(()),
        }
    }

    async fn read_dashboard(&self, actor: &Actor) -> Result<Dashboard, Fault> {
        let youth = actor.own_youth().ok_or(PortError::Refused)?;
        let at = self.calendar.now();
        let mut db = self.data.read().await?;
        let access = self.access_youth(&mut db, actor, ReadOwnSpace, youth).await?;
        let welcome = store::youths::welcome(&mut db, &access, at).await?;
        let next = store::youths::next_events(&mut db, &access, at).await?;
        let rows = store::documents::newest(&mut db, &access, 3).await?;
        drop(db);
        let newest = self.summaries(actor, access.facts(), rows).await?;
        Ok(Dashboard {
            first_name: welcome.first_name,
            next,
            newest,
            referent: welcome.referent,
            vault_bytes: welcome.vault_bytes,
            vault_shared: access.facts().vault_shared,
        })
    }

    async fn read_own_profile(&self, actor: &Actor) -> Result<(Profile, Vec<Correction>), Fault> {
        let youth = actor.own_youth().ok_or(PortError::Refused)?;
        let mut db = self.data.read().await?;
        let access = self.access_youth(&mut db, actor, ReadOwnSpace, youth).await?;
        let profile = store::youths::profile(&mut db, &access, self.calendar.now()).await?;
        let corrections = store::youths::corrections(&mut db, &access).await?;
        Ok((profile, corrections))
    }

    async fn read_file(&self, actor: &Actor, youth: YouthId) -> Result<YouthFile, Fault> {
        let at = self.calendar.now();
        let mut db = self.data.read().await?;
        let access = self.access_youth(&mut db, actor, ReadFile, youth).await?;
        let (profile, last_situation) = store::youths::file(&mut db, &access, at).await?;
        let corrections = store::youths::corrections(&mut db, &access).await?;
        let next = store::youths::next_events(&mut db, &access, at).await?;
        drop(db);
        let actor = actor.clone();
        self.data
            .write(move |tx| {
                Box::pin(async move {
                    store::access_log::append(tx, at, &actor, Permission::ReadFile, youth, None, false).await
                })
            })
            .await?;
        Ok(YouthFile { profile, last_situation, corrections, next })
    }
}

#[async_trait]
impl Youths for Services {
    async fn dashboard(&self, actor: &Actor) -> PortResult<Dashboard> {
        Ok(self.read_dashboard(actor).await?)
    }

    async fn own_profile(&self, actor: &Actor) -> PortResult<(Profile, Vec<Correction>)> {
        Ok(self.read_own_profile(actor).await?)
    }

    async fn ask_correction(
        &self,
        actor: &Actor,
        correction: NewCorrection,
        submission: SubmissionId,
    ) -> PortResult<()> {
        let id: CorrectionId = Uuid::from(submission).into();
        let (actor, at) = (actor.clone(), self.calendar.now());
        let written = self.data.write(move |tx| {
            Box::pin(async move {
                let youth = actor.own_youth().ok_or(PortError::Refused)?;
                let facts = store::facts::youth(tx, &actor, youth, at).await?.ok_or(PortError::NotFound)?;
                let access = authorize(&actor, AskCorrection, facts)?;
                store::youths::insert_correction(tx, &access, id, &correction.message, at).await
            })
        });
        Ok(written.await?)
    }

    async fn note_refusal(
        &self,
        actor: &Actor,
        youth: Option<YouthId>,
        document: Option<DocumentId>,
    ) -> PortResult<()> {
        Ok(self.log_kept_out(actor, youth, document).await?)
    }

    async fn file(&self, actor: &Actor, youth: YouthId) -> PortResult<YouthFile> {
        Ok(self.read_file(actor, youth).await?)
    }
}
