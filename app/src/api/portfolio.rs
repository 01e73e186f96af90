//! The search in the portfolio (A2). A plain form that comes here is sent to the list itself.

use crate::{
    act::action,
    actions::portfolio::FindPeople,
    page::{Done, Shown},
    pages::advisor::portfolio,
};

action!(
    FindPeople: (),
    again in |page, _: Shown<()>| portfolio::page(page),
    then |action, _, _| {
        let q = percent_encoding::utf8_percent_encode(&action.q, percent_encoding::NON_ALPHANUMERIC);
        Done::See(format!("{}?q={q}", portfolio::BASE))
    }
);
