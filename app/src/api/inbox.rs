//! How the actions on requests of the inbox answer plain forms (A5).

use crate::{
    act::action,
    actions::inbox::{HandleRequest, Handled},
    page::Done,
    pages::advisor::requests::{BASE, address_of, anchor, request},
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
        // The list that names a page, a filter or a row is rebuilt from what it may say: it leads nowhere else.
        Done::See(match action.form.list.as_str() {
            "" => format!("{BASE}/{}?fait={word}", action.request),
            list => format!("{}&fait={word}#{}", address_of(list), anchor(action.request)),
        })
    }
);
