//! How the action that asks for a correction answers a plain form (E2).

use crate::{act::action, actions::youth::AskCorrection, page::Done, pages::youth::profile};
use domain::forms::correction::CorrectionForm;

action!(
    AskCorrection: CorrectionForm with token,
    again in profile::page,
    then |_, _, ()| Done::See("/mon-espace/profil?demande=envoyee#correction".to_owned())
);
