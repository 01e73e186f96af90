//! `/appareils` and `/mot-de-passe`: the devices on which one's account is open, and its password.

use super::activation::password;
use crate::{
    actions::devices::ChangePassword,
    components::{
        consent::erase_traces,
        field::line,
        form::{FORM, error_summary, live},
        format,
        icon::{CIRCLE_CHECK, KEY_ROUND, LOG_OUT, SMARTPHONE, TRIANGLE_ALERT, icon},
        install,
        layout::Area,
        message::{Tone, badge, success},
        navigation::back,
    },
    page::{Document, Page, PageResult, Shown},
};
use domain::{
    actor::{Kind, Role},
    devices::Device,
    error::PortError,
    forms::{device::SignOutForm, password::PasswordForm},
    password::PASSWORD_MIN,
};
use leptos::prelude::*;

/// The area of the signed-in person's space, for a page or for one form.
fn own_area(page: &Page, form: bool) -> Area {
    match (page.actor().kind(), form) {
        (Kind::Staff { role, .. }, false) if role.is_in(Role::HOUSE) => Area::Admin,
        (Kind::Staff { role, .. }, true) if role.is_in(Role::HOUSE) => Area::AdminForm,
        (Kind::Staff { .. }, false) => Area::Staff,
        (Kind::Staff { .. }, true) => Area::StaffForm,
        (_, false) => Area::Youth,
        (_, true) => Area::YouthForm,
    }
}

/// `/appareils`.
pub(crate) async fn page(page: Page, shown: Shown<SignOutForm>) -> PageResult {
    let session = page.visit.session.as_ref().ok_or(PortError::NotSignedIn)?;
    let devices = page.host.devices.devices(session).await?;
    let texts = page.texts;
    Ok(Document::new(own_area(&page, false), texts.devices_title(), move || {
        let said = match page.query("fait") {
            "un" => Some(texts.devices_signed_out()),
            "autres" => Some(texts.devices_others_signed_out()),
            "mot-de-passe" => Some(texts.password_changed()),
            _ => None,
        };
        let errors = shown.errors;
        let alone = devices.len() < 2;
        let lines: Vec<_> = devices.iter().map(|device| row(&page, device)).collect();
        let others = if alone {
            view! { <p>{texts.devices_alone()}</p> }.into_any()
        } else {
            view! {
                <p>{texts.devices_others_text()}</p>
                <form method="post" action="/appareils">
                    <button class="button button--danger" name="device" value="others">{icon(LOG_OUT)}{texts.devices_others()}</button>
                </form>
            }
            .into_any()
        };
        view! {
            <div class="page-head">
                <h1>{texts.devices_title()}</h1>
                <p class="lead">{texts.devices_lead()}</p>
            </div>
            {error_summary(texts, &errors, &[])}
            {said.filter(|_| !page.is_refusal()).map(|text| success(text.to_owned()))}
            <section class="card" aria-labelledby="t-ouverts">
                <h2 id="t-ouverts">{texts.devices_list()}</h2>
                <ul class="todo plain">{lines}</ul>
            </section>
            <section class="card" aria-labelledby="t-autres">
                <h2 id="t-autres">{icon(TRIANGLE_ALERT)}" "{texts.devices_others_title()}</h2>
                {others}
                <a class="button button--second" href="/mot-de-passe">{icon(KEY_ROUND)}{texts.devices_change_password()}</a>
            </section>
            {install::steps(texts)}
            <section class="card" aria-labelledby="t-traces">
                <h2 id="t-traces">{texts.cookies_traces_title()}</h2>
                <p>{texts.cookies_traces_text()}</p>
                {erase_traces(texts)}
            </section>
        }
    }))
}

fn row(page: &Page, device: &Device) -> impl IntoView + use<> {
    let texts = page.texts;
    let name = if device.name.is_empty() { texts.devices_unknown().to_owned() } else { device.name.clone() };
    let since = format::day_and_hour(page, device.since);
    let end = if device.current {
        badge(Tone::Success, CIRCLE_CHECK, texts.devices_current()).into_any()
    } else {
        let label = texts.devices_sign_out_label(&name, &since);
        view! {
            <form method="post" action="/appareils">
                <button class="button button--second button--small" name="device" value=device.id.to_string() aria-label=label>
                    {icon(LOG_OUT)}{texts.devices_sign_out()}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li>
            <span class="todo-icon">{icon(SMARTPHONE)}</span>
            <div>
                <h3>{name}</h3>
                <p class="hint">{texts.devices_since(&since)}</p>
                <p class="hint">{texts.devices_seen(format::day_and_hour(page, device.last_seen_at))}</p>
                {end}
            </div>
        </li>
    }
}

/// `/mot-de-passe`.
pub(crate) async fn change_password(page: Page, shown: Shown<PasswordForm>) -> PageResult {
    let texts = page.texts;
    Ok(Document::new(own_area(&page, true), texts.password_title(), move || {
        let errors = shown.errors;
        let current = line("current", texts.password_current(), "").kind("password").autocomplete("current-password");
        let labels = [
            ("current", texts.password_current()),
            ("password", texts.password_new()),
            ("again", texts.password_again()),
        ];
        view! {
            <div class="page-head">
                {back("/appareils", texts.devices_title())}
                <h1>{texts.password_title()}</h1>
                <p class="lead">{texts.password_lead()}</p>
            </div>
            {error_summary(texts, &errors, &labels)}
            {live::<ChangePassword>(&page, FORM, None)}
            <form class="card form" id=FORM method="post" action="/mot-de-passe">
                {current.view(texts, &errors)}
                {password(texts.password_new(), Some(texts.activation_password_hint(PASSWORD_MIN)), "password").view(texts, &errors)}
                {password(texts.password_again(), None, "again").view(texts, &errors)}
                <button class="button button--wide">{texts.password_submit()}</button>
            </form>
        }
    }))
}
