//! Why in the window says what `detente explain` says: every sentence is held against the explanation's own output.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use bevy_egui::egui::Key;
use bevy_egui::egui::accesskit::Role;
use detente_app::act::{Act, Tab};
use detente_app::look::fonts;
use detente_app::studio::Studio;
use detente_model::record::explain::{Explanation, explain};
use detente_model::record::recorder::EventId;
use detente_model::scenario::load;
use detente_model::sim::event::{Event, EventKind};
use detente_model::symbols::levers::Lever;
use detente_session::Sitting;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// Seconds of a frame.
const FRAME: f32 = 0.05;

/// A tall window, so that nothing is scrolled out of sight.
fn open(seed: u64, prepare: impl FnOnce(&mut Studio)) -> Harness<'static, Studio> {
    let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), seed));
    studio.is_tour = true;
    studio.reduced_motion = true;
    (studio.desk.ask.futures, studio.desk.ask.days, studio.desk.threads) = (16, 30, 0);
    prepare(&mut studio);
    let mut dressed = false;
    let app = move |ui: &mut bevy_egui::egui::Ui, studio: &mut Studio| {
        if !dressed {
            ui.ctx().set_fonts(fonts());
            dressed = true;
            return;
        }
        studio.pass(f64::from(FRAME), || true);
        studio.ui(ui);
    };
    let mut harness = Harness::builder().with_size([1440.0, 2400.0]).with_step_dt(FRAME).build_ui_state(app, studio);
    harness.run_steps(6);
    harness
}

/// Everything on the screen that is words, in order and without spaces: words with a meaning stand apart from their text.
fn words(harness: &Harness<'_, Studio>) -> String {
    let nodes = harness.root().children_recursive();
    let nodes = nodes.filter(|node| node.accesskit_node().role() != Role::TextRun);
    let text = nodes.filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value()));
    squeezed(&text.collect::<Vec<_>>().join(" "))
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn explained(harness: &Harness<'_, Studio>, id: EventId) -> Explanation {
    let sitting = &harness.state().sitting;
    explain(&sitting.rules, sitting.fate(), &sitting.branch().changes, id).unwrap()
}

fn salvo(harness: &Harness<'_, Studio>) -> EventId {
    let past = harness.state().sitting.past();
    past.iter().find(|(_, event)| event.kind() == EventKind::Salvo).unwrap().0
}

/// The seminar's event: what the teacher's text reads from the command line is on the screen, word for word.
#[test]
fn the_salvo_of_the_seminar_is_explained_as_on_the_command_line() {
    let id = EventId { day: 225, place: 1 };
    let h = open(1, |studio| {
        studio.act(Act::GoTo(240));
        studio.act(Act::Explain(id));
    });
    assert_eq!(salvo(&h), id);
    let said = explained(&h, id);
    let screen = words(&h);
    let mut missing = Vec::new();
    let mut links = vec![&said];
    let mut contributions = 0;
    while let Some(link) = links.pop() {
        links.extend(&link.chain);
        let mut want = vec![link.decided.clone(), link.event.to_string()];
        want.extend(link.uncaused.clone());
        for cause in &link.causes {
            want.extend([cause.sentence.clone(), cause.contribution.clone()]);
            want.extend(link.without_cause(cause));
            contributions += 1;
        }
        missing.extend(want.into_iter().filter(|text| !screen.contains(&squeezed(text))));
    }
    for term in said.telling() {
        let words = format!(
            "{}{}{} ({})",
            term.name,
            term.apart(),
            term.value_said().map_or(String::new(), |v| format!(": {v}")),
            said.without_term(term)
        );
        missing.extend(Some(words).filter(|text| !screen.contains(&squeezed(text))));
    }
    assert!(missing.is_empty(), "not on the screen: {missing:#?}\n{screen}");
    assert!(contributions >= 2, "{said}");
    // The strike behind it wrote harm into the ledger, and without that nothing would have been decided.
    let behind = said.causes.iter().find(|cause| cause.contribution.contains("into the ledger")).unwrap();
    assert!(behind.undecided.is_some() && said.to_string().contains(&said.without_cause(behind).unwrap()));
    // The command line's whole text has no word that the screen has not: its numbers are these.
    for line in said.to_string().lines().filter(|line| line.trim_start().starts_with("- ")) {
        let line = line.trim_start().trim_start_matches("- ");
        let of_first = said.telling().any(|term| line.starts_with(&term.name));
        assert!(
            !of_first || screen.contains(&squeezed(line)) || said.chain.iter().any(|l| l.to_string().contains(line)),
            "{line}"
        );
    }
}

/// A cause clicked is explained where one stands; going there, and a branch from there, are two requests beside it.
#[test]
fn a_cause_is_explained_by_a_click_and_gone_to_on_request() {
    let mut h = open(1, |studio| {
        studio.act(Act::GoTo(240));
        studio.act(Act::Explain(EventId { day: 225, place: 1 }));
    });
    let said = explained(&h, EventId { day: 225, place: 1 });
    let cause = said.causes.iter().find(|cause| cause.event.is_some_and(|id| id.day < 200)).unwrap();
    let id = cause.event.unwrap();
    h.get_by_role_and_label(Role::Button, &cause.sentence).click();
    h.run_steps(6);
    assert_eq!(h.state().sitting.today(), 240, "a click does not rewind");
    assert!(words(&h).contains(&squeezed(&explained(&h, id).decided)));
    h.get_all_by_label(&format!("Go to day {}", id.day)).next().unwrap().click();
    h.run_steps(6);
    assert_eq!((h.state().sitting.today(), h.state().sitting.branches().len()), (id.day, 1));
    h.get_all_by_label(&format!("Fork on day {}", id.day)).next().unwrap().click();
    h.run_steps(6);
    assert_eq!((h.state().sitting.today(), h.state().sitting.branches().len()), (id.day, 2));
    assert_eq!(h.state().sitting.branch().fork.map(|(_, day)| day), Some(id.day));
}

/// Ledgers and gain stand under events of their pair and under no others.
#[test]
fn ledgers_stand_only_under_the_events_of_their_pair() {
    let mut h = open(1, |studio| {
        studio.act(Act::GoTo(240));
        studio.act(Act::Tab(Tab::Why));
    });
    assert!(!words(&h).contains("Itsayshowanswersfeedoneachother"), "nothing is explained, so nothing belongs to it");
    let past: Vec<(EventId, Event)> = h.state().sitting.past().to_vec();
    let of = |kinds: &[EventKind]| past.iter().find(|(_, e)| kinds.contains(&e.kind())).map(|(id, _)| *id);
    let below = |h: &mut Harness<'_, Studio>, id| {
        h.state_mut().act(Act::Explain(id));
        h.run_steps(4);
        words(h).contains("Itsayshowanswersfeedoneachother")
    };
    let salvo = of(&[EventKind::Salvo]).unwrap();
    assert!(below(&mut h, salvo));
    for kinds in [
        &[EventKind::CouncilVote, EventKind::AssemblyVote][..],
        &[EventKind::Signed, EventKind::Collapsed],
        &[EventKind::Calendar],
    ] {
        let id = of(kinds).unwrap_or_else(|| panic!("none of {kinds:?} by day 240"));
        assert!(!below(&mut h, id), "{kinds:?}");
    }
}

/// Ledgers and gain are read on the day shown, and say which that is where the event is of another.
#[test]
fn ledgers_and_gain_name_the_day_that_they_are_of() {
    let h = open(1, |studio| {
        studio.act(Act::GoTo(240));
        studio.act(Act::Explain(EventId { day: 225, place: 1 }));
    });
    let said = |node: egui_kittest::Node<'_>| node.accesskit_node().label().or_else(|| node.accesskit_node().value());
    let labels: Vec<String> = h.root().children_recursive().filter_map(said).collect();
    // What a screen reader hears of both, in words: how the harm stands, and how answers feed on each other.
    for (begins, has) in
        [("Two ledgers on day 240. Harm to ", "by its own count"), ("Exchange gain on day 240: ", "rounds shrink")]
    {
        assert!(
            labels.iter().any(|label| label.starts_with(begins) && label.contains(has)),
            "no `{begins}`: {labels:?}"
        );
    }
    // And what is read over them.
    for words in
        ["Two ledgers, in unanswered blows: on day 240", "Exchange gain G: harm of a round over the last, on day 240"]
    {
        assert!(labels.iter().any(|label| label == words), "no `{words}`: {labels:?}");
    }
}

/// A word with a meaning is reached with the Tab key and tells it then.
#[test]
fn a_word_tells_its_meaning_when_it_has_the_keyboard() {
    let mut h = open(1, |studio| {
        studio.act(Act::GoTo(240));
        studio.act(Act::Explain(EventId { day: 225, place: 1 }));
    });
    let means = detente_app::glossary::entry("partner shield").unwrap().means;
    assert!(!words(&h).contains(&squeezed(means)));
    h.get_by_label("partner shield").focus();
    h.run_steps(4);
    assert!(words(&h).contains(&squeezed(means)));
    // The whole list is a page of the help.
    h.key_press(Key::Questionmark);
    h.run_steps(4);
    h.get_by_label("Words").click_accesskit();
    h.run_steps(30);
    let screen = words(&h);
    for term in detente_app::glossary::TERMS {
        assert!(screen.contains(&squeezed(term.means)), "{}", term.term);
    }
}

/// What the model did not make likelier says so.
#[test]
fn an_event_without_a_cause_says_so() {
    let mut h = open(1, |studio| studio.act(Act::GoTo(240)));
    let past: Vec<EventId> =
        h.state().sitting.past().iter().filter(|(_, e)| e.kind() != EventKind::Fire).map(|(id, _)| *id).collect();
    let mut said = 0;
    for id in past.into_iter().take(40) {
        let Some(uncaused) = explained(&h, id).uncaused else { continue };
        h.state_mut().act(Act::Explain(id));
        h.run_steps(3);
        assert!(words(&h).contains(&squeezed(&uncaused)), "{id}: {uncaused}");
        said += 1;
        if said == 3 {
            return;
        }
    }
    assert!(said > 0, "everything has a cause");
}

/// The verdict on your policy is the session's, word for word.
#[test]
fn the_verdict_on_a_vote_is_the_sittings_own() {
    let mut h = open(3, |studio| {
        studio.act(Act::SetLever(Lever::UnscPosture, 1.5));
        studio.act(Act::GoTo(240));
    });
    let vote = h.state().sitting.past().iter().find(|(_, e)| e.kind() == EventKind::CouncilVote).map(|(id, _)| *id);
    let vote = vote.expect("240 days see a vote");
    let verdict = h.state_mut().sitting.without_policy(vote).unwrap();
    h.state_mut().act(Act::Explain(vote));
    h.run_steps(4);
    assert!(words(&h).contains(&squeezed(&format!("Without your policy {}", verdict.text))), "{}", verdict.text);
}
