//! Phase 1: levers, dated events, switches of channels.

use super::rules::{Frame, Rules};
use super::state::{Channel, Clock, NEVER};
use crate::scenario::raw::CalendarKind;
use crate::sim::event::{Event, EventKind};
use crate::sim::mechanism::{Mechanism, Node};
use crate::symbols::levers::{Lever, LeverChange, LeverSet};
use bevy_ecs::prelude::*;
use noisy_float::prelude::R64;

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

/// Lets the administration in office set its course: consent, and sanctions pressure unless the scenario or the user holds
/// that lever. A change of course by its lever works on its day.
pub fn take_course(rules: &Rules, levers: &mut LeverSet, clock: &mut Clock, log: &LeverLog, journal: &mut Vec<Event>) {
    let today = clock.day;
    let Some(course) = rules.course(levers, today) else { return };
    clock.consent = course.consent;
    let steered = rules.frame.administration == Some(today)
        || journal.iter().any(|e| matches!(e, Event::LeverMoved(change) if change.lever == Lever::Administration));
    if !steered || rules.frame.holds_sanctions {
        return;
    }
    let held = log.user.iter().any(|change| change.lever == Lever::SanctionsPressure && change.day <= today);
    if let Some(value) = R64::try_new(course.sanctions).filter(|_| !held)
        && levers[Lever::SanctionsPressure].to_bits() != course.sanctions.to_bits()
    {
        levers.set(Lever::SanctionsPressure, course.sanctions);
        journal.push(Event::LeverMoved(LeverChange { day: today, lever: Lever::SanctionsPressure, value }));
    }
}

/// Applies today's lever changes and dated events, and clears yesterday's events.
pub fn turn(
    rules: &mut Rules,
    levers: &mut LeverSet,
    clock: &mut Clock,
    log: &mut LeverLog,
    channels: &mut [Channel],
    journal: &mut Vec<Event>,
) {
    let today = clock.day;
    journal.clear();
    while let Some(&change) = log.changes.get(log.next).filter(|change| change.day <= today) {
        log.next += 1;
        if levers[change.lever].to_bits() != change.value.raw().to_bits() {
            levers.set(change.lever, change.value.raw());
            journal.push(Event::LeverMoved(change));
        }
    }
    for (entry, event) in rules.frame.calendar.iter().enumerate().filter(|(_, event)| event.day == today) {
        if event.kind == CalendarKind::UsAdministration {
            clock.consent = rules.p.consent_after;
        }
        journal.push(Event::Calendar { entry: entry as u16 });
    }
    take_course(rules, levers, clock, log, journal);
    if journal.iter().any(|event| matches!(event, Event::LeverMoved(change) if change.lever.scales())) {
        rules.put_in_force(levers);
    }
    for (i, channel) in channels.iter_mut().enumerate() {
        let Some(switch) = rules.channels[i].suspended_by else { continue };
        let (now, before) = (levers.on(switch), channel.suspended_since != NEVER);
        if now != before {
            channel.suspended_since = if now { today } else { NEVER };
            journal.push(Event::ChannelTurned { channel: i as u16, suspended: now });
        }
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "calendar",
    phase: 1,
    title: "Levers take effect, dated events happen, an administration sets its course, channels are suspended or opened",
    section: "3, 6.16, 12.9",
    reads: &["LeverLog"],
    writes: &["Clock", "LeverSet", "Channel"],
    levers: &[Lever::IranSuspendMuscat, Lever::Administration, Lever::SanctionsPressure],
    events: &[EventKind::Lever, EventKind::Calendar, EventKind::Channel],
    source: include_str!("calendar.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, c) in rules.channels.iter().enumerate() {
        if let Some(lever) = c.suspended_by {
            link(Node::Lever(lever), Node::Channel(i));
        }
        link(Node::Lever(c.lever), Node::Channel(i));
    }
    if !rules.profiles.is_empty() {
        link(Node::Lever(Lever::Administration), Node::Consent);
        link(Node::Lever(Lever::Administration), Node::Lever(Lever::SanctionsPressure));
    }
}
