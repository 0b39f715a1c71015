//! Predict before reveal: the switch, the guess, the hands, and how they came out, in the panel of futures.

use super::act::{Act, Tab};
use super::chart::{Axes, end_labels, step};
use super::commands::with_key;
use super::draw::{bold, capital, check, dashed, line, named, narrow, quiet, short, signed, strong};
use super::look::Look;
use bevy_egui::egui::{
    self, Color32, CursorIcon, Key, Painter, Pos2, Rect, RichText, Sense, Shape, Stroke, TextEdit, Ui, pos2, vec2,
};
use detente_model::record::digits::percent;
use detente_model::record::outcome::Headline;
use detente_session::Sitting;
use detente_session::chart::{Fans, Track};
use detente_session::cover::{COVERED, cover, headline, is_about, policy};
use detente_session::guesses::{Cover, Guess, Sum, Way, What};

/// What the switch is called.
pub const SWITCH: &str = "Predict first";
/// Guesses told one by one; the report has all of them.
const TOLD: usize = 6;
/// The outcome that a class is asked about.
const ASKED: Headline = Headline::RegionalWar;

/// What is being typed.
#[derive(Default)]
pub struct GuessForm {
    /// The policy and the chart that it is about.
    of: (String, Option<Track>),
    chance: String,
    change: String,
    hands: [String; 3],
    name: String,
}

impl GuessForm {
    /// Begins anew where it is about something else: an answer to one question is none to another.
    fn turn_to(&mut self, policy: String, track: Track) {
        if self.of.0 != policy {
            *self = Self { name: std::mem::take(&mut self.name), ..Self::default() };
        }
        if self.of.1 != Some(track) {
            self.change.clear();
        }
        self.of = (policy, Some(track));
    }
}

/// A number as people type it: with groups of three digits, or with a decimal comma.
fn number(text: &str) -> Option<f64> {
    let plain = text.trim().trim_end_matches('%').trim().replace('\u{2212}', "-");
    let mut parts = plain.split(',').skip(1).peekable();
    let is_grouped = parts.peek().is_some() && parts.all(|part| part.split('.').next().is_some_and(|p| p.len() == 3));
    let plain = plain.replace(',', if is_grouped { "" } else { "." });
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A number as it stands in a field, as fine as a step.
fn written(value: f64, every: f64) -> String {
    let digits = if every >= 1.0 {
        0
    } else if every >= 0.1 {
        1
    } else {
        2
    };
    let text = format!("{value:+.digits$}");
    if text.chars().any(|c| ('1'..='9').contains(&c)) { text } else { "0".to_owned() }
}

/// The switch alone, where a row has room for it.
pub fn switch(ui: &mut Ui, sitting: &Sitting, look: &Look, acts: &mut Vec<Act>) {
    let mut on = sitting.guesses().on;
    let hint = "While it is on, the futures of a policy stay covered until a guess about them is revealed.";
    if check(ui, &mut on, SWITCH, look).on_hover_text(hint).changed() {
        acts.push(Act::Predict(on));
    }
}

/// A row of its own for the switch, with how far the class is.
pub fn switch_row(ui: &mut Ui, sitting: &Sitting, look: &Look, acts: &mut Vec<Act>) {
    let guesses = sitting.guesses();
    ui.horizontal(|ui| {
        switch(ui, sitting, look, acts);
        let waiting = guesses.about(&policy(sitting)).filter(|guess| guesses.waits(guess)).count();
        let words = match (cover(sitting), waiting) {
            (Cover::Open, _) => return,
            (_, 0) => "covered until a guess is in".to_owned(),
            (_, 1) => "1 guess is in".to_owned(),
            (_, n) => format!("{n} guesses are in"),
        };
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| ui.label(quiet(words, look)));
    });
}

/// That all is covered, and the way to where a guess can be made.
pub fn elsewhere(ui: &mut Ui, sitting: &Sitting, branches: &[usize], look: &Look, acts: &mut Vec<Act>) {
    ui.add(egui::Label::new(quiet(COVERED, look)).wrap());
    for &branch in branches {
        let Some(b) = sitting.branches().get(branch) else { continue };
        if ui.button(format!("Guess about “{}”", b.name)).clicked() {
            acts.push(Act::Show(branch));
            acts.push(Act::Tab(Tab::Futures));
        }
    }
}

/// The branch that the branch shown left, where it goes on from levers that nobody has guessed about.
#[must_use]
pub fn parent(sitting: &Sitting) -> Option<usize> {
    sitting.branch().fork.and_then(|(id, _)| sitting.position(id))
}

/// One field of the form. Returns whether Enter was pressed in it.
fn field(ui: &mut Ui, text: &mut String, width: f32, name: &str) -> bool {
    let edit = named(ui, TextEdit::singleline(text).desired_width(width).horizontal_align(egui::Align::RIGHT), name);
    edit.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter))
}

/// The form, while a policy is covered. `fans` are those without it.
pub fn form(
    ui: &mut Ui,
    sitting: &Sitting,
    fans: &Fans,
    form: &mut GuessForm,
    low: bool,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let Some(track) = form.of.1 else { return };
    let end = fans.from + fans.ask.days as i32;
    let tight = ui.available_width() < 330.0;
    ui.label(strong("Before you look"));
    ui.add(egui::Label::new(quiet("These numbers are without your policy. And with it?", look)).wrap());
    ui.horizontal(|ui| {
        ui.label(RichText::new("Name").font(narrow()));
        let width = if tight { 120.0 } else { 170.0 };
        named(ui, TextEdit::singleline(&mut form.name).desired_width(width), "Name of who guesses");
        ui.label(quiet("may be left out", look));
    });
    let name = form.name.clone();
    let room = (ui.available_width() - 166.0).max(90.0);
    ui.horizontal(|ui| {
        let (base, ..) = fans.headline(ASKED);
        let asked = format!("{} to day {end}", capital(ASKED.words()));
        question(ui, room, &asked, &format!("without it {}", percent(base.p, fans.come(0))), look);
        let entered = field(ui, &mut form.chance, 60.0, "Chance of a regional war under your policy, percent");
        ui.label(quiet("%", look));
        let value = number(&form.chance);
        if said(ui, "Guess", value.is_some(), entered, "Guess the chance")
            && let Some(percent) = value
        {
            let outcome = ASKED.name().to_owned();
            acts.push(Act::Guess(What::Chance { outcome, percent }, name.clone()));
            form.chance.clear();
        }
    });
    ui.horizontal(|ui| {
        let unit = if track.is_share() { "points" } else { track.unit() };
        question(ui, room, &format!("{}, change on day {end}", track.name(&sitting.rules)), unit, look);
        let entered = field(ui, &mut form.change, 80.0, "Change of the chart under your policy");
        let value = number(&form.change);
        if said(ui, "Guess", value.is_some(), entered, "Guess the change")
            && let Some(change) = value
        {
            let track = track.id(&sitting.rules);
            acts.push(Act::Guess(What::Size { track, change }, name.clone()));
            form.change.clear();
        }
    });
    if !low {
        ui.add(egui::Label::new(quiet("The change can be dragged at the right edge of the chart, too.", look)).wrap());
    }
    // A show of hands.
    let mut entered = false;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        ui.label(RichText::new("Hands: regional war").font(narrow()));
        for (i, way) in Way::ALL.into_iter().enumerate() {
            ui.label(quiet(["less", "same", "more"][i], look));
            entered |= field(ui, &mut form.hands[i], 30.0, &format!("Hands for {}", way.words()));
        }
        let counts = form.hands.each_ref().map(|text| if text.trim().is_empty() { Ok(0) } else { text.trim().parse() });
        let counts = match counts {
            [Ok(less), Ok(same), Ok(more)] if [less, same, more].iter().any(|n: &u32| *n > 0) => {
                Some([less, same, more])
            }
            _ => None,
        };
        if said(ui, "Count", counts.is_some(), entered, "Enter the hands")
            && let Some(counts) = counts
        {
            acts.push(Act::Guess(What::Hands { outcome: ASKED.name().to_owned(), counts }, String::new()));
            form.hands = Default::default();
        }
    });
    waiting(ui, sitting, look, acts);
}

/// What is asked, and what is known of it, one under the other.
fn question(ui: &mut Ui, room: f32, asked: &str, known: &str, look: &Look) {
    ui.vertical(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_width(room);
        ui.add(egui::Label::new(RichText::new(asked).font(narrow())).wrap());
        ui.label(RichText::new(known).font(narrow()).color(look.ink2));
    });
}

/// A button that enters an answer; Enter in its field does, too.
fn said(ui: &mut Ui, words: &str, ready: bool, entered: bool, name: &str) -> bool {
    let button = ui.add_enabled(ready, egui::Button::new(words));
    button.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, ready, name));
    ready && (entered || button.clicked())
}

/// Guesses that are in, the way back, and the way on.
fn waiting(ui: &mut Ui, sitting: &Sitting, look: &Look, acts: &mut Vec<Act>) {
    let policy = policy(sitting);
    let guesses = sitting.guesses();
    let list: Vec<&Guess> = guesses.about(&policy).filter(|guess| guesses.waits(guess)).collect();
    for guess in last(&list, ui, look) {
        let words = format!("{}: {}", guess.who(), answer(sitting, &guess.what));
        ui.add(egui::Label::new(RichText::new(words).font(narrow())).wrap());
    }
    ui.horizontal(|ui| {
        let some = !list.is_empty();
        let reveal = egui::Button::new(strong(with_key("Reveal", "reveal")));
        if ui.add_enabled(some, reveal).clicked() {
            acts.push(Act::Reveal);
        }
        if some && ui.add(egui::Button::new(quiet("take the last back", look)).frame(false)).clicked() {
            acts.push(Act::Unguess);
        }
    });
}

/// The last guesses of a list, after a word on those before.
fn last<'a, 'b>(list: &'b [&'a Guess], ui: &mut Ui, look: &Look) -> &'b [&'a Guess] {
    let before = list.len().saturating_sub(TOLD);
    if before > 0 {
        ui.label(quiet(format!("{before} before these"), look));
    }
    &list[before..]
}

/// An answer in words.
fn answer(sitting: &Sitting, what: &What) -> String {
    match what {
        What::Chance { outcome, percent } => format!("{} {} %", outcome_words(outcome), short(*percent)),
        What::Size { track, change } => format!("{} {}", track_words(sitting, track), signed(*change)),
        What::Hands { outcome, counts: [less, same, more] } => {
            format!("{} {less} less, {same} same, {more} more", outcome_words(outcome))
        }
    }
}

fn outcome_words(outcome: &str) -> String {
    headline(outcome).map_or_else(|| outcome.to_owned(), |headline| headline.words().to_owned())
}

fn track_words(sitting: &Sitting, id: &str) -> String {
    let rules = &sitting.rules;
    let track = Track::all(rules).into_iter().find(|track| track.id(rules) == id);
    track.map_or_else(|| id.to_owned(), |track| track.name(rules))
}

/// How a guess came out, in words.
fn outcome_of(guess: &Guess) -> String {
    let Some(came) = guess.came else {
        let about = &guess.about;
        return format!("scored by the {} days from day {}", about.days, about.day);
    };
    match guess.what {
        What::Chance { .. } => {
            let share = percent(came.value / 100.0, came.pairs);
            format!("came {share}. Brier {:.3}, least {:.3}", came.score, came.least)
        }
        What::Size { .. } => format!("came {}. Off by {:.2} bands", signed(came.value), came.score),
        What::Hands { .. } => {
            let way = if came.value > 0.5 {
                Way::More
            } else if came.value < -0.5 {
                Way::Less
            } else {
                Way::Same
            };
            format!("came {}. Brier {:.2} of 2", way.words(), came.score)
        }
    }
}

/// How the guesses about the policy that stands came out.
pub fn came(ui: &mut Ui, sitting: &Sitting, look: &Look) {
    let policy = policy(sitting);
    let guesses = sitting.guesses();
    let list: Vec<&Guess> = guesses.about(&policy).filter(|guess| !guesses.waits(guess)).collect();
    if list.is_empty() || !guesses.on {
        return;
    }
    ui.label(strong("What was guessed"));
    for guess in last(&list, ui, look) {
        let words = format!("{}: {}; {}", guess.who(), answer(sitting, &guess.what), outcome_of(guess));
        ui.add(egui::Label::new(RichText::new(words).font(narrow())).wrap());
    }
}

/// The board of the lesson: scores added up.
pub fn board(ui: &mut Ui, sitting: &Sitting, look: &Look) {
    let board = sitting.guesses().board();
    if board.is_empty() || !sitting.guesses().on {
        return;
    }
    let say = |sum: Sum, unit: &str| match sum.guesses {
        0 => String::new(),
        n => format!("{unit} {:.2} ({n})", sum.score),
    };
    let row = |ui: &mut Ui, who: &str, font, words: &str, ink| {
        let rect = line(ui, (who, font, look.ink), (words, narrow(), ink));
        // A line only paints: whoever does not see it is told.
        let said = format!("{who}: {words}");
        let whole = ui.interact(rect, ui.id().with(("board", who)), Sense::hover());
        whole.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, &said));
    };
    row(ui, "Board of the lesson", bold(), "sum of scores (guesses); 0 is best", look.ink2);
    for of in &board {
        let sums = [say(of.brier, "Brier"), say(of.size, "off by")];
        let words: Vec<&str> = sums.iter().map(String::as_str).filter(|words| !words.is_empty()).collect();
        row(ui, &of.who, narrow(), &words.join(", "), look.ink);
    }
    ui.add_space(4.0);
}

/// Chances that were guessed of an outcome under the policy that stands, and are revealed; 0 to 1.
#[must_use]
pub fn chances(sitting: &Sitting, of: Headline) -> Vec<f64> {
    let guesses = sitting.guesses();
    let policy = policy(sitting);
    let list = guesses.about(&policy).filter(|guess| guesses.on && !guesses.waits(guess));
    let chance = |guess: &Guess| match &guess.what {
        What::Chance { outcome, percent } if outcome == of.name() => Some(percent / 100.0),
        _ => None,
    };
    list.filter_map(chance).collect()
}

/// Changes that were guessed of a chart of these futures, and are revealed.
#[must_use]
pub fn changes(sitting: &Sitting, fans: &Fans, of: Track) -> Vec<f64> {
    let guesses = sitting.guesses();
    let id = of.id(&sitting.rules);
    let list = guesses.list().iter().filter(|guess| guesses.on && !guesses.waits(guess) && is_about(guess, fans));
    let change = |guess: &Guess| match &guess.what {
        What::Size { track, change } if *track == id => Some(*change),
        _ => None,
    };
    list.filter_map(change).collect()
}

/// A mark of a guess: a diamond, open so that what it lies on is seen.
pub fn mark(painter: &Painter, at: Pos2, size: f32, fill: Color32, look: &Look) {
    let points = vec![at + vec2(0.0, -size), at + vec2(size, 0.0), at + vec2(0.0, size), at + vec2(-size, 0.0)];
    painter.add(Shape::convex_polygon(points, fill, Stroke::new(1.6, look.ink)));
}

/// The guess on the chart of what is without the policy: a mark at its right edge that can be dragged.
pub fn on_chart(ui: &Ui, axes: &Axes, area: Rect, mean: f64, of: (String, Track), form: &mut GuessForm, look: &Look) {
    let plot = axes.rect;
    form.turn_to(of.0, of.1);
    let strip =
        Rect::from_min_max(pos2(plot.right() - 16.0, plot.top() - 8.0), pos2(area.right(), plot.bottom() + 8.0));
    let response = ui.interact(strip, ui.id().with("guess on the chart"), Sense::drag());
    let response = response.on_hover_cursor(CursorIcon::ResizeVertical);
    if let Some(at) = response.interact_pointer_pos() {
        let (low, high) = (axes.value(plot.bottom()), axes.value(plot.top()));
        // A round number: what is dragged is no finer than what is seen.
        let every = step(high - low, 50.0);
        let change = ((axes.value(at.y).clamp(low, high) - mean) / every).round() * every;
        form.change = written(change, every);
    }
    let painter = ui.painter();
    let here = axes.y(mean);
    let typed = number(&form.change);
    let change = typed.unwrap_or(0.0);
    let y = axes.y(mean + change).clamp(plot.top(), plot.bottom());
    let x = plot.right();
    let ends = [pos2(x, here), pos2(x, y)];
    dashed(painter, &ends, Stroke::new(1.5, look.you), 3.0, 2.0);
    painter.hline(x - 5.0..=x + 5.0, here, Stroke::new(1.5, look.baseline));
    let grown = if response.hovered() || response.dragged() { 7.5 } else { 6.0 };
    mark(painter, ends[1], grown, look.you, look);
    let words = match typed {
        Some(change) => format!("guess {}", signed(change)),
        None => "your guess?".to_owned(),
    };
    let labels = vec![(here, format!("mean {}", short(mean)), narrow(), look.ink2), (y, words, bold(), look.you)];
    end_labels(painter, x + 11.0, plot.top() - 8.0, plot.bottom() - 4.0, labels);
    response.on_hover_text("Drag: how the mean of your policy's futures will differ on the last day");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, value) in [
            ("35", 35.0),
            (" 35 % ", 35.0),
            ("−0,5", -0.5),
            ("-0.5", -0.5),
            ("+3", 3.0),
            ("1,200", 1_200.0),
            ("-1,314,000.5", -1_314_000.5),
            ("12,75", 12.75),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for text in ["", "many", "inf", "1 2", "%"] {
            assert_eq!(number(text), None, "{text}");
        }
        for (value, every, text) in [(0.501, 0.1, "+0.5"), (-1_200.4, 10.0, "-1200"), (-0.001, 0.02, "0")] {
            assert_eq!(written(value, every), text);
        }
    }
}
