//! What visitors would have sent, in one call.

use super::fail;
use crate::{
    Services,
    store::{self, sample_requests},
};
use domain::{
    ids::{AccountId, EventId, RequestId},
    inbox::RequestState,
    requests::RequestKind,
    time::Instant,
};

/// A request as its form would leave it.
#[derive(Clone, Debug)]
pub struct TestRequest {
    /// When it came.
    pub received_at: Instant,
    /// How far it has come.
    pub state: RequestState,
    /// Who sent it, last name.
    pub last_name: String,
    /// Where answers go.
    pub email: Option<String>,
    /// What they wrote.
    pub message: Option<String>,
    /// What the screening found.
    pub flags: Option<String>,
    /// The event it is about.
    pub event: Option<EventId>,
    /// Who has it.
    pub assigned_to: Option<AccountId>,
}

impl Services {
    /// A request that came now; `change` makes it what the test needs.
    ///
    /// # Errors
    /// A message.
    pub async fn test_request(
        &self,
        kind: RequestKind,
        change: impl FnOnce(&mut TestRequest),
    ) -> Result<RequestId, String> {
        let mut request = TestRequest {
            received_at: self.calendar.now(),
            state: RequestState::New,
            last_name: "Visiteuse".to_owned(),
            email: Some("nour.visiteuse@exemple.test".to_owned()),
            message: Some("Bonjour, je cherche une formation.".to_owned()),
            flags: None,
            event: None,
            assigned_to: None,
        };
        change(&mut request);
        let id: RequestId = store::new_id();
        let row = sample_requests::NewRow {
            id,
            kind,
            received_at: request.received_at,
            state: request.state,
            first_name: "Nour".to_owned(),
            last_name: request.last_name,
            email: request.email,
            phone: Some("+33639980001".to_owned()),
            birth_date: None,
            postal_code: None,
            company: None,
            by_video: None,
            availability: None,
            message: request.message,
            event: request.event,
            structure: None,
            flags: request.flags,
            assigned_to: request.assigned_to,
        };
        let write = self.data.write(move |tx| Box::pin(async move { sample_requests::insert(tx, &row).await }));
        write.await.map_err(fail)?;
        Ok(id)
    }
}
