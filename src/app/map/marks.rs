//! Actors and sites, as shapes.

use super::Pick;
use super::facts::short;
use super::hits::{Region, Target};
use super::ink;
use super::labels::{Label, Style};
use super::layers::Layer;
use super::sheet::{Pane, Sheet};
use crate::app::look::{Look, faint, mix};
use crate::scenario::raw::{ActorKind, SiteKind};
use bevy_egui::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

/// States whose marker the region shows beside those on a front: mediators and hosts have their own marks.
const CAPITALS: [&str; 14] = [
    "beirut",
    "damascus",
    "baghdad",
    "tehran",
    "sanaa",
    "aden",
    "riyadh",
    "kuwait",
    "bahrain",
    "abu_dhabi",
    "amman",
    "doha",
    "muscat",
    "cairo",
];

/// Draws the marks of states and armed groups on a front.
pub(super) fn actors(sheet: &mut Sheet<'_>, dim: f32) {
    let facts = sheet.facts;
    let rules = facts.scene.rules;
    let mut spots: Vec<(Pos2, f32)> = Vec::new();
    for (index, actor) in rules.actors.iter().enumerate() {
        let fights = rules.fronts.iter().any(|f| f.parties.contains(&index));
        let Some(at) = facts.homes[index].and_then(|home| sheet.shown(home)) else { continue };
        if !fights || actor.kind == ActorKind::Shipping || actor.id.text == "USA" {
            continue;
        }
        let group = actor.kind == ActorKind::Group;
        let scale = if sheet.pane == Pane::Region && sheet.zoom() < 2.0 { 0.8 } else { 1.0 };
        let r = if group { 9.0 } else { 7.5 } * scale;
        // Marks that fall on each other at this distance step aside: the state stays.
        let mut at = at;
        let crowded =
            |at: Pos2, spots: &[(Pos2, f32)]| spots.iter().any(|(p, other)| p.distance(at) < (r + other) * 0.8);
        if crowded(at, &spots) {
            let free =
                [vec2(1.0, 0.0), vec2(0.0, 1.0), vec2(-1.0, 0.0), vec2(0.0, -1.0), vec2(1.0, 1.0), vec2(-1.0, 1.0)];
            match free.into_iter().map(|d| at + d * r * 1.9).find(|p| !crowded(*p, &spots)) {
                Some(p) if sheet.pane != Pane::Region || sheet.zoom() > 2.0 => at = p,
                _ => continue,
            }
        }
        spots.push((at, r));
        let standing = &facts.scene.now.columns.standings[index];
        let color = facts.color(index, sheet.look);
        let resolve = if actor.ledgers.is_empty() { 0.5 } else { standing.resolve };
        actor_mark(&sheet.painter, at, r, group, color, [actor.capability as f32, resolve as f32], dim, sheet.look);
        sheet.keep_free(at, r + 1.0);
        sheet.hit(Region::Disc(at, r + 2.0), Target::Pick(Pick::Actor(index)));
        if sheet.zoom() > 3.0 || (group && sheet.zoom() > 1.6) {
            let label = Label::beside(short(&actor.name), Style::Bold, at, r + 2.0, 72.0);
            sheet.say(label.to(Target::Pick(Pick::Actor(index))));
        }
    }
}

/// The mark of an actor: a circle for a state, a diamond for a group; fill for resolve, ring for capability.
fn actor_mark(
    p: &Painter,
    at: Pos2,
    r: f32,
    group: bool,
    color: Color32,
    [capability, resolve]: [f32; 2],
    dim: f32,
    look: &Look,
) {
    let fill = faint(color, (0.25 + 0.75 * resolve) * dim);
    let casing = Stroke::new(2.5, faint(look.party_land, dim));
    if group {
        p.add(Shape::convex_polygon(ink::corners(at, r, 4), look.party_land, casing));
        p.add(Shape::convex_polygon(ink::corners(at, r * 0.72, 4), fill, Stroke::NONE));
        let corners = ink::corners(at, r, 4);
        let outline: Vec<Pos2> = corners.iter().chain(corners.first()).copied().collect();
        p.line(ink::part(&outline, 0.0, capability.max(0.04)), Stroke::new(1.6, faint(color, dim)));
    } else {
        p.circle(at, r, look.party_land, casing);
        p.circle_filled(at, r * 0.72, fill);
        ink::ring(p, at, r, 0.0, capability.max(0.04), Stroke::new(1.6, faint(color, dim)));
    }
}

/// Draws sites other than bases with US forces, and their names as far as the zoom allows.
pub(super) fn sites(sheet: &mut Sheet<'_>, dim: f32) {
    let facts = sheet.facts;
    let zoom = sheet.zoom();
    for (index, (id, site, place)) in facts.sites.iter().enumerate() {
        let Some(at) = sheet.shown(*place) else { continue };
        let capital = CAPITALS.contains(id);
        let nuclear = site.kind == SiteKind::Nuclear;
        // At the scale of the region: capitals, nuclear sites, straits, channels.
        let from = match site.kind {
            SiteKind::UsBase => continue,
            _ if capital => 0.0,
            SiteKind::Nuclear | SiteKind::Strait | SiteKind::Channel => 0.0,
            SiteKind::Port | SiteKind::Energy => 0.9,
            SiteKind::LaunchArea | SiteKind::Crossing | SiteKind::Disputed | SiteKind::Unifil => 3.0,
            SiteKind::City if ["isfahan", "jeddah", "hodeidah", "jerusalem", "tel_aviv"].contains(id) => 0.9,
            SiteKind::City => 2.0,
            SiteKind::Base | SiteKind::Corridor | SiteKind::Area => 4.0,
        };
        let wanted = match site.kind {
            SiteKind::Unifil => sheet.layers.has(Layer::Peacekeepers),
            SiteKind::City => true,
            _ if capital => true,
            _ => sheet.layers.has(Layer::Sites),
        };
        if zoom < from || !wanted {
            continue;
        }
        let color = match site.owner.as_str() {
            "UN" => sheet.look.un,
            "DISPUTED" => sheet.look.ink3,
            _ => sheet.look.ink2,
        };
        site_mark(&sheet.painter, at, if capital { None } else { Some(site.kind) }, faint(color, dim), sheet.look);
        let target = Target::Pick(Pick::Site(index));
        sheet.hit(Region::Disc(at, 4.0), target);
        sheet.keep_free(at, 3.0);
        let named = match site.kind {
            _ if capital => 0.0,
            SiteKind::City => from.max(1.4),
            SiteKind::Strait => 1.0,
            SiteKind::Nuclear => 1.4,
            SiteKind::Unifil => 30.0,
            SiteKind::Disputed => 6.0,
            SiteKind::Port | SiteKind::Channel | SiteKind::Crossing => 3.0,
            _ => 4.5,
        };
        if zoom < named || site.kind == SiteKind::Area {
            continue;
        }
        let style = if capital {
            Style::Strong
        } else if site.kind == SiteKind::Disputed {
            Style::Quiet
        } else {
            Style::Place
        };
        let priority = match site.kind {
            _ if capital => 80.0,
            SiteKind::Disputed => 60.0,
            SiteKind::City if ["tel_aviv", "jerusalem", "gaza_city", "tyre", "nabatieh"].contains(id) => 58.0,
            SiteKind::City => 50.0,
            SiteKind::Strait => 55.0,
            _ if nuclear => 45.0,
            _ => 40.0,
        };
        let mut words = short(&site.name).to_owned();
        if site.kind == SiteKind::Disputed && zoom > 12.0 {
            words = format!("{words} (disputed)");
        }
        sheet.say(Label::beside(words, style, at, 4.0, priority).to(target));
    }
}

/// The mark of a site by its kind; a capital's for `None`.
pub(super) fn site_mark(p: &Painter, at: Pos2, kind: Option<SiteKind>, color: Color32, look: &Look) {
    let ground = look.party_land;
    let thin = Stroke::new(1.3, color);
    match kind {
        None => {
            p.circle(at, 3.6, ground, thin);
            p.circle_filled(at, 1.4, color);
        }
        Some(SiteKind::City) => {
            p.circle(at, 2.4, color, Stroke::new(1.0, ground));
        }
        Some(SiteKind::Base | SiteKind::UsBase | SiteKind::Corridor) => {
            p.add(Shape::convex_polygon(ink::corners(at, 4.0, 3), color, Stroke::new(1.0, ground)));
        }
        Some(SiteKind::Nuclear) => {
            p.add(Shape::convex_polygon(ink::corners(at, 4.6, 6), ground, thin));
            p.circle_filled(at, 1.3, color);
        }
        Some(SiteKind::Energy) => {
            p.add(Shape::convex_polygon(ink::corners(at, 3.2, 4), color, Stroke::new(1.0, ground)));
        }
        Some(SiteKind::Port) => {
            let half: Vec<Pos2> =
                (0..=8).map(|i| at + Vec2::angled(i as f32 / 8.0 * std::f32::consts::PI) * 4.0).collect();
            p.add(Shape::convex_polygon(half, color, Stroke::new(1.0, ground)));
        }
        Some(SiteKind::Strait) => {
            for side in [-1.0, 1.0] {
                let bow: Vec<Pos2> = (0..=4)
                    .map(|i| i as f32 / 2.0 - 1.0)
                    .map(|t| at + vec2(side * (4.0 - 2.2 * (1.0 - t * t)), t * 4.0))
                    .collect();
                p.line(bow, thin);
            }
        }
        Some(SiteKind::Crossing) => {
            for x in [-2.0, 2.0] {
                p.line_segment([at + vec2(x, -4.0), at + vec2(x, 4.0)], Stroke::new(1.6, color));
            }
        }
        Some(SiteKind::Unifil) => {
            p.rect(
                Rect::from_center_size(at, Vec2::splat(6.8)),
                0.0,
                color,
                Stroke::new(1.0, ground),
                StrokeKind::Outside,
            );
        }
        Some(SiteKind::Disputed | SiteKind::Area) => {
            let r = Rect::from_center_size(at, Vec2::splat(8.0));
            let line = [r.left_top(), r.right_top(), r.right_bottom(), r.left_bottom(), r.left_top()];
            ink::dashed(p, &line, Stroke::new(1.4, color), 2.5, 2.0);
        }
        Some(SiteKind::LaunchArea) => {
            ink::chevron(p, at + vec2(0.0, -4.0), vec2(0.0, -1.0), 5.0, Stroke::new(1.6, color))
        }
        Some(SiteKind::Channel) => {
            p.add(Shape::convex_polygon(ink::corners(at, 6.0, 3), ground, Stroke::new(1.6, mix(color, look.un, 0.7))));
        }
    }
}

/// Countries, waters and disputed areas, with the zoom from which and to which they are named.
const NAMES: [(&str, f64, f64, Style, f64, f64); 34] = [
    ("Turkey", 34.6, 37.6, Style::Country, 0.0, 4.0),
    ("Syria", 38.6, 35.2, Style::Country, 1.3, 6.0),
    ("Iraq", 43.4, 31.6, Style::Country, 0.0, 6.0),
    ("Iran", 53.4, 31.7, Style::Country, 0.0, 6.0),
    ("Israel", 34.86, 30.95, Style::Country, 1.9, 14.0),
    ("Lebanon", 35.95, 34.05, Style::Country, 2.6, 20.0),
    ("Jordan", 36.9, 30.9, Style::Country, 1.3, 8.0),
    ("Egypt", 31.0, 28.0, Style::Country, 0.0, 8.0),
    ("Saudi Arabia", 44.9, 23.3, Style::Country, 0.0, 5.0),
    ("Yemen", 47.2, 15.9, Style::Country, 0.0, 6.0),
    ("Oman", 56.5, 20.8, Style::Country, 0.0, 6.0),
    ("United Arab Emirates", 54.2, 23.5, Style::Country, 1.9, 8.0),
    ("Qatar", 51.2, 25.5, Style::Country, 3.4, 12.0),
    ("Kuwait", 47.7, 29.5, Style::Country, 2.4, 12.0),
    ("Bahrain", 50.55, 26.08, Style::Country, 6.0, 30.0),
    ("Sudan", 33.0, 19.0, Style::Country, 0.0, 6.0),
    ("Eritrea", 38.4, 16.0, Style::Country, 1.2, 6.0),
    ("Ethiopia", 39.2, 12.6, Style::Country, 0.9, 6.0),
    ("Djibouti", 42.6, 11.7, Style::Country, 2.2, 12.0),
    ("Somalia", 47.2, 10.5, Style::Country, 0.9, 6.0),
    ("Afghanistan", 63.0, 33.5, Style::Country, 0.9, 6.0),
    ("Pakistan", 64.0, 28.0, Style::Country, 0.9, 6.0),
    ("Turkmenistan", 59.0, 39.3, Style::Country, 0.9, 6.0),
    ("Azerbaijan", 47.8, 40.4, Style::Country, 1.4, 6.0),
    ("Armenia", 44.9, 40.3, Style::Country, 1.8, 6.0),
    ("Cyprus", 33.1, 35.05, Style::Country, 2.2, 12.0),
    ("West Bank", 35.32, 31.98, Style::Quiet, 6.0, 60.0),
    ("Golan Heights (disputed)", 35.79, 32.97, Style::Quiet, 9.0, 90.0),
    ("Mediterranean", 32.4, 33.6, Style::Water, 0.0, 20.0),
    ("Red Sea", 37.6, 21.2, Style::Water, 0.0, 8.0),
    ("The Gulf", 51.5, 27.4, Style::Water, 0.0, 8.0),
    ("Gulf of Aden", 48.0, 12.2, Style::Water, 0.0, 8.0),
    ("Arabian Sea", 60.5, 19.0, Style::Water, 0.0, 8.0),
    ("Caspian Sea", 51.0, 39.4, Style::Water, 0.0, 8.0),
];

/// Asks for the names of countries and waters.
pub(super) fn names(sheet: &mut Sheet<'_>) {
    let zoom = sheet.zoom();
    for (name, lon, lat, style, from, to) in NAMES {
        let at = sheet.lens.place(lon, lat);
        if zoom < from || zoom > to || !sheet.lens.shows(at, 0.0) {
            continue;
        }
        let priority = if style == Style::Quiet { 59.0 } else { 48.0 };
        if let Some((first, rest)) = name.split_once(" (") {
            sheet.say(Label::beside(first, style, at, -1.0, priority));
            sheet.say(Label::beside(format!("({rest}"), style, at + vec2(0.0, 16.0), -1.0, priority - 0.5));
        } else {
            sheet.say(Label::beside(name, style, at, -1.0, priority));
        }
    }
    if sheet.pane == Pane::South {
        let blue = sheet.lens.place(35.26, 33.06);
        let mut label = Label::beside("Blue Line", Style::Bold, blue, -1.0, 66.0);
        label.color = Some(sheet.look.un);
        sheet.say(label);
        sheet.say(Label::beside("Litani", Style::Water, sheet.lens.place(35.33, 33.345), -1.0, 57.0));
    }
}

/// A numbered disc of the chain shown in Why.
pub(super) fn number(p: &Painter, at: Pos2, n: usize, look: &Look) {
    let ink = look.ink;
    p.circle(at, 10.0, ink, Stroke::new(1.5, look.party_land));
    let font = bevy_egui::egui::FontId::new(14.0, crate::app::look::condensed_semibold());
    let digit = p.layout_no_wrap(n.to_string(), font, look.on_ink());
    p.galley(pos2(at.x - digit.size().x / 2.0, at.y - digit.size().y / 2.0), digit, look.on_ink());
}
