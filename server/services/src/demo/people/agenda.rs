//! Appointments and workshops to come.

use jiff::civil::{Date, DateTime};

use super::{AppointmentKind, DemoEvent, Dice, SIGNING_IN};
use crate::demo::calendar::{is_working, later};
use crate::demo::words;

/// How many appointments an advisor can give in a day, and when, in minutes after midnight.
const SLOTS: [i16; 8] = [540, 585, 630, 675, 840, 885, 930, 975];

/// Working days over which first appointments are spread, and after them the second ones.
const SPREAD: usize = 12;

/// The days to come. Nobody has an appointment on a Sunday or on Christmas Day.
pub(super) struct Agenda {
    seed: u64,
    days: Vec<Date>,
}

impl Agenda {
    /// The working days from today on.
    pub(super) fn new(seed: u64, today: Date) -> Self {
        let days = (0..90).map(|count| later(today, count)).filter(|&day| is_working(day)).take(2 * SPREAD).collect();
        Self { seed, days }
    }

    /// The day with that number; the last known day when the number is too large.
    fn day(&self, number: usize) -> Date {
        self.days.get(number).or(self.days.last()).copied().unwrap_or(Date::MAX)
    }

    /// The start of an event, `minutes` after midnight.
    fn at(&self, number: usize, minutes: i16) -> DateTime {
        let (hour, minute) = (i8::try_from(minutes / 60).unwrap_or(9), i8::try_from(minutes % 60).unwrap_or(0));
        self.day(number).at(hour, minute, 0, 0)
    }

    /// The events of the `rank`-th person of a portfolio. Up to rank 96 no advisor sees two people at once.
    pub(super) fn events(&self, dice: &mut Dice, index: usize, rank: usize) -> Vec<DemoEvent> {
        // Those who can sign in have at least one event to show.
        let count = if index < SIGNING_IN {
            1 + dice.index(3)
        } else {
            dice.weighted(&[(25, 0), (40, 1), (25, 2), (10, 3)], |row| row.0).1
        };
        let mut events: Vec<DemoEvent> = Vec::with_capacity(count);
        let mut appointments = 0;
        for _ in 0..count {
            if appointments < 2 && (events.is_empty() || dice.chance(45)) {
                // 37 shares no factor with 96: the people of a portfolio never share a slot, and days fill evenly.
                let place = (rank * 37 + (self.seed % 96) as usize) % (SPREAD * SLOTS.len());
                let (day, slot) = (place / SLOTS.len() + appointments * SPREAD, place % SLOTS.len());
                appointments += 1;
                let video = dice.chance(18);
                events.push(DemoEvent {
                    at: self.at(day, SLOTS[slot]),
                    kind: AppointmentKind::Appointment,
                    title: dice.pick(words::APPOINTMENTS).to_owned(),
                    place: if video { "En visio".to_owned() } else { dice.pick(words::OFFICES).to_owned() },
                });
            } else {
                // Every second working day has its workshop.
                let first = dice.index(words::WORKSHOPS.len());
                let found = (0..words::WORKSHOPS.len())
                    .map(|step| (first + step) % words::WORKSHOPS.len())
                    .find(|workshop| events.iter().all(|event| event.at.date() != self.day(workshop * 2 + 1)));
                if let Some(workshop) = found {
                    let (title, minutes) = words::WORKSHOPS[workshop];
                    events.push(DemoEvent {
                        at: self.at(workshop * 2 + 1, minutes),
                        kind: AppointmentKind::Workshop,
                        title: title.to_owned(),
                        place: words::ROOMS[workshop % words::ROOMS.len()].to_owned(),
                    });
                }
            }
        }
        // Two appointments around a workshop come out of order.
        events.sort_by_key(|event| event.at);
        events.dedup_by_key(|event| event.at.date());
        events
    }
}
