//! How the actions on requests about personal data answer plain forms (E15).

use crate::{
    act::action,
    actions::rights::{AskAboutOwnRights, AskAboutRights, StepRightsRequest, Stepped},
    page::Done,
    pages::{
        admin::rights::{BASE, request},
        rights,
    },
};
use domain::forms::{
    public::PublicForm,
    rights::{RightsForm, RightsStepForm},
};

action!(
    AskAboutRights: RightsForm with token,
    again in rights::page,
    then |_, _, ()| Done::See(format!("{}?fait=oui", rights::PUBLIC))
);
action!(
    AskAboutOwnRights: RightsForm with token,
    again in rights::own,
    then |_, _, ()| Done::See(format!("{}?fait=oui", rights::OWN))
);
action!(
    StepRightsRequest: RightsStepForm,
    again in request::page,
    then |action, _, stepped| {
        let word = match stepped {
            Stepped::IdentityAsked => "identite",
            Stepped::Extended => "prolonge",
            Stepped::Closed => "clos",
            Stepped::Blanked => "efface",
        };
        Done::See(format!("{BASE}/{}?fait={word}", action.demande))
    }
);
