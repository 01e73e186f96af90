//! People: the contact of a young person, and the fields of their file (E2).

use super::{
    format,
    icon::{EYE, LOCK, MAIL, PHONE, icon},
};
use crate::{page::Page, people::avatar_class};
use domain::{
    time::CivilDate,
    youth::{NextAppointment, Profile, StaffContact},
};
use leptos::prelude::*;

/// A circle with the initials. Its colour only helps to tell people apart in a list.
pub(crate) fn avatar(name: &str, large: bool) -> impl IntoView + use<> {
    let class = avatar_class(name);
    let class = if large { format!("{class} avatar--l") } else { class.to_owned() };
    view! { <span class=class aria-hidden="true">{format::initials(name)}</span> }
}

/// An address that breaks before its « @ » on a narrow screen, not anywhere.
pub(crate) fn breakable(text: &str) -> impl IntoView + use<> {
    let (start, end) = text.split_at(text.find('@').unwrap_or(text.len()));
    let (start, end) = (start.to_owned(), end.to_owned());
    let end = (!end.is_empty()).then(|| view! { <wbr/>{end} });
    view! { <span>{start}{end}</span> }
}

/// A member of staff and how to reach them.
pub(crate) fn contact(person: &StaffContact) -> impl IntoView + use<> {
    let phone = person.phone.as_ref().map(|phone| {
        view! { <li><a href=format!("tel:{phone}")>{icon(PHONE)}{format::phone(phone)}</a></li> }
    });
    let email = person.email.as_ref().map(|email| {
        view! { <li><a href=format!("mailto:{email}")>{icon(MAIL)}{breakable(email)}</a></li> }
    });
    let has_links = phone.is_some() || email.is_some();
    view! {
        <div class="person">
            {avatar(&person.name, true)}
            <div><p class="person-name">{person.name.clone()}</p></div>
        </div>
        {has_links.then(|| view! { <ul class="contacts plain">{phone}{email}</ul> })}
    }
}

/// A list of labels and values. A value that is not known is shown as unknown.
pub(crate) fn facts(page: &Page, rows: Vec<(&'static str, Option<String>)>) -> impl IntoView + use<> {
    let missing = page.texts.profile_missing();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(label, value)| {
            let class = value.is_none().then_some("none");
            view! { <div><dt>{label}</dt><dd class=class>{breakable(value.as_deref().unwrap_or(missing))}</dd></div> }
        })
        .collect();
    view! { <dl class="facts">{rows}</dl> }
}

/// Every field of E2, in three cards.
pub(crate) fn profile_cards(page: &Page, profile: &Profile) -> impl IntoView + use<> {
    let texts = page.texts;
    let day = |date: Option<CivilDate>| date.map(|date| format::date(texts, date));
    let town = [profile.postal_code.as_deref(), profile.city.as_deref()];
    let town = town.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let address = [profile.address.as_deref(), Some(town.as_str())];
    let address: Vec<_> = address.into_iter().flatten().filter(|line| !line.is_empty()).collect();
    let address = (!address.is_empty()).then(|| address.join(", "));
    let referent = profile.referent.as_ref().map(|referent| referent.name.clone());
    let referent = referent.unwrap_or_else(|| texts.profile_no_referent().to_owned());
    let cards = [
        (
            "t-contact",
            texts.profile_contact(),
            vec![
                (texts.profile_first_name(), Some(profile.first_name.clone())),
                (texts.profile_birth_name(), Some(profile.birth_name.clone())),
                (texts.profile_usual_name(), profile.usual_name.clone()),
                (texts.profile_birth_date(), day(Some(profile.birth_date))),
                (texts.profile_address(), address),
                (texts.profile_phone(), profile.phone.as_deref().map(format::phone)),
                (texts.profile_email(), profile.email.clone()),
            ],
        ),
        (
            "t-project",
            texts.profile_project(),
            vec![
                (texts.profile_school_level(), profile.school_level.clone()),
                (texts.profile_target_job(), profile.target_job.clone()),
                (texts.profile_prepared_job(), profile.prepared_job.clone()),
                (texts.profile_held_job(), profile.held_job.clone()),
            ],
        ),
        (
            "t-follow-up",
            texts.profile_follow_up(),
            vec![
                (texts.profile_registered_on(), day(profile.registered_on)),
                (texts.profile_referent(), Some(referent)),
                (texts.profile_guarantee_entry(), day(profile.guarantee_entry_on)),
                (texts.profile_cej_entry(), day(profile.cej_entry_on)),
                (texts.profile_cohort(), profile.cohort_number.clone()),
                (texts.profile_imilo(), Some(profile.imilo_id.clone())),
            ],
        ),
    ];
    cards
        .into_iter()
        .map(|(id, title, rows)| {
            view! {
                <section class="card" aria-labelledby=id>
                    <h2 id=id>{title}</h2>
                    {facts(page, rows)}
                </section>
            }
        })
        .collect::<Vec<_>>()
}

/// The next appointments, soonest first; the first one is highlighted.
pub(crate) fn next_events(page: &Page, events: &[NextAppointment]) -> impl IntoView + use<> {
    let texts = page.texts;
    let lines: Vec<_> = events
        .iter()
        .enumerate()
        .map(|(at, event)| {
            let (day, month) = format::leaf(page, event.at);
            let class = if at == 0 { "day day--sun" } else { "day" };
            let line = texts.event_line(
                format::event_kind(texts, event.kind),
                format::weekday_and_hour(page, event.at),
                &event.place,
            );
            view! {
                <li>
                    <time class=class datetime=day.to_string()><b>{day.day()}</b>{month}</time>
                    <div>
                        <h3>{event.title.clone()}</h3>
                        <p class="hint">{line}</p>
                    </div>
                </li>
            }
        })
        .collect();
    view! { <ul class="todo plain">{lines}</ul> }
}

/// An icon of an eye or a lock, beside a sentence that says who can read the documents.
pub(crate) fn sharing(shared: bool, text: &'static str) -> impl IntoView {
    view! { <p class="with-icon">{icon(if shared { EYE } else { LOCK })}<span>{text}</span></p> }
}
