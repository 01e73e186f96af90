//! What people read before they choose about cookies: the banner and the sentences of the panel, and the text of both
//! as the ledger keeps it (C2, C3, C8).

use crate::{
    page::{Page, area::Area},
    texts::Texts,
};
use domain::{
    consent::{ConsentState, CookieSpec, CookieUse, Lifetime, Place, Purpose, Service},
    site::Site,
};
use leptos::prelude::*;

/// The services that the banner asks about on a page of `area`. When there are none, no banner is shown (C14). The
/// banner is never shown to people who sign in or are signed in, nor on the page of the panel, which asks the same.
pub(crate) fn asked(page: &Page, area: Area) -> Vec<&Service> {
    match area.is_public() && page.path() != "/cookies" {
        true => page.visit.consent.asks_about(&page.host.site.services),
        false => Vec::new(),
    }
}

/// The banner is first in the body and in the normal flow, with two buttons of the same weight (C2).
pub(crate) fn banner(page: &Page, area: Area) -> Option<impl IntoView + use<>> {
    let asked = asked(page, area);
    if asked.is_empty() {
        return None;
    }
    let texts = page.texts;
    let (title, text) = words(texts, &page.visit.consent, &asked);
    // Somebody who chose before is only asked about the services that were added since (C10).
    let later = page.visit.consent != ConsentState::Undecided;
    let (yes, no) = if later { ("always", "keep") } else { ("accept", "refuse") };
    let (accept, refuse) = buttons(texts, later);
    let added: Vec<_> = asked
        .iter()
        .filter(|_| later)
        .map(|service| view! { <input type="hidden" name="service" value=service.id.to_string()/> })
        .collect();
    Some(view! {
        <section class="consent" role="region" aria-labelledby="choix-cookies">
            <form method="post" action="/cookies">
                <h2 id="choix-cookies">{title}</h2>
                <p>{text}</p>
                <input type="hidden" name="back" value=page.uri.to_string()/>
                {added}
                <div>
                    <button class="button" name="choice" value=yes>{accept}</button>
                    <button class="button" name="choice" value=no>{refuse}</button>
                    <a class="button button--quiet" href="/cookies#choix">{texts.consent_customise()}</a>
                </div>
            </form>
        </section>
    })
}

fn buttons(texts: Texts, later: bool) -> (&'static str, &'static str) {
    match later {
        true => (texts.consent_accept_new(), texts.consent_refuse_new()),
        false => (texts.consent_accept(), texts.consent_refuse()),
    }
}

/// The title and the sentence of the banner.
fn words(texts: Texts, consent: &ConsentState, asked: &[&Service]) -> (&'static str, String) {
    let purposes: Vec<_> = Purpose::OPTIONAL
        .into_iter()
        .filter_map(|purpose| {
            let of = asked.iter().filter(|service| service.purpose == purpose);
            let names: Vec<_> = of.map(|service| service.name.as_str()).collect();
            (!names.is_empty()).then(|| texts.consent_purpose_with(does(texts, purpose), names.join(", ")))
        })
        .collect();
    let purposes = purposes.join(", ");
    match consent {
        ConsentState::Decided(_) => (texts.consent_new_title(), texts.consent_new_text(&purposes)),
        ConsentState::Undecided | ConsentState::RefusedBySignal => {
            (texts.consent_title(), texts.consent_text(&purposes))
        }
    }
}

/// « compter les visites »: what the services of this purpose let the site do.
pub(crate) fn does(texts: Texts, purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Necessary => texts.purposes_necessary(),
        Purpose::Measurement => texts.purposes_measurement(),
        Purpose::Video => texts.purposes_video(),
        Purpose::Social => texts.purposes_social(),
        Purpose::Meeting => texts.purposes_meeting(),
        Purpose::Embed => texts.purposes_embed(),
    }
}

/// The title and the sentence of a purpose in the panel.
pub(crate) fn purpose(texts: Texts, purpose: Purpose) -> (&'static str, &'static str) {
    match purpose {
        Purpose::Necessary => (texts.purposes_necessary_title(), texts.purposes_necessary_text()),
        Purpose::Measurement => (texts.purposes_measurement_title(), texts.purposes_measurement_text()),
        Purpose::Video => (texts.purposes_video_title(), texts.purposes_video_text()),
        Purpose::Social => (texts.purposes_social_title(), texts.purposes_social_text()),
        Purpose::Meeting => (texts.purposes_meeting_title(), texts.purposes_meeting_text()),
        Purpose::Embed => (texts.purposes_embed_title(), texts.purposes_embed_text()),
    }
}

/// What one service is for.
pub(crate) fn about(texts: Texts, service: &Service) -> String {
    match (&service.about, service.purpose, service.id.as_str()) {
        (Some(words), ..) => words.clone(),
        (None, Purpose::Necessary, "session") => texts.cookies_purpose_session().to_owned(),
        (None, Purpose::Necessary, "choice") => texts.cookies_purpose_choice().to_owned(),
        (None, purpose, _) => capitalised(does(texts, purpose)),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The name of the company that provides the service.
pub(crate) fn provider(texts: Texts, site: &Site, service: &Service) -> String {
    match &service.provider {
        Some(provider) => texts.cookies_provider_of(&provider.name, &provider.country),
        None => texts.cookies_this_site(&site.name),
    }
}

/// Whether personal data leaves the European Union.
pub(crate) fn transfer(texts: Texts, service: &Service) -> &'static str {
    match &service.provider {
        Some(provider) if provider.transfer_outside_eu => texts.cookies_yes(),
        _ => texts.cookies_no(),
    }
}

/// How long a cookie stays.
pub(crate) fn lifetime(texts: Texts, site: &Site, cookie: &CookieSpec) -> String {
    match cookie.lifetime {
        Lifetime::Session => texts.cookies_until_closed().to_owned(),
        Lifetime::Choice => texts.cookies_months(u64::from(site.consent_months)),
        Lifetime::Days(days) => texts.cookies_days(u64::from(days)),
    }
}

/// What a cookie is for.
pub(crate) fn cookie_use(texts: Texts, cookie: &CookieSpec) -> String {
    match &cookie.used_for {
        CookieUse::SignIn => texts.cookie_uses_sign_in(),
        CookieUse::Choice => texts.cookie_uses_choice(),
        CookieUse::TellVisitorsApart => texts.cookie_uses_tell_apart(),
        CookieUse::FollowVisit => texts.cookie_uses_follow_visit(),
        CookieUse::Origin => texts.cookie_uses_origin(),
        CookieUse::PlayerSettings => texts.cookie_uses_player(),
        CookieUse::Advertising => texts.cookie_uses_advertising(),
        CookieUse::Protection => texts.cookie_uses_protection(),
        CookieUse::Words(words) => return words.clone(),
    }
    .to_owned()
}

/// The way to leave a shared computer as it was found (C12).
pub(crate) fn erase_traces(texts: Texts) -> impl IntoView + use<> {
    view! {
        <form method="post" action="/cookies/traces">
            <button class="button button--second">{texts.cookies_traces_button()}</button>
        </form>
    }
}

/// The whole text that was shown when somebody chose at `place`, word for word, for the ledger (C8). At a placeholder,
/// `service` is the service of that placeholder.
pub(crate) fn shown_text(page: &Page, place: Place, service: Option<&Service>) -> String {
    let (texts, site) = (page.texts, &*page.host.site);
    let mut lines = Vec::new();
    match place {
        Place::Banner => {
            let asked = page.visit.consent.asks_about(&site.services);
            let (title, text) = words(texts, &page.visit.consent, &asked);
            let (accept, refuse) = buttons(texts, page.visit.consent != ConsentState::Undecided);
            lines.extend([title.to_owned(), text, accept.to_owned(), refuse.to_owned()]);
            lines.push(texts.consent_customise().to_owned());
        }
        Place::Placeholder => {
            lines.extend(service.map(|service| texts.embed_text(&service.name)));
            lines.extend([texts.embed_once(), texts.embed_always()].map(str::to_owned));
        }
        Place::Panel => {
            lines.extend([texts.cookies_panel_title(), texts.cookies_panel_text()].map(str::to_owned));
            for kind in Purpose::OPTIONAL {
                for (index, service) in site.services.of_purpose(kind).enumerate() {
                    let (title, text) = purpose(texts, kind);
                    lines.extend((index == 0).then(|| format!("{title}\n{text}")));
                    let cookies: Vec<_> = service
                        .cookies
                        .iter()
                        .map(|cookie| {
                            let (lasts, used) = (lifetime(texts, site, cookie), cookie_use(texts, cookie));
                            texts.cookies_cookie(&cookie.name, lasts, used)
                        })
                        .collect();
                    lines.push(format!(
                        "{}: {}; {}; {}: {}; {}",
                        service.name,
                        about(texts, service),
                        provider(texts, site, service),
                        texts.cookies_transfer(),
                        transfer(texts, service),
                        cookies.join(", ")
                    ));
                }
            }
            lines.extend([texts.consent_accept(), texts.consent_refuse(), texts.cookies_save()].map(str::to_owned));
        }
    }
    lines.join("\n")
}
