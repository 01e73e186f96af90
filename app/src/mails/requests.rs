//! The mail that answers what somebody sent through a public form (A5).

use super::letter::{Block, Letter};
use crate::texts::Texts;

/// The answer that staff wrote, in the organisation's name.
pub(super) fn answered(texts: Texts, site: &str, name: &str, answer: &str) -> Letter {
    Letter {
        subject: texts.mail_answer_subject(site),
        heading: texts.mail_answer_hello(name),
        blocks: vec![
            Block::Text(texts.mail_answer_text().to_owned()),
            Block::Words(answer.to_owned()),
            Block::Text(texts.mail_answer_more().to_owned()),
        ],
    }
}
