//! How the actions on requests of the inbox answer plain forms (A5).

use crate::{
    act::action,
    actions::inbox::{HandleRequest, Handled},
    page::Done,
    pages::advisor::requests::{BASE, request},
};
use domain::forms::inbox::HandlingForm;

action!(
    HandleRequest: HandlingForm,
    again in request::page,
    then |action, _, handled| {
        let word = match handled {
            Handled::Taken => "pris",
            Handled::Handed => "confie",
            Handled::Released => "rendu",
            Handled::Closed => "clos",
            Handled::Reopened => "rouvert",
            Handled::Blanked => "efface",
            Handled::Answered => "repondu",
            Handled::Overtaken => "depasse",
        };
        Done::See(format!("{BASE}/{}?fait={word}", action.request))
    }
);
