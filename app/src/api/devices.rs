//! How the actions on one's own sessions and password answer plain forms.

use crate::{
    act::action,
    actions::devices::{ChangePassword, CloseInstallHint, SignOutDevice, SignedOut},
    page::{Done, Shown},
    pages::devices,
};
use domain::forms::{device::SignOutForm, password::PasswordForm};

action!(
    SignOutDevice: SignOutForm,
    again in devices::page,
    then |_, _, whose| Done::See(match whose {
        SignedOut::One => "/appareils?fait=un".to_owned(),
        SignedOut::Others => "/appareils?fait=autres".to_owned(),
    })
);
action!(
    ChangePassword: PasswordForm,
    again in devices::change_password,
    then |_, _, ()| Done::See("/appareils?fait=mot-de-passe".to_owned())
);
action!(
    CloseInstallHint: (),
    again in |page, _: Shown<()>| devices::page(page, Shown::default()),
    then |_, page, ()| {
        let role = page.visit.session.as_ref().and_then(|session| session.role());
        Done::See(page.home_of(role).to_owned())
    }
);
