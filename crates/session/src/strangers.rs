//! Session files and links from anybody: what is large, doctored or named like something else. That whatever is in them they
//! open or are refused in one sentence is tried in `fuzz`.

use super::Sitting;
use super::file::Saved;
use super::limits::MOST_WORK;
use super::replay::Opening;
use detente_model::scenario::{self, raw};
use detente_model::symbols::levers::Lever;
use serde_json::json;

fn played() -> Saved {
    let mut s = Sitting::new(scenario::load("november-2024").unwrap(), 11);
    s.go_to(2);
    s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
    s.go_to(4);
    s.fork("Other").unwrap();
    s.set_lever(Lever::SignRoadmap, 90.0).unwrap();
    s.go_to(6);
    Saved::of(&s)
}

/// Without its scenario, as a link holds it.
fn slim(saved: &Saved) -> Saved {
    Saved::from_link(&saved.to_link()).unwrap()
}

fn is_a_sentence(why: &str) {
    assert!(why.ends_with('.'), "{why}");
    assert!(!why.contains('\n') && why.chars().count() < 700, "{why}");
    assert!(why.chars().next().is_some_and(char::is_uppercase), "{why}");
}

#[test]
fn thousands_of_mistakes_in_its_scenario_are_one_sentence() {
    let mut value = serde_json::to_value(played()).unwrap();
    for site in value["scenario"]["content"]["sites"].as_object_mut().unwrap().values_mut() {
        site["lat"] = json!(500.0);
        site["name"] = json!("x".repeat(5_000));
    }
    let why = Saved::from_text(&value.to_string()).and_then(|saved| saved.open()).err().unwrap();
    is_a_sentence(&why);
    assert!(why.contains("is damaged") && why.contains("more)"), "{why}");
}

#[test]
fn a_name_of_three_million_letters_is_cut_and_said_once() {
    let mut value = serde_json::to_value(slim(&played())).unwrap();
    value["branches"][1]["name"] = json!("x".repeat(3_000_000));
    value["branches"][0]["name"] = json!("a\u{202E}b\n\u{7}");
    let saved = Saved::from_text(&value.to_string()).unwrap();
    assert_eq!(saved.branches[0].name, "ab");
    assert_eq!(saved.branches[1].name, "x".repeat(60));
    assert_eq!(saved.remarks().len(), 1);
    let s = saved.open().unwrap();
    assert_eq!(s.branches()[1].name.chars().count(), 60);
    // Kept so, it is clean from then on.
    assert!(Saved::from_text(&Saved::of(&s).to_text()).unwrap().remarks().is_empty());
}

#[test]
fn a_scenario_that_calls_itself_a_path_names_no_path() {
    let mut saved = played();
    saved.scenario.name = "../../x".to_owned();
    let s = saved.open().unwrap();
    assert_eq!(super::names::file_stem(&s.loaded.name), "x");
}

#[test]
fn a_doctored_scenario_under_a_built_in_name_is_told() {
    let mut saved = played();
    assert!(!saved.is_changed_builtin() && saved.remarks().is_empty());
    let content = saved.scenario.content.as_mut().unwrap();
    content.days += 1;
    saved.scenario.hash = scenario::reload(content).unwrap().hash;
    assert!(saved.is_changed_builtin());
    let s = saved.open().unwrap();
    assert_eq!(super::file::marked(&s.loaded, "November 2024"), "Changed: November 2024");
    let html = super::report::page(&s, &super::report::Extras::default());
    assert!(html.contains("not that of the built-in scenario") && html.contains("<title>Détente: Changed: "));
    assert!(saved.remarks()[0].contains("not that of the built-in one"));
    // Nor under a name that reads the same.
    for name in ["november 2024", "November-2024", " NOVEMBER_2024 ", "november--2024"] {
        let content = saved.scenario.content.as_mut().unwrap();
        content.name = name.to_owned();
        saved.scenario.name = name.to_owned();
        saved.scenario.hash = scenario::reload(saved.scenario.content.as_ref().unwrap()).unwrap().hash;
        assert!(saved.is_changed_builtin() && !saved.remarks().is_empty(), "{name}");
    }
}

#[test]
fn more_work_than_can_be_done_is_refused_before_it_starts() {
    let mut saved = played();
    let content = saved.scenario.content.as_mut().unwrap();
    let (id, one) = content.territories.iter().next().map(|(id, t)| (id.clone(), t.clone())).unwrap();
    for i in 0..1_500 {
        content.territories.insert(format!("{id}{i}"), one.clone());
    }
    let branch = saved.branches[0].clone();
    saved.branches = (0..64).map(|id| super::file::SavedBranch { id, days: 1_000, ..branch.clone() }).collect();
    (saved.shown, saved.today) = (0, 0);
    let loaded = scenario::reload(saved.scenario.content.as_ref().unwrap()).unwrap();
    saved.scenario.hash = loaded.hash;
    let why = Opening::begin(saved.clone()).err().unwrap();
    is_a_sentence(&why);
    assert!(why.contains("too large") && why.contains("64000 days") && !why.contains("  "), "{why}");
    let content: &mut raw::Scenario = saved.scenario.content.as_mut().unwrap();
    for i in 0..9_000 {
        content.sites.insert(format!("S{i}"), content.sites.values().next().unwrap().clone());
    }
    assert!(Opening::begin(saved).err().unwrap().contains("things"));
    // A full session of a built-in scenario is not too much.
    for name in scenario::builtin_names() {
        let plain = scenario::load(name).unwrap();
        assert!(super::limits::entities(&plain.scenario) as u64 * 64_000 < MOST_WORK, "{name}");
    }
}

#[test]
fn opened_day_by_day_a_session_is_the_one_that_opens_at_once() {
    let saved = played();
    let at_once = saved.open().unwrap();
    let mut opening = Opening::begin(saved).unwrap();
    let mut steps = 0;
    let mut before = 0.0;
    while !opening.step(|| false).is_done() {
        assert!(opening.progress().share() >= before && opening.progress().share() < 1.0);
        before = opening.progress().share();
        steps += 1;
    }
    assert!(steps >= 5, "{steps}");
    let s = opening.finish().unwrap();
    assert_eq!((s.script(), s.now()), (at_once.script(), at_once.now()));
    for (a, b) in s.branches().iter().zip(at_once.branches()) {
        assert_eq!(a.history.digest(), b.history.digest());
        assert_eq!(a.history.events, b.history.events);
        assert_eq!(a.history.rows, b.history.rows);
        for day in 0..=a.history.days() {
            assert_eq!(a.history.mark_before(day), b.history.mark_before(day), "day {day}");
        }
    }
}

#[test]
fn a_branch_shares_its_days_with_what_it_left() {
    let mut s = Sitting::new(scenario::load("november-2024").unwrap(), 11);
    s.go_to(30);
    s.go_to(20);
    s.fork("Other").unwrap();
    let [a, b] = s.branches() else { panic!("two branches") };
    assert_eq!((a.history.days(), b.history.days()), (30, 20));
    assert!((0..16).all(|day| std::sync::Arc::ptr_eq(&a.history.rows[day], &b.history.rows[day])));
    assert!(std::ptr::eq(a.history.mark_before(17), b.history.mark_before(17)));
    // Opened again, too.
    let again = Saved::of(&s).open().unwrap();
    let [a, b] = again.branches() else { panic!("two branches") };
    assert!(std::sync::Arc::ptr_eq(&a.history.rows[3], &b.history.rows[3]));
}

#[test]
fn explained_from_a_kept_evening_an_event_is_explained_as_from_the_first_day() {
    let mut s = Sitting::new(scenario::load("november-2024").unwrap(), 5);
    s.go_to(9);
    s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
    s.go_to(45);
    let explain = detente_model::record::explain::explain;
    let events: Vec<_> = s.past().iter().map(|(id, _)| *id).collect();
    // Some of every stretch between kept evenings, and the last ones.
    for id in events.iter().step_by(events.len() / 10 + 1).chain(events.last()) {
        assert_eq!(s.explain(*id), explain(&s.rules, s.fate(), &s.branch().changes, *id), "{id}");
    }
}
