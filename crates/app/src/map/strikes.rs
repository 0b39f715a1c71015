//! Strikes on their way: arcs by class, salvos as one band with a count, sparks, flashes, scars.

use super::facts::Facts;
use super::flights::{Class, Flight, MANY, color, of_days, scatter};
use super::hits::{Region, Target};
use super::ink;
use super::labels::{Label, Style};
use super::motion::{BUNDLED, FLASH, Flying};
use super::plates::{Favoured, Frame};
use super::project::Plane;
use super::scene::Pick;
use super::sheet::{Pane, Sheet};
use crate::look::{Look, faint};
use bevy_egui::egui::{Color32, Painter, Pos2, Shape, Stroke, Vec2, vec2};
use detente_model::record::recorder::EventId;
use std::collections::BTreeSet;

/// Days over which scars fade.
const SCAR_DAYS: i32 = 60;
/// Where on the way interceptors meet a round.
const MET: f32 = 0.93;

/// Draws scars of the last 60 days, but for strikes that are still on their way.
pub(super) fn scars(sheet: &mut Sheet<'_>, days: &[Day], dim: f32) {
    let facts = sheet.facts;
    let flying = |day: i32| days.iter().any(|(f, _)| f.day == day && f.progress(facts.scene.time) < 1.0);
    for (id, strike) in facts.strikes(SCAR_DAYS) {
        if flying(id.day) {
            continue;
        }
        let age = (facts.scene.today - id.day) as f32 / SCAR_DAYS as f32;
        let Some((_, _, place)) = facts.sites.get(usize::from(strike.site)) else { continue };
        let Some(at) = sheet.shown(*place) else { continue };
        let fired: u32 = strike.rounds.iter().sum();
        if strike.hits == 0 && fired > 0 {
            continue;
        }
        let dice = scatter(u64::from(id.place) << 32 ^ id.day as u64);
        let at = at + Vec2::angled((dice % 628) as f32 / 100.0) * 6.0;
        let r = (3.0 + strike.magnitude as f32).min(6.0);
        let alpha = (1.0 - age) * 0.8 * dim;
        sheet.painter.circle_filled(at, r, faint(sheet.look.other, alpha * 0.7));
        ink::cross(&sheet.painter, at, r * 0.5, Stroke::new(1.1, faint(sheet.look.ink, alpha)));
        sheet.hit(Region::Disc(at, r), Target::Pick(Pick::Event(id)));
    }
}

/// A day in flight, and what flew on it.
pub(super) type Day = (Flying, Vec<Flight>);

/// What flew on the days in flight.
pub(super) fn days(facts: &Facts<'_>, days: &[Flying]) -> Vec<Day> {
    let speed = facts.scene.speed;
    let bundle = if speed > BUNDLED { (speed.min(60.0) * 0.7).ceil() as i32 } else { 1 };
    days.iter().map(|flying| (*flying, of_days(facts, flying.day, bundle))).collect()
}

/// Draws the days in flight: those of some events, or all but those.
pub(super) fn flights(sheet: &mut Sheet<'_>, days: &[Day], dim: f32, only: bool, events: &[EventId]) {
    let time = sheet.facts.scene.time;
    let mut marks = Marks::default();
    for (flying, flights) in days {
        let (progress, after) = (flying.progress(time), flying.after(time));
        for flight in flights {
            if flight.event.is_some_and(|id| events.contains(&id)) != only {
                continue;
            }
            // Each starts a little later than the day and all arrive with it.
            let t = ((progress - flight.delay) / (1.0 - flight.delay)).clamp(0.0, 1.0);
            one(sheet, &mut marks, flight, t, after, dim);
        }
    }
}

/// Where sparks and flashes stand already: of many on one spot one is drawn.
#[derive(Default)]
struct Marks {
    sparks: BTreeSet<[i32; 2]>,
    flashes: BTreeSet<[i32; 2]>,
}

/// Whether a spot is shown and nothing stands on it yet, to two pixels.
fn first(sheet: &Sheet<'_>, marks: &mut BTreeSet<[i32; 2]>, at: Pos2) -> bool {
    sheet.lens.shows(at, 12.0) && marks.insert([at.x, at.y].map(|v| (v / 2.0).round() as i32))
}

fn one(sheet: &mut Sheet<'_>, marks: &mut Marks, flight: &Flight, t: f32, after: f64, dim: f32) {
    let to = sheet.at(flight.to);
    let starts: Vec<Pos2> = flight.from.iter().map(|p| sheet.at(*p)).collect();
    let frame = sheet.lens.rect.expand(30.0);
    let longest = starts.iter().map(|p| p.distance(to)).fold(0.0, f32::max);
    let near = starts.iter().chain([&to]).any(|p| frame.contains(*p));
    // An inset shows what begins or ends in it; the region leaves out what would be a dot.
    if !near
        || (flight.event.is_none()
            && longest < if sheet.pane == Pane::Region { 14.0 } else { 6.0 }
            && flight.class != Class::Raid)
    {
        return;
    }
    let color = color(sheet.facts, flight, sheet.look);
    if flight.class == Class::Raid {
        if sheet.zoom() > 3.0 && t >= 1.0 && after < FLASH {
            flash(&sheet.painter, to, 0.7, dim, sheet.look);
        }
        return;
    }
    let landed = t >= 1.0;
    let strength = if landed && after > FLASH { 0.6 } else { 1.0 } * dim;
    let target = flight.event.map(|id| Target::Pick(Pick::Event(id)));
    let mut paths = Vec::new();
    for (k, start) in starts.iter().enumerate() {
        let spread = 1.0 + 0.12 * k as f32;
        paths.push(ink::arc(*start, to, bend(flight.class) * spread));
    }
    if flight.count > MANY && flight.event.is_some() {
        salvo(sheet, flight, &paths, t, strength, color);
    } else {
        for path in &paths {
            arc(&sheet.painter, flight.class, path, t, faint(color, strength), sheet.look);
        }
        if let Some(words) = &flight.said {
            pill(sheet, &paths[0], flight, words.clone(), faint(color, strength));
        }
    }
    if let (Some(path), true) = (paths.first(), landed) {
        if flight.intercepted > 0.0 {
            let sparks = (flight.intercepted * 3.0).ceil() as usize;
            for k in 0..sparks {
                let (at, _) = ink::along(path, MET - 0.05 * k as f32);
                if first(sheet, &mut marks.sparks, at) {
                    spark(&sheet.painter, at, sheet.look, strength);
                }
            }
        }
        if flight.hit && first(sheet, &mut marks.flashes, to) {
            let fresh = if after < FLASH { 1.0 } else { 0.75 };
            let size = if flight.event.is_some() { 1.0 } else { 0.6 };
            flash(&sheet.painter, to, fresh * size, strength, sheet.look);
        }
    }
    if let Some(target) = target {
        for path in paths {
            sheet.hit(Region::Band(path, 4.0), target);
        }
    }
}

/// How far an arc rises, as a share of its length.
pub(super) fn bend(class: Class) -> f32 {
    match class {
        Class::Rocket => 0.3,
        Class::Drone => 0.1,
        Class::Cruise => 0.15,
        Class::Ballistic => 0.2,
        Class::Aircraft | Class::Raid => 0.08,
    }
}

/// One arc, flown to a share `t` of its way.
pub(super) fn arc(p: &Painter, class: Class, path: &[Pos2], t: f32, color: Color32, look: &Look) {
    let flown = ink::part(path, 0.0, t);
    let (at, way) = ink::along(path, t);
    if flown.len() >= 2 {
        match class {
            Class::Rocket => ink::dashed(p, &flown, Stroke::new(1.6, color), 1.5, 4.0),
            Class::Drone => ink::dashed(p, &flown, Stroke::new(1.7, color), 6.0, 4.0),
            Class::Cruise => ink::dash_dotted(p, &flown, Stroke::new(1.9, color), [11.0, 2.0], 3.0),
            Class::Ballistic => {
                // A tail that fades towards the launch.
                for k in 0..4_u8 {
                    let (a, b) = (f32::from(k) / 4.0, f32::from(k + 1) / 4.0);
                    let piece = ink::part(path, a * t, b * t);
                    if piece.len() >= 2 {
                        p.line(piece, Stroke::new(2.1, faint(color, 0.25 + 0.75 * b)));
                    }
                }
            }
            Class::Aircraft => {
                for by in [1.6, -1.6] {
                    p.line(ink::beside(&flown, by), Stroke::new(1.1, color));
                }
            }
            Class::Raid => {}
        }
    }
    let casing = Stroke::new(1.0, look.party_land);
    match class {
        Class::Drone => ink::head(p, at, way, 5.0, look.party_land, Stroke::new(1.4, color)),
        Class::Aircraft => ink::head(p, at, way, 4.5, color, casing),
        Class::Rocket | Class::Cruise | Class::Ballistic => {
            ink::disc(p, at, 2.4, color, look.party_land);
        }
        Class::Raid => {}
    }
    for k in 1..=5_u8 {
        let ahead = t + f32::from(k) * 0.05;
        let dot = ink::along(path, ahead).0;
        if t < 1.0 && ahead < 1.0 && p.clip_rect().contains(dot) {
            p.circle_filled(dot, 1.0, faint(color, 0.45));
        }
    }
}

fn salvo(sheet: &mut Sheet<'_>, flight: &Flight, paths: &[Vec<Pos2>], t: f32, strength: f32, color: Color32) {
    let p = &sheet.painter;
    // The band runs from half-way between the launch areas; strands join it within the first quarter.
    let from = flight.from.iter().fold([0.0; 2], |sum: Plane, p| [sum[0] + p[0], sum[1] + p[1]]);
    let n = flight.from.len() as f64;
    let start = sheet.lens.at([from[0] / n, from[1] / n]);
    let to = sheet.lens.at(flight.to);
    let main = ink::arc(start, to, bend(flight.class) * 1.1);
    let join = ink::along(&main, 0.28).0;
    for path in paths {
        let strand = ink::arc(path[0], join, 0.12);
        p.line(ink::part(&strand, 0.0, (t / 0.28).min(1.0)), Stroke::new(1.4, faint(color, 0.8 * strength)));
        ink::chevron(p, path[0] + vec2(0.0, -3.0), vec2(0.0, -1.0), 5.0, Stroke::new(1.6, faint(color, strength)));
    }
    let band = ink::part(&main, 0.28, t);
    if band.len() >= 2 {
        p.line(band.clone(), Stroke::new(7.0, faint(color, 0.22 * strength)));
        for by in [-2.2, 0.0, 2.2] {
            p.line(ink::beside(&band, by), Stroke::new(1.2, faint(color, strength)));
        }
        let (at, way) = ink::along(&main, t);
        let side = vec2(way.y, -way.x);
        for d in [way * 3.0, side * 3.0 - way, side * -3.0 - way] {
            ink::disc(p, at + d, 2.8, color, sheet.look.flash);
        }
    }
    if let Some(words) = &flight.said {
        pill(sheet, &main, flight, words.clone(), faint(color, strength));
    }
}

/// Asks for a pill with a count over a path.
fn pill(sheet: &mut Sheet<'_>, path: &[Pos2], flight: &Flight, words: String, color: Color32) {
    // A salvo that also crosses an inset is counted on the map of the region, and only there.
    if flight.event.is_some() && sheet.pane != Pane::Region {
        return;
    }
    let at = ink::along(path, 0.55).0;
    let mut label = Label::beside(words, Style::Bold, at, 8.0, 100.0 + flight.count as f32 / 1000.0);
    label.frame = Frame::Pill(color);
    label.far = Some(Favoured::NorthEast);
    label.target = flight.event.map(|id| Target::Pick(Pick::Event(id)));
    sheet.say(label);
}

/// An interception.
pub(super) fn spark(p: &Painter, at: Pos2, look: &Look, alpha: f32) {
    let stroke = Stroke::new(1.5, faint(look.ink, alpha));
    ink::cross(p, at, 4.4, stroke);
}

/// An impact.
pub(super) fn flash(p: &Painter, at: Pos2, size: f32, alpha: f32, look: &Look) {
    p.circle_filled(at, 11.0 * size, faint(look.flash, 0.18 * alpha));
    ink::disc(p, at, 5.0 * size, faint(look.flash, alpha), faint(look.ink, 0.55 * alpha));
    for k in 0..8 {
        let d = Vec2::angled(k as f32 * std::f32::consts::FRAC_PI_4);
        p.add(Shape::line_segment(
            [at + d * 7.0 * size, at + d * 10.0 * size],
            Stroke::new(1.2, faint(look.ink, 0.8 * alpha)),
        ));
    }
}
