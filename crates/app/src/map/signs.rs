//! Signs of what was agreed or let go: a group that a state has taken in, a list that governs by votes, an answer that mediators have
//! settled. Each is there while it is so; that of an agreement's end stands in [`ended`](super::ended).

use super::facts::Facts;
use super::fronts::front;
use super::hits::{Region, Target};
use super::project::Plane;
use super::scene::Pick;
use super::sheet::Sheet;
use crate::look::{Look, faint};
use bevy_egui::egui::{Painter, Pos2, Rect, Stroke, StrokeKind, Vec2, vec2};
use detente_model::record::recorder::EventId;
use detente_model::sim::event::Event;
use detente_model::sim::rules::PathRules;
use detente_model::sim::state::Path;
use detente_model::sim::talks::ballot;

/// Days for which an answer that was settled has its sign.
pub(super) const SETTLED_DAYS: i32 = 30;

/// The state under whose authority a group has come, and how far, where that has moved since the start.
pub(super) fn taken_in(facts: &Facts<'_>, actor: usize) -> Option<(usize, f64)> {
    let position = facts.scene.rules.actors.get(actor)?.incorporation?;
    let rule = &facts.scene.rules.incorporations[position];
    let share = facts.scene.now.columns.incorporations[position].share;
    ((share - rule.share).abs() > 0.005).then_some((rule.state, share))
}

/// Who governs by the votes of an election, and the share that its list had.
pub(super) fn elected(facts: &Facts<'_>) -> Vec<(usize, f64)> {
    let (rules, now) = (facts.scene.rules, facts.scene.now);
    let of = |(rule, path): (&PathRules, &Path)| {
        let [authority, group] = path.votes;
        match ballot::governs(path) {
            2 => rule.authority.map(|actor| (actor, authority)),
            3 => rule.group.map(|actor| (actor, group)),
            _ => None,
        }
    };
    rules.paths.iter().zip(&now.columns.paths).filter_map(of).collect()
}

/// Answers that mediators have settled of late, the last one of each holder, and where their signs stand; none of a debt that is owed
/// again.
pub(super) fn settled(facts: &Facts<'_>) -> Vec<(EventId, Plane)> {
    let (scene, rules) = (facts.scene, facts.scene.rules);
    let events = &scene.history.events;
    let day = |day: i32| events.partition_point(|(id, _)| id.day < day);
    let (from, to) = (day(scene.today - SETTLED_DAYS), day(scene.today));
    let mut last: Vec<(usize, EventId)> = Vec::new();
    for (id, event) in &events[from.min(to)..to] {
        if let Event::AnswerSettled { ledger } = event {
            let ledger = usize::from(*ledger);
            last.retain(|(other, _)| *other != ledger);
            last.push((ledger, *id));
        }
    }
    last.retain(|(ledger, _)| !scene.now.columns.ledgers[*ledger].owed);
    let place = |ledger: usize| {
        let rule = &rules.ledgers[ledger];
        let path =
            rules.pairs[rule.pair].front.and_then(|front_index| front(facts, front_index)).map(|front| front.path);
        // Beside the middle of the front, where its plate is tied to: on the holder's side of it, the two of a pair apart.
        let second = rules.pairs[rule.pair].ledgers.first() != Some(&ledger);
        path.and_then(|path| between(&path, if second { 0.68 } else { 0.32 })).or(facts.homes[rule.holder])
    };
    last.into_iter().filter_map(|(ledger, id)| Some((id, place(ledger)?))).collect()
}

/// A place on a line after a share of its length.
fn between(path: &[Plane], share: f64) -> Option<Plane> {
    let length = |pair: &[Plane]| libm::hypot(pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
    let mut left = share * path.windows(2).map(length).sum::<f64>();
    for pair in path.windows(2) {
        let whole = length(pair);
        if left <= whole && whole > 0.0 {
            let t = left / whole;
            return Some([0, 1].map(|k| pair[0][k] + t * (pair[1][k] - pair[0][k])));
        }
        left -= whole;
    }
    path.last().copied()
}

/// Draws the answers that were settled, and who governs by votes: above the place where the list has its seat.
pub(super) fn draw(sheet: &mut Sheet<'_>, dim: f32) {
    for (actor, _) in elected(sheet.facts) {
        let Some(seat) = sheet.facts.homes[actor].and_then(|home| sheet.shown(home)) else { continue };
        let at = seat - vec2(0.0, 17.0);
        box_of_votes(&sheet.painter, at, sheet.look, dim);
        sheet.keep_free(at, 8.0);
        sheet.hit(Region::Disc(at, 8.0), Target::Pick(Pick::Actor(actor)));
    }
    for (id, place) in settled(sheet.facts) {
        let Some(at) = sheet.shown(place) else { continue };
        equal(&sheet.painter, at, sheet.look, dim);
        sheet.keep_free(at, 8.0);
        sheet.hit(Region::Disc(at, 8.0), Target::Pick(Pick::Event(id)));
    }
}

/// An answer that was settled: as much on both sides.
pub(super) fn equal(p: &Painter, at: Pos2, look: &Look, dim: f32) {
    let green = faint(look.un, dim);
    p.circle(at, 7.0, look.panel, Stroke::new(1.4, green));
    for y in [-2.0, 2.0] {
        p.line_segment([at + vec2(-3.4, y), at + vec2(3.4, y)], Stroke::new(1.7, green));
    }
}

/// A list that governs by votes: a ballot box, ticked.
pub(super) fn box_of_votes(p: &Painter, at: Pos2, look: &Look, dim: f32) {
    let green = faint(look.un, dim);
    p.rect(Rect::from_center_size(at, BOX), 2.0, look.panel, Stroke::new(1.4, green), StrokeKind::Outside);
    let tick = [vec2(-3.0, 0.0), vec2(-1.0, 2.4), vec2(3.2, -2.6)].map(|d| at + d);
    p.line(tick.to_vec(), Stroke::new(1.7, green));
}

/// Its size.
pub(super) const BOX: Vec2 = vec2(11.0, 10.0);

/// How far a group is under the authority of a state: the sign of a state in that of the group, an area in proportion.
pub(super) fn within(p: &Painter, at: Pos2, r: f32, share: f64, look: &Look, dim: f32) {
    let inner = r * 0.62 * libm::sqrt(share.clamp(0.0, 1.0)) as f32;
    p.circle(at, inner.max(1.6), faint(look.un, dim), Stroke::new(1.2, look.party_land));
}
