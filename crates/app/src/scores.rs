//! How good is it? The line of the back-test beside every fan, and the page behind it.

use super::act::{Act, Dialog};
use super::draw::{body, bold, capital, count, focus_ring, longest_in, narrow, quiet, strong};
use super::look::{Look, faint};
use bevy_egui::egui::{self, Align2, Rect, RichText, Sense, Stroke, Ui, pos2, vec2};
use detente_session::Sitting;
use detente_session::backtest::{FEWEST, Question, Row, Rule, Shipped, TO_BEAT, lines, shipped};
use detente_session::chart::Track;
use detente_session::counted::{WEEKS, counted as counted_of};
use detente_study::tables::provenance::MODEL;

/// Name of the page.
pub const TITLE: &str = "How good is it?";

/// What the back-test says of what a chart shows over so many days; a click opens the page. On a low screen in one line.
pub fn beside(ui: &mut Ui, sitting: &Sitting, track: Track, days: u32, low: bool, look: &Look, acts: &mut Vec<Act>) {
    let lines = lines(track, &sitting.rules, days);
    let shown = if low { 1 } else { lines.len() };
    for line in lines.iter().take(shown) {
        let text =
            if low { longest_in(ui, line.short.clone(), narrow(), ui.available_width()) } else { line.whole.clone() };
        let words = RichText::new(text).font(narrow()).color(look.ink2);
        let response = ui.add(egui::Label::new(words).wrap().selectable(false).sense(Sense::click()));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &line.whole));
        focus_ring(ui, &response, look);
        if response.hovered() {
            let foot = response.rect.expand(1.0);
            ui.painter().hline(foot.x_range(), foot.bottom(), Stroke::new(1.0, look.strong));
        }
        let more = if low { format!("{}\n\nClick: {TITLE}", line.whole) } else { format!("Click: {TITLE}") };
        if response.on_hover_cursor(egui::CursorIcon::PointingHand).on_hover_text(more).clicked() {
            acts.push(Act::Dialog(Some(Dialog::Scores)));
        }
    }
}

/// What was counted of it in the year before the history begins, week by week: bars, told apart from the lines of what is simulated.
pub fn counted(ui: &mut Ui, sitting: &Sitting, track: Track, look: &Look) {
    for of in counted_of(track, &sitting.rules) {
        let Some((last, value)) = of.last() else { continue };
        let words = format!("Counted: {}", of.series.what);
        let end = format!("{} in the week to {}", count(value), last.strftime("%-d %b %Y"));
        let said = format!(
            "{words}, by week in the year before. {end}; most in a week {}, of {WEEKS} weeks.",
            count(of.most())
        );
        let (area, whole) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
        whole.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &said));
        whole.on_hover_text(format!("{said} What was counted, and not what is simulated; sources: `detente observe`."));
        let tail = ui.painter().layout_no_wrap(end, narrow(), look.ink2);
        let galley = super::draw::clipped(ui, &words, narrow(), look.ink2, area.width() - tail.size().x - 10.0);
        ui.painter().galley(area.min, galley, look.ink2);
        let at = pos2(area.right() - tail.size().x, area.top());
        ui.painter().galley(at, tail, look.ink2);
        let bars = Rect::from_min_max(area.min + vec2(0.0, 20.0), area.max - vec2(0.0, 2.0));
        let (step, most) = (bars.width() / of.weeks.len() as f32, of.most().max(1.0));
        for (week, value) in of.weeks.iter().enumerate() {
            // A week that was not counted leaves a gap.
            let Some(value) = value else { continue };
            let x = bars.left() + step * week as f32;
            let high = ((value / most) as f32 * bars.height()).max(1.0);
            let corner = pos2(x, bars.bottom() - high);
            let bar = Rect::from_min_max(corner, pos2(x + (step - 1.0).max(1.0), bars.bottom()));
            ui.painter().rect_filled(bar, 0.0, look.ink2);
        }
    }
}

/// The page.
pub fn page(ui: &mut Ui, look: &Look) {
    match shipped() {
        Ok(of) => whole(ui, of, look),
        Err(trouble) => {
            ui.add(egui::Label::new(RichText::new(trouble).font(body())).wrap());
        }
    }
}

fn whole(ui: &mut Ui, of: &Shipped, look: &Look) {
    let wrap = |ui: &mut Ui, text: &str| ui.add(egui::Label::new(RichText::new(text).font(body())).wrap());
    ui.add(egui::Label::new(strong(of.verdict())).wrap());
    ui.add_space(4.0);
    wrap(
        ui,
        &format!(
            "A back-test of {}: scenario {}, {} origins. Futures of a what-if are no such forecasts: this says how far to trust the model where that could be counted.",
            of.of(),
            of.scenario,
            of.plan.origins().len()
        ),
    );
    ui.add_space(4.0);
    let few = of.rows().any(|row| row.cell.few);
    let few =
        if few { format!(" Fewer than {FEWEST} forecasts say little: dots, and no curves.") } else { String::new() };
    let key = format!(
        "Skill of the weekly value (fair CRPS). Dot and line: against {}, with the 90 % interval; rings: against the other simple rules. Right of 0 the model is better, left of it worse.{few}",
        TO_BEAT.words()
    );
    ui.add(egui::Label::new(quiet(key, look)).wrap());
    for &weeks in &of.plan.horizons {
        if of.ahead(weeks).next().is_none() {
            continue;
        }
        ui.add_space(8.0);
        ui.label(strong(format!("{weeks} week{} ahead", if weeks == 1 { "" } else { "s" })));
        scale(ui, look);
        for row in of.ahead(weeks) {
            series(ui, &row, look);
        }
    }
    let asked: Vec<String> = Question::ALL.iter().filter_map(|question| of.question(*question)).collect();
    if !asked.is_empty() {
        ui.add_space(8.0);
        ui.label(strong("Does it happen?"));
        for sentence in asked {
            wrap(ui, &capital(&sentence));
        }
        ui.add(egui::Label::new(quiet("Brier score: 0 is right and sure each time, 0.25 is a coin's.", look)).wrap());
    }
    if !of.not_scored.is_empty() {
        ui.add_space(8.0);
        ui.label(strong("Not scored"));
        for (id, why) in &of.not_scored {
            ui.add(egui::Label::new(RichText::new(format!("{id}: {why}")).font(narrow()).color(look.ink2)).wrap());
        }
    }
    ui.add_space(8.0);
    let standing = of.standing().map_or_else(|trouble| trouble, |standing| standing.sentence(MODEL));
    wrap(ui, &format!("Registered before later days were looked at: {standing}"));
    ui.add_space(4.0);
}

/// The chart's ends: a skill of so much in either direction; what lies behind them is marked at the edge.
const ENDS: f64 = 1.0;

/// Where a skill stands on a strip.
fn place(strip: Rect, skill: f64) -> f32 {
    let share = (skill.clamp(-ENDS, ENDS) / ENDS + 1.0) / 2.0;
    strip.left() + strip.width() * share as f32
}

/// Room for the dots of a row.
fn strip(area: Rect) -> Rect {
    Rect::from_min_max(area.min + vec2(12.0, 0.0), area.max - vec2(12.0, 0.0))
}

/// One series at one horizon: its name, its dots, its figures.
fn series(ui: &mut Ui, row: &Row<'_>, look: &Look) {
    let cell = row.cell;
    ui.add_space(5.0);
    let skill = cell.against(TO_BEAT.name()).unwrap_or_else(|| "–".to_owned());
    let what = format!("{}: {skill} %", capital(row.series.what));
    ui.add(egui::Label::new(RichText::new(what).font(bold())).wrap());
    let (area, whole) = ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
    let said = format!("{}, {}", capital(row.series.what), row.sentence());
    whole.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &said));
    whole.on_hover_text(&said);
    let (at, painter, y) = (strip(area), ui.painter().clone(), area.center().y);
    painter.hline(at.x_range(), y, Stroke::new(1.0, look.hairline));
    painter.vline(place(at, 0.0), area.y_range(), Stroke::new(1.4, look.strong));
    let beyond = |value: f64, color| {
        if value.abs() > ENDS {
            let (x, way) = if value > 0.0 { (at.right() + 9.0, 1.0) } else { (at.left() - 9.0, -1.0) };
            let tip = vec![pos2(x, y), pos2(x - 5.0 * way, y - 4.0), pos2(x - 5.0 * way, y + 4.0)];
            painter.add(egui::Shape::convex_polygon(tip, color, Stroke::NONE));
        }
    };
    if let Some(skill) = cell.skill.get(TO_BEAT.name()) {
        if let (Some(low), Some(high)) = (skill.low, skill.high) {
            painter.hline(place(at, low)..=place(at, high), y, Stroke::new(3.0, faint(look.ink, 0.45)));
            beyond(low, look.ink2);
            beyond(high, look.ink2);
        }
        painter.circle_filled(pos2(place(at, skill.value), y), 4.2, look.ink);
    }
    for skill in Rule::ALL.iter().filter(|rule| **rule != TO_BEAT).filter_map(|rule| cell.skill.get(rule.name())) {
        painter.circle_stroke(pos2(place(at, skill.value), y), 3.4, Stroke::new(1.3, look.ink2));
        beyond(skill.value, look.ink2);
    }
    let better = cell.better_rules();
    let each = |(i, (rule, by)): (usize, &(Rule, i64))| {
        let worse = if i == 0 { "worse " } else { "" };
        format!("{by} % {worse}than {}", rule.words())
    };
    let worse: Vec<String> = better.iter().enumerate().map(each).collect();
    let worse = if worse.is_empty() { "no simple rule is better".to_owned() } else { worse.join(", ") };
    let figures = format!(
        "{} forecasts; the 50 % band held {}, the 90 % band {}; {worse}",
        cell.n,
        cell.held(cell.coverage50),
        cell.held(cell.coverage90)
    );
    ui.add(egui::Label::new(RichText::new(figures).font(narrow()).color(look.ink2)).wrap());
}

/// The axis over the rows of a horizon.
fn scale(ui: &mut Ui, look: &Look) {
    ui.add_space(2.0);
    let (area, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let at = strip(area);
    for (value, words, align) in [
        (-ENDS, "−100 %, worse", Align2::LEFT_TOP),
        (0.0, "0", Align2::CENTER_TOP),
        (ENDS, "better, +100 %", Align2::RIGHT_TOP),
    ] {
        let x = place(at, value);
        ui.painter().vline(x, area.bottom() - 4.0..=area.bottom(), Stroke::new(1.0, look.strong));
        ui.painter().text(pos2(x, area.top() - 2.0), align, words, narrow(), look.ink2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_in_the_middle_and_what_is_beyond_stays_on_the_strip() {
        let at = strip(Rect::from_min_max(pos2(0.0, 0.0), pos2(224.0, 16.0)));
        let near = |skill: f64, x: f32| assert!((place(at, skill) - x).abs() < 1e-3, "{skill}: {}", place(at, skill));
        near(0.0, 112.0);
        near(0.5, 162.0);
        near(-7.0, 12.0);
        near(1.0, 212.0);
    }
}
