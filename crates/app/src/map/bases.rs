//! Bases with US forces: how many, how exposed, and whether the host lets them fly.

use super::facts::{Facts, percent, short};
use super::hits::{Region, Target};
use super::ink;
use super::labels::{Label, Style};
use super::scene::Pick;
use super::sheet::{LOCAL_FROM, Sheet};
use crate::look::{Look, faint};
use bevy_egui::egui::{Painter, Pos2, Rect, Shape, Stroke, StrokeKind, vec2};
use detente_model::scenario::raw::SiteKind;
use detente_model::sim::strategy::fear::present;
use detente_model::sim::strategy::hosts::threatened;

/// A host's leave to fly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Airspace {
    /// As open as at rest.
    Open,
    /// Less than four fifths of that.
    Limited,
    /// Too little to fly from.
    Closed,
}

/// What stands at a base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Base {
    /// Its host, by position, where the scenario has one.
    pub host: Option<usize>,
    /// Personnel shown here: the host's, seven in ten at its first base and the rest shared by the others (assumption: scenarios count by host).
    pub personnel: f64,
    /// Chance that a base of the host is struck within 30 days.
    pub exposure: f64,
    /// Leave to fly.
    pub airspace: Airspace,
    /// Whether it carries the host's number.
    pub first: bool,
    /// Whether a warning to its host still stands, and if so whether Washington hears those who are warned.
    pub warned: Option<bool>,
}

/// The base at a site.
pub(super) fn base(facts: &Facts<'_>, site: usize) -> Base {
    let scene = facts.scene;
    let rules = scene.rules;
    let found =
        rules.hosts.iter().enumerate().find_map(|(h, rule)| Some((h, rule.bases.iter().position(|b| *b == site)?)));
    let Some((host, place)) = found else {
        return Base {
            host: None,
            personnel: 0.0,
            exposure: 0.0,
            airspace: Airspace::Open,
            first: false,
            warned: None,
        };
    };
    let rule = &rules.hosts[host];
    let others = rule.bases.len() - 1;
    let share = match (others, place) {
        (0, _) => 1.0,
        (_, 0) => 0.7,
        _ => 0.3 / others as f64,
    };
    let state = &scene.now.columns.hosts[host];
    let airspace = if state.permission < rules.p.host_flight_floor {
        Airspace::Closed
    } else if state.permission < 0.8 * rule.permission {
        Airspace::Limited
    } else {
        Airspace::Open
    };
    let exposure = facts.value(&format!("exposure.{}", rule.id.text)).unwrap_or(0.0);
    Base {
        host: Some(host),
        personnel: present(rule, &scene.now.levers, &scene.now.columns.integrations) * share,
        exposure,
        airspace,
        first: place == 0,
        warned: threatened(state, scene.today, &rules.p).then_some(rules.p.host_voice > 0.0),
    }
}

/// Radius of the halo for so many persons: an area in proportion.
pub(super) fn halo(personnel: f64) -> f32 {
    14.0 * libm::sqrt(personnel.max(0.0) / 10_000.0) as f32
}

/// Radius of the disc for an exposure: an area in proportion, full at 40 %.
pub(super) fn disc(exposure: f64, halo: f32) -> f32 {
    halo.max(4.0) * libm::sqrt((exposure / 0.4).clamp(0.0, 1.0)) as f32
}

/// Draws the bases.
pub(super) fn draw(sheet: &mut Sheet<'_>, dim: f32) {
    let facts = sheet.facts;
    for (index, (id, site, place)) in facts.sites.iter().enumerate() {
        if site.kind != SiteKind::UsBase {
            continue;
        }
        let Some(at) = sheet.shown(*place) else { continue };
        let base = base(facts, index);
        let grown = (sheet.zoom() as f32).sqrt().clamp(1.0, 1.8);
        let r = halo(base.personnel).max(4.0) * grown;
        let target = Target::Pick(Pick::Site(index));
        mark(&sheet.painter, at, r, disc(base.exposure, r), base.host.map(|_| base.airspace), sheet.look, dim);
        if let Some(heard) = base.warned.filter(|_| base.first) {
            let sign = at + vec2(r + 5.0, -r - 5.0) * 0.75;
            warned(&sheet.painter, sign, heard, sheet.look, dim);
            sheet.hit(Region::Disc(sign, 8.0), target);
            sheet.keep_free(sign, 8.0);
        }
        sheet.hit(Region::Disc(at, r + 3.0), target);
        sheet.keep_free(at, (r * 0.7).max(4.0));
        let exposed = base.first && base.exposure >= 0.02;
        if exposed || (base.first && base.personnel > 5_000.0) || sheet.zoom() >= 2.0 {
            let name = short(&site.name);
            let words = if exposed { format!("{name} {}", percent(base.exposure)) } else { name.to_owned() };
            let style = if exposed { Style::Strong } else { Style::Place };
            let label = Label::beside(words, style, at, r + 2.0, if exposed { 75.0 } else { 46.0 });
            sheet.name(label.to(target), id, LOCAL_FROM);
        }
    }
}

/// A base: halo for personnel, disc for exposure, ring for leave to fly.
pub(super) fn mark(p: &Painter, at: Pos2, halo: f32, disc: f32, airspace: Option<Airspace>, look: &Look, dim: f32) {
    p.circle(at, halo, faint(look.united_states, 0.16 * dim), Stroke::new(1.0, faint(look.united_states, 0.5 * dim)));
    p.circle_filled(at, disc, faint(look.united_states, 0.75 * dim));
    p.circle_filled(at, 1.8, faint(look.united_states, dim));
    let r = halo + 3.2;
    let green = Stroke::new(1.8, faint(look.un, dim));
    match airspace {
        Some(Airspace::Open) => {
            p.circle_stroke(at, r, green);
        }
        Some(Airspace::Limited) => {
            for k in 0..4_u8 {
                let from = f32::from(k) / 4.0 + 0.03;
                ink::ring(p, at, r, from, from + 0.19, green);
            }
        }
        Some(Airspace::Closed) => {
            for k in 0..8_u8 {
                let from = f32::from(k) / 8.0 + 0.03;
                ink::ring(p, at, r, from, from + 0.05, Stroke::new(1.6, faint(look.other, dim)));
            }
        }
        None => {}
    }
}

/// A host under a warning: a sign to speak, full where what it says is heard in Washington.
pub(super) fn warned(p: &Painter, at: Pos2, heard: bool, look: &Look, dim: f32) {
    let ink = faint(look.ink, dim);
    let (fill, mark) = if heard { (ink, look.on_ink()) } else { (look.panel, ink) };
    let tail = vec![at + vec2(-4.0, 3.0), at + vec2(1.0, 4.0), at + vec2(-6.0, 9.0)];
    p.add(Shape::convex_polygon(tail, ink, Stroke::NONE));
    let bubble = Rect::from_center_size(at, vec2(14.0, 11.0));
    p.rect(bubble, 4.0, fill, Stroke::new(1.2, ink), StrokeKind::Inside);
    p.line_segment([at - vec2(0.0, 3.2), at + vec2(0.0, 0.6)], Stroke::new(1.7, mark));
    p.circle_filled(at + vec2(0.0, 3.0), 1.0, mark);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_people_and_more_danger_are_never_drawn_smaller() {
        let mut last = (0.0, 0.0);
        for k in 0..=40 {
            let (h, d) = (halo(f64::from(k) * 500.0), disc(f64::from(k) / 40.0, 14.0));
            assert!(h >= last.0 && d >= last.1 && d <= 14.0, "{k}");
            last = (h, d);
        }
    }
}
