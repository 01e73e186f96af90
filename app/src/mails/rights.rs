//! The mails about somebody's request over their own data (E15).

use super::letter::{Block, Letter};
use crate::{
    components::{format, rights::right_name},
    texts::Texts,
};
use domain::{
    rights::{Right, RightsOutcome},
    time::CivilDate,
};

/// Says that the request arrived, and by which day it will be answered (art. 12-3).
pub(super) fn received(texts: Texts, site: &str, name: &str, right: Right, due_on: CivilDate) -> Letter {
    Letter {
        subject: texts.mail_rights_received_subject(site),
        heading: texts.mail_rights_hello(name),
        blocks: vec![
            Block::Text(texts.mail_rights_received_text().to_owned()),
            Block::Fact(texts.mail_rights_right(), right_name(texts, right).to_owned()),
            Block::Text(texts.mail_rights_received_due(format::date(texts, due_on))),
            Block::Text(texts.mail_rights_received_paper().to_owned()),
            Block::Text(texts.mail_rights_received_not_you().to_owned()),
        ],
    }
}

/// Tells the people who answer that a request arrived: where to read it, and nothing about who sent it.
pub(super) fn arrived(texts: Texts, site: &str, link: &str, due_on: CivilDate) -> Letter {
    Letter {
        subject: texts.mail_rights_arrived_subject(site),
        heading: texts.mail_rights_arrived_hello().to_owned(),
        blocks: vec![
            Block::Text(texts.mail_rights_arrived_text(format::date(texts, due_on))),
            Block::Button(texts.mail_rights_arrived_button(), link.to_owned()),
        ],
    }
}

/// Asks for an identity paper, and says why there is a doubt about the person (art. 12-6).
pub(super) fn identity(texts: Texts, site: &str, name: &str, doubt: &str) -> Letter {
    Letter {
        subject: texts.mail_rights_identity_subject(site),
        heading: texts.mail_rights_hello(name),
        blocks: vec![
            Block::Text(texts.mail_rights_identity_text().to_owned()),
            Block::Words(doubt.to_owned()),
            Block::Text(texts.mail_rights_identity_how().to_owned()),
        ],
    }
}

/// Says that the answer takes longer, and why.
pub(super) fn extended(texts: Texts, site: &str, name: &str, reason: &str, due_on: CivilDate) -> Letter {
    Letter {
        subject: texts.mail_rights_extended_subject(site),
        heading: texts.mail_rights_hello(name),
        blocks: vec![
            Block::Text(texts.mail_rights_extended_text().to_owned()),
            Block::Words(reason.to_owned()),
            Block::Text(texts.mail_rights_extended_due(format::date(texts, due_on))),
            Block::Text(texts.mail_rights_complaint_short().to_owned()),
        ],
    }
}

/// Gives the answer. When something is refused, the mail says where to complain (art. 12-4).
pub(super) fn answered(texts: Texts, site: &str, name: &str, outcome: RightsOutcome, answer: &str) -> Letter {
    let verdict = match outcome {
        RightsOutcome::Granted => texts.mail_rights_granted(),
        RightsOutcome::Partly => texts.mail_rights_partly(),
        RightsOutcome::Refused => texts.mail_rights_refused(),
        RightsOutcome::Withdrawn => texts.mail_rights_withdrawn(),
    };
    let mut blocks = vec![Block::Text(verdict.to_owned()), Block::Words(answer.to_owned())];
    if matches!(outcome, RightsOutcome::Partly | RightsOutcome::Refused) {
        blocks.push(Block::Text(texts.mail_rights_complaint().to_owned()));
    }
    Letter { subject: texts.mail_rights_answered_subject(site), heading: texts.mail_rights_hello(name), blocks }
}
