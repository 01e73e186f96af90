//! `balise account`: makes the first administrators, and another one when nobody can sign in.

use super::{Checked, open, print};
use crate::settings::{PublicUrl, Settings};
use anyhow::{Context, bail};
use clap::Args;
use domain::{
    activation::Invitation,
    forms::{FieldCode, FieldErrors, account, fields},
    time::Calendar,
};
use std::io::{BufRead, IsTerminal, Write};

/// Who the administrator is. On a terminal, the command asks for what is missing.
#[derive(Debug, Args)]
pub(super) struct Administrator {
    /// What they will sign in with: small letters, digits, dots and hyphens
    #[arg(long)]
    identifier: Option<String>,
    /// First and last name
    #[arg(long)]
    name: Option<String>,
    /// Their mail address
    #[arg(long)]
    email: Option<String>,
    /// Although there are two administrators: nobody can sign in any more. Written to the journal, and to the other administrators
    #[arg(long)]
    rescue: bool,
}

/// One thing that the command needs: its flag, the question, and its rule.
struct Question {
    flag: &'static str,
    words: &'static str,
    rule: fn(&mut FieldErrors, &str) -> String,
}

const IDENTIFIER: Question = Question { flag: "--identifier", words: "Identifier", rule: account::identifier };
const NAME: Question = Question { flag: "--name", words: "First and last name", rule: account::name };
const EMAIL: Question = Question { flag: "--email", words: "Mail address", rule: fields::email };

/// Makes the administrator and prints the code, which is never shown again.
pub(super) async fn run(settings: &Settings, wanted: Administrator) -> anyhow::Result<()> {
    let public = public_url(settings)?;
    let checked = Checked::from(settings)?;
    let identifier = answer(&IDENTIFIER, wanted.identifier)?;
    let name = answer(&NAME, wanted.name)?;
    let email = answer(&EMAIL, wanted.email)?;
    // The other administrators get a mail about a rescue: it is in the outbox, which `serve` empties.
    let services = open(settings, checked, &public).await?;
    let made = services.first_administrator(&identifier, &name, &email, wanted.rescue).await;
    let calendar = services.calendar();
    services.close().await;
    print(&card(&made?, &public.origin, &*calendar))
}

/// The address of the portal. This command has no listener that would know it.
fn public_url(settings: &Settings) -> anyhow::Result<PublicUrl> {
    Ok(match &settings.public_url {
        Some(url) => PublicUrl::parse(url)?,
        None => PublicUrl { origin: format!("http://{}", settings.listen), secure: false },
    })
}

/// A value from its flag or from the person at the terminal, who may try again.
fn answer(question: &Question, given: Option<String>) -> anyhow::Result<String> {
    if let Some(value) = given {
        return check(question, &value).map_err(|wrong| anyhow::anyhow!("{}: {wrong}", question.flag));
    }
    if !std::io::stdin().is_terminal() {
        bail!("{} is missing", question.flag);
    }
    loop {
        eprint!("{}: ", question.words);
        std::io::stderr().flush().ok();
        let mut line = String::new();
        if std::io::stdin().lock().read_line(&mut line).context("cannot read the terminal")? == 0 {
            bail!("{} is missing", question.flag);
        }
        match check(question, &line) {
            Ok(value) => return Ok(value),
            Err(wrong) => eprintln!("  {wrong}"),
        }
    }
}

fn check(question: &Question, value: &str) -> Result<String, String> {
    let mut errors = FieldErrors::default();
    let value = (question.rule)(&mut errors, value);
    errors.iter().next().map_or(Ok(value), |error| Err(sentence(&error.code)))
}

/// The message about a wrong value, for the operator.
fn sentence(code: &FieldCode) -> String {
    match code {
        FieldCode::Required => "must not be empty".to_owned(),
        FieldCode::TooLong { max } => format!("at most {max} characters"),
        FieldCode::TooShort { min } => format!("at least {min} characters"),
        FieldCode::NotAnEmail => "must be a mail address such as p.nom@exemple.fr".to_owned(),
        FieldCode::NotAnIdentifier => {
            "only small letters without accents, digits, dots and hyphens, beginning with a letter".to_owned()
        }
        _ => "cannot be used".to_owned(),
    }
}

/// What the command prints. It is stored nowhere.
fn card(made: &Invitation, origin: &str, calendar: &dyn Calendar) -> String {
    let until = calendar.local(made.valid_until);
    format!(
        "Administrator « {} », identifier {}.\n\
         This code is shown once and opens the account once, until {} {:02}:{:02}:\n\n    {}\n\n\
         It is to be typed on {origin}/activation, or opened as\n{origin}/activation?code={}",
        made.name,
        made.identifier,
        until.date,
        until.hour,
        until.minute,
        made.code.groups(),
        made.code.reveal(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_bad_value_gets_one_clear_message() {
        for (question, value, message) in [
            (&IDENTIFIER, "", "must not be empty"),
            (&IDENTIFIER, "é", "at least 3 characters"),
            (&IDENTIFIER, "a b c", "only small letters"),
            (&NAME, "  ", "must not be empty"),
            (&EMAIL, "nobody", "must be a mail address"),
        ] {
            let wrong = answer(question, Some(value.to_owned())).unwrap_err().to_string();
            assert!(wrong.starts_with(question.flag) && wrong.contains(message), "{wrong}");
        }
        assert_eq!(answer(&IDENTIFIER, Some(" A.Modele ".into())).unwrap(), "a.modele");
    }
}
