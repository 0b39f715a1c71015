//! Fronts: a ribbon in the colours of both sides, each as wide as its own fire and on its own side; truces; tags.

use super::atlas::atlas;
use super::ended::{self, ENDED_DAYS};
use super::facts::{FIRE_DAYS, Facts};
use super::hits::{Region, Target};
use super::ink;
use super::labels::{Label, Style};
use super::plates::{Favoured, Frame};
use super::project::Plane;
use super::scene::Pick;
use super::sheet::{Pane, Sheet};
use crate::look::faint;
use bevy_egui::egui::{Color32, Pos2, Shape, Stroke};
use detente_model::scenario::raw::LadderRule;
use detente_model::sim::state::Status;

/// Who stands to the left of a front's line in `lines.tsv`, who to the right, and where else than on the region its tag is
/// shown; the title of South Lebanon says how its front stands.
const SIDES: [(&str, &[&str], &[&str], Pane); 8] = [
    ("LEB", &["HZB"], &["ISR"], Pane::Region),
    ("GAZ", &["ISR"], &["HAM"], Pane::Gaza),
    ("WBK", &["ISR"], &["WBG"], Pane::Gaza),
    ("SYR", &["ISR"], &["SYR"], Pane::Region),
    ("IRQ", &["USA", "ISR"], &["IRI"], Pane::Region),
    ("YEM-RED", &["HOU"], &["USA", "ISR", "SHIPS"], Pane::Region),
    ("IRN-ISR", &["IRN"], &["ISR"], Pane::Region),
    ("KSA-HOU", &["KSA"], &["HOU"], Pane::Region),
];

/// Words for levels.
pub(super) const LEVELS: [&str; 7] = [
    "truce",
    "friction",
    "bounded attrition",
    "deep strikes",
    "air campaign",
    "ground or infrastructure campaign",
    "unrestricted",
];

/// Words for the levels of a front whose level follows strikes of two sides at each other, and no daily fire: there level 4 is not a
/// campaign, but that both have struck of late.
const EXCHANGE: [&str; 7] = [
    "truce",
    "friction",
    "standing hostility",
    "strikes",
    "strikes both ways",
    "open war, or lately so",
    "unrestricted",
];

/// What a level means on a front.
pub(super) fn level_words(rule: LadderRule, level: u8) -> &'static str {
    let words = if rule == LadderRule::Exchange { &EXCHANGE } else { &LEVELS };
    words[usize::from(level.min(6))]
}

/// How a front stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Calm {
    /// Fire.
    No,
    /// A truce is in force since so many days, or nobody fires without one.
    Truce(Option<i32>),
    /// A truce collapsed so many days ago.
    Broken(i32),
    /// The collective deal that had covered it ended so many days ago.
    DealOver(i32),
}

impl Calm {
    /// How the end of what held is told, where one is.
    pub fn ended(self) -> Option<String> {
        match self {
            Self::Broken(days) => Some(format!("truce ended {days} d ago")),
            Self::DealOver(days) => Some(format!("deal ended {days} d ago")),
            Self::No | Self::Truce(_) => None,
        }
    }
}

/// A front as drawn.
pub(super) struct Front {
    /// Its line, on the plane.
    pub path: Vec<Plane>,
    /// Actors to the left and to the right.
    pub sides: [Vec<usize>; 2],
    /// 30-day fire of both.
    pub fire: [f64; 2],
    /// The same against what the front can bear, 0 to 1.
    pub share: [f32; 2],
    /// How it stands.
    pub calm: Calm,
    /// Where its tag is shown.
    pub pane: Pane,
}

/// A front by position.
pub(super) fn front(facts: &Facts<'_>, index: usize) -> Option<Front> {
    let rules = facts.scene.rules;
    let rule = &rules.fronts[index];
    let id = rule.id.text.as_str();
    let known = SIDES.iter().find(|(front, ..)| *front == id);
    let path = atlas().line(&format!("front.{id}"));
    let (path, sides, pane) = match known {
        Some((_, left, right, pane)) if !path.is_empty() => {
            let all = |ids: &[&str]| ids.iter().filter_map(|id| facts.actor(id)).collect::<Vec<_>>();
            (path.to_vec(), [all(left), all(right)], *pane)
        }
        _ => {
            // A front that the atlas does not know: half-way between the homes of its first two parties, across.
            let &[a, b, ..] = rule.parties.as_slice() else { return None };
            let (from, to) = (facts.homes[a]?, facts.homes[b]?);
            let (mid, d) = ([(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0], [to[0] - from[0], to[1] - from[1]]);
            let across = |s: f64| [mid[0] - d[1] * s, mid[1] + d[0] * s];
            // Seen along this line, `a` is to the left.
            (vec![across(0.25), across(-0.25)], [vec![a], vec![b]], Pane::Region)
        }
    };
    let fire = [0, 1].map(|k| facts.fire_of(index, &sides[k]));
    let cap = capacity(facts, index);
    let share = fire.map(|f| (f / cap).clamp(0.0, 1.0) as f32);
    Some(Front { path, sides, fire, share, calm: calm(facts, index), pane })
}

/// The 30-day fire at which a band is as wide as it gets: that of the louder side at level 5, or 12 exchanges.
fn capacity(facts: &Facts<'_>, index: usize) -> f64 {
    let rules = facts.scene.rules;
    let rule = &rules.fronts[index];
    if rule.ladder == LadderRule::Exchange {
        return 12.0;
    }
    let most = rule.streams.iter().map(|&s| &rules.streams[s]).map(|s| s.mu * s.level_factor[5]).fold(0.0, f64::max);
    (most * f64::from(FIRE_DAYS)).max(1.0)
}

fn calm(facts: &Facts<'_>, index: usize) -> Calm {
    let (rules, now) = (facts.scene.rules, facts.scene.now);
    let agreements = &now.columns.agreements;
    if let Some(table) = rules.fronts[index].table {
        if let Some(agreement) = rules.truce(table, &now.levers, agreements)
            && now.columns.fronts[index].level == 0
        {
            return Calm::Truce(Some((facts.scene.today - agreement.since).max(0)));
        }
        let own = &agreements[table];
        let ago = facts.scene.today - own.last_collapse;
        if own.status == Status::Collapsed && (0..=ENDED_DAYS).contains(&ago) {
            return Calm::Broken(ago);
        }
    }
    if let Some(ago) = ended::deal_ended(facts, index) {
        return Calm::DealOver(ago);
    }
    if now.columns.fronts[index].level == 0 { Calm::Truce(None) } else { Calm::No }
}

/// Draws every front; `widths` are the eased shares of both sides.
pub(super) fn draw(sheet: &mut Sheet<'_>, widths: &[[f32; 2]], dim: f32) {
    let facts = sheet.facts;
    for (index, widths) in widths.iter().enumerate() {
        let Some(front) = front(facts, index) else { continue };
        let line = sheet.line(&front.path);
        if !line.iter().any(|p| sheet.lens.shows(*p, 40.0)) {
            continue;
        }
        let length: f32 = line.windows(2).map(|p| p[0].distance(p[1])).sum();
        let target = Target::Pick(Pick::Front(index));
        match front.calm {
            Calm::Truce(_) => truce(sheet, &line, dim, false),
            Calm::Broken(ago) | Calm::DealOver(ago) => {
                ribbon(sheet, &front, &line, *widths, dim);
                if ago < 20 {
                    truce(sheet, &line, dim * (1.0 - ago as f32 / 20.0), true);
                }
                if length > 30.0 {
                    let (at, _) = ink::along(&line, 0.5);
                    ended::cross(&sheet.painter, at, sheet.look, dim);
                }
            }
            Calm::No => ribbon(sheet, &front, &line, *widths, dim),
        }
        tag(sheet, index, &front, &line, length, dim);
        sheet.hit(Region::Band(line, 5.0), target);
    }
}

/// Width of a band for a share of the cap; none without fire.
pub(super) fn width(share: f32) -> f32 {
    if share <= 0.0 { 0.0 } else { 1.0 + 4.0 * share.sqrt() }
}

/// Offsets of the bands' middles from the line, left and right: never across it.
pub(super) fn offsets(widths: [f32; 2]) -> [f32; 2] {
    [0.6 + widths[0] / 2.0, -(0.6 + widths[1] / 2.0)]
}

fn ribbon(sheet: &Sheet<'_>, front: &Front, line: &[Pos2], shares: [f32; 2], dim: f32) {
    let widths = shares.map(width);
    let look = sheet.look;
    let colors = [0, 1].map(|k| {
        let first = front.sides[k].first();
        first.map_or(look.other, |&actor| sheet.facts.color(actor, look))
    });
    for (k, by) in offsets(widths).into_iter().enumerate() {
        if widths[k] <= 0.0 {
            continue;
        }
        let band = ink::beside(line, by);
        for (more, alpha) in [(7.0, 0.07), (3.5, 0.10)] {
            // The glow spreads outwards only.
            let glow = ink::beside(line, by + more / 2.0 * by.signum());
            sheet.painter.line(glow, Stroke::new(widths[k] + more, faint(colors[k], alpha * dim)));
        }
        sheet.painter.line(band, Stroke::new(widths[k], faint(colors[k], dim)));
    }
    if widths.iter().all(|w| *w <= 0.0) {
        ink::dashed(&sheet.painter, line, Stroke::new(1.0, faint(look.ink3, dim)), 3.0, 3.0);
    }
}

fn truce(sheet: &Sheet<'_>, line: &[Pos2], dim: f32, broken: bool) {
    let green = sheet.look.un;
    sheet.painter.line(line.to_vec(), Stroke::new(7.0, faint(green, 0.2 * dim)));
    let (dash, gap) = if broken { (5.0, 12.0) } else { (7.0, 4.0) };
    ink::dashed(&sheet.painter, line, Stroke::new(2.4, faint(green, dim)), dash, gap);
}

fn tag(sheet: &mut Sheet<'_>, index: usize, front: &Front, line: &[Pos2], length: f32, dim: f32) {
    if sheet.pane != Pane::Region && sheet.pane != front.pane {
        return;
    }
    let facts = sheet.facts;
    let level = facts.scene.now.columns.fronts[index].level;
    let (fill, words) = match front.calm {
        Calm::Truce(Some(days)) => (sheet.look.un, format!("truce, day {days}")),
        Calm::Truce(None) => (sheet.look.un, "calm".to_owned()),
        Calm::Broken(days) | Calm::DealOver(days) if days <= 30 => {
            (sheet.look.ink, front.calm.ended().unwrap_or_default())
        }
        _ if level >= 4 && sheet.pane == Pane::Region && length > 120.0 => {
            (sheet.look.ink, level_words(facts.scene.rules.fronts[index].ladder, level).to_owned())
        }
        _ => (sheet.look.ink, String::new()),
    };
    let words = if sheet.paired { String::new() } else { words };
    let (anchor, _) = ink::along(line, 0.5);
    let mut label =
        Label::beside(&facts.scene.rules.fronts[index].id.text, Style::Bold, anchor, 7.0, 130.0 - index as f32);
    // Plates come before everything that moves, in one order whatever their levels: on two maps side by side, and from day
    // to day, each stands where it stood.
    label.frame = Frame::Plate { level, fill: if dim < 1.0 { faint(fill, 0.6) } else { fill }, words };
    label.far = Some(Favoured::of(&facts.scene.rules.fronts[index].id.text, sheet.pane != Pane::Region));
    sheet.say(label.to(Target::Pick(Pick::Front(index))));
}

/// A short stretch of a two-sided ribbon or a truce, for the key.
pub(super) fn sample(painter: &bevy_egui::egui::Painter, from: Pos2, to: Pos2, colors: [Color32; 2]) {
    for (by, color) in [(1.6, colors[0]), (-1.2, colors[1])] {
        let width = if by > 0.0 { 2.4 } else { 1.6 };
        painter.add(Shape::line(ink::beside(&[from, to], by), Stroke::new(width, color)));
    }
}

/// Eased shares of both sides of every front.
pub(super) fn shares(facts: &Facts<'_>) -> Vec<[f32; 2]> {
    (0..facts.scene.rules.fronts.len()).map(|i| front(facts, i).map_or([0.0; 2], |f| f.share)).collect()
}
