//! Panels as a hand and a screen reader meet them: controls are found by the names they give themselves, clicked, typed
//! into and reached with the Tab key. No display is needed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use bevy_egui::egui::accesskit::{Action, Role};
use bevy_egui::egui::{Key, Modifiers};
use detente_app::act::{Act, Dialog, Tab, Walk};
use detente_app::draw::capital;
use detente_app::look::fonts;
use detente_app::pace::Wake;
use detente_app::studio::Studio;
use detente_model::scenario::load;
use detente_model::symbols::levers::Lever;
use detente_session::Sitting;
use detente_session::backtest::{lines, shipped};
use detente_session::chart::{Arms, Subject, Track};
use detente_study::futures::rank::Metric;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use std::collections::BTreeSet;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Seconds of a frame.
const FRAME: f32 = 0.05;

fn open(width: f32, height: f32, prepare: impl FnOnce(&mut Studio)) -> Harness<'static, Studio> {
    open_with(width, height, true, prepare)
}

/// Without time in a frame for more, futures come one by one.
fn open_with(width: f32, height: f32, time: bool, prepare: impl FnOnce(&mut Studio)) -> Harness<'static, Studio> {
    let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 7));
    studio.is_tour = true;
    studio.reduced_motion = true;
    // Futures are not what is tested here; sixteen come at once.
    (studio.desk.ask.futures, studio.desk.ask.days, studio.desk.threads) = (16, 30, 0);
    prepare(&mut studio);
    let mut dressed = false;
    let app = move |ui: &mut bevy_egui::egui::Ui, studio: &mut Studio| {
        if !dressed {
            ui.ctx().set_fonts(fonts());
            dressed = true;
            return;
        }
        studio.pass(f64::from(FRAME), || time);
        studio.ui(ui);
    };
    let mut harness = Harness::builder().with_size([width, height]).with_step_dt(FRAME).build_ui_state(app, studio);
    harness.run_steps(6);
    harness
}

fn click(harness: &mut Harness<'_, Studio>, name: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(6);
}

/// Frames until the futures that were asked for are there: they wait on the clock of the wall for levers to come to rest, so
/// that a number of frames is a different time on every machine.
fn futures_come(harness: &mut Harness<'_, Studio>) {
    let begun = Instant::now();
    while harness.state().is_busy() {
        assert!(begun.elapsed().as_secs() < 60, "futures never come");
        sleep(Duration::from_millis(5));
        harness.run_steps(1);
    }
    harness.run_steps(2);
}

fn policy(harness: &Harness<'_, Studio>) -> Vec<(Lever, f64)> {
    harness.state().sitting.branch().policy().map(|change| (change.lever, change.value.raw())).collect()
}

#[test]
fn a_lever_is_found_moved_taken_back_and_done_again_by_hand() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::Dismiss));
    h.key_press(Key::L);
    h.run_steps(3);
    h.get_by_role(Role::TextInput).type_text("UNIFIL str");
    h.run_steps(3);
    let slider = h.get_by_role_and_label(Role::Slider, "UNIFIL strength");
    slider.focus();
    h.run_steps(2);
    for _ in 0..4 {
        h.key_press(Key::ArrowRight);
        h.run_steps(1);
    }
    h.run_steps(2);
    assert_eq!(policy(&h), [(Lever::UnifilTroops, 12_000.0)]);
    click(&mut h, "undo");
    assert!(policy(&h).first().is_none_or(|(_, troops)| *troops < 12_000.0));
    click(&mut h, "redo");
    assert_eq!(policy(&h), [(Lever::UnifilTroops, 12_000.0)]);
    click(&mut h, "reset all");
    assert_eq!(policy(&h), []);
    // A letter typed into the search is not a command: T would have turned the ground dark.
    h.get_by_role(Role::TextInput).focus();
    h.run_steps(1);
    h.get_by_role(Role::TextInput).type_text("t");
    h.key_press(Key::T);
    h.run_steps(2);
    assert!(!h.state().dark);
}

#[test]
fn panels_turn_and_branches_begin_with_a_click_and_with_a_key() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::GoTo(40)));
    for tab in Tab::ALL {
        click(&mut h, tab.name());
        assert_eq!(h.state().tab, tab);
    }
    h.get_all_by_role_and_label(Role::Button, "Fork here").next().unwrap().click();
    h.run_steps(4);
    assert_eq!(h.state().sitting.branches().len(), 2);
    h.key_press(Key::B);
    h.run_steps(4);
    assert_eq!(h.state().sitting.branches().len(), 3);
    h.key_press(Key::Home);
    h.run_steps(2);
    assert_eq!(h.state().sitting.today(), 0);
    h.key_press_modifiers(Modifiers::SHIFT, Key::ArrowRight);
    h.run_steps(2);
    assert_eq!(h.state().sitting.today(), 7);
    h.key_press(Key::Space);
    h.run_steps(2);
    assert!(h.state().playing);
}

/// What can be clicked or moved on the screen: role and name.
fn controls(harness: &Harness<'_, Studio>) -> Vec<(Role, String)> {
    let named = |role: Role, name: Option<String>| (role, name.unwrap_or_default());
    let all = harness.root().children_recursive();
    all.map(|node| node.accesskit_node())
        .filter(|node| node.data().supports_action(Action::Click) && !node.is_disabled() && !node.is_hidden())
        // Bars come with what they scroll, which follows the focus by itself.
        .filter(|node| node.role() != Role::ScrollBar)
        .map(|node| named(node.role(), node.label().or_else(|| node.value())))
        .collect()
}

/// Every panel and window, on a wide and on a small screen.
fn places() -> Vec<(f32, f32, &'static str, fn(&mut Studio))> {
    let mut list: Vec<(f32, f32, &'static str, fn(&mut Studio))> = Vec::new();
    for (width, height) in [(1440.0, 900.0), (1024.0, 640.0), (640.0, 900.0)] {
        list.extend([
            (width, height, "start", (|_| {}) as fn(&mut Studio)),
            (width, height, "futures", |s| {
                s.act(Act::GoTo(40));
                s.act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
            }),
            (width, height, "why", |s| {
                s.act(Act::GoTo(96));
                s.act(Act::Tab(Tab::Why));
            }),
            (width, height, "inspect", |s| {
                s.act(Act::GoTo(96));
                s.act(Act::Tab(Tab::Inspect));
            }),
            (width, height, "compare", |s| {
                s.act(Act::GoTo(40));
                s.act(Act::Fork);
                s.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
                s.act(Act::Step(20));
                s.act(Act::Tab(Tab::Compare));
            }),
            (width, height, "ranking", |s| s.act(Act::Rank(Metric::Deaths))),
            (width, height, "a guess", |s| {
                s.act(Act::Predict(true));
                s.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
            }),
            (width, height, "causes", |s| s.act(Act::Dialog(Some(Dialog::Causes)))),
            (width, height, "contested", |s| s.act(Act::Dialog(Some(Dialog::Contested)))),
            (width, height, "help", |s| s.act(Act::Dialog(Some(Dialog::Help)))),
            (width, height, "share", |s| s.act(Act::Dialog(Some(Dialog::Share)))),
            (width, height, "scores", |s| s.act(Act::Dialog(Some(Dialog::Scores)))),
            (width, height, "a step", |s| {
                s.act(Act::Remember("First".to_owned(), "Say this.".to_owned()));
                s.act(Act::GoTo(8));
                s.act(Act::Remember("Second".to_owned(), String::new()));
                s.act(Act::Walk(Walk::Back));
            }),
            (width, height, "steps", |s| {
                s.act(Act::Remember("First".to_owned(), "Say this.".to_owned()));
                s.act(Act::Remember("Second".to_owned(), String::new()));
                s.act(Act::ShowSteps(false));
                s.act(Act::Dialog(Some(Dialog::Steps)));
            }),
        ]);
    }
    list
}

#[test]
fn every_control_has_a_name() {
    let mut nameless = Vec::new();
    for (width, height, place, prepare) in places() {
        let h = open(width, height, prepare);
        let found = controls(&h);
        assert!(found.len() > 4, "{place} at {width}: {found:?}");
        let roles = found.iter().filter(|(_, name)| name.trim().is_empty()).map(|(role, _)| *role);
        nameless.extend(roles.map(|role| format!("{place} at {width}: {role:?}")));
    }
    assert!(nameless.is_empty(), "controls without a name:\n{}", nameless.join("\n"));
}

/// The Tab key comes by everything that can be clicked.
#[test]
fn the_tab_key_reaches_every_control() {
    let mut missed = Vec::new();
    for (width, height, place, prepare) in places() {
        let mut h = open(width, height, prepare);
        let mut wanted: BTreeSet<String> = controls(&h).into_iter().map(|(_, name)| name).collect();
        if matches!(place, "help" | "share" | "scores" | "steps" | "causes" | "contested") {
            // A window over the rest keeps the keyboard to itself.
            let behind = controls(&open(width, height, |studio| {
                prepare(studio);
                studio.act(Act::Dialog(None));
            }));
            wanted.retain(|name| !behind.iter().any(|(_, other)| other == name));
        }
        let mut reached = BTreeSet::new();
        for _ in 0..2 * controls(&h).len() + 20 {
            h.key_press(Key::Tab);
            h.run_steps(1);
            let focused = h.root().children_recursive().find(|node| node.accesskit_node().is_focused());
            if let Some(node) = focused.map(|node| node.accesskit_node()) {
                reached.insert(node.label().or_else(|| node.value()).unwrap_or_default());
            }
        }
        missed.extend(wanted.difference(&reached).map(|name| format!("{place} at {width}: `{name}`")));
    }
    assert!(missed.is_empty(), "not reached:\n{}", missed.join("\n"));
}

/// Beside a fan stands the sentence of the cell that ships, better or worse, or that there is none; behind it is the page.
#[test]
fn a_fan_says_what_the_back_test_says_and_a_click_opens_all_of_it() {
    let of = shipped().unwrap();
    for (width, height) in [(1440.0, 900.0), (1280.0, 720.0)] {
        let mut h = open(width, height, |studio| studio.act(Act::Dismiss));
        futures_come(&mut h);
        let front = h.state().sitting.rules.front("LEB").map(Track::Fire).unwrap();
        for (track, scored) in [(Track::Oil, false), (Track::Killed, true), (front, true)] {
            h.state_mut().act(Act::Track(track));
            h.run_steps(4);
            let said = lines(track, &h.state().sitting.rules, h.state().desk.ask.days);
            assert_eq!(said[0].series.is_some(), scored);
            assert!(h.query_by_label(&said[0].whole).is_some(), "{width}: not beside the fan: {}", said[0].whole);
            if let Some(id) = said[0].series {
                let row = of.nearest(id, h.state().desk.ask.days).unwrap();
                assert!(said[0].whole.contains(&row.sentence()), "{}", said[0].whole);
            }
        }
        let line = lines(front, &h.state().sitting.rules, h.state().desk.ask.days).remove(0).whole;
        click(&mut h, &line);
        let page = |h: &Harness<'_, Studio>| {
            assert!(h.query_by_label(&of.verdict()).is_some(), "{width}: no verdict");
            for row in of.rows() {
                let words = format!("{}, {}", capital(row.series.what), row.sentence());
                assert!(h.query_by_label(&words).is_some(), "{width}: not on the page: {words}");
            }
            for (id, why) in &of.not_scored {
                assert!(h.query_by_label(&format!("{id}: {why}")).is_some(), "{width}: {id} is kept quiet");
            }
        };
        page(&h);
        h.key_press(Key::Escape);
        h.run_steps(4);
        assert!(h.query_by_label(&of.verdict()).is_none(), "it stays open");
        h.state_mut().act(Act::Dialog(Some(Dialog::Help)));
        h.run_steps(4);
        h.get_by_label("How good is it?").click_accesskit();
        h.run_steps(6);
        page(&h);
    }
}

/// What stands at the chart's end is said, and with the keyboard any other day.
#[test]
fn the_arrow_keys_read_a_chart_day_by_day() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::Dismiss);
        studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
    });
    futures_come(&mut h);
    let read = |h: &Harness<'_, Studio>| {
        let node = h.root().children_recursive().find(|node| node.accesskit_node().is_focused());
        node.and_then(|node| node.accesskit_node().value()).unwrap_or_default()
    };
    let front = h.state().sitting.rules.front("LEB").map(Track::Fire).unwrap().name(&h.state().sitting.rules);
    let chart = |node: &egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        node.role() == Role::Image && node.label().is_some_and(|label| label.starts_with(&front))
    };
    let node = h.root().children_recursive().find(chart).unwrap();
    assert!(node.accesskit_node().label().unwrap().contains("your policy"));
    node.focus();
    h.run_steps(3);
    let last = read(&h);
    assert!(last.contains("day 30, 8 Dec 2024") && last.contains("no change: median"), "{last}");
    assert!(last.contains("mean difference: "), "{last}");
    h.key_press(Key::ArrowLeft);
    h.run_steps(3);
    let before = read(&h);
    assert!(before != last && before.starts_with("day ") && !before.contains("day 30,"), "{before}");
    h.key_press(Key::ArrowRight);
    h.run_steps(3);
    assert_eq!(read(&h), last);
    assert_eq!(h.state().sitting.today(), 0, "the days stand still while a chart is read");
}

/// While guesses come first, the ranking of levers says nothing of what moving one would do.
#[test]
fn the_ranking_is_covered_while_guesses_come_first_even_before_a_lever_is_moved() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::Dismiss);
        studio.act(Act::Rank(Metric::Deaths));
    });
    h.run_steps(4);
    let ranked = |h: &Harness<'_, Studio>| h.query_by_label("What moves the needle").is_some();
    assert!(ranked(&h));
    h.state_mut().act(Act::Predict(true));
    h.run_steps(4);
    assert!(!ranked(&h), "the ranking tells before anybody has guessed");
    h.state_mut().act(Act::Predict(false));
    h.run_steps(4);
    assert!(ranked(&h));
}

#[test]
fn menus_open_by_key_with_names_and_close_again() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::GoTo(40)));
    let menus = [
        "Scenario November 2024",
        "16 futures",
        "Text size, motion",
        "Choose what is shown",
        "Seed 7",
        "More",
        "Day 40",
    ];
    for menu in menus {
        let before = controls(&h).len();
        h.get_by_label(menu).focus();
        h.run_steps(2);
        h.key_press(Key::Enter);
        h.run_steps(4);
        let open = controls(&h);
        assert!(open.len() > before, "`{menu}` opens nothing");
        // The ground of a menu takes clicks, too, and bears no name.
        let named = |(role, name): &(Role, String)| *role == Role::Unknown || !name.trim().is_empty();
        assert!(open.iter().all(named), "`{menu}`: {open:?}");
        h.key_press(Key::Escape);
        h.run_steps(4);
        assert_eq!(controls(&h).len(), before, "`{menu}` stays open");
    }
}

#[test]
fn a_branch_that_is_taken_back_is_compared_no_more() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::GoTo(10)));
    for (modifiers, key) in [(Modifiers::NONE, Key::B), (Modifiers::COMMAND, Key::Z), (Modifiers::NONE, Key::C)] {
        h.key_press_modifiers(modifiers, key);
        h.run_steps(4);
    }
    assert_eq!((h.state().sitting.branches().len(), h.state().tab), (1, Tab::Compare));
    h.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    h.run_steps(4);
    assert_eq!(h.state().sitting.branches().len(), 2);
}

/// The parent was played less far than the branch that left it: both are still compared on one day.
#[test]
fn a_branch_without_a_change_has_the_futures_of_its_parent() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::GoTo(8));
        studio.act(Act::Fork);
        studio.act(Act::Step(3));
        studio.act(Act::Tab(Tab::Compare));
    });
    futures_come(&mut h);
    let state = h.state();
    let fans = state.desk.last().unwrap();
    assert!(fans.subject.arms == Arms::Branches([0, 1]), "{:?}", fans.subject.arms);
    assert!((0..fans.tracks.len()).all(|track| fans.bands(0, track) == fans.bands(1, track)), "they differ");
}

/// What was on its way on the second map as Compare was left is not waited for.
#[test]
fn a_second_map_that_is_gone_asks_for_no_frames() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::GoTo(8));
        studio.act(Act::Fork);
        studio.act(Act::Tab(Tab::Compare));
    });
    h.run_steps(10);
    h.state_mut().other_map.moving = true;
    h.state_mut().act(Act::Tab(Tab::Futures));
    h.run_steps(30);
    assert_ne!(h.state_mut().pass(0.05, || true), Wake::Now);
}

#[test]
fn a_session_that_another_takes_the_place_of_comes_back() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::GoTo(30)));
    let digest = |h: &Harness<'_, Studio>| h.state().sitting.branch().history.digest().whole;
    let before = digest(&h);
    h.state_mut().act(Act::Scenario("october-2023".to_owned()));
    h.run_steps(4);
    assert_ne!(digest(&h), before);
    click(&mut h, "Go back to it");
    assert_eq!(digest(&h), before);
}

/// Levers stand under each other: a control that reaches into the next one's name cannot be read.
#[test]
fn levers_of_an_open_group_do_not_lie_on_each_other() {
    let mut h = open(1440.0, 900.0, |_| {});
    let levers = Lever::ALL.iter().filter(|lever| lever.row().owner == "Iran").count();
    click(&mut h, &format!("Iran, {levers} levers"));
    let mut sliders: Vec<_> = h
        .get_all_by_role(Role::Slider)
        .filter(|node| node.accesskit_node().label().is_some_and(|name| name != "Day"))
        .map(|node| node.rect())
        .collect();
    sliders.sort_by(|a, b| a.top().total_cmp(&b.top()));
    assert!(sliders.len() > 10);
    assert!(sliders.windows(2).all(|pair| pair[1].top() - pair[0].bottom() > 18.0), "{sliders:?}");
}

/// Until the first futures of a branch have come, the fans of before stay: they may begin on a day that it was not played to.
#[test]
fn fans_that_wait_for_their_successors_may_begin_on_a_day_that_is_not_played() {
    let mut h = open_with(1440.0, 900.0, false, |studio| studio.act(Act::GoTo(300)));
    futures_come(&mut h);
    assert_eq!(h.state().desk.last().unwrap().from, 300);
    h.state_mut().act(Act::GoTo(20));
    h.state_mut().act(Act::Fork);
    h.state_mut().act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
    h.run_steps(3);
    let state = h.state();
    let view = state.desk.view(&Subject::policy(&state.sitting));
    assert!(view.is_stale && view.fans.is_some_and(|fans| fans.from == 300), "nothing old is on the screen");
    assert_eq!(state.sitting.branch().history.days(), 20);
    assert!(h.query_by_label("Of the levers before; the next are on their way.").is_some(), "it is not said");
    h.state_mut().act(Act::Tab(Tab::Compare));
    h.run_steps(2);
}

/// The words under the fan of a policy: where its median ends.
fn median(h: &Harness<'_, Studio>) -> String {
    let all = h.root().children_recursive();
    let labels = all.filter_map(|node| node.accesskit_node().label());
    let fan = labels.into_iter().find_map(|label| Some(label.split_once("your policy: median ")?.1.to_owned()));
    let fan = fan.expect("no fan with a policy is on the screen");
    fan.split(',').next().unwrap_or_default().to_owned()
}

/// Two sets of the same size, day and number of changes are two sets: nothing of the first is drawn for the second.
#[test]
fn the_fan_is_that_of_the_set_that_stands() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::Dismiss);
        studio.desk.ask.days = 120;
    });
    h.state_mut().act(Act::SetLever(Lever::DealArchitecture, 2.0));
    futures_come(&mut h);
    let waiting = median(&h);
    h.state_mut().act(Act::Undo);
    h.state_mut().act(Act::SetLever(Lever::UnifilTroops, 12_000.0));
    futures_come(&mut h);
    let quiet = median(&h);
    let number = |text: &str| text.replace(' ', "").parse::<f64>().unwrap();
    assert!(number(&quiet) < 0.5 * number(&waiting), "{quiet} after {waiting}");
}

/// All that a screen reader is told.
fn told(h: &Harness<'_, Studio>) -> String {
    let node = |node: egui_kittest::Node<'_>| {
        let node = node.accesskit_node();
        [node.label(), node.value()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    h.root().children_recursive().map(node).collect::<Vec<_>>().join("\n")
}

/// Types into a field that is found by its name, and enters it.
fn enter(h: &mut Harness<'_, Studio>, name: &str, text: &str) {
    h.get_by_role_and_label(Role::TextInput, name).focus();
    h.run_steps(2);
    h.get_by_role_and_label(Role::TextInput, name).type_text(text);
    h.run_steps(2);
    h.key_press(Key::Enter);
    h.run_steps(3);
}

/// Predict first: what is of the policy is told nowhere until a guess is in, which the keyboard alone can make; then it is told
/// with the guesses and their scores.
#[test]
fn a_policy_is_covered_until_a_guess_is_revealed_and_keys_do_all_of_it() {
    for (width, height) in [(1440.0, 900.0), (1280.0, 720.0), (720.0, 640.0)] {
        let mut h = open(width, height, |studio| {
            studio.act(Act::Dismiss);
            (studio.desk.ask.futures, studio.desk.ask.days) = (24, 120);
        });
        futures_come(&mut h);
        let check = h.get_by_label("Predict first");
        check.focus();
        h.run_steps(2);
        h.key_press(Key::Space);
        h.run_steps(3);
        assert!(h.state().sitting.guesses().on && !h.state().playing);
        h.state_mut().act(Act::SetLever(Lever::DealArchitecture, 2.0));
        futures_come(&mut h);
        let covered = told(&h);
        for word in
            ["your policy: ", "Difference", "difference", "yours", "detectable", "points on day", "in every pair"]
        {
            assert!(!covered.contains(word), "`{word}` at {width}: {covered}");
        }
        assert!(covered.contains("no change: "), "the baseline may be seen: {covered}");
        // Nor in the ranking, nor where two branches are compared.
        h.state_mut().act(Act::Step(1));
        h.state_mut().act(Act::Fork);
        h.state_mut().act(Act::Tab(Tab::Compare));
        futures_come(&mut h);
        let compared = told(&h);
        assert!(compared.contains("are covered") && !compared.contains("pairs of futures"), "{compared}");
        h.state_mut().act(Act::Tab(Tab::Futures));
        futures_come(&mut h);
        assert!(told(&h).contains("are covered") && !told(&h).contains("no change: "), "a fork is no way round");
        h.state_mut().act(Act::Undo);
        h.state_mut().act(Act::GoTo(0));
        futures_come(&mut h);
        // The keyboard alone.
        enter(&mut h, "Chance of a regional war under your policy, percent", "12,5 %");
        enter(&mut h, "Change of the chart under your policy", "+3");
        enter(&mut h, "Hands for more likely", "4");
        enter(&mut h, "Change of the chart under your policy", "many");
        assert_eq!(h.state().sitting.guesses().list().len(), 3, "at {width}");
        assert!(!told(&h).contains("your policy: "), "a guess alone reveals nothing");
        h.get_by_label("Map of the region").focus();
        h.run_steps(2);
        h.key_press(Key::R);
        h.run_steps(3);
        futures_come(&mut h);
        let open = told(&h);
        for word in ["your policy: ", "Guesses of the change: +3", "Brier", "Off by", "Board of the lesson"] {
            assert!(open.contains(word), "no `{word}` at {width}: {open}");
        }
        // Another policy is another question.
        h.state_mut().act(Act::SetLever(Lever::DealArchitecture, 1.0));
        futures_come(&mut h);
        assert!(!told(&h).contains("your policy: ") && told(&h).contains("Before you look"));
    }
}

#[test]
fn a_ranking_shows_every_lever_on_request() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::Dismiss);
        studio.desk.ask.days = 5;
    });
    click(&mut h, "Rank levers");
    for _ in 0..400 {
        if h.query_by_label_contains("Show all ").is_some() {
            break;
        }
        h.run_steps(5);
    }
    h.get_by_label_contains("Show all ").click_accesskit();
    h.run_steps(3);
    assert!(h.query_by_label_contains("Show all ").is_none(), "what was asked for is done");
}

#[test]
fn the_space_bar_plays_although_the_map_was_clicked_or_has_the_keyboard() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::Dismiss));
    h.get_by_label("Map of the region").click();
    h.run_steps(2);
    h.key_press(Key::Space);
    h.run_steps(2);
    assert!(h.state().playing);
    h.get_by_label("Map of the region").focus();
    h.run_steps(2);
    h.key_press(Key::Space);
    h.run_steps(2);
    assert!(!h.state().playing);
}

/// From a cell of the table of outcomes to one of the histories behind it, and back.
#[test]
fn a_cell_of_the_table_opens_a_future_that_ends_so() {
    use detente_model::record::outcome::{Escalation, Settlement};
    for prior in [false, true] {
        let mut h = open(1440.0, 900.0, |studio| {
            studio.act(Act::Dismiss);
            (studio.desk.ask.prior, studio.desk.ask.futures) = (prior, 24);
        });
        futures_come(&mut h);
        let fans = |h: &Harness<'_, Studio>| {
            let view = h.state().desk.view(&Subject::policy(&h.state().sitting));
            view.fans.map(|fans| fans.ending(1, Escalation::None, Settlement::None)).unwrap_or_default()
        };
        let numbers = fans(&h);
        assert!(!numbers.is_empty(), "most of thirty days end so");
        click(&mut h, "Futures with no exchange and no settlement");
        let first = *numbers.iter().find(|&&n| (n, prior) != (0, false)).unwrap();
        let offered = if numbers[0] == 0 && !prior { first } else { numbers[0] };
        click(&mut h, &format!("Open one of these (future {offered})"));
        let fate = h.state().sitting.fate();
        assert_eq!((fate.seed, fate.future, fate.prior), (7, offered, prior));
        h.state_mut().act(Act::GoTo(30));
        h.run_steps(30);
        let s = &h.state().sitting;
        assert_eq!(
            (s.today(), s.outcome().escalation, s.outcome().settlement),
            (30, Escalation::None, Settlement::None)
        );
        assert!(h.query_by_label_contains(&format!("Seed 7, future {offered}")).is_some(), "the bar says so");
        // Now futures go on from day 30 of this history: none is a history of its own.
        futures_come(&mut h);
        assert!(h.query_by_label_contains("none is a history of its own").is_some());
        h.state_mut().act(Act::Undo);
        h.run_steps(30);
        assert_eq!(h.state().sitting.fate().future, 0);
    }
}

/// Prepared, named, put in order and walked by keys and a screen reader's presses alone.
#[test]
fn steps_are_prepared_and_walked_by_keyboard() {
    let mut h = open(1280.0, 720.0, |studio| studio.act(Act::GoTo(40)));
    let titles = |h: &Harness<'_, Studio>| -> Vec<String> {
        h.state().sitting.steps().list().iter().map(|step| step.title.clone()).collect()
    };
    h.key_press(Key::S);
    h.run_steps(4);
    for (field, words) in [("Title of the step", "The war"), ("Notes for the speaker", "Ask who fires.")] {
        h.get_by_label(field).focus();
        h.run_steps(2);
        h.get_by_label(field).type_text(words);
        h.run_steps(2);
    }
    let press = |h: &mut Harness<'_, Studio>, name: &str| {
        h.get_by_label(name).focus();
        h.run_steps(2);
        h.key_press(Key::Enter);
        h.run_steps(4);
    };
    press(&mut h, "Remember this");
    assert_eq!(titles(&h), ["The war"]);
    assert_eq!(h.state().sitting.steps().list()[0].notes, "Ask who fires.");
    h.key_press(Key::Escape);
    h.run_steps(4);
    h.state_mut().act(Act::GoTo(12));
    h.state_mut().act(Act::Tab(Tab::Inspect));
    h.key_press(Key::S);
    h.run_steps(4);
    press(&mut h, "Remember this");
    assert_eq!(titles(&h), ["The war", "Day 12, Inspect"]);
    press(&mut h, "Move step 2 up");
    assert_eq!(titles(&h), ["Day 12, Inspect", "The war"]);
    h.key_press(Key::Escape);
    h.run_steps(4);
    // The one shown is the first now; on, and back, also where the playhead has the keyboard: without steps it moves by months.
    h.get_by_role_and_label(Role::Slider, "Day").focus();
    h.run_steps(2);
    for (key, day, step) in [(Key::PageDown, 40, 1), (Key::PageDown, 40, 1), (Key::PageUp, 12, 0)] {
        h.key_press(key);
        h.run_steps(6);
        assert_eq!((h.state().sitting.today(), h.state().sitting.steps().at()), (day, Some(step)));
    }
    h.key_press(Key::PageDown);
    h.run_steps(6);
    // Notes are there until they are hidden from the projector, and a screen reader hears the title and the place.
    for words in ["The war", "2 of 2", "Ask who fires."] {
        assert!(h.query_by_label(words).is_some() || h.query_by_value(words).is_some(), "no “{words}”");
    }
    press(&mut h, "Notes");
    assert!(h.query_by_label("Ask who fires.").is_none() && h.query_by_value("Ask who fires.").is_none());
    // While words are typed, the keys are the field's.
    h.key_press(Key::S);
    h.run_steps(4);
    press(&mut h, "Change the words of step 2");
    h.key_press(Key::PageUp);
    h.run_steps(2);
    assert_eq!(h.state().sitting.steps().at(), Some(1));
    press(&mut h, "Leave them as they were");
    press(&mut h, "Remove step 1");
    assert_eq!(titles(&h), ["The war"]);
}

/// One click in the menu opens a lesson at its first step, and its strip says which.
#[test]
fn a_lesson_opens_from_the_menu_with_one_click() {
    for (width, height) in [(1440.0, 900.0), (640.0, 900.0)] {
        let mut h = open(width, height, |_| {});
        click(&mut h, "More");
        h.get_by_label("One deal or many").click_accesskit();
        h.run_steps(6);
        h.state_mut().finish_work();
        h.run_steps(4);
        let steps = h.state().sitting.steps();
        assert_eq!((steps.at(), steps.list().len()), (Some(0), 9));
        assert_eq!(h.state().sitting.seed(), 80);
        assert!(h.query_by_label("1 of 9").is_some() || h.query_by_value("1 of 9").is_some());
        h.key_press(Key::PageDown);
        h.run_steps(6);
        assert_eq!(h.state().sitting.steps().at(), Some(1));
    }
}

/// Where nothing of a chart differs in any pair on any day, that is said, and there is no strip of differences to read.
#[test]
fn a_chart_that_is_the_same_in_every_pair_says_so_and_shows_no_differences() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::Dismiss);
        studio.act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
    });
    futures_come(&mut h);
    let state = h.state();
    let view = state.desk.view(&Subject::policy(&state.sitting));
    let fans = view.fans.unwrap();
    let same = |track: &usize| fans.differing(*track).iter().all(|pairs| *pairs == 0);
    let same: Vec<Track> = (0..fans.tracks.len()).filter(same).map(|track| fans.tracks[track]).collect();
    let other = fans.tracks.iter().copied().find(|track| !same.contains(track)).expect("peacekeepers change nothing");
    assert!(!same.is_empty(), "peacekeepers change everything");
    let sentence = "The same in every pair of futures, on every day";
    for (track, is_same) in [(same[0], true), (other, false)] {
        h.state_mut().act(Act::Track(track));
        h.run_steps(4);
        let said = told(&h);
        assert_eq!((said.contains(sentence), said.contains("clear of zero")), (is_same, !is_same), "{track:?}: {said}");
    }
}

/// Whether words have a percentage with decimals.
fn has_decimals(words: &str) -> bool {
    words.split_whitespace().zip(words.split_whitespace().skip(1)).any(|(number, unit)| {
        unit.starts_with('%')
            && number.trim_start_matches('(').split_once('.').is_some_and(|(_, rest)| !rest.is_empty())
    })
}

/// Decimals go by what has come: a set of thousands that was stopped at a few has none, however many were asked for.
#[test]
fn a_set_that_was_stopped_early_has_no_decimals() {
    let mut h = open_with(1440.0, 900.0, false, |studio| {
        studio.act(Act::Dismiss);
        studio.desk.ask.futures = 4_096;
        studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
    });
    let come = |h: &Harness<'_, Studio>| h.state().desk.view(&Subject::policy(&h.state().sitting)).come.0;
    let begun = Instant::now();
    while come(&h) < 60 {
        assert!(begun.elapsed().as_secs() < 60, "futures never come");
        sleep(Duration::from_millis(2));
        h.run_steps(1);
    }
    h.state_mut().act(Act::Cancel);
    h.run_steps(3);
    let pairs = come(&h);
    let said = told(&h);
    assert!(pairs < 1_000 && said.contains(&format!("cancelled at {pairs} of 4096")), "{said}");
    let outcomes = detente_model::record::outcome::Headline::ALL.map(|headline| capital(headline.words()));
    let figures = |line: &&str| {
        line.starts_with("Escalation by settlement:")
            || outcomes.iter().any(|name| line.starts_with(&format!("{name}: ")))
    };
    let lines: Vec<&str> = said.lines().filter(figures).collect();
    assert!(lines.len() > outcomes.len(), "{lines:?}");
    for line in lines {
        assert!(line.contains('%') && !has_decimals(line), "{line}");
    }
    assert!(has_decimals("Unsettled war: 3.5 % of") && !has_decimals("Unsettled war: 35 % of 1.2 m"));
}

/// What is drawn is told: the table, the outcomes, and under a strike the ledgers and the gain.
#[test]
fn tables_outcomes_ledgers_and_gain_are_told_to_a_screen_reader() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::Dismiss);
        studio.act(Act::GoTo(240));
        studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
    });
    futures_come(&mut h);
    let said = told(&h);
    assert!(said.contains("Escalation by settlement: no exchange, no settlement "), "{said}");
    for headline in detente_model::record::outcome::Headline::ALL {
        let words = format!("{}: ", capital(headline.words()));
        assert!(said.lines().any(|line| line.starts_with(&words) && line.contains('%')), "no {words}: {said}");
    }
    let past = h.state().sitting.past();
    let of_pair = |event: &detente_model::sim::event::Event| event.about(&h.state().sitting.rules).pair.is_some();
    let (id, _) = *past.iter().find(|(_, event)| event.kind().name() == "blow" && of_pair(event)).unwrap();
    h.state_mut().act(Act::Explain(id));
    h.run_steps(4);
    let said = told(&h);
    for words in ["Two ledgers on day 240. Harm to ", "Exchange gain on day 240: "] {
        assert!(said.lines().any(|line| line.starts_with(words)), "no {words}: {said}");
    }
}

/// How the picture is drawn is said in the corner of the timeline, where no mark, line or playhead is, and in the menu.
#[test]
fn that_it_is_drawn_in_software_stands_quietly_beside_the_events() {
    let words = "drawn in software: slower";
    for (width, height) in [(1440.0, 900.0), (1280.0, 720.0), (390.0, 844.0)] {
        let mut h = open(width, height, |studio| {
            studio.act(Act::Dismiss);
            studio.corner = Some(words.to_owned());
        });
        let slider = h.get_by_role_and_label(Role::Slider, "Day").rect();
        let note = h.get_by_label(words).rect();
        assert!(slider.contains_rect(note) && slider.right() - note.right() < 20.0, "{width}: {note:?} in {slider:?}");
        // Where days are played up to the end there is no room, and the menu has it.
        h.state_mut().act(Act::GoTo(960));
        h.run_steps(4);
        assert!(h.query_by_label(words).is_none(), "{width}: it lies on what was played");
        click(&mut h, "More");
        assert!(h.query_by_label(words).is_some(), "{width}: nor in the menu");
        h.key_press(Key::Escape);
        h.state_mut().act(Act::GoTo(0));
        h.state_mut().corner = Some(String::new());
        h.run_steps(4);
        assert!(h.query_by_label(words).is_none());
    }
}
