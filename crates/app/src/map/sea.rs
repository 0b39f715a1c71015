//! Ships, and people on the move.

use super::atlas::atlas;
use super::facts::{Facts, count};
use super::hits::{Region, Target};
use super::ink;
use super::labels::{Label, Style};
use super::project::Plane;
use super::sheet::{Pane, Sheet};
use crate::look::faint;
use bevy_egui::egui::{Color32, Pos2, Shape, Stroke, Vec2, vec2};

/// Share of the usual traffic that passes Bab al-Mandab: it halves with about ten attacks in 30 days. The model counts
/// attacks, not ships; this is a drawing rule, not a result.
pub(super) fn traffic(facts: &Facts<'_>) -> Option<f64> {
    let stream = facts.scene.rules.stream("HOU>SHIPS")?;
    Some(1.0 / (1.0 + facts.pace[stream] / 10.0))
}

/// Draws ships along the lane: those that pass, and as outlines those that do not.
pub(super) fn ships(sheet: &mut Sheet<'_>, dim: f32) {
    let Some(traffic) = traffic(sheet.facts) else { return };
    if sheet.pane != Pane::Region {
        return;
    }
    let lane = sheet.line(atlas().line("shipping"));
    let length: f32 = lane.windows(2).map(|p| p[0].distance(p[1])).sum();
    let all = (length / 26.0).clamp(8.0, 60.0) as usize;
    let color = faint(sheet.look.other, dim);
    ink::dashed(&sheet.painter, &lane, Stroke::new(0.8, faint(color, 0.5)), 1.0, 4.0);
    for k in 0..all {
        let (at, way) = along_by_length(&lane, length, (k as f32 + 0.5) / all as f32);
        if !sheet.lens.shows(at, 5.0) {
            continue;
        }
        // Evenly spread: every n-th stays.
        let passes = ((k + 1) as f64 * traffic).floor() > (k as f64 * traffic).floor();
        capsule(sheet, at, way, color, passes);
    }
    let text =
        if traffic > 0.95 { "usual traffic".to_owned() } else { format!("traffic {:.0} % of usual", traffic * 100.0) };
    let at = sheet.lens.place(43.9, 12.25);
    let mut label = Label::beside(text, Style::Quiet, at, 3.0, 52.0);
    label.target = Some(Target::Ships);
    sheet.say(label);
    sheet.hit(Region::Band(lane, 3.0), Target::Ships);
}

/// A ship, 6 pixels and two round ends long and 3 wide; an outline for one that stays away.
fn capsule(sheet: &Sheet<'_>, at: Pos2, way: Vec2, color: Color32, passes: bool) {
    let points = ship(at, way);
    if passes {
        sheet.painter.add(Shape::convex_polygon(points, color, Stroke::NONE));
    } else {
        sheet.painter.add(Shape::closed_line(points, Stroke::new(0.8, faint(color, 0.7))));
    }
}

/// The outline of a ship.
fn ship(at: Pos2, way: Vec2) -> Vec<Pos2> {
    let turn = way.angle();
    let end = |side: f32| {
        (0..=4).map(move |i| {
            let angle = turn + side + (f32::from(i as u8) / 4.0 - 0.5) * std::f32::consts::PI;
            at + way * (3.0 * side.cos()) + Vec2::angled(angle) * 1.5
        })
    };
    end(0.0).chain(end(std::f32::consts::PI)).collect()
}

fn along_by_length(line: &[Pos2], length: f32, t: f32) -> (Pos2, Vec2) {
    let mut left = t * length;
    for pair in line.windows(2) {
        let step = pair[0].distance(pair[1]);
        if left <= step && step > 0.0 {
            return (pair[0].lerp(pair[1], left / step), (pair[1] - pair[0]) / step);
        }
        left -= step;
    }
    (line.last().copied().unwrap_or_default(), vec2(1.0, 0.0))
}

/// Draws who leaves and who returns, where that is more than a few hundred a day.
pub(super) fn people(sheet: &mut Sheet<'_>, dim: f32) {
    let facts = sheet.facts;
    for (territory, line) in [("LBN", [(35.43, 33.62), (35.33, 33.40)]), ("GAZA", [(34.40, 31.46), (34.47, 31.54)])] {
        let Some(index) = facts.scene.rules.territories.iter().position(|t| t.id.text == territory) else { continue };
        let here = match territory {
            "LBN" => Pane::South,
            _ => Pane::Gaza,
        };
        let name = format!("displaced.{territory}");
        let (Some(now), Some(before)) = (facts.value(&name), facts.before(&name)) else { continue };
        let moved = now - before;
        if sheet.pane != here || moved.abs() < 300.0 {
            continue;
        }
        let place = |(lon, lat)| super::project::mercator(lon, lat);
        let mut ends: [Plane; 2] = line.map(place);
        if moved > 0.0 {
            ends.reverse();
        }
        let (from, to) = (sheet.at(ends[0]), sheet.at(ends[1]));
        let path = ink::arc(from, to, 0.15);
        sheet.painter.line(path.clone(), Stroke::new(4.0, faint(sheet.look.other, 0.8 * dim)));
        let (_, way) = ink::along(&path, 1.0);
        ink::head(&sheet.painter, to, way, 7.0, faint(sheet.look.other, dim), Stroke::NONE);
        let words = if moved < 0.0 { "return" } else { "leave" };
        let label = Label::beside(format!("{} {words} a day", count(moved.abs())), Style::Place, from, 5.0, 62.0);
        sheet.say(label.to(Target::Displaced(index)));
        sheet.hit(Region::Band(path, 5.0), Target::Displaced(index));
    }
}
