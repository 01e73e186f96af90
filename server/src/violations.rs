//! `POST /csp`: browsers say what a page tried that its Content-Security-Policy forbids (C5).
//!
//! Whoever likes can send such a report, and a real one holds the address of a page that somebody read. So little
//! is read of it, and less is kept: the directive if it is a known one, the origin that was kept out, and the
//! pattern of the route. The cross-site rule does not stand here: a page in a sandbox reports as nobody's, and
//! what can be done is to raise a number, so many times a minute.

mod report;

use self::report::Format;
use crate::{settings::PublicUrl, visit};
use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{StatusCode, header},
};
use domain::{consent::Consents, time::Instant};
use services::Services;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// Most bytes of a report.
const BODY_MAX: usize = 8 * 1024;
/// Most violations counted for one address in a minute: a page with twenty of them says enough.
const OF_ONE: u32 = 20;
/// Most violations counted in a minute, whoever sends them; so also the most addresses kept in mind.
const OF_ALL: u32 = 300;

/// What the endpoint needs.
#[derive(Clone)]
pub(crate) struct Violations {
    services: Services,
    public: Arc<PublicUrl>,
    trusted_proxy: Option<IpAddr>,
    budget: Arc<Mutex<Budget>>,
}

/// What may still be counted in this minute. In memory: a flood must not reach the database at all.
#[derive(Debug, Default)]
struct Budget {
    minute: i64,
    taken: u32,
    by_address: HashMap<String, u32>,
}

impl Budget {
    /// Whether one more from `address` would be counted.
    fn has_room(&mut self, address: &str, now: Instant) -> bool {
        let minute = now.millis().div_euclid(60_000);
        if minute != self.minute {
            *self = Self { minute, ..Self::default() };
        }
        self.taken < OF_ALL && self.by_address.get(address).is_none_or(|taken| *taken < OF_ONE)
    }

    /// Takes one; false when there is no room.
    fn take(&mut self, address: &str, now: Instant) -> bool {
        let room = self.has_room(address, now);
        if room {
            self.taken += 1;
            *self.by_address.entry(address.to_owned()).or_default() += 1;
        }
        room
    }
}

impl Violations {
    pub(crate) fn new(services: Services, public: Arc<PublicUrl>, trusted_proxy: Option<IpAddr>) -> Self {
        Self { services, public, trusted_proxy, budget: Arc::default() }
    }

    fn budget<T>(&self, ask: impl FnOnce(&mut Budget, Instant) -> T) -> T {
        let now = self.services.calendar().now();
        ask(&mut self.budget.lock().unwrap_or_else(PoisonError::into_inner), now)
    }
}

/// Counts what a browser reports. No answer has a body: whoever sent nonsense does not get it back.
pub(crate) async fn receive(State(violations): State<Violations>, request: Request) -> StatusCode {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let Some(format) = kind.and_then(Format::of) else { return StatusCode::UNSUPPORTED_MEDIA_TYPE };
    let address = visit::address_of(&request, violations.trusted_proxy);
    if !violations.budget(|budget, now| budget.has_room(&address, now)) {
        return StatusCode::TOO_MANY_REQUESTS;
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: u64| length > BODY_MAX as u64) {
        return StatusCode::PAYLOAD_TOO_LARGE;
    }
    let body = match to_bytes(request.into_body(), BODY_MAX).await {
        Ok(body) => body,
        Err(error) if is_too_long(&error) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::BAD_REQUEST,
    };
    let Some(found) = report::read(format, &body, &violations.public.origin) else { return StatusCode::BAD_REQUEST };
    for violation in found {
        if !violations.budget(|budget, now| budget.take(&address, now)) {
            break;
        }
        if violations.services.note_violation(violation).await.is_err() {
            return StatusCode::SERVICE_UNAVAILABLE;
        }
    }
    StatusCode::NO_CONTENT
}

fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<http_body_util::LengthLimitError>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_has_room_for_some_of_each_and_so_many_of_all() {
        let at = Instant::from_millis(600_000);
        let mut budget = Budget::default();
        assert_eq!((0..OF_ONE + 5).filter(|_| budget.take("a", at)).count() as u32, OF_ONE);
        assert!(!budget.has_room("a", at) && budget.has_room("b", at));
        let others = (0..10 * OF_ALL).filter(|number| budget.take(&number.to_string(), at)).count() as u32;
        assert_eq!(others, OF_ALL - OF_ONE);
        assert!(budget.by_address.len() <= OF_ALL as usize);
        assert!(!budget.has_room("b", at.plus_millis(59_999)) && budget.has_room("a", at.plus_minutes(1)));
        assert_eq!(budget.by_address.len(), 0, "nobody is kept in mind");
    }
}
