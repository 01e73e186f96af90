//! Choices about cookies: banner, panel and placeholders post here (C2, C3, C7). A GET never changes a choice.

use super::posted;
use crate::{
    components::{consent::shown_text, embed, format},
    page::{Answer, Done, Page, see},
    pages, render,
};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use domain::{
    consent::{
        COOKIE, Choice, ConsentDecision, ConsentState, Expiry, NewReceipt, SESSION_COOKIE, Service, expiries,
        other_choices,
    },
    error::PortError,
    forms::consent::{ConsentForm, local_path},
    site::Network,
};
use std::fmt::Write;
use tower_cookies::{
    Cookie, Cookies,
    cookie::{SameSite, time::Duration},
};

/// Most bytes in the head of an answer: proxies refuse longer ones (C4).
const HEAD_MAX: usize = 4 * 1024;
/// Bytes of the head that are left for the headers that every answer has.
const HEAD_OTHERS: usize = 768;
/// The bytes that each line adds to the cookie's own: `set-cookie: ` and the line end.
const COOKIE_LINE: usize = 14;

/// `POST /cookies`: writes the receipt, sets the cookie, expires the cookies of refused services, then goes back to the
/// page.
pub(crate) async fn choose(page: Page, request: Request) -> Answer {
    let again = |form, errors| page.again(pages::cookies::page, form, errors);
    let form: ConsentForm = posted(request).await.map_err(|errors| again(ConsentForm::default(), errors))?;
    let (site, cookies) = (page.host.site.clone(), &page.cookies);
    let decision = form.validate(&site.services, page.visit.consent.accepted());
    let decision = decision.map_err(|errors| again(form.clone(), errors))?;
    let place = form.place();
    let named = form.service.first().and_then(|service| site.services.optional(service));
    let receipt = NewReceipt {
        decision: decision.clone(),
        asked: site.services.optional_ids(),
        text: shown_text(&page, place, named),
        list: site.services.text(),
        place,
    };
    let receipt = page.host.consents.record(receipt).await?;
    let choice = Choice::new(&decision, &site.services, receipt.id);
    // The cookie is not HttpOnly, so that anybody can check it in the browser (C9).
    let cookie = Cookie::build((COOKIE, choice.to_cookie()))
        .path("/")
        .secure(true)
        .same_site(SameSite::Lax)
        .max_age(Duration::days(i64::from(site.consent_months) * 30));
    let received = names(cookies);
    let cookie = cookie.build();
    // The browser sent a choice that is not valid. A parent domain may have set it, and the browser would go on sending
    // it beside our own, so it is expired.
    let stray = received.iter().any(|name| name == COOKIE) && !matches!(page.visit.consent, ConsentState::Decided(_));
    let others = if stray { lines(&page, &other_choices(host_of(&page.host.origin))) } else { Vec::new() };
    let taken = cookie.to_string().len() + COOKIE_LINE + length(&others);
    cookies.add(cookie);
    let mut response = sweep(&page, &received, &decision, taken, "", form.back());
    append(&mut response, others);
    Ok(Done::Send(response))
}

/// `GET /cookies/suite?apres=…&back=…`: goes on expiring cookies when one answer had no room for all. It changes no
/// choice: it only carries out the stored one.
pub(crate) async fn sweep_on(page: Page, _: Request) -> Answer {
    let decision = ConsentDecision { accepted: page.visit.consent.accepted().to_vec() };
    if !matches!(page.visit.consent, ConsentState::Decided(_)) {
        return see(page.query("back"));
    }
    let received = names(&page.cookies);
    Ok(Done::Send(sweep(&page, &received, &decision, 0, page.query("apres"), page.query("back"))))
}

fn names(cookies: &Cookies) -> Vec<String> {
    cookies.list().iter().map(|cookie| cookie.name().to_owned()).collect()
}

/// Expires those `received` cookies after the name `after` that `decision` does not allow, then goes `back`. When one
/// answer has no room for all, it sends the browser to the address that goes on. `taken` bytes of the head are used by
/// others.
fn sweep(
    page: &Page,
    received: &[String],
    decision: &ConsentDecision,
    taken: usize,
    after: &str,
    back: &str,
) -> Response<Body> {
    let back = local_path(back).unwrap_or("/");
    // The address to go on at is percent-encoded, so each of its bytes may take three.
    let room = HEAD_MAX.saturating_sub(HEAD_OTHERS + taken + 3 * back.len());
    let received: Vec<&str> = received.iter().map(String::as_str).filter(|name| *name > after).collect();
    let accepts = |service: &Service| decision.accepted.contains(&service.id);
    let swept = expiries(&received, host_of(&page.host.origin), &page.host.site.services, accepts);
    let (mut told, mut so_far, mut last) = (Vec::new(), 0, None);
    let mut full = false;
    for expiries in swept.chunk_by(|one, other| one.name == other.name) {
        let of_name = lines(page, expiries);
        // All lines for one name go into the same answer. A name that alone needs more than an answer gets as many
        // lines as fit.
        full = so_far + length(&of_name) > room && last.is_some();
        if full {
            break;
        }
        told.extend(of_name.into_iter().take_while(|line| {
            so_far += line.len() + COOKIE_LINE;
            so_far <= room
        }));
        last = expiries.first().map(|expiry| expiry.name.as_str());
    }
    let next = last.filter(|_| full);
    let mut response = match next {
        None => render::see(back),
        Some(after) => {
            let encoded = |text: &str| {
                percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
            };
            render::see(&format!("/cookies/suite?apres={}&back={}", encoded(after), encoded(back)))
        }
    };
    append(&mut response, told);
    response
}

/// The `Set-Cookie` lines that make the browser forget these cookies.
fn lines(page: &Page, expiries: &[Expiry]) -> Vec<String> {
    let secure = page.host.origin.starts_with("https:");
    let line = |expiry: &Expiry| {
        let mut line = format!("{}=; Path={}; Max-Age=0", expiry.name, expiry.path);
        if let Some(domain) = &expiry.domain {
            let _ = write!(line, "; Domain={domain}");
        }
        if secure {
            line.push_str("; Secure");
        }
        line
    };
    expiries.iter().map(line).collect()
}

/// How many bytes of a head the lines take.
fn length(lines: &[String]) -> usize {
    lines.iter().map(|line| line.len() + COOKIE_LINE).sum()
}

fn append(response: &mut Response<Body>, lines: Vec<String>) {
    for value in lines.iter().filter_map(|line| HeaderValue::from_str(line).ok()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// The host name of an origin.
fn host_of(origin: &str) -> &str {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
}

/// `POST /embed/{service}/{item}`, the button « Voir une fois »: shows the frame in the answer and stores nothing (C7).
pub(crate) async fn see_once(page: Page, _: Request) -> Answer {
    Ok(Done::Show(Box::new(pages::embed::once(page).await?)))
}

/// `GET /embed/{service}/{item}/ailleurs`: redirects to the same thing on its provider's site. No page of ours contains
/// that address.
pub(crate) async fn see_elsewhere(page: Page, _: Request) -> Answer {
    let (service, item): (String, String) = (page.param("service")?, page.param("item")?);
    let (embed, _, frame) = embed::find(&page, &service, &item).ok_or(PortError::NotFound)?;
    leave(&frame.link_of(&embed.item))
}

/// `GET /partager/{network}`: redirects to the network's own form for sharing the home page.
pub(crate) async fn share(page: Page, _: Request) -> Answer {
    let network = page.param::<String>("network").ok().and_then(|code| Network::from_code(&code));
    let network = network.filter(|network| page.host.site.share.contains(network)).ok_or(PortError::NotFound)?;
    leave(&network.passes_on(&format!("{}/", page.host.origin)))
}

/// Redirects to an address on another site. It comes from the site file or from the catalogue, never from the visitor.
fn leave(address: &str) -> Answer {
    let location = HeaderValue::from_str(address).map_err(|_| PortError::NotFound)?;
    Ok(Done::Send((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()))
}

/// `GET /cookies/recu`: the receipt of this browser's choice, as a file (C8).
pub(crate) async fn receipt(page: Page, _: Request) -> Answer {
    let ConsentState::Decided(decided) = &page.visit.consent else { return Err(PortError::NotFound.into()) };
    let receipt = page.host.consents.receipt(decided.receipt).await?.ok_or(PortError::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"choix-cookies.json\""),
    ];
    let at = format::day_and_hour(&page, receipt.at);
    Ok(Done::Send((headers, receipt.to_json(&page.host.origin, &at)).into_response()))
}

/// `POST /cookies/traces`: signs out and makes the browser forget this site (C12). The value `"storage"` also removes
/// the worker of the app and what it keeps (P3). The worker never answers this request, so the browser sees the header.
pub(crate) async fn erase_traces(page: Page, _: Request) -> Answer {
    if let Some(session) = &page.visit.session {
        page.host.identities.sign_out(session).await?;
    }
    let received = names(&page.cookies);
    // Older browsers do not know `Clear-Site-Data`, so each cookie is expired by name too.
    let nothing = ConsentDecision { accepted: Vec::new() };
    let everything = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    let mut own = lines(&page, &other_choices(host_of(&page.host.origin)));
    own.extend([SESSION_COOKIE, COOKIE].map(|own| format!("{own}=; Path=/; Max-Age=0; Secure")));
    let taken = length(&own) + "clear-site-data: \r\n".len() + everything.len();
    let mut response = sweep(&page, &received, &nothing, taken, "", "/cookies/traces?fait=oui");
    append(&mut response, own);
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), everything);
    Ok(Done::Send(response))
}
