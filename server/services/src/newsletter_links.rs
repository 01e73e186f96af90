//! The links in the newsletter's mails. A link holds the subscription's id, and a signature over the id and the purpose
//! of the link. No link is stored.

use crate::crypto::{SealKey, ct_eq};
use data_encoding::BASE64URL_NOPAD;
use domain::{ids::SubscriptionId, newsletter::LinkPurpose};
use std::sync::Arc;
use uuid::Uuid;

/// Bytes of an id.
const ID_LEN: usize = 16;
/// Bytes of a signature.
const MAC_LEN: usize = 32;

/// Proof that somebody has a link from a subscription's mails. Only [`NewsletterLinks::proof`] makes one.
pub(crate) struct Proof(SubscriptionId);

impl Proof {
    /// The subscription of the link.
    pub(crate) fn subscription(&self) -> SubscriptionId {
        self.0
    }
}

/// Makes links and reads them.
#[derive(Clone)]
pub(crate) struct NewsletterLinks {
    key: Arc<SealKey>,
}

const fn label(purpose: LinkPurpose) -> &'static [u8] {
    match purpose {
        LinkPurpose::Confirm => b"confirm",
        LinkPurpose::Unsubscribe => b"unsubscribe",
    }
}

impl NewsletterLinks {
    pub(crate) fn new(key: Arc<SealKey>) -> Self {
        Self { key }
    }

    fn sign(&self, purpose: LinkPurpose, id: Uuid) -> [u8; MAC_LEN] {
        self.key.mac(&[label(purpose), id.as_bytes()])
    }

    /// The secret part of a link.
    pub(crate) fn token(&self, purpose: LinkPurpose, id: Uuid) -> String {
        BASE64URL_NOPAD.encode(&[id.as_bytes().as_slice(), &self.sign(purpose, id)].concat())
    }

    /// What a link proves; nothing when it is not ours or has another purpose.
    pub(crate) fn proof(&self, purpose: LinkPurpose, token: &str) -> Option<Proof> {
        let bytes = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (id, mac) = bytes.split_first_chunk::<ID_LEN>()?;
        let id = Uuid::from_bytes(*id);
        ct_eq(&self.sign(purpose, id), mac).then(|| Proof(id.into()))
    }
}
