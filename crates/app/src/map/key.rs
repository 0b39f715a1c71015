//! The key: every sign of the map with its meaning.

use super::bases::{self, Airspace};
use super::flights::Class;
use super::insets::MARGIN;
use super::plates::SIZE;
use super::{fronts, ink, marks, signs, strikes};
use crate::look::{Look, condensed, condensed_semibold, faint, semibold};
use bevy_egui::egui::text::{LayoutJob, TextWrapping};
use bevy_egui::egui::{FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use detente_model::scenario::raw::SiteKind;
use detente_model::sim::rules::Rules;

const ROW: f32 = 19.5;
/// Width of a column at least.
const WIDTH: f32 = 206.0;
/// Room of a row around its words, and of a letter of them: where the key stands has to be known before anything is laid out.
const AROUND: f32 = 52.0;
const LETTER: f32 = 6.2;
/// Where words begin in a column: signs end at 38.
const INDENTS: [f32; 2] = [48.0, 42.0];
/// Room of a code beside its letters.
const CODE: f32 = 18.0;
/// Room for words under which there are none.
const FEWEST: f32 = 16.0;
/// Room above the first row and below the last.
const EDGES: f32 = 46.0;

const ROWS: [(&str, Sign); 29] = [
    ("Rocket", Sign::Flies(Class::Rocket)),
    ("Drone", Sign::Flies(Class::Drone)),
    ("Cruise missile", Sign::Flies(Class::Cruise)),
    ("Ballistic missile", Sign::Flies(Class::Ballistic)),
    ("Aircraft", Sign::Flies(Class::Aircraft)),
    ("Intercepted", Sign::Spark),
    ("Impact, scar", Sign::Impact),
    ("Front: both sides’ fire", Sign::Front),
    ("Truce", Sign::Truce),
    ("Truce or deal ended", Sign::Broken),
    ("Answer settled, let go", Sign::Settled),
    ("State: resolve, power", Sign::State),
    ("Armed group, part taken in", Sign::Group),
    ("Governs by votes", Sign::Elected),
    ("US base, risk", Sign::Base(Airspace::Open)),
    ("Airspace limited", Sign::Base(Airspace::Limited)),
    ("Airspace closed", Sign::Base(Airspace::Closed)),
    ("Host warned; US hears it", Sign::Warned),
    ("UNIFIL; Israel still to leave", Sign::Hatch),
    ("UN position, launch area", Sign::Positions),
    ("Disputed, crossing", Sign::Lines),
    ("Capital, city", Sign::Towns),
    ("People on the move", Sign::People),
    ("Inset of this part", Sign::Number),
    ("Ships: pass, stay away", Sign::Ships),
    ("Nuclear, energy, port", Sign::Sites),
    ("Israel, United States", Sign::Sides(0)),
    ("Iran, aligned groups", Sign::Sides(1)),
    ("UN, others", Sign::Sides(2)),
];

/// The words of its rows, those of levels and fronts left out.
pub fn words() -> impl Iterator<Item = &'static str> {
    ROWS.iter().map(|(words, _)| *words)
}

/// A sign.
#[derive(Clone, Copy)]
enum Sign {
    Flies(Class),
    Spark,
    Impact,
    Front,
    Truce,
    Broken,
    Settled,
    State,
    Group,
    Elected,
    Base(Airspace),
    Warned,
    Hatch,
    Ships,
    Sites,
    Level(u8),
    /// A front's code, by position.
    Code(usize),
    /// Colours of two sides.
    Sides(u8),
    Positions,
    Lines,
    Towns,
    People,
    Number,
}

/// Every row: the signs, the levels, and the codes of the fronts.
fn rows(rules: &Rules) -> Vec<(String, Sign)> {
    let signs = ROWS.iter().map(|(words, sign)| ((*words).to_owned(), *sign));
    let levels = fronts::LEVELS.iter().zip(0_u8..).map(|(words, level)| ((*words).to_owned(), Sign::Level(level)));
    let codes = rules.fronts.iter().enumerate().map(|(i, front)| (front.name.clone(), Sign::Code(i)));
    signs.chain(levels).chain(codes).collect()
}

/// Where the key stands: beside the buttons of the region where it covers no inset there. Else it takes the place of the insets, from
/// `right` on as far to the left as its words need: so it leaves the coast, where most fronts are, in sight.
pub(super) fn place(region: Rect, right: f32, insets: &[Rect], rules: &Rules) -> Rect {
    let (columns, rows) = grid(region, rules);
    let wide: f32 = widths(columns, rows, rules).iter().sum();
    let high = (EDGES + ROW * rows as f32).min(region.height() - 2.0 * MARGIN);
    let bottom = region.max.y - MARGIN;
    // Beside the buttons.
    let left = region.min.x + MARGIN + 40.0;
    // Where the map is too small for whole columns the longest words are cut.
    let wide = wide.min(right - MARGIN - left);
    let beside = Rect::from_min_max(pos2(left, bottom - high), pos2(left + wide, bottom));
    if insets.iter().any(|inset| inset.intersects(beside)) {
        return beside.translate(vec2(right - MARGIN - beside.max.x, 0.0));
    }
    beside
}

/// Widths of the columns: of the longest words in each.
fn widths(columns: usize, high: usize, rules: &Rules) -> Vec<f32> {
    let letters = |(words, sign): &(String, Sign)| match sign {
        Sign::Code(front) => words.chars().count() + rules.fronts[*front].id.text.chars().count(),
        _ => words.chars().count(),
    };
    let all = rows(rules);
    let widest = |rows: &[(String, Sign)]| rows.iter().map(letters).max().unwrap_or(0) as f32;
    (0..columns)
        .map(|k| {
            let column = &all[(k * high).min(all.len())..((k + 1) * high).min(all.len())];
            (AROUND + LETTER * widest(column)).max(WIDTH)
        })
        .collect()
}

/// Where words stand in a column, and how wide columns are.
struct Fitted {
    indent: f32,
    widths: Vec<f32>,
}

/// Widths of the columns that add up to the room there is, `wide` being what words take as they are drawn. Where there is not enough
/// for all, the names of fronts give way first, whose codes stand before them and on the map, then the levels, which a front's tip
/// has, then the room before the words; what explains a sign is read to its end.
fn fitted(columns: usize, high: usize, rules: &Rules, room: f32, wide: impl Fn(&str) -> f32) -> Fitted {
    let sum = |widths: &[f32]| widths.iter().sum::<f32>();
    let of = |indent: f32| {
        let mut stages = vec![vec![indent; columns]; 3];
        for (k, (words, sign)) in rows(rules).iter().enumerate() {
            let (first, before) = match sign {
                Sign::Code(front) => (2, CODE + wide(&rules.fronts[*front].id.text)),
                Sign::Level(_) => (1, indent),
                _ => (0, indent),
            };
            for (stage, widths) in stages.iter_mut().enumerate() {
                // A hair more than words and their end take, so that no rounding cuts a letter.
                let words = if stage >= first { before.max(indent) + wide(words) + 5.0 } else { before };
                widths[k / high] = widths[k / high].max(words);
            }
        }
        stages
    };
    let tight = INDENTS.into_iter().find(|indent| sum(&of(*indent)[0]) <= room);
    let indent = tight.unwrap_or(INDENTS[INDENTS.len() - 1]);
    let stages = of(indent);
    let Some(at) = stages.iter().rposition(|widths| sum(widths) <= room) else {
        let share = room / sum(&stages[0]);
        return Fitted { indent, widths: stages[0].iter().map(|width| width * share).collect() };
    };
    let left = room - sum(&stages[at]);
    let widths = match stages.get(at + 1) {
        // What is left goes to those that want more, each by how much.
        Some(next) => {
            let part = left / (sum(next) - sum(&stages[at]));
            stages[at].iter().zip(next).map(|(width, next)| width + part * (next - width)).collect()
        }
        None => stages[at].iter().map(|width| width + left / columns as f32).collect(),
    };
    Fitted { indent, widths }
}

/// Columns and rows: as many columns as the height asks for.
fn grid(region: Rect, rules: &Rules) -> (usize, usize) {
    let all = rows(rules).len();
    let fit = ((region.height() - 2.0 * MARGIN - EDGES) / ROW).max(1.0) as usize;
    let columns = all.div_ceil(fit).min(4);
    (columns, all.div_ceil(columns))
}

/// Paints the key.
pub(super) fn paint(p: &Painter, rect: Rect, region: Rect, rules: &Rules, look: &Look) {
    let (columns, high) = grid(region, rules);
    let letters = |words: &str| p.layout_no_wrap(words.to_owned(), FontId::new(SIZE, condensed()), look.ink).size().x;
    let Fitted { indent, widths } = fitted(columns, high, rules, rect.width(), letters);
    let p = p.with_clip_rect(rect);
    p.rect(rect, 6.0, look.panel, Stroke::new(1.0, look.strong), StrokeKind::Inside);
    let title = p.layout_no_wrap("Key".to_owned(), FontId::new(SIZE, semibold()), look.ink);
    p.galley(rect.min + vec2(12.0, 8.0), title, look.ink);
    for (k, (words, sign)) in rows(rules).into_iter().enumerate() {
        let y = rect.min.y + 40.0 + ROW * (k % high) as f32;
        let (x, width) = (rect.min.x + widths[..k / high].iter().sum::<f32>(), widths[k / high]);
        let at = pos2(x + 26.0, y);
        let mut from = x + indent;
        if let Sign::Code(front) = sign {
            // Codes are words themselves, of any length.
            let code = &rules.fronts[front].id.text;
            let code = p.layout_no_wrap(code.clone(), FontId::new(SIZE, condensed_semibold()), look.ink);
            from = (x + CODE + code.size().x).max(from);
            p.galley(pos2(x + 12.0, y - code.size().y / 2.0), code, look.ink);
        }
        paint_sign(&p, at, sign, look);
        // Less would be dots alone.
        if x + width - 4.0 - from < FEWEST {
            continue;
        }
        let mut job = LayoutJob::simple_singleline(words, FontId::new(SIZE, condensed()), look.ink);
        job.wrap = TextWrapping::truncate_at_width(x + width - 4.0 - from);
        let galley = p.layout_job(job);
        p.galley(pos2(from, y - galley.size().y / 2.0), galley, look.ink);
    }
}

fn paint_sign(p: &Painter, at: Pos2, sign: Sign, look: &Look) {
    let (from, to) = (at - vec2(14.0, 0.0), at + vec2(12.0, 0.0));
    match sign {
        Sign::Flies(class) => strikes::arc(p, class, &[from, at, to], 1.0, look.ink2, look),
        Sign::Spark => strikes::spark(p, at, look, 1.0),
        Sign::Impact => {
            strikes::flash(p, at - vec2(7.0, 0.0), 0.75, 1.0, look);
            p.circle(at + vec2(9.0, 0.0), 4.5, faint(look.other, 0.5), Stroke::new(1.0, look.ink3));
            ink::cross(p, at + vec2(9.0, 0.0), 2.2, Stroke::new(1.1, look.ink));
        }
        Sign::Front => fronts::sample(p, from, to, [look.aligned, look.israel]),
        Sign::Truce => ink::dashed(p, &[from, to], Stroke::new(2.4, look.un), 7.0, 4.0),
        Sign::Broken => {
            ink::dashed(p, &[from, to], Stroke::new(2.0, faint(look.un, 0.7)), 5.0, 6.0);
            ink::cross(p, at, 4.5, Stroke::new(1.8, look.ink));
        }
        Sign::State => {
            p.circle_filled(at, 5.0, faint(look.other, 0.7));
            ink::ring(p, at, 7.0, 0.0, 0.6, Stroke::new(1.6, look.other));
        }
        Sign::Settled => signs::equal(p, at, look, 1.0),
        Sign::Group => {
            for (x, share) in [(-8.0, None), (8.0, Some(0.5))] {
                let at = at + vec2(x, 0.0);
                let line = Stroke::new(1.2, look.aligned);
                p.add(Shape::convex_polygon(ink::corners(at, 6.5, 4), faint(look.aligned, 0.8), line));
                share.into_iter().for_each(|share| signs::within(p, at, 6.5, share, look, 1.0));
            }
        }
        Sign::Elected => signs::box_of_votes(p, at, look, 1.0),
        Sign::Base(airspace) => {
            let disc = if airspace == Airspace::Open { 3.4 } else { 2.0 };
            bases::mark(p, at, 5.4, disc, Some(airspace), look, 1.0);
        }
        Sign::Warned => {
            bases::warned(p, at - vec2(8.0, 1.0), false, look, 1.0);
            bases::warned(p, at + vec2(10.0, -1.0), true, look, 1.0);
        }
        Sign::Hatch => {
            let square = |x: f32| {
                let r = Rect::from_center_size(at + vec2(x, 0.0), vec2(13.0, 13.0));
                [r.left_top(), r.right_top(), r.right_bottom(), r.left_bottom()]
            };
            ink::hatch(p, &square(-8.0), 4.0, false, Stroke::new(1.1, look.un));
            ink::hatch(p, &square(8.0), 4.0, true, Stroke::new(1.2, look.israel));
        }
        Sign::Ships => {
            p.line_segment([at - vec2(13.0, 0.0), at - vec2(6.0, 0.0)], Stroke::new(3.2, look.other));
            let r = Rect::from_center_size(at + vec2(6.0, 0.0), vec2(8.0, 3.6));
            p.rect_stroke(r, 1.5, Stroke::new(1.0, look.other), StrokeKind::Inside);
        }
        Sign::Code(_) => {}
        Sign::Sides(which) => {
            let sides = [[look.israel, look.united_states], [look.iran, look.aligned], [look.un, look.other]];
            for (x, color) in [-8.0, 8.0].into_iter().zip(sides[usize::from(which.min(2))]) {
                p.rect_filled(Rect::from_center_size(at + vec2(x, 0.0), vec2(12.0, 12.0)), 3.0, color);
            }
        }
        Sign::Level(level) => {
            let square = Rect::from_center_size(at, vec2(16.0, 16.0));
            p.rect_filled(square, 4.0, look.ink);
            let digit = p.layout_no_wrap(level.to_string(), FontId::new(SIZE, semibold()), look.on_ink());
            p.galley(at - digit.size() / 2.0, digit, look.on_ink());
        }
        Sign::Positions => {
            marks::site_mark(p, at - vec2(8.0, 0.0), Some(SiteKind::Unifil), look.un, look);
            marks::site_mark(p, at + vec2(8.0, 4.0), Some(SiteKind::LaunchArea), look.ink2, look);
        }
        Sign::Lines => {
            ink::dashed(p, &[from, at - vec2(1.0, 0.0)], Stroke::new(1.0, look.ink3), 3.0, 2.5);
            marks::site_mark(p, at + vec2(8.0, 0.0), Some(SiteKind::Crossing), look.ink2, look);
        }
        Sign::Towns => {
            marks::site_mark(p, at - vec2(8.0, 0.0), None, look.ink2, look);
            marks::site_mark(p, at + vec2(8.0, 0.0), Some(SiteKind::City), look.ink2, look);
        }
        Sign::People => {
            p.line_segment([from, to - vec2(5.0, 0.0)], Stroke::new(4.0, faint(look.other, 0.7)));
            ink::head(p, to, vec2(1.0, 0.0), 7.0, look.other, Stroke::NONE);
        }
        Sign::Number => super::insets::number_box(p, at, "1", look),
        Sign::Sites => {
            for (x, kind) in [(-12.0, SiteKind::Nuclear), (0.0, SiteKind::Energy), (11.0, SiteKind::Port)] {
                marks::site_mark(p, at + vec2(x, 0.0), Some(kind), look.ink2, look);
            }
        }
    }
}
