//! What may come from today: the fan of your policy over the baseline's, their paired difference, and how futures end.

use super::act::Act;
use super::chart::{Fan, Past, difference, end_labels, fans as draw_fans, frame, tick, tick_room, ticks_in_words};
use super::draw::{
    Icon, body, bold, capital, figure, fine, heading, headline_mark, line, longest_in, met, narrow, points, quiet,
    rule, segments, short, short_pair, signed, strong, worded_button,
};
use super::guess::{self, GuessForm};
use super::levers::value_words;
use super::look::{Look, faint};
use bevy_egui::egui::{self, Align2, Color32, Pos2, Rect, ScrollArea, Sense, Stroke, Ui, pos2, vec2};
use detente_model::record::digits::percent;
use detente_model::record::outcome::{EnduringPeace, Escalation, Headline, Settlement};
use detente_session::Sitting;
use detente_session::chart::{Ask, Fans, Progress, Track};
use detente_session::cover::{COVERED, cover, policy};
use detente_session::desk::{FIRST_BAND, View};
use detente_session::guesses::Cover;
use detente_session::needle::Needle;
use detente_session::report::{in_points, is_detectable};
use detente_study::futures::effect::Difference;
use detente_study::futures::hazard::{Hazard, MONTH, carried};
use detente_study::futures::rank::Metric;
use std::fmt::Write as _;

pub use detente_session::report::CAVEAT;

/// What every output is worth, in the one line that a small map has for it.
pub const BRIEFLY: &str = "A what-if tool: outputs are no predictions.";
/// Heading of the table of escalation by settlement.
pub const ESCALATION: &str = "Escalation × settlement";
/// Heading of the table of headline outcomes.
pub const HEADLINE: &str = "Headline outcome";
/// Heading of what became of the essay's two conditions of peace.
pub const PEACE: &str = "Enduring peace, the essay's two conditions";
/// Heading of the hazard, the longest way to say it first: whatever fits beside the first month and the last is whole. What the
/// percentages are of stands in its tip, too.
const HAZARD: [&str; 3] =
    ["Regional war begins, % a month of futures without", "Regional war begins, % a month", "War begins, % a month"];
/// Height of the panel under which the chart of differences is left out, and its sentence stays: the table of outcomes and
/// the headline outcomes are in sight first.
pub const LOW: f32 = 560.0;
/// Height of the panel from which what was counted stands under the chart, with the whole sentence of the back-test: with less,
/// the headline outcomes are in sight before them.
pub const HIGH: f32 = 860.0;
/// Height of what stands over the chart and at the foot.
const HEAD: f32 = 110.0;
/// Levers of a ranking that are shown before all are asked for.
const FIRST_BARS: usize = 24;
/// Days of the past that a chart shows.
const PAST_DAYS: i32 = 60;
/// What stands in place of the ranking while guesses come first.
const RANKING_COVERED: &str = "Predict first is on, and the ranking would say of every lever what moving it does before anybody has \
                               guessed. Move a lever and guess, or switch it off.";

impl FuturesView {
    /// The track of the chart.
    #[must_use]
    pub fn shown(&self, sitting: &Sitting) -> Option<Track> {
        let tracks = Track::all(&sitting.rules);
        self.track.filter(|t| tracks.contains(t)).or(first_track(sitting, &tracks))
    }
}

/// A day with its bands.
pub type Banded = (f64, [f64; 5]);

/// What the panel shows.
#[derive(Default)]
pub struct FuturesView {
    /// The chart's track; the first front when none was chosen.
    pub track: Option<Track>,
    cache: Option<Cache>,
    all_bars: bool,
    /// Futures of which one may be opened.
    like: Option<Like>,
    /// A guess that is being made.
    guess: GuessForm,
    /// The sample of the chart that the arrow keys read.
    reading: Option<usize>,
    /// The top of the chart's axis, and of which chart.
    top: Option<((Track, i32, u32), f64)>,
}

/// Futures that have something in common.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Like {
    /// Those of a cell of the table.
    Ending(Escalation, Settlement),
    /// The 5 % in which most are killed.
    Deadliest,
}

/// Bands and differences of one track, as far as futures have come.
pub struct Cache {
    key: (u64, u64, usize),
    at: f64,
    /// Baseline (or branch A) and policy (or branch B).
    pub bands: [Vec<Banded>; 2],
    /// Paired differences.
    pub differences: Vec<Difference>,
    /// How many pairs differ, sample by sample.
    pub differ: Vec<u64>,
    /// Days of the samples.
    pub days: Vec<f64>,
}

impl Cache {
    /// Reads bands and differences, unless they are there already; not more often than ten times a second while running.
    pub fn refresh(slot: &mut Option<Self>, fans: &Fans, track: usize, now: f64) {
        let key = (fans.serial, fans.revision, track);
        if let Some(cache) = slot {
            let same = cache.key == key;
            let soon = fans.is_running() && now - cache.at < 0.1 && (cache.key.0, cache.key.2) == (key.0, key.2);
            if same || soon {
                return;
            }
        }
        let days: Vec<f64> = (0..fans.samples()).map(|s| f64::from(fans.day(s))).collect();
        let of = |arm| days.iter().copied().zip(fans.bands(arm, track)).collect::<Vec<_>>();
        let bands = [of(0), of(1)];
        let (differences, differ) = (fans.differences(track), fans.differing(track));
        *slot = Some(Self { key, at: now, bands, differences, differ, days });
    }
}

/// What the panel is to show.
pub struct Status<'a> {
    /// The futures of the policy; while it is covered, those that may be seen.
    pub view: View<'a>,
    /// What is asked for.
    pub ask: Ask,
    /// The ranking, while it is shown.
    pub needle: Option<&'a Needle>,
    /// Whether the ranking is of the levers and the day that stand.
    pub needle_stands: bool,
}

/// The whole panel.
pub fn futures_ui(
    ui: &mut Ui,
    sitting: &Sitting,
    view: &mut FuturesView,
    status: &Status<'_>,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    ui.spacing_mut().item_spacing.y = 4.0;
    // On a low screen every line counts: there the switch stands in the row of the parameters, where it has the room.
    let together = ui.available_height() < LOW + HEAD && ui.available_width() > 385.0;
    head(ui, sitting, status, together, look, acts);
    if !together {
        guess::switch_row(ui, sitting, look, acts);
    }
    let covered = cover(sitting);
    caveat(ui, look);
    let low = ui.available_height() < LOW;
    let brief = ui.available_height() < HIGH;
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("futures").show(ui, |ui| {
        keep_clear_of_the_bar(ui);
        if covered == Cover::All {
            let parent: Vec<usize> = guess::parent(sitting).into_iter().collect();
            guess::elsewhere(ui, sitting, &parent, look, acts);
            return;
        }
        if status.needle.is_some() && covered != Cover::Open {
            ui.add(egui::Label::new(quiet(COVERED, look)).wrap());
            ui.label(quiet("So is the ranking: go back to the fan, and guess.", look));
            return;
        }
        // It tells of every lever what moving it would do: whoever guesses first has not seen it.
        if status.needle.is_some() && sitting.guesses().on && sitting.branch().policy().next().is_none() {
            ui.add(egui::Label::new(quiet(RANKING_COVERED, look)).wrap());
            return;
        }
        if let Some(needle) = status.needle {
            ranking(ui, sitting, needle, status.needle_stands, &mut view.all_bars, look, acts);
            return;
        }
        let tracks = status.view.fans.map_or_else(|| Track::all(&sitting.rules), |fans| fans.tracks.clone());
        let track = view.track.filter(|t| tracks.contains(t)).or(first_track(sitting, &tracks));
        let Some(track) = track else { return };
        track_menu(ui, sitting, &tracks, track, acts);
        let Some(fans) = status.view.fans else {
            ui.add_space(24.0);
            let (come, of) = status.view.come;
            let words = match status.view.progress {
                Some(Progress::Cancelled | Progress::Deserted) => {
                    format!(
                        "Only {come} of {of} futures came before they were stopped, too few to show; {FIRST_BAND} are."
                    )
                }
                _ => "The first futures are on their way.".to_owned(),
            };
            ui.add(egui::Label::new(quiet(words, look)).wrap());
            return;
        };
        let index = tracks.iter().position(|t| *t == track).unwrap_or(0);
        Cache::refresh(&mut view.cache, fans, index, ui.input(|i| i.time));
        if status.view.is_stale {
            // All of it is faint, not the chart alone: no number of it stands.
            ui.label(quiet("Of the levers before; the next are on their way.", look));
            ui.set_opacity(0.4);
        }
        if let Some(cache) = &view.cache {
            let asked = (covered == Cover::Policy).then_some(&mut view.guess);
            let hand = Hand { reading: &mut view.reading, top: &mut view.top };
            fan_chart(ui, sitting, fans, cache, track, asked, hand, low, look);
            if covered == Cover::Policy {
                guess::form(ui, sitting, fans, &mut view.guess, low, look, acts);
                rule(ui, look);
            } else {
                guess::came(ui, sitting, look);
            }
            guess::board(ui, sitting, look);
            super::scores::beside(ui, sitting, track, fans.ask.days, brief, look, acts);
            if !brief {
                super::scores::counted(ui, sitting, track, look);
            }
        }
        ui.add_space(if brief { 0.0 } else { 6.0 });
        // A future that is opened as a history has the levers as they stand.
        let may_open = covered == Cover::Open;
        let rows = Rows::of(low, brief);
        table(ui, fans, &rows, may_open.then_some(&mut view.like), look);
        if let Some(like) = view.like.filter(|like| may_open && *like != Like::Deadliest) {
            opened(ui, sitting, fans, status.view.is_stale, like, &mut view.like, look, acts);
        }
        ui.add_space(if brief { 0.0 } else { 4.0 });
        headlines(ui, sitting, fans, &rows, look, acts);
        // Beside the outcomes, of which none stands for peace: in sight with them on the usual screen.
        peace(ui, sitting, look);
        ui.horizontal_wrapped(|ui| {
            super::causes::way_in(ui, acts);
            super::contested::way_in(ui, acts);
        });
        if !low {
            hazard(ui, sitting, fans, look);
        }
        if brief && !low {
            ui.add_space(4.0);
            super::scores::counted(ui, sitting, track, look);
        }
        if may_open && ui.button("Open one of the 5 % with most killed…").clicked() {
            view.like = Some(Like::Deadliest);
        }
        if may_open && view.like == Some(Like::Deadliest) {
            opened(ui, sitting, fans, status.view.is_stale, Like::Deadliest, &mut view.like, look, acts);
        }
        ui.add_space(8.0);
    });
}

fn head(ui: &mut Ui, sitting: &Sitting, status: &Status<'_>, switch: bool, look: &Look, acts: &mut Vec<Act>) {
    let ask = status.ask;
    let view = &status.view;
    let from = view.fans.map_or(sitting.today(), |fans| fans.from);
    let roomy = ui.available_width() > 330.0;
    let running = view.progress == Some(Progress::Running);
    let (come, of) = view.come;
    let stopped = matches!(view.progress, Some(Progress::Cancelled | Progress::Deserted));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        // How many there are, not how many were asked for.
        let there = if stopped { come as u64 } else { view.fans.map_or(ask.futures, |fans| fans.ask.futures) };
        let title = format!("{there} futures");
        let menu =
            egui::containers::menu::MenuButton::from_button(egui::Button::new(strong(title)).min_size(vec2(0.0, 24.0)));
        menu.ui(ui, |ui| {
            ui.label(quiet("How many", look));
            let counts = [64, 128, 256, 512, 1024, 4096];
            let names: Vec<String> = counts.iter().map(u64::to_string).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let chosen = counts.iter().position(|n| *n == ask.futures);
            if let Some(i) = segments(ui, &names, chosen, look) {
                acts.push(Act::Ask(Ask { futures: counts[i], ..ask }));
            }
            ui.label(quiet("Days ahead", look));
            let days = [30, 90, 180, 365, 540];
            let names: Vec<String> = days.iter().map(u32::to_string).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            if let Some(i) = segments(ui, &names, days.iter().position(|n| *n == ask.days), look) {
                acts.push(Act::Ask(Ask { days: days[i], ..ask }));
            }
        });
        let to = from + view.fans.map_or(ask.days, |fans| fans.ask.days) as i32;
        ui.label(quiet(format!("from day {from} to {to}"), look));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if running {
                if ui.add(egui::Button::new(strong("Cancel")).frame(false)).clicked() {
                    acts.push(Act::Cancel);
                }
                ui.label(quiet(format!("{come} of {of}"), look));
            } else if stopped {
                if ui.add(egui::Button::new(strong("Go on")).frame(false)).clicked() {
                    acts.push(Act::GoOn);
                }
                let how = if view.progress == Some(Progress::Cancelled) { "cancelled" } else { "stopped" };
                ui.label(quiet(format!("{how} at {come} of {of}"), look));
            } else if let Some(took) = view.took.filter(|_| roomy && status.needle.is_none()) {
                ui.label(quiet(format!("done in {} s", short(took.max(0.01))), look));
            }
        });
    });
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), 2.0), Sense::hover());
    if running {
        let share = come as f32 / of.max(1) as f32;
        ui.painter().rect_filled(bar, 1.0, look.hairline);
        ui.painter().rect_filled(Rect::from_min_size(bar.min, vec2(bar.width() * share, 2.0)), 1.0, look.you);
    }
    ui.horizontal(|ui| {
        let roomy = ui.available_width() > 380.0;
        if roomy && !switch {
            ui.label(quiet("Parameters", look));
        }
        if sitting.start().is_some() {
            ui.label(quiet("of the nowcast", look));
        } else if let Some(i) = segments(ui, &["from ranges", "defaults"], Some(usize::from(!ask.prior)), look) {
            acts.push(Act::Ask(Ask { prior: i == 0, ..ask }));
        }
        if switch {
            ui.spacing_mut().item_spacing.x = 4.0;
            guess::switch(ui, sitting, look, acts);
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if status.needle.is_some() {
                let ways = ["Back to the fan", "To the fan", "Back"].map(str::to_owned).to_vec();
                let back = longest_in(ui, ways, body(), ui.available_width() - 48.0);
                if worded_button(ui, Icon::Left, &back, look).clicked() {
                    acts.push(Act::EndRank);
                }
            } else if worded_button(ui, Icon::Bars, "Rank levers", look)
                .on_hover_text("What moves the needle: every lever moved to the ends of its range, from today")
                .clicked()
            {
                acts.push(Act::Rank(Metric::Headline(Headline::RegionalWar)));
            }
        });
    });
}

/// Leaves room for a scroll bar that lies over the contents.
pub fn keep_clear_of_the_bar(ui: &mut Ui) {
    ui.set_max_width(ui.available_width() - 8.0);
}

/// The sentence at the foot.
pub fn caveat(ui: &mut Ui, look: &Look) {
    foot(ui, CAVEAT.to_owned(), look);
}

/// The same under what is told of the history shown: of how many futures, and of how many days, that is.
pub fn caveat_of_history(ui: &mut Ui, sitting: &Sitting, look: &Look) {
    let days = match sitting.today() {
        0 => "before its first day".to_owned(),
        1 => "of 1 day".to_owned(),
        days => format!("of {days} days"),
    };
    foot(ui, format!("{CAVEAT} This is one history, {days}."), look);
}

fn foot(ui: &mut Ui, words: String, look: &Look) {
    egui::Panel::bottom(ui.id().with("caveat")).frame(egui::Frame::NONE).show_separator_line(false).show(ui, |ui| {
        rule(ui, look);
        ui.add_space(4.0);
        ui.add(egui::Label::new(egui::RichText::new(words).font(narrow()).color(look.ink2)).wrap());
        ui.add_space(2.0);
    });
}

/// The track shown at first: the Lebanon front, where the levers of resolution 1701 act.
fn first_track(sitting: &Sitting, tracks: &[Track]) -> Option<Track> {
    let lebanon = sitting.rules.front("LEB").map(Track::Fire);
    lebanon.filter(|t| tracks.contains(t)).or(tracks.first().copied())
}

/// The menu of charts.
pub fn track_menu(ui: &mut Ui, sitting: &Sitting, tracks: &[Track], track: Track, acts: &mut Vec<Act>) {
    let title = format!("{}, {}", track.name(&sitting.rules), track.unit());
    ui.scope(|ui| {
        let v = &mut ui.visuals_mut().widgets;
        for w in [&mut v.inactive, &mut v.open] {
            (w.weak_bg_fill, w.bg_stroke) = (Color32::TRANSPARENT, Stroke::NONE);
        }
        ui.spacing_mut().button_padding.x = 0.0;
        egui::ComboBox::from_id_salt("track")
            .width(ui.available_width())
            .selected_text(strong(title))
            .truncate()
            .show_ui(ui, |ui| {
                for &t in tracks {
                    let words = format!("{}, {}", t.name(&sitting.rules), t.unit());
                    if ui.selectable_label(t == track, words).clicked() {
                        acts.push(Act::Track(t));
                    }
                }
            });
    });
}

/// The top of a chart's axis, in whole steps of it.
pub fn ceiling(past: &[f64], bands: &[&[Banded]]) -> f64 {
    let future = bands.iter().flat_map(|b| b.iter()).map(|(_, b)| b[4]).fold(0.0, f64::max);
    let top = detente_session::chart::top(past.iter().copied().fold(0.0, f64::max), future);
    let every = super::chart::step(top.max(1e-6), 4.0);
    (top / every).ceil().max(1.0) * every
}

/// The top of an axis that stood at `before` and now has to show values up to `wanted`: it stands still while futures arrive and
/// from one policy to the next, unless a line would leave it or most of it would be empty.
fn steady(before: Option<f64>, wanted: f64) -> f64 {
    before.filter(|top| (*top * 0.5..=*top).contains(&wanted)).unwrap_or(wanted)
}

/// What a hand has done with the chart.
struct Hand<'a> {
    /// The sample that the arrow keys read.
    reading: &'a mut Option<usize>,
    /// The top of its axis, and of which chart.
    top: &'a mut Option<((Track, i32, u32), f64)>,
}

/// The sample under the pointer, or the one that the arrow keys went to while the chart has the keyboard.
fn sample_read(
    ui: &Ui,
    whole: &egui::Response,
    axes: &super::chart::Axes,
    days: &[f64],
    at: &mut Option<usize>,
) -> Option<usize> {
    let last = days.len().checked_sub(1)?;
    if whole.has_focus() {
        let filter = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(whole.id, filter));
        let pressed = |key| ui.input_mut(|i| i.count_and_consume_key(egui::Modifiers::NONE, key));
        let (right, left) = (pressed(egui::Key::ArrowRight), pressed(egui::Key::ArrowLeft));
        *at = Some((at.unwrap_or(last) + right).saturating_sub(left).min(last));
    } else {
        *at = None;
    }
    let pointer = whole.hover_pos().filter(|p| axes.rect.expand(4.0).contains(*p)).map(|p| p.x);
    let near = |x: f32| {
        let away = |i: &usize| (axes.x(days[*i]) - x).abs();
        (0..=last).min_by(|a, b| away(a).total_cmp(&away(b)))
    };
    pointer.and_then(near).or(*at)
}

/// What a chart says of one day.
fn day_words(sitting: &Sitting, fans: &Fans, cache: &Cache, track: Track, sample: usize) -> String {
    let day = cache.days.get(sample).copied().unwrap_or_default() as i32;
    let middle = if track.is_share() { "" } else { "median " };
    let arm = |arm: usize| {
        let bands = cache.bands[arm].get(sample).map_or([0.0; 5], |(_, bands)| *bands);
        format!("{middle}{} (90 %: {} to {})", fine(bands[2]), fine(bands[0]), fine(bands[4]))
    };
    let mut lines =
        vec![format!("day {day}, {}", sitting.rules.date(day).strftime("%-d %b %Y")), format!("no change: {}", arm(0))];
    if !fans.is_null() {
        lines.push(format!("your policy: {}", arm(1)));
        lines.extend(cache.differences.get(sample).map(|d| {
            let what = if track.is_share() { "difference" } else { "mean difference" };
            format!("{what}: {} (90 %: {} to {})", signed(d.difference), signed(d.low), signed(d.high))
        }));
    }
    lines.join("\n")
}

#[allow(clippy::too_many_arguments, reason = "a part of the panel, with what the panel has")]
fn fan_chart(
    ui: &mut Ui,
    sitting: &Sitting,
    fans: &Fans,
    cache: &Cache,
    track: Track,
    asked: Option<&mut GuessForm>,
    hand: Hand<'_>,
    low: bool,
    look: &Look,
) {
    let start = sitting.rules.frame.start;
    let today = fans.from;
    let past = track.past(sitting, sitting.current(), today);
    let from = (today - PAST_DAYS).max(0);
    // Fans that wait for their successors may begin on a day that is not played on the history shown.
    let past = &past[(from as usize).min(past.len())..];
    let null = fans.is_null();
    let end = fans.day(fans.samples().saturating_sub(1));
    let days = (f64::from(from), f64::from(end));
    let which = (track, fans.from, fans.ask.days);
    let before = hand.top.filter(|(of, _)| *of == which).map(|(_, top)| top);
    let top = steady(before, ceiling(past, &[&cache.bands[0], &cache.bands[1]]));
    *hand.top = Some((which, top));
    let right = 82.0;
    let strip = StripAxis::of(&cache.differences);
    // Both charts have their days under each other, whatever the values at their left take.
    let ticks = ticks_in_words((0.0, top)).into_iter().chain(strip.ticks().map(|(_, text)| text)).collect::<Vec<_>>();
    let left = tick_room(ui.painter(), &ticks).max(34.0);
    // On a low screen the outcomes are in sight before the chart of differences is.
    let height = match low {
        // While a guess is asked for, there is no table to be in sight.
        true if asked.is_some() => 140.0,
        true => (ui.clip_rect().height() - 366.0).clamp(96.0, 160.0),
        false if ui.clip_rect().height() < HIGH => 150.0,
        false => 200.0,
    };
    let readable = asked.is_none();
    let sense = if readable { Sense::click() } else { Sense::hover() };
    let (area, whole) = ui.allocate_exact_size(vec2(ui.available_width(), height), sense);
    let index = fans.tracks.iter().position(|t| *t == track).unwrap_or(0);
    let guessed = guess::changes(sitting, fans, track);
    let plot = Rect::from_min_max(area.min + vec2(left, 22.0), area.max - vec2(right, 24.0));
    let painter = ui.painter().clone();
    let axes = frame(&painter, plot, days, (0.0, top), start, look);
    let reading = sample_read(ui, &whole, &axes, &cache.days, hand.reading).filter(|_| readable);
    let kind = if track.is_share() {
        "Line: share of the futures in which it is so. Band: the 90 % interval of that share."
    } else {
        "Line: median of the futures, and so are the figures at its end; the difference under the chart is a mean. Bands: the middle \
         half of the futures, and 90 % of them."
    };
    let read = reading.map(|sample| day_words(sitting, fans, cache, track, sample));
    let said = chart_words(sitting, fans, cache, track, &guessed);
    whole.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &said));
    // The name of a chart stays what it is; what is read there is its value.
    if let Some(words) = read.as_deref().filter(|_| whole.has_focus()) {
        ui.ctx().accesskit_node_builder(whole.id, |node| node.set_value(words));
    }
    super::draw::focus_ring(ui, &whole, look);
    // Where the keys read, the words stand without a pointer.
    if whole.has_focus()
        && !whole.hovered()
        && let Some(words) = &read
    {
        egui::Tooltip::always_open(
            ui.ctx().clone(),
            ui.layer_id(),
            whole.id,
            egui::PopupAnchor::Position(area.left_bottom()),
        )
        .show(|ui| ui.label(words));
    }
    whole.on_hover_ui_at_pointer(|ui| {
        ui.label(read.as_deref().map_or_else(|| kind.to_owned(), |words| format!("{words}\n\n{kind}")));
    });
    let line = Past { from: f64::from(from), values: past, color: look.ink, dashed: false };
    let base = Fan { bands: &cache.bands[0], color: look.baseline, dashed: true, label: "no change" };
    let mine = Fan { bands: &cache.bands[1], color: look.you, dashed: false, label: "your policy" };
    let list = if null { vec![base] } else { vec![base, mine] };
    draw_fans(
        &painter.with_clip_rect(plot.expand(3.0).intersect(painter.clip_rect())),
        &axes,
        f64::from(today),
        &[line],
        &list,
        1.0,
        look,
    );
    if let Some(sample) = reading {
        let x = axes.x(cache.days[sample]);
        painter.vline(x, plot.y_range(), Stroke::new(1.0, look.strong));
        for (arm, color) in [(0, look.ink2), (1, look.you)].into_iter().take(if null { 1 } else { 2 }) {
            let middle = cache.bands[arm].get(sample).map_or(0.0, |(_, bands)| bands[2]);
            painter.circle(pos2(x, axes.y(middle)), 3.4, color, Stroke::new(1.2, look.panel));
        }
    }
    let highest = past.iter().copied().fold(0.0, f64::max);
    // Over the plot, where no line runs through the words.
    let words = if highest > top {
        format!("today, day {today} (past up to {})", short(highest))
    } else {
        format!("today, day {today}")
    };
    let x = axes.x(f64::from(today));
    painter.text(pos2(x + 5.0, plot.top() - 20.0), Align2::LEFT_TOP, &words, narrow(), look.ink2);
    if asked.is_none() {
        let end = x + 5.0 + painter.layout_no_wrap(words.clone(), narrow(), look.ink2).size().x;
        what_lines_are(&painter, track, end, pos2(area.right(), plot.top() - 20.0), look);
    }
    for change in sitting.branch().policy().filter(|c| c.day >= from && c.day <= today) {
        peg(&painter, pos2(axes.x(f64::from(change.day)), plot.bottom()), look);
    }
    // What stands at the ends: medians.
    let last = |arm: usize| cache.bands[arm].last().map_or(0.0, |(_, b)| b[2]);
    let (a, b) = (axes.y(last(0)), axes.y(last(1)));
    if let Some(form) = asked {
        let mean = fans.mean_at_end(0, index).unwrap_or(0.0);
        guess::on_chart(ui, &axes, area, mean, (policy(sitting), track), form, look);
        return;
    }
    if null {
        let text = "no policy yet".to_owned();
        end_labels(&painter, plot.right() + 8.0, plot.top(), plot.bottom(), vec![(a, text, narrow(), look.ink2)]);
        ui.label(quiet("Move a lever: its futures appear over these, on the same random numbers.", look));
        return;
    }
    // Medians at the ends of the lines; the difference of pairs is a mean, and stands below with its interval.
    let Some(d) = cache.differences.last() else { return };
    let clear = is_detectable(d);
    let (mean, points) = if track.is_share() { ("Difference", " points") } else { ("Mean difference", "") };
    let [without, with] = short_pair([last(0), last(1)]);
    let mut labels =
        vec![(a, format!("no change {without}"), narrow(), look.ink2), (b, format!("yours {with}"), bold(), look.you)];
    // What was guessed, where the mean would have ended.
    if let Some(mean) = fans.mean_at_end(0, index).filter(|_| !guessed.is_empty()) {
        let place = |change: f64| axes.y(mean + change).clamp(plot.top(), plot.bottom());
        for change in &guessed {
            guess::mark(&painter, pos2(plot.right(), place(*change)), 6.0, look.panel, look);
        }
        if let [change] = guessed[..] {
            labels.push((place(change), format!("guess {}", signed(change)), narrow(), look.ink));
        }
    }
    end_labels(&painter, plot.right() + 8.0, plot.top() - 8.0, plot.bottom() - 4.0, labels);
    // How far counts could differ in pairs not seen, nobody knows: there is no interval to show. Of shares there may be one.
    let interval = || {
        let within = format!("90 %: {} to {}", signed(d.low), signed(d.high));
        (d.low.abs().max(d.high.abs()) > 0.0).then_some(within)
    };
    if cache.differ.iter().all(|pairs| *pairs == 0) {
        ui.horizontal_wrapped(|ui| {
            ui.label(strong("The same in every pair of futures, on every day"));
            interval().map(|within| ui.label(quiet(within, look)));
        });
        return;
    }
    // The paired difference, on the same axis.
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if cache.differ.last() == Some(&0) {
            ui.label(strong(format!("The same in every pair on day {end}")));
        } else if clear {
            ui.label(strong(format!("{mean} {}{points} on day {end}", signed(d.difference))));
        } else {
            ui.label(strong(format!("No detectable difference on day {end}")));
        }
        interval().map(|within| ui.label(quiet(within, look)));
    });
    if !low {
        difference_strip(ui, cache, (mean, end), days, (left, right), &strip, look);
    }
}

/// Says what lines and bands of a chart are, as far as there is room right of `free`: a figure at the end of a line is what the line is.
fn what_lines_are(painter: &egui::Painter, track: Track, free: f32, corner: Pos2, look: &Look) {
    let ways = if track.is_share() {
        ["line: share of futures; band: its 90 %", "line: share of futures", "line: share"]
    } else {
        ["line: median; bands: 50 % and 90 %", "line and figures: medians", "line: median"]
    };
    let laid = |words: &str| painter.layout_no_wrap(words.to_owned(), narrow(), look.ink2);
    if let Some(galley) = ways.into_iter().map(laid).find(|galley| corner.x - galley.size().x > free + 12.0) {
        painter.galley(pos2(corner.x - galley.size().x, corner.y), galley, look.ink2);
    }
}

/// The values of the strip of differences, with room for zero and both ends.
struct StripAxis {
    values: (f64, f64),
    every: f64,
}

impl StripAxis {
    fn of(differences: &[Difference]) -> Self {
        let low = differences.iter().map(|d| d.low).fold(0.0, f64::min);
        let high = differences.iter().map(|d| d.high).fold(0.0, f64::max);
        let every = super::chart::step((high - low).max(1e-6), 2.0);
        Self { values: ((low / every).floor() * every, (high / every).ceil() * every), every }
    }

    fn ticks(&self) -> impl Iterator<Item = (f64, String)> {
        [self.values.0, 0.0, self.values.1].into_iter().map(|value| (value, tick(value, self.every, true)))
    }
}

/// The paired difference by day, with its interval, and from when on it is clear of zero.
fn difference_strip(
    ui: &mut Ui,
    cache: &Cache,
    (mean, end): (&str, i32),
    days: (f64, f64),
    (left, right): (f32, f32),
    strip: &StripAxis,
    look: &Look,
) {
    let Some(d) = cache.differences.last() else { return };
    let height = if ui.clip_rect().height() < HIGH { 60.0 } else { 76.0 };
    let (area, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let plot = Rect::from_min_max(area.min + vec2(left, 6.0), area.max - vec2(right, 6.0));
    let axes = super::chart::Axes::new(plot, days, strip.values);
    let painter = ui.painter().clone();
    for (value, text) in strip.ticks() {
        let y = axes.y(value);
        let color = if text == "0" { look.strong } else { look.hairline };
        painter.hline(plot.x_range(), y, Stroke::new(1.0, color));
        painter.text(pos2(plot.left() - 5.0, y), Align2::RIGHT_CENTER, text, narrow(), look.ink2);
    }
    let since = difference(&painter, &axes, &cache.days, &cache.differences, look);
    let clears = since.map_or_else(|| "not clear of zero".to_owned(), |day| format!("clear of zero from day {day:.0}"));
    response.widget_info(|| {
        let said = format!(
            "{mean}, your policy less no change, by day: {clears}; on day {end} {} ({} to {})",
            signed(d.difference),
            signed(d.low),
            signed(d.high)
        );
        egui::WidgetInfo::labeled(egui::WidgetType::Image, true, said)
    });
    let labels = ["your policy", "− no change"].map(str::to_owned);
    for (i, text) in labels.into_iter().enumerate() {
        let at = pos2(plot.right() + 8.0, plot.center().y - 9.0 + 18.0 * i as f32);
        painter.text(at, Align2::LEFT_CENTER, text, narrow(), look.ink2);
    }
    // On the side of zero where there is more room; the curve begins at zero.
    if strip.values.1 > -strip.values.0 {
        painter.text(plot.left_top() + vec2(4.0, 2.0), Align2::LEFT_TOP, clears, narrow(), look.ink2);
    } else {
        painter.text(plot.left_bottom() + vec2(4.0, -2.0), Align2::LEFT_BOTTOM, clears, narrow(), look.ink2);
    }
}

/// A fan in words: where the middle of it and its 90 % end.
fn chart_words(sitting: &Sitting, fans: &Fans, cache: &Cache, track: Track, guessed: &[f64]) -> String {
    let end = |arm: usize| {
        let (day, bands) = cache.bands[arm].last()?;
        let middle = if track.is_share() { "share" } else { "median" };
        Some(format!("{middle} {}, 90 % {} to {} on day {day:.0}", fine(bands[2]), fine(bands[0]), fine(bands[4])))
    };
    let arms = if fans.is_null() { vec![("no change", 0)] } else { vec![("no change", 0), ("your policy", 1)] };
    let arms: Vec<String> = arms.into_iter().filter_map(|(name, arm)| Some(format!("{name}: {}", end(arm)?))).collect();
    let guessed: Vec<String> = guessed.iter().map(|change| signed(*change)).collect();
    let guessed =
        if guessed.is_empty() { String::new() } else { format!(". Guesses of the change: {}", guessed.join(", ")) };
    format!("{}, {}. {}{guessed}", track.name(&sitting.rules), track.unit(), arms.join("; "))
}

/// The mark of a lever change.
pub fn peg(painter: &egui::Painter, at: Pos2, look: &Look) {
    let points = vec![at + vec2(-3.5, 0.0), at + vec2(3.5, 0.0), at + vec2(0.0, 6.0)];
    painter.add(egui::Shape::convex_polygon(points, look.you, Stroke::NONE));
}

/// Heights of the rows of the tables: with little room they are closer, so that what counts most is in sight.
struct Rows {
    /// Of the table of outcomes.
    cell: f32,
    /// Of the names over it.
    head: f32,
    /// Of a headline outcome.
    headline: f32,
    /// Whether figures are as small as words.
    small: bool,
}

impl Rows {
    fn of(low: bool, brief: bool) -> Self {
        match (low, brief) {
            (true, _) => Self { cell: 25.0, head: 18.0, headline: 20.0, small: true },
            (false, true) => Self { cell: 28.0, head: 19.0, headline: 20.0, small: false },
            (false, false) => Self { cell: 34.0, head: 22.0, headline: 23.0, small: false },
        }
    }
}

fn table(ui: &mut Ui, fans: &Fans, rows: &Rows, mut like: Option<&mut Option<Like>>, look: &Look) {
    let (height, head) = (rows.cell, rows.head);
    let last = fans.from + fans.ask.days as i32;
    let right = if fans.is_null() { "% of futures" } else { "%; small: no change" };
    // Where there is no room for the day, it stands over the chart.
    heading(ui, &[&format!("{ESCALATION} on day {last}"), ESCALATION], &[right.to_owned()], look);
    let (a, b) = (fans.table(0), fans.table(1));
    let (na, nb) = (fans.come(0).max(1) as f64, fans.come(1).max(1) as f64);
    let width = ui.available_width();
    let heads = 88.0_f32.min(width * 0.26);
    let cell = (width - heads) / 3.0;
    let (area, whole) = ui.allocate_exact_size(vec2(width, head + 3.0 * height), Sense::hover());
    whole.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, table_words(fans)));
    let painter = ui.painter().clone();
    let first = if cell < 88.0 { "none" } else { "no settlement" };
    for (i, name) in [first, "piecemeal", "collective"].iter().enumerate() {
        let at = pos2(area.left() + heads + cell * (i as f32 + 0.5), area.top() + 10.0);
        painter.text(at, Align2::CENTER_CENTER, name, narrow(), look.ink2);
    }
    for (row, name) in ["no exchange", "contained", "regional"].iter().enumerate() {
        let y = area.top() + head + height * row as f32;
        painter.text(pos2(area.left(), y + height / 2.0 - 1.0), Align2::LEFT_CENTER, name, narrow(), look.ink);
        for col in 0..3 {
            let rect =
                Rect::from_min_size(pos2(area.left() + heads + cell * col as f32, y), vec2(cell - 4.0, height - 3.0));
            let share = b[row][col] as f64 / nb;
            painter.rect_filled(rect, 3.0, faint(look.ink, 0.05 + if look.dark { 0.4 } else { 0.75 } * share as f32));
            let this = Like::Ending(Escalation::ALL[row], Settlement::ALL[col]);
            if let Some(like) = like.as_deref_mut().filter(|_| b[row][col] > 0) {
                let sense = ui.interact(rect, ui.id().with(("cell", row, col)), Sense::click());
                let words = format!("Futures with {}", like_words(this));
                sense.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Button, true, &words));
                let stroke =
                    Stroke::new(1.0, if sense.hovered() || *like == Some(this) { look.strong } else { look.hairline });
                painter.rect_stroke(rect, 3.0, stroke, egui::StrokeKind::Inside);
                super::draw::focus_ring(ui, &sense, look);
                if sense.on_hover_text("Click to open one of these futures as a history").clicked() {
                    *like = if *like == Some(this) { None } else { Some(this) };
                }
            }
            let text = painter.layout_no_wrap(
                percent(share, fans.come(1)),
                if rows.small { bold() } else { figure() },
                look.ink,
            );
            let before = percent(a[row][col] as f64 / na, fans.come(0)).replace(" %", "");
            let before = if fans.is_null() { String::new() } else { before };
            let before = painter.layout_no_wrap(before, narrow(), look.ink2);
            // The figure in the middle of what the baseline's leaves.
            let right = rect.right() - 8.0 - before.size().x;
            let room = if fans.is_null() { rect.width() } else { right - 4.0 - rect.left() };
            let x = rect.left() + ((room - text.size().x) / 2.0).max(2.0);
            painter.galley(pos2(x, rect.center().y - text.size().y / 2.0), text, look.ink);
            painter.galley(pos2(right, rect.center().y - before.size().y / 2.0), before, look.ink2);
        }
    }
}

/// What futures have in common, in words.
fn like_words(like: Like) -> String {
    let Like::Ending(escalation, settlement) = like else { return "most killed".to_owned() };
    let row = ["no exchange", "a contained exchange", "regional war"][escalation as usize];
    let col = ["no settlement", "piecemeal truces", "a collective deal"][settlement as usize];
    format!("{row} and {col}")
}

/// The way from a number to one of the histories behind it.
#[allow(clippy::too_many_arguments, reason = "a part of the panel, with what the panel has")]
fn opened(
    ui: &mut Ui,
    sitting: &Sitting,
    fans: &Fans,
    is_stale: bool,
    like: Like,
    view: &mut Option<Like>,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let numbers = match like {
        Like::Ending(escalation, settlement) => fans.ending(1, escalation, settlement),
        Like::Deadliest => fans.deadliest(1),
    };
    // The one after the one that is open, so that a click goes from one to the next.
    let now = sitting.fate();
    let at = numbers.iter().position(|&future| fans.fate(future) == Some(now));
    let next = numbers.get(at.map_or(0, |at| (at + 1) % numbers.len())).copied();
    ui.horizontal_wrapped(|ui| {
        ui.label(quiet(format!("{} with {}.", super::draw::count(numbers.len() as f64), like_words(like)), look));
        match next.map(|future| (future, fans.fate(future))) {
            Some((future, Some(fate))) if !is_stale => {
                if ui.button(format!("Open one of these (future {future})")).clicked() {
                    acts.push(Act::Future(fate));
                }
                let of = if fate.prior { " with the parameters that it drew" } else { "" };
                ui.label(quiet(format!("The same history from day 0{of}; undo comes back."), look));
            }
            Some((_, None)) => {
                let words = "These go on from the history shown, so none is a history of its own from day 0.";
                ui.label(quiet(words, look));
                if ui.button("Go to day 0 for futures that are").clicked() {
                    acts.push(Act::GoTo(0));
                }
            }
            _ => {}
        }
        if ui.add(egui::Button::new(quiet("close", look)).frame(false)).clicked() {
            *view = None;
        }
    });
}

/// The table in words, for whoever does not see it.
fn table_words(fans: &Fans) -> String {
    let (b, n) = (fans.table(1), fans.come(1).max(1));
    let mut words = String::from("Escalation by settlement:");
    for (row, e) in ["no exchange", "contained", "regional"].iter().enumerate() {
        for (col, s) in ["no settlement", "piecemeal", "collective"].iter().enumerate() {
            let share = percent(b[row][col] as f64 / n as f64, n);
            let _ = write!(words, " {e}, {s} {share};");
        }
    }
    words
}

/// The chart that shows by date what a headline outcome sums up.
fn track_of(headline: Headline, sitting: &Sitting) -> Option<Track> {
    match headline {
        Headline::RegionalWar => Some(Track::RegionalWar),
        Headline::CollectiveDeal => sitting.rules.collective.map(Track::InForce),
        Headline::PiecemealTruce => Some(Track::Agreements),
        Headline::ContainedExchange | Headline::Unsettled => None,
    }
}

/// Of the futures with a regional war in an arm: how many came to it after a preventive strike, and how many otherwise.
fn roads(fans: &Fans) -> String {
    let [all, opened, answered] = fans.roads(1);
    if all == 0 {
        return String::new();
    }
    format!(
        "\n\nOf the {all} futures with one, {opened} came to it within a fortnight of a preventive strike, {answered} by answers \
         to one another."
    )
}

fn headlines(ui: &mut Ui, sitting: &Sitting, fans: &Fans, rows: &Rows, look: &Look, acts: &mut Vec<Act>) {
    let right = if fans.is_null() { "share (90 %)" } else { "difference in points (90 %)" };
    line(ui, (HEADLINE, bold(), look.ink), (right, narrow(), look.ink2));
    let null = fans.is_null();
    // Decimals go by what has come, not by what was asked for.
    let (futures, pairs) = (fans.come(1), fans.pairs() as u64);
    for headline in Headline::ALL {
        let (base, mine, d, differ) = fans.headline(headline);
        let chart = track_of(headline, sitting);
        let sense = if chart.is_some() { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), rows.headline), sense);
        if let Some(track) = chart.filter(|_| response.clicked()) {
            acts.push(Act::Track(track));
        }
        let painter = ui.painter();
        if chart.is_some() && response.hovered() {
            painter.rect_filled(rect, 3.0, faint(look.ink, 0.06));
        }
        let y = rect.center().y;
        headline_mark(painter, pos2(rect.left() + 7.0, y), headline, look);
        painter.text(pos2(rect.left() + 20.0, y), Align2::LEFT_CENTER, capital(headline.words()), narrow(), look.ink);
        // What words and figures leave: the longest name, a share, and an interval.
        let wide = (rect.width() - 142.0 - 46.0 - 168.0).clamp(54.0, 150.0);
        let left = rect.left() + 142.0;
        let bar = Rect::from_min_max(pos2(left, rect.top()), pos2(left + wide, rect.bottom()));
        let x = |share: f64| bar.left() + bar.width() * share as f32;
        for t in [0.0, 0.5, 1.0] {
            painter.vline(x(t), rect.y_range(), Stroke::new(1.0, look.hairline));
        }
        let color = if null { look.ink2 } else { look.you };
        // Higher than the dot, so that a short interval is seen as well.
        let interval = Rect::from_min_max(pos2(x(mine.low), y - 5.0), pos2(x(mine.high), y + 5.0));
        painter.rect_filled(interval, 2.0, faint(color, 0.4));
        painter.circle_filled(pos2(x(mine.p), y), 3.2, color);
        if !null {
            painter.vline(x(base.p), y - 7.0..=y + 7.0, Stroke::new(1.8, look.ink2));
            for chance in guess::chances(sitting, headline) {
                guess::mark(painter, pos2(x(chance), y), 4.5, Color32::TRANSPARENT, look);
            }
        }
        painter.text(pos2(bar.right() + 40.0, y), Align2::RIGHT_CENTER, percent(mine.p, futures), bold(), look.ink);
        let ways = if null {
            vec![format!("{} to {}", percent(mine.low, futures).replace(" %", ""), percent(mine.high, futures))]
        } else {
            paired_words(&d, differ, pairs)
        };
        let said = format!("{}: {}, {}", capital(headline.words()), percent(mine.p, futures), ways[0]);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, &said));
        let room = rect.right() - bar.right() - 46.0;
        let words = longest_in(ui, ways, narrow(), room);
        let words = super::draw::clipped(ui, &words, narrow(), if null { look.ink2 } else { look.ink }, room);
        let at = pos2(rect.right() - words.size().x, y - words.size().y / 2.0);
        ui.painter().galley_with_override_text_color(at, words, if is_detectable(&d) { look.ink } else { look.ink2 });
        let possible = if null { String::new() } else { format!("\n\nDifference: {}", in_points(&d, pairs)) };
        let roads =
            if headline == Headline::RegionalWar { format!("{} {}", roads(fans), carried()) } else { String::new() };
        let by_date = if chart.is_some() { "\n\nA click shows it by date." } else { "" };
        response.on_hover_text(format!("{}{roads}{possible}{by_date}", headline.definition()));
    }
}

/// When a regional war begins: month by month, the share of the futures without one so far, beside the share within the
/// horizon, which grows with it.
fn hazard(ui: &mut Ui, sitting: &Sitting, fans: &Fans, look: &Look) {
    let [war, opened, answered] = fans.hazards(1);
    // What is left of a month at the end of the horizon is no month to compare with the others.
    let whole = |month: &Hazard| month.at_risk > 0 && month.to - month.from == MONTH;
    let months: Vec<(usize, &Hazard)> = war.iter().enumerate().filter(|(_, month)| whole(month)).collect();
    let (Some((_, first)), Some((_, last))) = (months.first(), months.last()) else { return };
    let per_cent = |month: &Hazard| percent(month.share.p, month.at_risk);
    let (first, last) = (per_cent(first), per_cent(last));
    let ways = [
        format!("{first} at first, {last} at last"),
        format!("{first}, at last {last}"),
        format!("{first}, then {last}"),
    ];
    heading(ui, &HAZARD, &ways, look);
    let (area, response) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
    let top = months.iter().map(|(_, month)| month.share.high).fold(0.01, f64::max).min(1.0);
    let wide = area.width() / war.len().max(1) as f32;
    let y = |share: f64| area.bottom() - area.height() * (share / top).min(1.0) as f32;
    let color = if fans.is_null() { look.ink2 } else { look.you };
    let painter = ui.painter();
    painter.hline(area.x_range(), area.bottom(), Stroke::new(1.0, look.hairline));
    let middle = |i: usize| area.left() + wide * (i as f32 + 0.5);
    for (i, month) in &months {
        let x = (middle(*i) - 0.3 * wide)..=(middle(*i) + 0.3 * wide);
        let band = Rect::from_x_y_ranges(x, y(month.share.high)..=y(month.share.low));
        painter.rect_filled(band, 1.0, faint(color, 0.3));
    }
    let curve: Vec<Pos2> = months.iter().map(|(i, month)| pos2(middle(*i), y(month.share.p))).collect();
    painter.add(egui::Shape::line(curve, Stroke::new(1.5, color)));
    let rows = war.iter().zip(&opened).zip(&answered).map(|((war, opened), answered)| {
        let (low, high) = (percent(war.share.low, war.at_risk), percent(war.share.high, war.at_risk));
        format!(
            "from {}: {} ({low} to {high}) of {} futures; {} after a preventive strike, {} by answers",
            sitting.rules.date(war.from),
            per_cent(war),
            war.at_risk,
            opened.began,
            answered.began
        )
    });
    let rows: Vec<String> = rows.collect();
    let said = format!("Regional war begins, month by month: {}", rows.join(". "));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &said));
    response.on_hover_text(format!(
        "Of the futures without a regional war so far, the share in which one begins in that month; band: 90 % interval. {}\n\n{}",
        carried(),
        rows.join("\n")
    ));
}

/// A paired difference of shares in words, the longest way to say it first; `differ` of the pairs do. The interval is always
/// said: how large a difference could have been missed.
#[must_use]
pub fn paired_words(d: &Difference, differ: u64, pairs: u64) -> Vec<String> {
    if differ == 0 {
        return vec!["the same in every pair".to_owned()];
    }
    if is_detectable(d) {
        return vec![with_interval(d, pairs)];
    }
    let within = ends_in_words(d, pairs);
    vec![format!("no detectable difference ({within})"), format!("not detectable ({within})"), within]
}

/// A difference with its interval, in points. An end that is not zero is not rounded to it.
fn with_interval(d: &Difference, futures: u64) -> String {
    format!("{} ({})", end_in_words(d.difference, futures), ends_in_words(d, futures))
}

fn ends_in_words(d: &Difference, futures: u64) -> String {
    format!("{} to {}", end_in_words(d.low, futures), end_in_words(d.high, futures))
}

fn end_in_words(v: f64, futures: u64) -> String {
    let text = points(v, futures);
    let text = if text.starts_with('0') { points(v, 1000) } else { text };
    if text == "0.0" { "0".to_owned() } else { text }
}

fn peace(ui: &mut Ui, sitting: &Sitting, look: &Look) {
    let peace = EnduringPeace::of(&sitting.levers());
    let both = peace.settlements_not_growing && peace.no_funding_of_armed_groups;
    let words = if both { "both conditions met" } else { "not met" };
    line(ui, (PEACE, bold(), look.ink), (words, narrow(), look.ink2));
    ui.horizontal_wrapped(|ui| {
        met(ui, peace.settlements_not_growing, "settlements not growing", look);
        ui.add_space(8.0);
        met(ui, peace.no_funding_of_armed_groups, "no funding of armed groups", look);
    });
}

/// What moves the needle.
fn ranking(
    ui: &mut Ui,
    sitting: &Sitting,
    needle: &Needle,
    stands: bool,
    all: &mut bool,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    ui.label(strong("What moves the needle"));
    if !stands {
        ui.horizontal_wrapped(|ui| {
            ui.label(quiet("Of before: levers, day or parameters have changed since.", look));
            if ui.button("Rank again").clicked() {
                acts.push(Act::Rank(needle.metric));
            }
        });
    }
    ui.horizontal_wrapped(|ui| {
        for headline in Headline::ALL {
            let metric = Metric::Headline(headline);
            if ui.selectable_label(needle.metric == metric, capital(headline.words())).clicked() {
                acts.push(Act::Rank(metric));
            }
        }
        if ui.selectable_label(needle.metric == Metric::Deaths, "Killed by fire").clicked() {
            acts.push(Act::Rank(Metric::Deaths));
        }
    });
    let tables = &sitting.rules.tables;
    let chosen = match needle.metric {
        Metric::InForce(table) => tables[table].name.as_str(),
        _ => "by an agreement in force at the end…",
    };
    let list = egui::ComboBox::from_id_salt("agreement").width(ui.available_width() - 8.0).truncate();
    list.selected_text(chosen).show_ui(ui, |ui| {
        for (i, table) in tables.iter().enumerate() {
            let metric = Metric::InForce(i);
            if ui.selectable_label(needle.metric == metric, &table.name).clicked() {
                acts.push(Act::Rank(metric));
            }
        }
    });
    let note = format!(
        "Every lever to the ends of its range from day {}, {} days ahead, on the same random numbers. {} futures run{}.",
        needle.from,
        needle.days,
        super::draw::count(needle.futures() as f64),
        if needle.is_running() { format!(", {:.0} % of the work", needle.progress() * 100.0) } else { String::new() }
    );
    ui.add(egui::Label::new(quiet(note, look)).wrap());
    ui.add_space(4.0);
    let share = needle.metric.is_share();
    let bars = needle.bars();
    let most = bars.first().map_or(1e-9, detente_session::needle::Bar::size).max(1e-9);
    let shown = if *all { bars.len() } else { FIRST_BARS };
    if !stands {
        ui.set_opacity(0.5);
    }
    for bar in bars.iter().take(shown) {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 46.0), Sense::hover());
        let painter = ui.painter();
        let title = format!("{}: {}", bar.lever.row().owner, bar.lever.row().name);
        let name = super::draw::clipped(ui, &title, body(), look.ink, rect.width() - 8.0);
        painter.galley(rect.min + vec2(0.0, 1.0), name, look.ink);
        let plot = Rect::from_min_max(pos2(rect.left(), rect.top() + 21.0), pos2(rect.right(), rect.bottom() - 3.0));
        let zero = plot.center().x;
        let x = |v: f64| zero + (v / most) as f32 * plot.width() * 0.22;
        painter.vline(zero, plot.y_range(), Stroke::new(1.0, look.strong));
        for end in &bar.ends {
            let clear = is_detectable(&end.effect);
            let color = if clear { look.ink2 } else { faint(look.ink2, 0.35) };
            let y = plot.center().y;
            let (a, b) = (zero.min(x(end.effect.difference)), zero.max(x(end.effect.difference)));
            painter.rect_filled(Rect::from_min_max(pos2(a, y - 5.0), pos2(b, y + 5.0)), 2.0, color);
            painter.hline(x(end.effect.low)..=x(end.effect.high), y, Stroke::new(1.2, look.ink));
        }
        let mut ends: Vec<_> = bar.ends.iter().collect();
        ends.sort_by(|p, q| p.effect.difference.total_cmp(&q.effect.difference));
        let words = |end: &&detente_session::needle::End| {
            let d = end.effect.difference;
            let d = if share { points(d, end.pairs) } else { signed(d) };
            format!("{}: {d}", value_words(bar.lever, end.value, sitting))
        };
        let room = plot.width() * 0.27;
        if let Some(first) = ends.first() {
            let text = super::draw::clipped(ui, &words(first), narrow(), look.ink2, room);
            ui.painter().galley(pos2(plot.left(), plot.center().y - text.size().y / 2.0), text, look.ink2);
        }
        if let (Some(last), true) = (ends.last(), ends.len() > 1) {
            let text = super::draw::clipped(ui, &words(last), narrow(), look.ink2, room);
            let at = pos2(plot.right() - text.size().x, plot.center().y - text.size().y / 2.0);
            ui.painter().galley(at, text, look.ink2);
        }
        let lines: Vec<String> = bar
            .ends
            .iter()
            .map(|end| {
                let e = end.effect;
                let [d, low, high] =
                    [e.difference, e.low, e.high].map(|v| if share { points(v, end.pairs) } else { signed(v) });
                format!("{}: {d} ({low} to {high}), {} pairs", value_words(bar.lever, end.value, sitting), end.pairs)
            })
            .collect();
        let said = format!("{title}. {}", lines.join("; "));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Label, true, &said));
        response.on_hover_text(lines.join("\n"));
    }
    if bars.len() > shown && ui.button(format!("Show all {} levers", bars.len())).clicked() {
        *all = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_stands_still_unless_a_line_would_leave_it_or_most_of_it_were_empty() {
        assert!((steady(None, 40.0) - 40.0).abs() < 1e-12);
        for (wanted, stands) in [(30.0, 40.0), (40.0, 40.0), (20.0, 40.0), (50.0, 50.0), (10.0, 10.0)] {
            assert!((steady(Some(40.0), wanted) - stands).abs() < 1e-12, "{wanted}");
        }
    }

    #[test]
    fn an_end_that_is_not_zero_is_not_written_as_zero() {
        let d = |difference, low, high| Difference { difference, low, high };
        assert_eq!(with_interval(&d(-0.04, -0.07, -0.004), 256), "−4 (−7 to −0.4)");
        assert_eq!(with_interval(&d(0.06, 0.03, 0.09), 256), "+6 (+3 to +9)");
    }
}
