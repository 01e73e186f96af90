//! One's own sessions and password.

use super::{Form, Refusal, Value};
use domain::forms::{device::SignOutForm, password::PasswordForm};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Which sessions have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedOut {
    /// The session of one device.
    One,
    /// All sessions but the one in use.
    Others,
}

/// Signs out one device, or all others.
#[server(prefix = "", endpoint = "appareils", input = Form, output = Value)]
pub async fn sign_out_device(
    /// What the form sends.
    #[server(flatten)]
    form: SignOutForm,
) -> Result<SignedOut, Refusal> {
    use domain::forms::device::SignOut;
    let page = crate::page::Page::current()?;
    let whom = form.validate()?;
    let session = page.session()?;
    match whom {
        SignOut::One(device) => {
            page.host.devices.sign_out_device(session, device).await?;
            Ok(SignedOut::One)
        }
        SignOut::Others => {
            page.host.devices.sign_out_others(session).await?;
            Ok(SignedOut::Others)
        }
    }
}

/// Changes one's own password.
#[server(prefix = "", endpoint = "mot-de-passe", input = Form, output = Value)]
pub async fn change_password(
    /// What the form sends.
    #[server(flatten)]
    form: PasswordForm,
) -> Result<(), Refusal> {
    use domain::{devices::PasswordRefusal, forms::FieldCode};
    let page = crate::page::Page::current()?;
    let change = form.validate()?;
    match page.host.devices.change_password(page.session()?, change).await {
        Ok(()) => Ok(()),
        Err(PasswordRefusal::Wrong) => Err(Refusal::field("current", FieldCode::WrongPassword)),
        Err(PasswordRefusal::Password(code)) => Err(Refusal::field("password", code)),
        Err(PasswordRefusal::TooManyAttempts { minutes }) => {
            Err(Refusal::field("current", FieldCode::TooManyAttempts { minutes }))
        }
        Err(PasswordRefusal::Port(error)) => Err(error.into()),
    }
}

/// Hides the hint about how to install the app, for good (P1). Doing it twice changes nothing.
#[server(prefix = "", endpoint = "appareils/installation", input = Form, output = Value)]
pub async fn close_install_hint() -> Result<(), Refusal> {
    let page = crate::page::Page::current()?;
    Ok(page.host.devices.close_install_hint(page.session()?).await?)
}
