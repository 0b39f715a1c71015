//! Why, in all of them: what an outcome needed, over all futures. The same as `detente causes`, asked and read in the window.

use super::act::{Act, Dialog};
use super::commands::with_key;
use super::draw::{body, bold, capital, count, focus_ring, narrow, quiet, rule, strong};
use super::look::{Look, faint};
use super::question::{WIDE, Waiting, about, answer, aside, head, how, how_many, said, shown, weighty, wrapped};
use bevy_egui::egui::{self, Align2, Label, Rect, RichText, Sense, Stroke, Ui, WidgetInfo, WidgetType};
use bevy_egui::egui::{pos2, vec2};
use detente_model::record::digits::percent;
use detente_model::record::outcome::Headline;
use detente_session::Sitting;
use detente_session::desk::Desk;
use detente_session::inquiry::{FEW, Inquiry};
use detente_study::futures::accumulate::{Share, share};
use detente_study::futures::causes::{Before, Came, Drivers, Pair, Row};

/// Name of the window.
pub const TITLE: &str = "Why, in all of them";
/// Futures that can be asked at the most: minutes.
pub const MOST: u64 = 4_000;
/// Numbers of futures to choose from.
const COUNTS: [u64; 4] = [FEW, 500, 1_000, 2_000];
/// Pairs of kinds that are shown.
const PAIRS: usize = 6;

/// What is chosen in the window.
#[derive(Default)]
pub struct CausesView {
    came: Option<Came>,
    runs: Option<u64>,
}

impl CausesView {
    /// What was asked in another way is what is chosen now.
    pub fn choose(&mut self, came: Came, runs: u64) {
        (self.came, self.runs) = (Some(came), Some(runs));
    }
}

/// The button that opens it.
pub fn way_in(ui: &mut Ui, acts: &mut Vec<Act>) {
    let words = format!("{TITLE}…");
    let hover =
        with_key("What an outcome needed, over all futures: kinds of event taken away, one by one", "causes-window");
    if ui.button(words).on_hover_text(hover).clicked() {
        acts.push(Act::Dialog(Some(Dialog::Causes)));
    }
}

/// The window.
pub fn causes_ui(ui: &mut Ui, sitting: &Sitting, desk: &Desk, view: &mut CausesView, look: &Look, acts: &mut Vec<Act>) {
    about(
        ui,
        "In the futures that come to it, every event of a kind is taken away, on the same luck: then it is seen whether they still come \
         to it.",
    );
    asking(ui, sitting, desk, view, look, acts);
    let Some(inquiry) = desk.inquiry() else {
        ui.add_space(4.0);
        return aside(ui, from_words(sitting, desk), look);
    };
    let stands = inquiry.is_of(sitting, desk.ask);
    let runs = format!("{} futures, and those with it again for every kind of event", count(inquiry.runs as f64));
    let waiting = Waiting {
        runs: Some(runs),
        stopped: "What it needed is known when all of its futures are, so nothing is left of it.",
        stop: Act::StopCauses,
        of: "levers, day, branch or parameters",
    };
    let Some(found) = answer(ui, inquiry, stands, waiting, look, acts) else { return };
    shown(ui, stands, |ui| drivers_ui(ui, sitting, inquiry, found, look));
    example(ui, sitting, inquiry, found, look, acts);
    how(ui, found.how(sitting.start().map(|start| start.beginnings.len())), look);
}

/// What futures it would be of, were it asked now.
fn from_words(sitting: &Sitting, desk: &Desk) -> String {
    let numbers = if sitting.start().is_some() {
        "with the parameters of the nowcast"
    } else if desk.ask.prior {
        "with parameters from their ranges"
    } else {
        "with parameters at their defaults"
    };
    format!("From day {}, {} days ahead, {numbers}, as in Futures.", sitting.today(), desk.ask.days)
}

/// What is asked about, in how many futures.
fn asking(ui: &mut Ui, sitting: &Sitting, desk: &Desk, view: &mut CausesView, look: &Look, acts: &mut Vec<Act>) {
    let rules = &sitting.rules;
    let all = Came::all(rules);
    let before = desk.inquiry();
    let known = |came: &Came| all.contains(came);
    let came = view.came.or(before.map(|b| b.what.came)).filter(known).unwrap_or(Came::Headline(Headline::RegionalWar));
    let runs = view.runs.or(before.map(|b| b.runs)).unwrap_or(FEW);
    let name = |came: Came| capital(&came.words(rules));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let width = (ui.available_width() - 20.0).min(260.0);
        let list = egui::ComboBox::from_id_salt("what is asked about").width(width).truncate();
        let shown = list.selected_text(name(came)).show_ui(ui, |ui| {
            for &other in &all {
                if ui.selectable_label(other == came, name(other)).clicked() {
                    view.came = Some(other);
                }
            }
        });
        shown.response.widget_info(|| {
            let mut info = WidgetInfo::labeled(WidgetType::ComboBox, true, "Outcome that is asked about");
            info.current_text_value = Some(name(came));
            info
        });
        focus_ring(ui, &shown.response, look);
        let busy = before.is_some_and(Inquiry::is_running);
        let again = before.is_some_and(|b| b.answer().is_some());
        let words = if again { "Ask again" } else { "Find out" };
        let (picked, asks) = how_many(ui, &COUNTS, runs, "futures", words, !busy, look);
        view.runs = picked.or(view.runs);
        if asks {
            acts.push(Act::Causes(came, runs));
        }
    });
}

/// A share without its sign; decimals go by what it is a share of.
fn bare(p: f64, of: u64) -> String {
    percent(p, of).replace(" %", "")
}

/// A share with its interval, in per cent.
fn with_interval(share: Share, of: u64) -> String {
    format!("{} ({}–{})", bare(share.p, of), bare(share.low, of), bare(share.high, of))
}

fn drivers_ui(ui: &mut Ui, sitting: &Sitting, inquiry: &Inquiry, found: &Drivers, look: &Look) {
    let words = inquiry.what.came.words(&sitting.rules);
    let numbers = if inquiry.draws { "parameters from their ranges" } else { "parameters at their defaults" };
    let numbers = if sitting.start().is_some() { "parameters of the nowcast" } else { numbers };
    let with = share(found.with_outcome, found.futures);
    let of = format!(
        "{} of {} futures come to {words}: {} %. Day {} to {}, seed {}, {numbers}.",
        count(found.with_outcome as f64),
        count(found.futures as f64),
        with_interval(with, found.futures),
        inquiry.from,
        inquiry.from + inquiry.days as i32,
        inquiry.seed()
    );
    aside(ui, of, look);
    if found.with_outcome == 0 {
        return weighty(ui, "None does, so nothing is known of what it needs: more futures may tell.");
    }
    if inquiry.what.had_come {
        let words = format!("It had come before day {}: these futures need nothing for it.", inquiry.from);
        return weighty(ui, words);
    }
    weighty(ui, found.sentence(&words));
    ui.add_space(6.0);
    if ui.available_width() >= WIDE {
        table(ui, found, look)
    } else {
        list(ui, found, look)
    }
    pairs(ui, found, look);
    ui.add_space(4.0);
    for sentence in found.road_words(&words).into_iter().chain([found.sign_words()]) {
        wrapped(ui, sentence);
    }
}

/// What each column is, what it means, and where it ends, as a part of the whole width.
const COLUMNS: [(&str, &str, f32); 6] = [
    (
        "needed, %",
        "Share of the futures with it that would have had none without these events, with its 90 % interval",
        0.5,
    ),
    ("enough, %", "Share of futures without it that come to it when given these events, with its 90 % interval", 0.61),
    ("before, %", "Share of the futures with it in which one came before its first day", 0.69),
    ("without it, %", "Share of the futures without it in which one came before days of the same distribution", 0.785),
    ("times as often", "Ratio of the two before, with its 90 % interval", 0.955),
    ("days", "Days from the first of these events to the outcome, at the median", 1.0),
];

/// Rows with a bar and numbers in columns.
fn table(ui: &mut Ui, found: &Drivers, look: &Look) {
    let width = ui.available_width();
    let at = |part: f32| width * part;
    // Names, then bars, then numbers that end at the right of their columns.
    let bars = [at(0.27), at(0.4)];
    let (top, _) = ui.allocate_exact_size(vec2(width, 22.0), Sense::hover());
    ui.painter().text(top.left_center(), Align2::LEFT_CENTER, "kind of event", narrow(), look.ink2);
    for (i, (name, what, right)) in COLUMNS.iter().enumerate() {
        let galley = ui.painter().layout_no_wrap((*name).to_owned(), narrow(), look.ink2);
        let corner = pos2(top.left() + at(*right) - galley.size().x, top.center().y - galley.size().y / 2.0);
        head(ui, ("column", i), corner, galley, *what);
    }
    rule(ui, look);
    for row in &found.causes {
        let (rect, response) = ui.allocate_exact_size(vec2(width, 24.0), Sense::hover());
        said(response, &row_words(row, found));
        let y = rect.center().y;
        let name = super::draw::clipped(ui, &capital(row.cause.words()), body(), look.ink, bars[0] - 12.0);
        let painter = ui.painter();
        painter.galley(pos2(rect.left(), y - name.size().y / 2.0), name, look.ink);
        bar(painter, rect.left() + bars[0]..=rect.left() + bars[1], rect, row.necessary, look);
        for ((text, font), (_, _, right)) in cells(row, found).into_iter().zip(COLUMNS) {
            painter.text(pos2(rect.left() + at(right), y), Align2::RIGHT_CENTER, text, font, look.ink);
        }
    }
}

/// How much of it needs a kind of event, on a line from nothing to all.
fn bar(painter: &egui::Painter, x: std::ops::RangeInclusive<f32>, row: Rect, of: Share, look: &Look) {
    let place = |p: f64| x.start() + (x.end() - x.start()) * p as f32;
    let y = row.center().y;
    for mark in [0.0, 0.5, 1.0] {
        painter.vline(place(mark), row.y_range(), Stroke::new(1.0, look.hairline));
    }
    let interval = Rect::from_x_y_ranges(place(of.low)..=place(of.high).max(place(of.low) + 1.0), y - 5.0..=y + 5.0);
    painter.rect_filled(interval, 2.0, faint(look.ink2, 0.4));
    painter.circle_filled(pos2(place(of.p), y), 3.2, look.ink2);
}

fn cells(row: &Row, found: &Drivers) -> [(String, egui::FontId); 6] {
    let n = found.with_outcome;
    let none = || "–".to_owned();
    [
        (with_interval(row.necessary, n), bold()),
        (row.sufficient.map_or_else(none, |share| with_interval(share, found.added_to)), narrow()),
        (bare(row.before.with, n), narrow()),
        (row.before.without.map_or_else(none, |share| bare(share, found.futures - n)), narrow()),
        (row.before.lift_words(), narrow()),
        (row.days_before.map_or_else(|| "–".to_owned(), |days| days.to_string()), narrow()),
    ]
}

/// A row in words, for whoever does not see it, or has no room for columns.
fn row_words(row: &Row, found: &Drivers) -> String {
    let n = found.with_outcome;
    let interval = |share: Share, of: u64| {
        format!("{} ({} to {})", percent(share.p, of), bare(share.low, of), percent(share.high, of))
    };
    let none = || "none to ask".to_owned();
    let before = &row.before;
    format!(
        "{}: needed in {}, enough in {}, before in {} and without it in {}, {}",
        capital(row.cause.words()),
        interval(row.necessary, n),
        row.sufficient.map_or_else(none, |share| interval(share, found.added_to)),
        percent(before.with, n),
        before.without.map_or_else(none, |share| percent(share, found.futures - n)),
        lift_words(before)
    )
}

fn lift_words(before: &Before) -> String {
    match before.low {
        Some(_) => format!("{} times as often", before.lift_words().replace("–)", " or more)").replace('–', " to ")),
        None => "how much more often is not known".to_owned(),
    }
}

/// The same where there is no room for columns.
fn list(ui: &mut Ui, found: &Drivers, look: &Look) {
    for row in &found.causes {
        let words = row_words(row, found);
        let (name, numbers) = words.split_once(": ").unwrap_or((&words, ""));
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
        let middle = rect.left() + 0.62 * rect.width();
        let name = super::draw::clipped(ui, name, bold(), look.ink, middle - rect.left() - 8.0);
        ui.painter().galley(pos2(rect.left(), rect.center().y - name.size().y / 2.0), name, look.ink);
        bar(ui.painter(), middle..=rect.right() - 4.0, rect, row.necessary, look);
        let numbers = Label::new(RichText::new(capital(numbers)).font(narrow()).color(look.ink2)).wrap();
        ui.add(numbers).widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &words));
        ui.add_space(4.0);
    }
}

/// Two kinds that are needed together, or for each other.
fn pairs(ui: &mut Ui, found: &Drivers, look: &Look) {
    if found.jointly.is_empty() {
        return;
    }
    ui.add_space(6.0);
    ui.label(strong("Two kinds together"));
    let of = |share: Share| percent(share.p, found.with_outcome);
    let sentence = |pair: &Pair| {
        let [a, b] = pair.causes.map(|cause| cause.words());
        let each = (pair.both.p > 0.0).then(|| format!("{} needed each", of(pair.both)));
        let one = (pair.either.p > 0.0).then(|| format!("{} one of the two, and neither by itself", of(pair.either)));
        let needed: Vec<String> = [each, one].into_iter().flatten().collect();
        format!("{} and {b}: {}.", capital(a), needed.join(", "))
    };
    for pair in found.jointly.iter().take(PAIRS) {
        ui.add(Label::new(RichText::new(sentence(pair)).font(narrow()).color(look.ink)).wrap());
    }
}

/// The way from the numbers to one of the histories behind them.
fn example(ui: &mut Ui, sitting: &Sitting, inquiry: &Inquiry, found: &Drivers, look: &Look, acts: &mut Vec<Act>) {
    let Some(future) = found.example else { return };
    ui.add_space(6.0);
    ui.horizontal_wrapped(|ui| match inquiry.example() {
        Some((fate, day)) if inquiry.is_of_levers(sitting) => {
            if ui.button(strong(format!("Show me one (future {future})"))).clicked() {
                acts.push(Act::FutureOn(fate, day));
            }
            let of = if fate.prior { " with the parameters that it drew" } else { "" };
            let road = if found.road.is_some() { "It went the typical road" } else { "The first of them" };
            ui.label(quiet(format!("{road}: the same history{of}, shown on day {day}; undo comes back."), look));
        }
        Some(_) => {
            ui.label(quiet("Levers, branch or seed are others by now: ask again to open one of these futures.", look));
        }
        None => {
            ui.label(quiet("These go on from the history shown, so none is a history of its own from day 0.", look));
            if ui.button("Go to day 0 for futures that are").clicked() {
                acts.push(Act::GoTo(0));
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{run, state};
    use crate::question::tests as question;
    use crate::question::tests::{labels, settle};
    use crate::studio::Studio;
    use bevy_egui::egui::{Key, Modifiers};
    use detente_model::symbols::levers::Lever;
    use detente_study::futures::causes::drivers;
    use detente_study::futures::ensemble::{Plan, Progress};
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    /// A studio in which the fan comes first; then a future of what is asked in every frame.
    fn open(size: [f32; 2]) -> Harness<'static, Studio> {
        question::open(size, 120, |studio| {
            let fan = studio.desk.last().is_none_or(detente_session::chart::Fans::is_running);
            studio.pass(0.05, || fan);
        })
    }

    /// What the window says is what the command finds in the same futures, and the example is one of them.
    #[test]
    fn the_window_says_what_the_command_finds_and_shows_one_such_future() {
        let mut h = open([1440.0, 1000.0]);
        run(h.state_mut(), "causes direct_fire 60").unwrap();
        settle(&mut h);
        let sitting = &h.state().sitting;
        let plan = Plan { seed: 3, days: 120, ..Plan::default() };
        let command = drivers(&sitting.rules, &plan, Came::DirectFire, 60, 2, &Progress::default()).unwrap();
        let asked = state(h.state()).causes.unwrap();
        assert_eq!(
            (asked.outcome.as_str(), asked.futures, asked.running, asked.stands),
            ("direct_fire", 60, false, true)
        );
        assert_eq!((asked.with_outcome, &asked.causes), (Some(command.with_outcome), &command.causes));
        let screen = labels(&h);
        let words = Came::DirectFire.words(&h.state().sitting.rules);
        assert!(screen.contains(&command.sentence(&words)), "{screen}");
        assert!(screen.contains(&format!("{} of 60 futures come to {words}", command.with_outcome)), "{screen}");
        for row in &command.causes {
            assert!(screen.contains(&row_words(row, &command)), "{row:?}\n{screen}");
        }
        let (future, day) = (command.example.unwrap(), command.example_day.unwrap());
        // It stands at the end of what is scrolled.
        let name = format!("Show me one (future {future})");
        h.get_by_label(&name).scroll_to_me();
        h.run_steps(3);
        h.get_by_label(&name).click();
        h.run_steps(2);
        h.state_mut().finish_work();
        let shown = state(h.state());
        assert_eq!((shown.seed, shown.future, shown.drawn, shown.day), (3, future, false, day + 1));
        let first = h.state().sitting.now().tally.contained_since;
        assert_eq!(first, Some(day), "the outcome came on the day that was counted");
        // On another day it is of before, and its future can still be opened; under other levers neither stands.
        assert!(!shown.causes.unwrap().stands);
        run(h.state_mut(), "example").unwrap();
        h.state_mut().act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
        assert!(run(h.state_mut(), "example").unwrap_err().contains("ask again"));
    }

    #[test]
    fn it_opens_by_key_and_is_stopped_by_its_button() {
        let mut h = open([1280.0, 720.0]);
        h.key_press_modifiers(Modifiers::SHIFT, Key::W);
        h.run_steps(3);
        assert!(labels(&h).contains(TITLE));
        h.get_by_label("Find out").click();
        h.run_steps(3);
        let far = state(h.state()).causes.unwrap();
        assert_eq!((far.outcome.as_str(), far.futures, far.running), ("regional_war", FEW, true));
        h.get_by_label("Cancel").click();
        h.run_steps(3);
        let stopped = state(h.state()).causes.unwrap();
        assert!(!stopped.running && stopped.with_outcome.is_none() && !h.state().is_busy());
        assert!(labels(&h).contains("nothing is left of it"));
        // And by a word, which leaves the fan as it is.
        run(h.state_mut(), "causes truce:LEB 40").unwrap();
        assert!(state(h.state()).causes.unwrap().running);
        run(h.state_mut(), "causes stop").unwrap();
        let fan = state(h.state()).futures;
        assert!(!state(h.state()).causes.unwrap().running && fan.policy == 16);
    }

    #[test]
    fn words_that_ask_for_nothing_are_answered_with_a_sentence() {
        let mut h = open([1280.0, 720.0]);
        for (line, says) in [
            ("causes peace", "take one of regional_war"),
            ("causes truce:LEX", "did you mean `LEB`?"),
            ("causes regional_war many", "is written"),
            ("example", "`causes` asks"),
        ] {
            let why = run(h.state_mut(), line).unwrap_err();
            assert!(why.contains(says), "{line}: {why}");
        }
        assert!(state(h.state()).causes.is_none());
    }

    /// On a phone every number is there as well, below the names.
    #[test]
    fn a_narrow_screen_says_the_same_numbers() {
        let mut h = open([390.0, 800.0]);
        run(h.state_mut(), "causes direct_fire 30").unwrap();
        settle(&mut h);
        let found = h.state().desk.inquiry().and_then(Inquiry::answer).unwrap().clone();
        let screen = labels(&h);
        for row in found.causes.iter().take(3) {
            assert!(screen.contains(&row_words(row, &found)), "{row:?}\n{screen}");
        }
    }
}
