//! How the action that runs a job now answers a plain form.

use crate::{
    act::action,
    actions::tasks::RunTask,
    page::{Done, Shown},
    pages::admin::tasks,
};

action!(
    RunTask: (),
    again in |page, _: Shown<()>| tasks::page(page),
    then |_, _, asked| Done::See(format!("/admin/taches?demande={}", asked.task))
);
