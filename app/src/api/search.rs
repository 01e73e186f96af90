//! Search suggestions (F7). A plain form that comes here is sent to the search itself.

use crate::{
    act::action,
    actions::search::Suggest,
    page::{Done, Shown},
    pages::search,
};

action!(
    Suggest: (),
    again in |page, _: Shown<()>| search::page(page),
    then |action, _, _| {
        let q = percent_encoding::utf8_percent_encode(&action.q, percent_encoding::NON_ALPHANUMERIC);
        Done::See(format!("/recherche?q={q}"))
    }
);
