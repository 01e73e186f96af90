//! How the actions on accounts answer plain forms, under `/admin/comptes` (A8).

use crate::{
    act::action,
    actions::accounts::{DecideProposal, Decided, ProposeChange, ProposeStaff, SuspendAccount},
    page::Done,
    pages::admin::accounts::{BASE, change, proposals},
};
use domain::forms::account::{ChangeForm, DecisionForm, NewStaffForm};

action!(
    ProposeStaff: NewStaffForm with token,
    again in change::new,
    then |_, _, _| Done::See(format!("{BASE}/propositions?fait=propose"))
);
action!(
    ProposeChange: ChangeForm with token,
    again in change::propose,
    then |action, _, _| Done::See(format!("{BASE}/{}?fait=propose", action.account))
);
action!(
    SuspendAccount: (),
    again in change::suspend,
    then |action, _, _| Done::See(format!("{BASE}/{}?fait=suspendu", action.account))
);
action!(
    DecideProposal: DecisionForm,
    again in proposals::proposal,
    then |_, page, decided| match decided {
        // The code is stored nowhere, so no other page could show it: the answer itself does.
        Decided::Invited(invitation) => Done::Show(Box::new(proposals::invitation(page, invitation))),
        Decided::Confirmed => list("confirme"),
        Decided::Declined => list("refuse"),
        Decided::Withdrawn => list("retire"),
        Decided::Over => list("fini"),
    }
);

fn list(done: &str) -> Done {
    Done::See(format!("{BASE}/propositions?fait={done}"))
}
