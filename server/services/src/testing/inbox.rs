//! Requests of visitors, made in one call.

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

/// A request as its form stores it.
#[derive(Clone, Debug)]
pub struct TestRequest {
    /// When it arrived.
    pub received_at: Instant,
    /// The state.
    pub state: RequestState,
    /// The last name of the person who sent it.
    pub last_name: String,
    /// The address for answers.
    pub email: Option<String>,
    /// The message.
    pub message: Option<String>,
    /// What the screening found.
    pub flags: Option<String>,
    /// The event it is about.
    pub event: Option<EventId>,
    /// The member of staff in charge.
    pub assigned_to: Option<AccountId>,
}

impl Services {
    /// A request that arrives now; `change` sets what the test needs.
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
