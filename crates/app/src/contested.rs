//! What every camp must accept: levers down, the two sides of contested questions across. The same as `detente contested`.

use super::act::{Act, Dialog};
use super::commands::with_key;
use super::draw::{Icon, icon_button, named};
use super::draw::{body, bold, capital, clipped, count, narrow, points, rule, short, signed, strong};
use super::levers::value_words;
use super::look::{Look, faint};
use super::platform::Chooser;
use super::question::{WIDE, Waiting, about, answer, aside, head, how, how_many, said, shown, weighty, wrapped};
use bevy_egui::egui::{Align2, Button, Label, Rect, RichText, Sense, Stroke, TextEdit, Ui};
use bevy_egui::egui::{pos2, vec2};
use detente_model::camps::{Camp, Question};
use detente_session::Sitting;
use detente_session::camps::MOST_OWN;
use detente_session::contest::{Contest, FEW, MEASURES, Move, moved, strongest};
use detente_session::desk::Desk;
use detente_study::futures::contested::{Table, tail};
use detente_study::futures::effect::Difference;
use detente_study::futures::rank::Metric;

/// Name of the window.
pub const TITLE: &str = "What every camp must accept";
/// Pairs of futures to choose from.
const COUNTS: [u64; 4] = [FEW, 200, 500, 1_000];
/// Part of the width that the names of levers have.
const NAMES: f32 = 0.22;
/// Narrowest column that holds a number with its interval.
const NARROWEST: f32 = 68.0;

/// What is chosen in the window.
#[derive(Default)]
pub struct ContestedView {
    pairs: Option<u64>,
    /// Name of a camp's file, where names are typed.
    open: String,
}

/// The levers that are asked about: those that were moved, or else the strongest of the ranking.
#[must_use]
pub fn contested_moves(sitting: &Sitting, desk: &Desk) -> Vec<Move> {
    let moves = moved(sitting);
    let ranked = || desk.needle().filter(|_| desk.needle_stands(sitting)).map(strongest);
    if moves.is_empty() { ranked().unwrap_or_default() } else { moves }
}

/// The button that opens it.
pub fn way_in(ui: &mut Ui, acts: &mut Vec<Act>) {
    let hover = with_key("What your levers do under the two sides of contested questions", "contested-window");
    if ui.button(format!("{TITLE}…")).on_hover_text(hover).clicked() {
        acts.push(Act::Dialog(Some(Dialog::Contested)));
    }
}

/// The window.
pub fn contested_ui(
    ui: &mut Ui,
    sitting: &Sitting,
    desk: &Desk,
    chooser: Chooser,
    view: &mut ContestedView,
    look: &Look,
    acts: &mut Vec<Act>,
) {
    about(
        ui,
        "People who disagree about the region disagree about a few numbers of this model. Each lever is moved in the world of each \
         camp: what comes out alike in all of them stands whatever one assumes.",
    );
    own(ui, sitting.camps(), chooser, view, look, acts);
    asking(ui, sitting, desk, view, look, acts);
    let Some(contest) = desk.contested() else { return };
    let stands = contest.is_of(sitting, desk.ask);
    let waiting = Waiting {
        runs: None,
        stopped: "Conclusions are drawn from all camps, so nothing is left of it.",
        stop: Act::StopContested,
        of: "levers, day, branch, parameters or camps",
    };
    let table = match answer(ui, contest, stands, waiting, look, acts) {
        Some(Ok(table)) => table,
        Some(Err(why)) => return weighty(ui, why),
        None => return,
    };
    shown(ui, stands, |ui| {
        conclusions(ui, sitting, contest, table);
        for (measure, metric) in MEASURES.iter().enumerate() {
            ui.add_space(8.0);
            ui.label(strong(capital(&metric.words(&sitting.rules))));
            if ui.available_width() >= WIDE && column(ui, contest) >= NARROWEST {
                wide(ui, sitting, contest, table, measure, look);
            } else {
                list(ui, sitting, contest, table, measure, look);
            }
        }
    });
    let draws = if contest.draws { "others from their ranges" } else { "others at their defaults" };
    let words = format!(
        "Each cell: {} futures with the lever moved and without, from day 0 to {}, seed {}, at the camp's numbers, {draws}. + and − are \
         differences whose {:.2} % interval leaves out zero: so wide that a conclusion which every camp shares has the same sign in \
         every camp again, on other seeds, in 95 % of uses, if nothing is known of the effect beforehand. More futures tell smaller differences.",
        count(contest.runs as f64),
        contest.days,
        contest.seed(),
        100.0 * (1.0 - 2.0 * tail(contest.what.camps.len()))
    );
    how(ui, words, look);
}

/// Camps of the session's own, and a way to add one.
fn own(ui: &mut Ui, camps: &[Camp], chooser: Chooser, view: &mut ContestedView, look: &Look, acts: &mut Vec<Act>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        for camp in camps {
            ui.label(strong(&camp.title)).on_hover_text(format!("{}: {}", camp.name, camp.description));
            let take = format!("Take “{}” away", camp.name);
            if icon_button(ui, Icon::Cross, &take, look).clicked() {
                acts.push(Act::DropCamp(camp.name.clone()));
            }
        }
        if camps.len() >= MOST_OWN {
            return;
        }
        let hover = "A file that says what it holds and sets parameters, each with its source or reason";
        if chooser == Chooser::Typed {
            let field = TextEdit::singleline(&mut view.open).hint_text("the file of a camp of your own");
            named(ui, field.desired_width(240.0), "File of a camp of your own");
            if ui.add_enabled(!view.open.trim().is_empty(), Button::new("Add it")).on_hover_text(hover).clicked() {
                acts.push(Act::Open(view.open.trim().to_owned()));
            }
        } else if ui.button("Add a camp of your own…").on_hover_text(hover).clicked() {
            acts.push(Act::Open(String::new()));
        }
    });
    ui.add_space(4.0);
}

/// Width of a camp's column.
fn column(ui: &Ui, contest: &Contest) -> f32 {
    ui.available_width() * (1.0 - NAMES) / contest.what.camps.len().max(1) as f32
}

/// What is asked about, in how many pairs.
fn asking(ui: &mut Ui, sitting: &Sitting, desk: &Desk, view: &mut ContestedView, look: &Look, acts: &mut Vec<Act>) {
    let moves = contested_moves(sitting, desk);
    let names: Vec<&str> = moves.iter().map(|(lever, _)| lever.row().name).collect();
    let words = match (moves.is_empty(), moved(sitting).is_empty()) {
        (true, _) => {
            "Move a lever, or rank levers in Futures: those that were moved are asked about, or else the strongest."
                .to_owned()
        }
        (_, true) => format!("The strongest of the ranking, moved on day 0: {}.", names.join(", ")),
        _ => format!("Your levers, each on the days on which you moved it: {}.", names.join(", ")),
    };
    aside(ui, words, look);
    let before = desk.contested();
    let pairs = view.pairs.or(before.map(|b| b.runs)).unwrap_or(FEW);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let ready = !moves.is_empty() && !before.is_some_and(Contest::is_running);
        let words = if before.is_some_and(|b| b.answer().is_some()) { "Ask again" } else { "Ask every camp" };
        let (picked, asks) = how_many(ui, &COUNTS, pairs, "pairs of futures in each cell", words, ready, look);
        view.pairs = picked.or(view.pairs);
        if asks {
            acts.push(Act::Contested(pairs));
        }
    });
}

fn rises(rises: bool) -> &'static str {
    if rises { "rises" } else { "falls" }
}

/// What stands, what turns on an assumption, and what some see and none denies.
fn conclusions(ui: &mut Ui, sitting: &Sitting, contest: &Contest, table: &Table) {
    let camps = &contest.what.camps;
    let verdict = table.verdict(camps);
    // A conclusion is the sign of a move, so it is said with the move.
    let moved = |row: usize| {
        let of = &contest.what.moves[row];
        format!("“{}” is {}", of.0.row().name, move_words(of, sitting))
    };
    let what = |measure: usize| capital(&MEASURES[measure].words(&sitting.rules));
    ui.label(strong(TITLE));
    for c in &verdict.robust {
        wrapped(ui, format!("{} {} when {}.", what(c.measure), rises(c.rises), moved(c.lever)));
    }
    if verdict.robust.is_empty() {
        wrapped(ui, "Nothing: no difference is told apart from zero on the same side in every camp.".to_owned());
    }
    ui.add_space(4.0);
    ui.label(strong("What turns on an assumption"));
    for f in &verdict.flips {
        let (up, down) = (&camps[f.rises].title, &camps[f.falls].title);
        let of = format!("{} when {}", what(f.measure), moved(f.lever));
        wrapped(ui, format!("{of}: rises for “{up}”, falls for “{down}”: {}", f.question.words()));
    }
    if verdict.flips.is_empty() {
        wrapped(ui, "Nothing: no two sides of a question come to opposite signs.".to_owned());
    }
    if !verdict.mixed.is_empty() {
        ui.add_space(4.0);
        ui.label(strong("What camps of different questions see differently"));
    }
    for m in &verdict.mixed {
        let names = |of: &[usize]| of.iter().map(|&c| format!("“{}”", camps[c].title)).collect::<Vec<_>>().join(", ");
        let of = format!("{} when {}", what(m.measure), moved(m.lever));
        wrapped(ui, format!("{of}: rises for {}; falls for {}.", names(&m.rises), names(&m.falls)));
    }
    if !verdict.open.is_empty() {
        ui.add_space(4.0);
        ui.label(strong("What some camps see and none denies"));
    }
    for o in &verdict.open {
        let turns: Vec<&str> = o.questions.iter().map(|question| question.words()).collect();
        let turns = if turns.is_empty() { String::new() } else { format!(" Open: {}", turns.join(" ")) };
        let seen = format!("{} {} when {}", what(o.measure), rises(o.rises), moved(o.lever));
        wrapped(ui, format!("{seen}, for {} of {} camps; the others cannot tell.{turns}", o.camps.len(), camps.len()));
    }
}

/// The name of a camp below that of its question.
fn side(camp: &Camp) -> String {
    let of = camp.question.map_or_else(String::new, |question| format!("{}-", question.name()));
    camp.name.strip_prefix(&of).unwrap_or(&camp.name).replace('-', " ")
}

fn number(metric: Metric, value: f64, pairs: u64) -> String {
    if metric.is_share() { points(value, pairs) } else { signed_short(value) }
}

fn signed_short(value: f64) -> String {
    if value.abs() >= 100.0 {
        format!("{}{}", if value < 0.0 { "−" } else { "+" }, count(value.abs()))
    } else {
        signed(value)
    }
}

fn sign_of(table: &Table, lever: usize, camp: usize, measure: usize) -> &'static str {
    match table.rises(lever, camp, measure) {
        Some(true) => "+",
        Some(false) => "−",
        None => "·",
    }
}

/// A lever and where it was moved to, in words.
fn move_words((lever, changes): &Move, sitting: &Sitting) -> String {
    let to: Vec<String> = changes
        .iter()
        .map(|change| format!("{} from day {}", value_words(*lever, change.value.raw(), sitting), change.day))
        .collect();
    to.join(", ")
}

/// A cell in words, for whoever does not see it.
fn cell_words(table: &Table, contest: &Contest, [lever, camp, measure]: [usize; 3]) -> String {
    let Difference { difference, low, high } = table.difference(lever, camp, measure);
    let metric = MEASURES[measure];
    let say = |value| number(metric, value, contest.runs);
    let unit = if metric.is_share() { " points" } else { "" };
    let sign = match table.rises(lever, camp, measure) {
        Some(up) => rises(up),
        None => "cannot tell",
    };
    let unmoved = table.cell(lever, camp, measure).baseline_mean();
    let unmoved = if metric.is_share() { format!("{:.0} %", 100.0 * unmoved) } else { short(unmoved) };
    format!(
        "{}: {sign}, {}{unit} ({} to {}), unmoved {unmoved}",
        contest.what.camps[camp].title,
        say(difference),
        say(low),
        say(high)
    )
}

/// Levers down, camps across.
fn wide(ui: &mut Ui, sitting: &Sitting, contest: &Contest, table: &Table, measure: usize, look: &Look) {
    let camps = &contest.what.camps;
    let width = ui.available_width();
    let names = width * NAMES;
    let cell = (width - names) / camps.len() as f32;
    let (top, _) = ui.allocate_exact_size(vec2(width, 58.0), Sense::hover());
    let painter = ui.painter().clone();
    for question in Question::ALL.into_iter().map(Some).chain([None]) {
        let of: Vec<usize> = (0..camps.len()).filter(|&c| camps[c].question == question).collect();
        let (Some(first), Some(last)) = (of.first(), of.last()) else { continue };
        let left = top.left() + names + cell * *first as f32;
        let room = cell * (last - first + 1) as f32 - 10.0;
        let galley =
            painter.layout(capital(question.map_or("of your own", Question::words)), narrow(), look.ink2, room);
        painter.galley(pos2(left + 6.0, top.bottom() - 22.0 - galley.size().y), galley, look.ink2);
        painter.vline(left, top.y_range(), Stroke::new(1.0, look.hairline));
        for &c in &of {
            let x = top.left() + names + cell * c as f32;
            let name = clipped(ui, &side(&camps[c]), bold(), look.ink, cell - 8.0);
            let means = format!("{}\n\n{}", camps[c].title, camps[c].description);
            head(ui, ("camp", measure, c), pos2(x + 6.0, top.bottom() - 20.0), name, means);
        }
    }
    rule(ui, look);
    for (row, of) in contest.what.moves.iter().enumerate() {
        let (rect, _) = ui.allocate_exact_size(vec2(width, 44.0), Sense::hover());
        let lever = clipped(ui, of.0.row().name, body(), look.ink, names - 8.0);
        painter.galley(rect.min + vec2(0.0, 3.0), lever, look.ink);
        let to = clipped(ui, &move_words(of, sitting), narrow(), look.ink2, names - 8.0);
        painter.galley(rect.min + vec2(0.0, 22.0), to, look.ink2);
        for c in 0..camps.len() {
            let left = rect.left() + names + cell * c as f32;
            let place = Rect::from_min_size(pos2(left, rect.top()), vec2(cell, rect.height()));
            let words = format!("{}, {}", of.0.row().name, cell_words(table, contest, [row, c, measure]));
            said(ui.interact(place, ui.id().with(("cell", measure, row, c)), Sense::hover()), &words);
            let clear = table.rises(row, c, measure).is_some();
            if clear {
                painter.rect_filled(place.shrink2(vec2(2.0, 3.0)), 3.0, faint(look.ink, 0.07));
            }
            let Difference { difference, low, high } = table.difference(row, c, measure);
            let say = |value| number(MEASURES[measure], value, contest.runs);
            let ink = if clear { look.ink } else { look.ink2 };
            let first = if clear { say(difference) } else { format!("· {}", say(difference)) };
            let font = if clear { bold() } else { narrow() };
            painter.text(place.min + vec2(6.0, 4.0), Align2::LEFT_TOP, first, font, ink);
            let range = format!("{} to {}", say(low), say(high));
            let range = clipped(ui, &range, narrow(), look.ink2, cell - 8.0);
            painter.galley(place.min + vec2(6.0, 22.0), range, look.ink2);
            if camps.get(c.wrapping_sub(1)).is_none_or(|before| before.question != camps[c].question) {
                painter.vline(left, rect.y_range(), Stroke::new(1.0, look.hairline));
            }
        }
    }
}

/// The same where there is no room for columns.
fn list(ui: &mut Ui, sitting: &Sitting, contest: &Contest, table: &Table, measure: usize, look: &Look) {
    for (row, of) in contest.what.moves.iter().enumerate() {
        let words = format!("{}: {}", of.0.row().name, move_words(of, sitting));
        ui.add(Label::new(RichText::new(words).font(bold()).color(look.ink)).wrap());
        for c in 0..contest.what.camps.len() {
            let words =
                format!("{} {}", sign_of(table, row, c, measure), cell_words(table, contest, [row, c, measure]));
            ui.add(Label::new(RichText::new(words).font(narrow()).color(look.ink)).wrap());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::{run, state};
    use crate::platform::{Arrival, Opened};
    use crate::question::tests as question;
    use crate::question::tests::labels;
    use crate::studio::Studio;
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    fn open(size: [f32; 2], lines: &[&str]) -> Harness<'static, Studio> {
        let mut h = question::open(size, 60, |_| ());
        for line in lines {
            run(h.state_mut(), line).unwrap();
        }
        question::settle(&mut h);
        h
    }

    /// Every cell is there, seen or read, and the conclusions are those of the table, on a wide screen and on a phone.
    #[test]
    fn every_cell_is_on_the_screen_and_conclusions_stand_on_top() {
        for size in [[1440.0, 1400.0], [390.0, 3000.0]] {
            let h = open(size, &["lever israel.blow_rate 0", "go 5", "lever unifil.troops 0", "contested 6"]);
            let asked = state(h.state()).contested.unwrap();
            assert_eq!((asked.levers.as_slice(), asked.pairs), (&["israel.blow_rate", "unifil.troops"][..], 6));
            assert!(asked.stands && !asked.running);
            let contest = h.state().desk.contested().unwrap();
            let table = contest.answer().unwrap().as_ref().unwrap();
            assert_eq!(asked.robust.unwrap().len(), table.robust().len());
            let screen = labels(&h);
            for (lever, measure) in table.conclusions() {
                for camp in 0..contest.what.camps.len() {
                    let said = cell_words(table, contest, [lever, camp, measure]);
                    assert!(screen.contains(&said), "{said}\n{screen}");
                }
            }
            assert!(screen.find(TITLE).unwrap() < screen.find("What turns on an assumption").unwrap());
        }
    }

    #[test]
    fn without_a_lever_there_is_nothing_to_contest_and_a_move_makes_it_of_before() {
        let mut h = open([1280.0, 720.0], &["contested-window"]);
        assert!(labels(&h).contains("Move a lever, or rank levers"));
        assert!(run(h.state_mut(), "contested").unwrap_err().contains("Move a lever"));
        run(h.state_mut(), "lever israel.blow_rate 0").unwrap();
        run(h.state_mut(), "contested 4").unwrap();
        assert!(state(h.state()).contested.unwrap().running);
        h.run_steps(2);
        h.get_by_label("Cancel").click();
        h.run_steps(2);
        let stopped = state(h.state()).contested.unwrap();
        assert!(!stopped.running && stopped.stands && stopped.robust.is_none());
        run(h.state_mut(), "undo").unwrap();
        assert!(!state(h.state()).contested.unwrap().stands);
    }

    /// A file that comes while the camps are shown is a camp beside them; anywhere else it is a scenario.
    #[test]
    fn a_camp_of_one_s_own_is_added_asked_and_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine.toml").to_string_lossy().into_owned();
        let text = "format = 1\nextends = \"november-2024\"\nname = \"mine\"\ntitle = \"We wait\"\ndescription = \"So it is.\"\n\
                    [parameters]\n# Heard in a lecture.\nbeta_rho = 0.9\n";
        let bring = |h: &mut Harness<'_, Studio>, text: &str| {
            std::fs::write(&path, text).unwrap();
            let file = Opened { name: path.clone(), bytes: text.as_bytes().to_vec() };
            h.state_mut().take(Arrival::File(file));
            h.run_steps(2);
        };
        for size in [[1440.0, 1400.0], [390.0, 3000.0]] {
            let mut h = open(size, &["lever israel.blow_rate 0", "contested 6"]);
            bring(&mut h, &text.replace("# Heard in a lecture.\n", ""));
            assert!(labels(&h).contains("parameters.beta_rho: has no source and no reason"), "{}", labels(&h));
            assert!(h.state().sitting.camps().is_empty());
            bring(&mut h, text);
            assert!(labels(&h).contains("“mine” stands beside the others now"), "{}", labels(&h));
            assert!(!state(h.state()).contested.unwrap().stands && labels(&h).contains("or camps have changed since"));
            run(h.state_mut(), "contested 6").unwrap();
            question::settle(&mut h);
            let asked = state(h.state()).contested.unwrap();
            assert_eq!((asked.own, asked.fault, asked.stands), (vec!["mine".to_owned()], None, true));
            let contest = h.state().desk.contested().unwrap();
            let table = contest.answer().unwrap().as_ref().unwrap();
            let said = cell_words(table, contest, [0, contest.what.camps.len() - 1, 0]);
            assert!(said.starts_with("We wait: ") && labels(&h).contains(&said), "{said}\n{}", labels(&h));
            // It stays with the class from one scenario to the next, until it is taken away.
            h.state_mut().act(Act::Scenario("october-2023".to_owned()));
            assert_eq!(h.state().sitting.camps().len(), 1);
            h.state_mut().act(Act::Dialog(Some(Dialog::Contested)));
            h.run_steps(2);
            h.get_by_label("Take “mine” away").click();
            h.run_steps(2);
            assert!(h.state().sitting.camps().is_empty());
            h.state_mut().act(Act::Dialog(None));
            bring(&mut h, text);
            assert_eq!(h.state().sitting.loaded.name, "mine");
        }
    }
}
