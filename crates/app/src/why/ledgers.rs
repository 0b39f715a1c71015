//! What an event stands on: the two ledgers and the exchange gain of its pair, or the state of its table.

use super::side::side_of;
use crate::chart::{Axes, end_labels};
use crate::draw::{bold, clipped, dashed, heading, line, narrow};
use crate::glossary::{Shown, prose};
use crate::look::{Look, faint};
use bevy_egui::egui::{self, Align2, Color32, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};
use detente_model::record::digits::Measure;
use detente_model::sim::event::Event;
use detente_model::sim::state::Status;
use detente_session::Sitting;

/// Shows what an event belongs to: a pair, a table, or nothing.
pub(super) fn belonging(ui: &mut Ui, sitting: &Sitting, event: &Event, shown: &mut Shown, look: &Look) {
    let about = event.about(&sitting.rules);
    if let Some(pair) = about.pair {
        ledgers(ui, sitting, pair, shown, look);
        gain(ui, sitting, pair, shown, look);
    } else if let Some(t) = about.table {
        table(ui, sitting, t, look);
    }
}

/// How a table stands on the day shown.
fn table(ui: &mut Ui, sitting: &Sitting, t: usize, look: &Look) {
    let rule = &sitting.rules.tables[t];
    let Some(state) = sitting.now().columns.agreements.get(t) else { return };
    let stands = match state.status {
        Status::InForce => format!("in force since day {}", state.since),
        Status::Collapsed => "collapsed".to_owned(),
        Status::Closed => "does not meet".to_owned(),
        Status::Talks => "meets, nothing signed".to_owned(),
    };
    let day = format!("on day {}", sitting.today());
    line(ui, (&rule.name, bold(), look.ink), (&day, narrow(), look.ink2));
    line(ui, ("Table", narrow(), look.ink2), (&stands, narrow(), look.ink));
    let column = sitting.stage().column(&format!("collapse_chance.{}", rule.id.text));
    if let Some(column) = column.filter(|_| state.in_force()) {
        let chance = sitting.stage().row(&sitting.rules, sitting.now())[column];
        let chance = format!("{} a day", Measure::Chance.say(chance));
        line(ui, ("Chance that it collapses", narrow(), look.ink2), (&chance, narrow(), look.ink));
    }
}

/// The ledgers of a pair, side by side, on one scale.
fn ledgers(ui: &mut Ui, sitting: &Sitting, pair: usize, shown: &mut Shown, look: &Look) {
    let rules = &sitting.rules;
    let &[first, second] = rules.pairs[pair].ledgers.as_slice() else { return };
    let [first, second] = [first, second].map(|l| &rules.ledgers[l]);
    // They are read on the day shown, whatever the day of the event that is explained.
    let day = format!("on day {}", sitting.today());
    heading(ui, &["Two ledgers, in unanswered blows", "Two ledgers"], std::slice::from_ref(&day), look);
    let history = &sitting.branch().history;
    let to = sitting.today().max(0) as usize;
    let from = to.saturating_sub(90);
    let series = |name: String| -> Vec<f64> {
        let column = sitting.stage().column(&name);
        column.map_or_else(Vec::new, |c| {
            history.rows[from..to.min(history.rows.len())].iter().map(|row| row[c]).collect()
        })
    };
    let own = [first, second].map(|l| series(format!("ledger.{}", l.id.text)));
    let others = [first, second].map(|l| series(format!("ledger_other_count.{}", l.id.text)));
    let top = own.iter().chain(&others).flatten().copied().fold(first.theta.max(second.theta), f64::max) * 1.15;
    let (area, whole) = ui.allocate_exact_size(vec2(ui.available_width(), 122.0), Sense::hover());
    let now = |values: &[f64]| values.last().map_or_else(|| "nothing yet".to_owned(), |v| format!("{v:.1}"));
    let words = [first, second].into_iter().enumerate().map(|(i, ledger)| {
        let name = |actor: usize| rules.actors[actor].name.as_str();
        format!(
            "Harm to {}: {} by its own count, {} by that of {}; an answer is owed from {:.1}",
            name(ledger.holder),
            now(&own[i]),
            now(&others[i]),
            name(ledger.against),
            ledger.theta
        )
    });
    let said = format!("Two ledgers {day}. {}", words.collect::<Vec<_>>().join(". "));
    whole.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &said));
    let half = area.width() / 2.0 - 6.0;
    for (i, ledger) in [first, second].into_iter().enumerate() {
        let rect = Rect::from_min_size(area.min + vec2(i as f32 * (half + 12.0), 0.0), vec2(half, area.height()));
        let color = |actor: usize| look.of(side_of(sitting, actor));
        let (mine, theirs) = (color(ledger.holder), color(ledger.against));
        let name = |actor: usize| rules.actors[actor].name.as_str();
        let painter = ui.painter();
        let head = clipped(ui, &format!("Harm to {}", name(ledger.holder)), bold(), look.ink, half);
        painter.rect_filled(Rect::from_min_size(rect.min + vec2(0.0, 6.0), vec2(8.0, 8.0)), 2.0, mine);
        painter.galley(rect.min + vec2(13.0, 0.0), head, look.ink);
        let plot = Rect::from_min_max(rect.min + vec2(14.0, 26.0), rect.max - vec2(34.0, 8.0));
        let axes = Axes::new(plot, (0.0, 90.0), (0.0, top.max(0.5)));
        painter.hline(plot.x_range(), plot.bottom(), Stroke::new(1.0, look.strong));
        painter.text(pos2(plot.left() - 4.0, plot.bottom()), Align2::RIGHT_CENTER, "0", narrow(), look.ink2);
        let y = axes.y(ledger.theta);
        dashed(painter, &[pos2(plot.left(), y), pos2(plot.right(), y)], Stroke::new(1.2, look.ink2), 1.5, 3.0);
        let shift = 90 - own[i].len();
        let points = |values: &[f64]| -> Vec<egui::Pos2> {
            values.iter().enumerate().map(|(d, v)| pos2(axes.x((d + shift) as f64), axes.y(*v))).collect()
        };
        dashed(painter, &points(&others[i]), Stroke::new(1.5, theirs), 4.0, 3.0);
        painter.add(Shape::line(points(&own[i]), Stroke::new(2.0, mine)));
        let ends: [(Option<&f64>, Color32); 2] = [(own[i].last(), mine), (others[i].last(), theirs)];
        let labels = ends
            .into_iter()
            .filter_map(|(v, c)| Some((axes.y(*v?), format!("{:.1}", v?), bold(), ink_of(c, look))))
            .collect();
        end_labels(painter, plot.right() + 5.0, plot.top(), plot.bottom(), labels);
        // Over the lines, on a piece of ground: they may run just there.
        let words = painter.layout_no_wrap(format!("owed from {:.1}", ledger.theta), narrow(), look.ink2);
        let at = pos2(plot.left() + 2.0, (y - 1.0 - words.size().y).max(plot.top() - 6.0));
        painter.rect_filled(
            Rect::from_min_size(at, words.size()).expand2(vec2(2.0, -1.0)),
            2.0,
            faint(look.panel, 0.85),
        );
        painter.galley(at, words, look.ink2);
    }
    let lapse = rules.p.vow_lapse * 100.0;
    let words = format!(
        "Solid: own count. Dashed: the other side's count of the same harm. Dotted: the threshold. An answer is owed once unanswered harm passes \
         it, until it has faded to {lapse:.0} % of that; the more harm, the likelier it comes, most steeply around the threshold."
    );
    prose(ui, &words, shown, look);
}

/// Text in an actor's colour where that can be read, else ink.
fn ink_of(color: Color32, look: &Look) -> Color32 {
    if [look.israel, look.iran, look.un].contains(&color) { color } else { look.ink }
}

/// The exchange gain of a pair, one bar, both ways named.
fn gain(ui: &mut Ui, sitting: &Sitting, pair: usize, shown: &mut Shown, look: &Look) {
    let rules = &sitting.rules;
    let rule = &rules.pairs[pair];
    let Some(column) = sitting.stage().column(&format!("exchange_gain.{}", rule.id.text)) else { return };
    let row = sitting.stage().row(rules, sitting.now());
    let g = row[column];
    let day = format!("on day {}", sitting.today());
    heading(ui, &["Exchange gain G"], &[format!("harm of a round over the last, {day}"), day.clone()], look);
    let (area, response) = ui.allocate_exact_size(vec2(ui.available_width(), 52.0), Sense::hover());
    let said = format!("Exchange gain {day}: {g:.2}; below 1 rounds shrink, above 1 they grow");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &said));
    let painter = ui.painter();
    let track = Rect::from_min_max(pos2(area.left(), area.top() + 22.0), pos2(area.right(), area.top() + 27.0));
    let x = |v: f64| track.left() + track.width() * ((v / 1.5).clamp(0.0, 1.0)) as f32;
    painter.rect_filled(Rect::from_min_max(track.min, pos2(x(1.0), track.bottom())), 2.0, faint(look.un, 0.75));
    painter.rect_filled(Rect::from_min_max(pos2(x(1.0), track.top()), track.max), 2.0, faint(look.iran, 0.75));
    painter.vline(x(1.0), track.top() - 4.0..=track.bottom() + 4.0, Stroke::new(1.5, look.ink));
    painter.text(pos2(x(1.0), track.top() - 5.0), Align2::CENTER_BOTTOM, "1", narrow(), look.ink2);
    painter.circle(pos2(x(g), track.center().y), 6.0, look.panel, Stroke::new(2.0, look.ink));
    let near = (x(g) - x(1.0)).abs() < 26.0;
    let at = pos2(x(g) + if near { -16.0 } else { 0.0 }, track.top() - 5.0);
    painter.text(at, Align2::CENTER_BOTTOM, format!("{g:.2}"), bold(), look.ink);
    painter.text(
        pos2(area.left(), area.bottom() - 10.0),
        Align2::LEFT_CENTER,
        "below 1: rounds shrink",
        narrow(),
        look.ink2,
    );
    painter.text(
        pos2(area.right(), area.bottom() - 10.0),
        Align2::RIGHT_CENTER,
        "above 1: they grow",
        narrow(),
        look.ink2,
    );
    response.on_hover_text("Expected unanswered harm after a full round of answers, for each blow before it; from both sides' proportionality, perception and the leakage of salvos");
    let name = |l: &usize| rules.actors[rules.ledgers[*l].holder].name.as_str();
    let names: Vec<&str> = rule.ledgers.iter().map(name).collect();
    let words = format!(
        "It says how answers feed on each other in a round of exchange between {}. What begins a round, and wars with other \
         causes, are apart: they can come at any gain.",
        names.join(" and ")
    );
    prose(ui, &words, shown, look);
}
