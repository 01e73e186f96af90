//! The mails of the newsletter's sign-up (F1).

use super::letter::{Block, Letter};
use crate::texts::Texts;
use domain::newsletter::CONFIRMATION_DAYS;

/// Asks the person to confirm that the address is theirs.
pub(super) fn confirmation(texts: Texts, site: &str, name: &str, link: &str) -> Letter {
    Letter {
        subject: texts.mail_newsletter_confirm_subject(site),
        heading: texts.mail_newsletter_hello(name),
        blocks: vec![
            Block::Text(texts.mail_newsletter_confirm_text(site)),
            Block::Button(texts.mail_newsletter_confirm_button(), link.to_owned()),
            Block::Text(texts.mail_newsletter_confirm_until(CONFIRMATION_DAYS)),
            Block::Text(texts.mail_newsletter_confirm_not_you().to_owned()),
        ],
    }
}

/// Says that the subscription is confirmed, and how to unsubscribe.
pub(super) fn welcome(texts: Texts, site: &str, name: &str, unsubscribe: &str) -> Letter {
    Letter {
        subject: texts.mail_newsletter_welcome_subject(site),
        heading: texts.mail_newsletter_hello(name),
        blocks: vec![
            Block::Text(texts.mail_newsletter_welcome_text(site)),
            Block::Text(texts.mail_newsletter_welcome_leave().to_owned()),
            Block::Button(texts.mail_newsletter_welcome_button(), unsubscribe.to_owned()),
        ],
    }
}
