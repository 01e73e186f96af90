//! The mails about accounts: the invitation, what waits for a second person, and that a rescue took place.

use crate::{
    Services,
    db::Reads,
    error::Fault,
    store::{self, mail::Letter},
};
use domain::{
    activation::Invitation,
    ids::AccountId,
    mail::{Message, Recipient},
};

/// The page that lists the proposals. Mails lead here and not to one proposal, which another person may have decided
/// before.
const PROPOSALS: &str = "/admin/comptes/propositions";

impl Services {
    /// The invitation with its code; nothing when there is no address to send it to.
    pub(super) fn invitation_letter(
        &self,
        invitation: &Invitation,
        address: Option<&str>,
    ) -> Result<Option<Letter>, Fault> {
        let to = address.and_then(|address| Recipient::new(&invitation.name, address).ok());
        let Some(to) = to else { return Ok(None) };
        let message = Message::StaffInvitation {
            name: invitation.name.clone(),
            identifier: invitation.identifier.clone(),
            link: self.outbox.link(&format!("/activation?code={}", invitation.code.reveal())),
            code: invitation.code.groups(),
            valid_until: invitation.valid_until,
        };
        self.outbox.letter(&to, &message).map(Some)
    }

    /// The mails to everybody who may confirm a proposal about `name`.
    pub(super) async fn awaited_letters(
        &self,
        db: &mut impl Reads,
        name: &str,
        proposed_by: AccountId,
        about: AccountId,
    ) -> Result<Vec<Letter>, Fault> {
        let message = Message::ConfirmationAwaited { name: name.to_owned(), link: self.outbox.link(PROPOSALS) };
        let deciders = store::staff::deciders(db, proposed_by, about).await?;
        self.letters_to(deciders, &message)
    }

    /// The mails to the other administrators which say that the command line gave `name` access.
    pub(super) async fn rescue_letters(
        &self,
        db: &mut impl Reads,
        name: &str,
        account: AccountId,
    ) -> Result<Vec<Letter>, Fault> {
        let link = self.outbox.link(&format!("/admin/comptes/{account}"));
        let message = Message::AdministratorRescued { name: name.to_owned(), link };
        let others = store::staff::administrators(db, account).await?;
        self.letters_to(others, &message)
    }

    fn letters_to(&self, people: Vec<store::staff::Reachable>, message: &Message) -> Result<Vec<Letter>, Fault> {
        people
            .into_iter()
            .filter_map(|person| Recipient::new(&person.name, &person.email?).ok())
            .map(|to| self.outbox.letter(&to, message))
            .collect()
    }
}
