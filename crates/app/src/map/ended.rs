//! The end of a truce, or of the deal with all that was one: for how long it is told, and its sign.

use super::facts::Facts;
use super::ink;
use crate::look::{Look, faint};
use bevy_egui::egui::{Painter, Pos2, Stroke};
use detente_model::sim::state::Status;

/// Days for which the end of an agreement is told.
pub(super) const ENDED_DAYS: i32 = 60;

/// How many days ago the collective deal ended that had covered a front, where it has of late and nothing took its place.
pub(super) fn deal_ended(facts: &Facts<'_>, index: usize) -> Option<i32> {
    let (rules, now) = (facts.scene.rules, facts.scene.now);
    let deal = now.columns.agreements.get(rules.collective?)?;
    let ago = facts.scene.today - deal.last_collapse;
    let covered = rules.covers(index, rules.left_out(&now.levers));
    (covered && deal.status == Status::Collapsed && (0..=ENDED_DAYS).contains(&ago)).then_some(ago)
}

/// The end of a truce, or of the deal that was one.
pub(super) fn cross(p: &Painter, at: Pos2, look: &Look, dim: f32) {
    ink::cross(p, at, 5.0, Stroke::new(3.6, faint(look.party_land, dim)));
    ink::cross(p, at, 5.0, Stroke::new(1.8, faint(look.ink, dim)));
}
