//! Compare: two branches, their fans over each other, where they part, and a table of differences.

use super::act::Act;
use super::branches::{Naming, name_field};
use super::chart::{Fan, Past, end_labels, fans as draw_fans, frame, tick_room, ticks_in_words};
use super::draw::{
    Icon, body, bold, capital, dashed, fine, icon_button, line, longest_in, narrow, quiet, rule, short, short_pair,
    signed, strong, worded_button,
};
use super::futures::Cache;
use super::levers::value_words;
use super::look::Look;
use super::script::job;
use bevy_egui::egui::{self, Align2, RichText, ScrollArea, Sense, Stroke, Ui, pos2, vec2};
use detente_model::record::outcome::Headline;
use detente_session::Sitting;
use detente_session::chart::{Fans, Progress, Subject, Track};
use detente_session::compare::{Comparison, Parting, partings};
use detente_session::cover::cover_of;
use detente_session::desk::View;
use detente_session::guesses::Cover;
use detente_session::report::is_detectable;
use detente_study::futures::effect::Difference;

/// Decisions told where two branches part.
const TOLD: usize = 4;

/// What the panel keeps.
#[derive(Default)]
pub struct CompareView {
    cache: Option<Cache>,
    known: Option<(u64, [usize; 2], Comparison)>,
    parted: Option<([u32; 2], Option<i32>, usize, Vec<Parting>)>,
    renaming: Option<(usize, String)>,
}

impl CompareView {
    /// Compares anew where something has changed.
    fn refresh(&mut self, sitting: &mut Sitting, pair: [usize; 2]) {
        let revision = sitting.revision();
        if self.known.as_ref().is_none_or(|(r, p, _)| *r != revision || *p != pair) {
            let today = sitting.today();
            self.known = Some((revision, pair, Comparison::of(sitting, pair, today)));
        }
        let Some((_, _, comparison)) = &self.known else { return };
        // What parted stays parted while days pass; it is told anew when the branches or their first difference change.
        let changes = pair.map(|b| sitting.branches()[b].changes.len()).iter().sum();
        let ids = pair.map(|b| sitting.branches()[b].id);
        let (first, until) = (comparison.first, comparison.until);
        let same = self.parted.as_ref().is_some_and(|(i, f, c, told)| {
            *i == ids && *f == first && *c == changes && (told.len() == TOLD || until % 10 != 0)
        });
        if !same {
            let told = partings(sitting, pair, until, TOLD);
            self.parted = Some((ids, first, changes, told));
        }
    }
}

/// The whole panel.
pub fn compare_ui(
    ui: &mut Ui,
    sitting: &mut Sitting,
    view: &mut CompareView,
    pair: Option<[usize; 2]>,
    futures: &View<'_>,
    track: Option<Track>,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let n = sitting.branches().len();
    let pair = pair.filter(|[a, b]| a != b && *a < n && *b < n);
    super::futures::caveat(ui, look);
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("compare").show(ui, |ui| {
        super::futures::keep_clear_of_the_bar(ui);
        let Some(pair) = pair else {
            nothing(ui, sitting, view, look, acts);
            return;
        };
        for branch in pair {
            sitting.bring(branch);
        }
        heads(ui, sitting, view, pair, look, acts);
        view.refresh(sitting, pair);
        let subject = Subject::branches(sitting, pair);
        let covered = cover_of(sitting, &subject, futures.fans) != Cover::Open;
        match futures.fans {
            _ if covered => {
                // Where a policy of its own is covered, it can be guessed about.
                let guessable = |branch: &usize| {
                    let b = &sitting.branches()[*branch];
                    sitting.guesses().cover(&[b.unchanged(), b.changes.clone()]) == Cover::Policy
                };
                let branches: Vec<usize> = pair.into_iter().filter(guessable).collect();
                super::guess::elsewhere(ui, sitting, &branches, look, acts);
            }
            Some(fans) => {
                ui.scope(|ui| {
                    if futures.is_stale {
                        ui.label(quiet("Of the levers before; the next are on their way.", look));
                        ui.set_opacity(0.4);
                    }
                    chart(ui, sitting, view, pair, fans, track, look, acts);
                });
            }
            None => {
                ui.label(quiet(came_words(futures), look));
            }
        }
        stopped(ui, futures, look, acts);
        rule(ui, look);
        parted(ui, view, look, acts);
        rule(ui, look);
        table(ui, sitting, view, look);
        ui.add_space(6.0);
        all_branches(ui, sitting, view, look, acts);
    });
}

/// What to say where no futures can be shown yet.
fn came_words(futures: &View<'_>) -> String {
    match (futures.progress, futures.come) {
        (Some(Progress::Cancelled | Progress::Deserted), (come, of)) => {
            format!("Only {come} of {of} futures came before they were stopped, too few to show.")
        }
        _ => "The futures of both are on their way.".to_owned(),
    }
}

/// That futures were stopped, and a way on.
fn stopped(ui: &mut Ui, futures: &View<'_>, look: &Look, acts: &mut Vec<Act>) {
    let (Some(Progress::Cancelled | Progress::Deserted), (come, of)) = (futures.progress, futures.come) else { return };
    ui.horizontal(|ui| {
        ui.label(quiet(format!("stopped at {come} of {of}"), look));
        if ui.button("Go on").clicked() {
            acts.push(Act::GoOn);
        }
    });
}

fn nothing(ui: &mut Ui, sitting: &Sitting, view: &mut CompareView, look: &Look, acts: &mut Vec<Act>) {
    view.known = None;
    ui.add_space(8.0);
    ui.label(strong("Fork at the playhead to compare."));
    ui.add(egui::Label::new(quiet("A branch goes its own way from there, on the same random numbers. Move levers on it, play on, and both stand side by side.", look)).wrap());
    ui.add_space(6.0);
    if worded_button(ui, Icon::Branch, "Fork here", look).clicked() {
        acts.push(Act::Fork);
    }
    if sitting.branches().len() > 1 {
        ui.add_space(8.0);
        all_branches(ui, sitting, view, look, acts);
    }
}

/// The two branches, each with what sets it apart.
fn heads(ui: &mut Ui, sitting: &Sitting, view: &mut CompareView, pair: [usize; 2], look: &Look, acts: &mut Vec<Act>) {
    let narrow_panel = ui.available_width() < 340.0;
    for (i, branch) in pair.into_iter().enumerate() {
        let b = &sitting.branches()[branch];
        ui.horizontal(|ui| {
            let (square, _) = ui.allocate_exact_size(vec2(20.0, 22.0), Sense::hover());
            ui.painter().rect_filled(
                egui::Rect::from_center_size(square.center(), vec2(20.0, 20.0)),
                4.0,
                if i == 0 { look.ink2 } else { look.you },
            );
            ui.painter().text(square.center(), Align2::CENTER_CENTER, ["A", "B"][i], bold(), look.on_ink());
            if let Some((_, text)) = view.renaming.as_mut().filter(|(which, _)| *which == branch) {
                rename(name_field(ui, text, 190.0), branch, &mut view.renaming, acts);
            } else {
                // The words at the right first: a name takes what they leave.
                let words = match b.fork {
                    None if narrow_panel => String::new(),
                    None => "the first branch".to_owned(),
                    Some((_, day)) if narrow_panel => format!("from day {day}"),
                    Some((_, day)) => match b.policy().count() {
                        1 => format!("1 lever move from day {day}"),
                        n => format!("{n} lever moves from day {day}"),
                    },
                };
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    ui.label(quiet(words, look));
                    ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                        let button = egui::Button::new(job(&b.name, &bold(), look.ink)).frame(false).truncate();
                        if ui.add(button).on_hover_text(format!("{}: click to name it", b.name)).clicked() {
                            view.renaming = Some((branch, b.name.clone()));
                        }
                    });
                });
            }
        });
    }
    ui.horizontal(|ui| {
        let roomy = ui.available_width() > 340.0;
        let words = if roomy { "same random numbers in both." } else { "same luck." };
        ui.label(quiet(format!("Same {}, {words}", sitting.fate_words()), look));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.add(egui::Button::new(quiet("swap", look)).frame(false)).clicked() {
                acts.push(Act::Pair([pair[1], pair[0]]));
            }
        });
    });
}

fn chart(
    ui: &mut Ui,
    sitting: &Sitting,
    view: &mut CompareView,
    pair: [usize; 2],
    fans: &Fans,
    track: Option<Track>,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    let track = track.filter(|t| fans.tracks.contains(t)).unwrap_or(Track::Killed);
    let index = fans.tracks.iter().position(|t| *t == track).unwrap_or(0);
    Cache::refresh(&mut view.cache, fans, index, ui.input(|i| i.time));
    let Some(cache) = &view.cache else { return };
    super::futures::track_menu(ui, sitting, &fans.tracks, track, acts);
    let today = fans.from;
    let from = (today - 90).max(0);
    let past = pair.map(|b| {
        let mut past = track.past(sitting, b, today);
        past.split_off((from as usize).min(past.len()))
    });
    let end = fans.day(fans.samples().saturating_sub(1));
    let behind: Vec<f64> = past.iter().flatten().copied().collect();
    let top = super::futures::ceiling(&behind, &[&cache.bands[0], &cache.bands[1]]);
    let (area, whole) = ui.allocate_exact_size(vec2(ui.available_width(), 190.0), Sense::hover());
    let middle = if track.is_share() { "share" } else { "median" };
    let ends = [0, 1].map(|arm| {
        let bands = cache.bands[arm].last().map_or([0.0; 5], |(_, bands)| *bands);
        let name = &sitting.branches()[pair[arm]].name;
        format!(
            "{} ({name}): {middle} {}, 90 % {} to {}",
            ["A", "B"][arm],
            fine(bands[2]),
            fine(bands[0]),
            fine(bands[4])
        )
    });
    let said = format!("{}, {}, on day {end}. {}", track.name(&sitting.rules), track.unit(), ends.join("; "));
    whole.widget_info(|| egui::WidgetInfo::labeled(egui::WidgetType::Image, true, &said));
    whole.on_hover_text(&said);
    let left = tick_room(ui.painter(), &ticks_in_words((0.0, top))).max(38.0);
    let plot = egui::Rect::from_min_max(area.min + vec2(left, 22.0), area.max - vec2(56.0, 24.0));
    let painter = ui.painter().clone();
    let axes = frame(&painter, plot, (f64::from(from), f64::from(end)), (0.0, top), sitting.rules.frame.start, look);
    let null = fans.is_null();
    let first = Fan { bands: &cache.bands[0], color: look.baseline, dashed: true, label: "A" };
    let second = Fan { bands: &cache.bands[1], color: look.you, dashed: false, label: "B" };
    // Up to where they part the past is one, in ink.
    let parted_on = view.known.as_ref().and_then(|(_, _, comparison)| comparison.first).unwrap_or(today);
    let shared = (parted_on - from).clamp(0, past[0].len() as i32) as usize;
    let own = shared.saturating_sub(1);
    let since = f64::from(from) + own as f64;
    let lines = [
        Past { from: f64::from(from), values: &past[0][..shared], color: look.ink, dashed: false },
        Past { from: since, values: &past[0][own..], color: look.ink2, dashed: true },
        Past {
            from: since,
            values: &past[1][own.min(past[1].len())..],
            color: if null { look.ink } else { look.you },
            dashed: false,
        },
    ];
    let list = if null { vec![first] } else { vec![first, second] };
    draw_fans(&painter, &axes, f64::from(today), &lines, &list, 1.0, look);
    let x = axes.x(f64::from(today));
    let highest = behind.iter().copied().fold(0.0, f64::max);
    let over = if highest > top { format!(" (past up to {})", short(highest)) } else { String::new() };
    let words = painter.layout_no_wrap(format!("today, day {today}{over}"), narrow(), look.ink2);
    // The day on which they part, where it is in sight.
    let parted = view.known.as_ref().and_then(|(_, _, comparison)| comparison.first).filter(|day| *day >= from);
    let mut at = pos2(x + 5.0, plot.top() - 20.0);
    if let Some(day) = parted {
        let x = axes.x(f64::from(day));
        dashed(&painter, &[pos2(x, plot.top() - 4.0), pos2(x, plot.bottom())], Stroke::new(1.2, look.ink2), 1.5, 3.0);
        let part = painter.layout_no_wrap(format!("part, day {day}"), narrow(), look.ink2);
        let left = pos2((x + 5.0).min(at.x - 15.0 - part.size().x).max(plot.left() - 34.0), at.y);
        at.x = at.x.max(left.x + part.size().x + 10.0);
        painter.galley(left, part, look.ink2);
    }
    at.x = at.x.min(area.right() - words.size().x);
    painter.galley(at, words, look.ink2);
    let last = |arm: usize| cache.bands[arm].last().map_or(0.0, |(_, b)| b[2]);
    let [first, second] = short_pair([last(0), last(1)]);
    let labels = vec![
        (axes.y(last(0)), format!("A {first}"), narrow(), look.ink),
        (axes.y(last(1)), format!("B {second}"), bold(), if null { look.ink } else { look.you }),
    ];
    end_labels(&painter, plot.right() + 7.0, plot.top(), plot.bottom(), labels);
    let low = ui.clip_rect().height() < super::futures::LOW;
    super::scores::beside(ui, sitting, track, fans.ask.days, low, look, acts);
    evidence(ui, fans, &cache.differences, end, look);
}

/// What pairs of futures say: the difference in fire or harm on the last day, and in the headline outcomes.
fn evidence(ui: &mut Ui, fans: &Fans, differences: &[Difference], end: i32, look: &Look) {
    let pairs = fans.pairs() as u64;
    ui.label(quiet(format!("{pairs} pairs of futures, B − A, 90 % intervals"), look));
    if fans.is_null() {
        ui.label(strong("Both are the same in every future."));
        return;
    }
    if let Some(d) = differences.last() {
        let words = if is_detectable(d) {
            format!("mean {} ({} to {})", signed(d.difference), signed(d.low), signed(d.high))
        } else {
            format!("no detectable difference ({} to {})", signed(d.low), signed(d.high))
        };
        line(ui, (&format!("On day {end}"), narrow(), look.ink), (&words, bold(), look.ink));
    }
    for headline in Headline::ALL {
        let (.., d, differ) = fans.headline(headline);
        let name = capital(headline.words());
        let name_width = ui.painter().layout_no_wrap(name.clone(), narrow(), look.ink).size().x;
        let room = ui.available_width() - name_width - 12.0;
        let words = super::draw::longest_in(ui, super::futures::paired_words(&d, differ, pairs), narrow(), room);
        let ink = if is_detectable(&d) { look.ink } else { look.ink2 };
        line(ui, (&name, narrow(), look.ink), (&words, narrow(), ink));
    }
}

fn parted(ui: &mut Ui, view: &CompareView, look: &Look, acts: &mut Vec<Act>) {
    let Some((_, _, comparison)) = &view.known else { return };
    let Some(first) = comparison.first else {
        ui.label(strong("They do not part: every number is the same."));
        return;
    };
    ui.label(strong(format!("Where they part: day {first}")));
    let Some((_, _, _, told)) = &view.parted else { return };
    if comparison.rows.iter().all(|row| row.first.is_none()) {
        ui.label(quiet("A lever is moved then; no figure below differs yet.", look));
    } else if told.is_empty() {
        ui.label(quiet("Numbers differ; no decision has come out differently yet.", look));
    }
    for parting in told {
        let response = ui
            .horizontal_top(|ui| {
                ui.label(RichText::new(parting.day.to_string()).font(narrow()).color(look.ink2));
                ui.add(egui::Label::new(RichText::new(&parting.text).font(narrow())).wrap());
            })
            .response;
        if let Some(id) = parting.events[1].or(parting.events[0])
            && response.interact(Sense::click()).on_hover_text("Why").clicked()
        {
            let side = if parting.events[1].is_some() { 1 } else { 0 };
            acts.push(Act::Show(comparison.pair[side]));
            acts.push(Act::Explain(id));
        }
    }
}

fn table(ui: &mut Ui, sitting: &Sitting, view: &CompareView, look: &Look) {
    let Some((_, _, comparison)) = &view.known else { return };
    let width = ui.available_width();
    let right = [0.55, 0.69, 0.85, 1.0].map(|t| t * (width - 6.0));
    let row = |ui: &mut Ui, name: &str, cells: [String; 4], strong_difference: bool, faint: bool| {
        let ink = if faint { look.ink2 } else { look.ink };
        let widths: Vec<f32> =
            cells.iter().map(|c| ui.painter().layout_no_wrap(c.clone(), narrow(), ink).size().x).collect();
        // A long name goes on in a second line.
        let mut words = job(name, &narrow(), ink);
        words.wrap.max_width = right[0] - widths[0] - 10.0;
        let words = ui.painter().layout_job(words);
        let (rect, response) = ui.allocate_exact_size(vec2(width, (words.size().y + 4.0).max(22.0)), Sense::hover());
        let [a, b, difference, first] = &cells;
        let said = format!("{name}: A {a}, B {b}, difference {difference}, first day {first}");
        // The line over the columns says what they are, and each row says it again.
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::WidgetType::Label, true, if faint && a == "A" { name } else { &said })
        });
        ui.painter().galley(pos2(rect.left(), rect.center().y - words.size().y / 2.0), words, ink);
        for (i, cell) in cells.iter().enumerate() {
            let font = narrow();
            let ink = if i == 2 && !strong_difference { look.ink2 } else { ink };
            ui.painter().text(pos2(rect.left() + right[i], rect.center().y), Align2::RIGHT_CENTER, cell, font, ink);
        }
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, look.hairline));
        response
    };
    ui.label(strong("These two histories"));
    let one = "One pair: what differs here may be luck. Whether the policy makes a difference, the futures above say.";
    ui.add(egui::Label::new(quiet(one, look)).wrap());
    let head = format!("To day {}", comparison.until);
    row(ui, &head, ["A", "B", "B − A", "first day"].map(str::to_owned), false, true);
    for r in &comparison.rows {
        let first = r.first.map_or_else(|| "never".to_owned(), |day| day.to_string());
        let figures = |v: f64| if v.abs() >= 1.0e6 { short(v) } else { r.digits.say(v) };
        let d = r.difference();
        let difference = if d.abs() >= 1.0e6 { super::draw::signed(d) } else { r.digits.say_difference(d) };
        let cells = [figures(r.a), figures(r.b), difference, first];
        let differs = r.first.is_some();
        row(ui, &r.name, cells, d.abs() > 0.0, !differs).on_hover_text(format!("{}, {}", r.name, r.unit));
    }
    if !comparison.levers.is_empty() {
        ui.add_space(4.0);
        ui.label(strong("Levers that stand differently"));
        for l in &comparison.levers {
            let words = format!("{} → {}", value_words(l.lever, l.a, sitting), value_words(l.lever, l.b, sitting));
            line(ui, (l.lever.row().name, narrow(), look.ink), (&words, bold(), look.ink));
        }
    }
}

/// Takes what became of a name.
fn rename(naming: Naming, branch: usize, renaming: &mut Option<(usize, String)>, acts: &mut Vec<Act>) {
    if let Naming::Done(name) = &naming {
        acts.push(Act::Rename(branch, name.clone()));
    }
    if naming != Naming::Typing {
        *renaming = None;
    }
}

/// Every branch, to be shown or held against.
fn all_branches(ui: &mut Ui, sitting: &Sitting, view: &mut CompareView, look: &Look, acts: &mut Vec<Act>) {
    ui.label(strong("Branches"));
    // The two that are compared have the field in their heads.
    let heads = view.known.as_ref().map(|(_, pair, _)| *pair).filter(|_| sitting.branches().len() > 1);
    for (i, b) in sitting.branches().iter().enumerate() {
        let shown = i == sitting.current();
        let own =
            view.renaming.as_mut().filter(|(which, _)| *which == i && !heads.is_some_and(|pair| pair.contains(&i)));
        if let Some((_, text)) = own {
            rename(name_field(ui, text, 260.0), i, &mut view.renaming, acts);
            continue;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center).with_main_wrap(false), |ui| {
            // The words at the right first: a name takes what they leave.
            ui.set_max_height(28.0);
            if b.fork.is_some() && icon_button(ui, Icon::Cross, &format!("Delete {}", b.name), look).clicked() {
                acts.push(Act::Prune(i));
            }
            if icon_button(ui, Icon::Page, &format!("Name {}", b.name), look).clicked() {
                view.renaming = Some((i, b.name.clone()));
            }
            // The words that name the act give way to a name that has no room beside them.
            let named = ui.painter().layout_job(job(&b.name, &body(), look.ink)).size().x;
            let ways = ["compare with the one shown", "compare"];
            let words = longest_in(ui, ways.map(str::to_owned).to_vec(), narrow(), ui.available_width() - named - 76.0);
            let compare = egui::Button::new(quiet(words.as_str(), look)).frame(false);
            if !shown {
                let button = ui.add(compare);
                let button = if words == ways[0] { button } else { button.on_hover_text(ways[0]) };
                if button.clicked() {
                    acts.push(Act::Pair([i, sitting.current()]));
                }
            }
            ui.label(quiet(format!("{} days", b.history.days()), look));
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let mark = if shown { job(&b.name, &bold(), look.you) } else { job(&b.name, &body(), look.ink) };
                let button = egui::Button::new(mark).frame(false).truncate();
                if ui.add(button).on_hover_text(format!("Show {}", b.name)).clicked() {
                    acts.push(Act::Show(i));
                }
            });
        });
    }
}
