//! Actors and sites, as shapes.

use super::facts::short;
use super::hits::{Region, Target};
use super::ink;
use super::labels::{Label, Style};
use super::layers::Layer;
use super::plates::Favoured;
use super::scene::Pick;
use super::sheet::{LOCAL_FROM, Pane, Sheet};
use super::signs;
use crate::look::{Look, faint, mix};
use bevy_egui::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};
use detente_model::scenario::raw::{ActorKind, SiteKind};

/// States whose marker the region shows beside those on a front: mediators and hosts have their own marks.
pub(super) const CAPITALS: [&str; 14] = [
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
/// Capitals of actors, whose names come before the plates of the fronts, with the side on which one has room: the sea, or inland.
const FIRST: [(&str, Favoured); 6] = [
    ("beirut", Favoured::West),
    ("damascus", Favoured::NorthEast),
    ("baghdad", Favoured::East),
    ("tehran", Favoured::East),
    ("riyadh", Favoured::West),
    ("sanaa", Favoured::East),
];

/// Towns of the Gaza Strip.
const GAZA: [&str; 5] = ["gaza_city", "jabalia", "deir_balah", "khan_younis", "rafah"];

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
                Some(p) => at = p,
                None => continue,
            }
        }
        spots.push((at, r));
        let standing = &facts.scene.now.columns.standings[index];
        let color = facts.color(index, sheet.look);
        let resolve = if actor.ledgers.is_empty() { 0.5 } else { standing.resolve };
        actor_mark(&sheet.painter, at, r, group, color, [actor.capability as f32, resolve as f32], dim, sheet.look);
        if let Some((_, share)) = signs::taken_in(facts, index) {
            signs::within(&sheet.painter, at, r, share, sheet.look, dim);
        }
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
        // On the inset of Gaza its own towns come before those around it, and before the mark of who fires from there.
        let in_gaza = sheet.pane == Pane::Gaza && GAZA.contains(id);
        let style = if capital {
            Style::Strong
        } else if site.kind == SiteKind::Disputed {
            Style::Quiet
        } else {
            Style::Place
        };
        let first = FIRST.iter().find(|(first, _)| first == id).filter(|_| sheet.pane == Pane::Region);
        let priority = match site.kind {
            _ if first.is_some() => 160.0,
            _ if capital => 80.0,
            SiteKind::Disputed => 60.0,
            _ if in_gaza => 73.0,
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
        let from = if capital { 0.0 } else { LOCAL_FROM };
        // A mark of an actor on the same spot keeps words farther off.
        let marked = facts.homes.iter().flatten().any(|home| home == place) && sheet.layers.has(Layer::Actors);
        let mut label = Label::beside(words, style, at, if marked { 10.5 } else { 4.0 }, priority).to(target);
        // Small places side by side: their names stand apart and are tied to them.
        label.far = (site.kind == SiteKind::Disputed).then_some(Favoured::NorthEast);
        if in_gaza {
            label.far = Some(Favoured::West);
        }
        if capital {
            // Where marks of bases and actors crowd round it.
            label.far = Some(first.map_or(Favoured::East, |(_, side)| *side));
            // West of Amman lie others' towns, and south-west of Damascus the fronts.
            label.never = [["amman", "damascus"].contains(id), *id == "damascus"];
        }
        sheet.name(label, id, from);
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
            ink::disc(p, at, 2.4, color, ground);
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

/// A numbered disc of the chain shown in Why.
pub(super) fn number(p: &Painter, at: Pos2, n: usize, look: &Look) {
    let ink = look.ink;
    p.circle(at, 10.0, ink, Stroke::new(1.5, look.party_land));
    let font = bevy_egui::egui::FontId::new(14.0, crate::look::condensed_semibold());
    let digit = p.layout_no_wrap(n.to_string(), font, look.on_ink());
    p.galley(pos2(at.x - digit.size().x / 2.0, at.y - digit.size().y / 2.0), digit, look.on_ink());
}
