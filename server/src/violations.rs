//! `POST /csp`: browsers report what a page tried to load against its Content-Security-Policy (C5).
//!
//! Anyone can send such a report, and a real one holds the address of a page that somebody read. So the server reads
//! little of it and keeps less: the directive if it is a known one, the blocked origin, and the pattern of the route.
//! The rule against cross-site requests does not apply here, because a sandboxed page sends its report without an
//! origin. All that a forged report can do is raise a number, a limited number of times a minute.

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

/// The most bytes of a report.
const BODY_MAX: usize = 8 * 1024;
/// The most violations that are counted for one address in a minute. A page with twenty of them is well enough known.
const OF_ONE: u32 = 20;
/// The most violations that are counted in a minute, from all addresses. It also limits how many addresses are kept in
/// memory.
const OF_ALL: u32 = 300;

/// What the endpoint needs.
#[derive(Clone)]
pub(crate) struct Violations {
    services: Services,
    public: Arc<PublicUrl>,
    trusted_proxy: Option<IpAddr>,
    budget: Arc<Mutex<Budget>>,
}

/// How many violations may still be counted in this minute. It is in memory, because a flood must not reach the
/// database.
#[derive(Debug, Default)]
struct Budget {
    minute: i64,
    taken: u32,
    by_address: HashMap<String, u32>,
}

impl Budget {
    /// Whether one more violation from `address` would be counted.
    fn has_room(&mut self, address: &str, now: Instant) -> bool {
        let minute = now.millis().div_euclid(60_000);
        if minute != self.minute {
            *self = Self { minute, ..Self::default() };
        }
        self.taken < OF_ALL && self.by_address.get(address).is_none_or(|taken| *taken < OF_ONE)
    }

    /// Counts one violation, or gives false when the limit is reached.
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

/// Counts what a browser reports. No answer has a body, so a malformed report is not echoed.
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
