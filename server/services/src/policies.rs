//! The versions of the policy: each is stored word for word, so that people can read earlier versions (R).

use crate::{Services, error::Fault, store};
use async_trait::async_trait;
use domain::{
    error::{PortError, PortResult},
    register::{Policies, PolicyVersion},
};
use sha2::{Digest, Sha256};

impl Services {
    async fn keep_policy(&self, content: &str) -> Result<PolicyVersion, Fault> {
        let hash = Sha256::digest(content.as_bytes()).to_vec();
        loop {
            let newest = store::policies::newest(&mut self.data.read().await?).await?;
            let number = match newest {
                Some((version, known)) if known == hash => return Ok(version),
                Some((version, _)) => version.number + 1,
                None => 1,
            };
            let version = PolicyVersion { number, since: self.calendar.now() };
            let (hash, content) = (hash.clone(), content.to_owned());
            let added = self
                .data
                .write(move |tx| Box::pin(async move { store::policies::insert(tx, version, &hash, &content).await }));
            // Another instance may have been faster, probably with the same text, so look again.
            if added.await? {
                return Ok(version);
            }
        }
    }
}

#[async_trait]
impl Policies for Services {
    async fn keep(&self, content: &str) -> PortResult<PolicyVersion> {
        Ok(self.keep_policy(content).await?)
    }

    async fn versions(&self) -> PortResult<Vec<PolicyVersion>> {
        let read = async { store::policies::all(&mut self.data.read().await?).await };
        Ok(read.await?)
    }

    async fn version(&self, number: u32) -> PortResult<(PolicyVersion, String)> {
        let read = async { store::policies::one(&mut self.data.read().await?, number).await };
        read.await?.ok_or(PortError::NotFound)
    }
}
