//! Phase 1: levers, dated events, switches of channels.

use super::given::Given;
use super::roster::AllMut;
use super::rules::Frame;
use super::state::{Channel, NEVER};
use crate::record::event::{Event, Journal};
use crate::scenario::raw::CalendarKind;
use crate::symbols::levers::LeverChange;
use bevy::ecs::prelude::*;

/// Lever changes to come, in order of days.
#[derive(Resource, Clone, Debug, Default, PartialEq)]
pub struct LeverLog {
    /// What the user changes.
    pub user: Vec<LeverChange>,
    /// The whole log, past and future: the scenario's changes with the user's laid over them.
    pub changes: Vec<LeverChange>,
    /// Position of the first change that has not taken effect.
    pub next: usize,
}

impl LeverLog {
    /// A user's log over that of the scenario, with everything before `day` taken as done.
    #[must_use]
    pub fn new(frame: &Frame, user: Vec<LeverChange>, day: i32) -> Self {
        let changes = frame.log_with(&user);
        let next = changes.partition_point(|change| change.day < day);
        Self { user, changes, next }
    }
}

/// Applies today's lever changes and dated events, and clears yesterday's events.
pub fn turn_the_calendar(
    mut given: ResMut<Given>,
    mut log: ResMut<LeverLog>,
    mut journal: ResMut<Journal>,
    mut channels: AllMut<Channel>,
) {
    let Given { rules, levers, clock, .. } = &mut *given;
    let today = clock.day;
    journal.0.clear();
    while let Some(&change) = log.changes.get(log.next).filter(|change| change.day <= today) {
        log.next += 1;
        if levers[change.lever].to_bits() != change.value.raw().to_bits() {
            levers.set(change.lever, change.value.raw());
            journal.0.push(Event::LeverMoved(change));
        }
    }
    for (entry, event) in rules.frame.calendar.iter().enumerate().filter(|(_, event)| event.day == today) {
        if event.kind == CalendarKind::UsAdministration {
            clock.consent = rules.p.consent_after;
        }
        journal.0.push(Event::Calendar { entry: entry as u16 });
    }
    for (i, channel) in channels.view().iter_mut().enumerate() {
        let Some(switch) = rules.channels[i].suspended_by else { continue };
        let (now, before) = (levers.on(switch), channel.suspended_since != NEVER);
        if now != before {
            channel.suspended_since = if now { today } else { NEVER };
            journal.0.push(Event::ChannelTurned { channel: i as u16, suspended: now });
        }
    }
}
