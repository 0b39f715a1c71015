//! Sessions outlive power cuts, offers that are ignored, and each other.

use super::desk::{Desk, Screen};

fn policy(screen: &Screen) -> String {
    screen.get("policy").to_string()
}

/// Opens the window, moves a lever, rests until it is kept, and cuts the power. Returns the policy.
fn work_and_cut(desk: &mut Desk, lever: &str, share: f64) -> String {
    desk.open(&[]);
    desk.drag_lever(lever, share);
    desk.until("the lever has moved", 5.0, |s| policy(s) != "[]");
    // A second of calm, and the file.
    desk.rest(3.0);
    let screen = desk.settle();
    desk.kill();
    policy(&screen)
}

#[test]
fn a_session_survives_a_power_cut() {
    let mut desk = Desk::new("kept-cut", 1440, 900);
    let before = work_and_cut(&mut desk, "UNIFIL strength", 1.0);
    let screen = desk.open(&[]);
    assert!(screen.is("offered"), "nothing is offered");
    assert_eq!(policy(&screen), "[]");
    desk.click("Go on with it");
    let screen = desk.until("the session is there again", 5.0, |s| policy(s) != "[]");
    assert_eq!(policy(&screen), before);
}

/// Whoever ignores the offer and works on loses neither what was offered nor the new work.
#[test]
fn an_offer_that_is_ignored_is_not_lost() {
    let mut desk = Desk::new("kept-ignored", 1440, 900);
    let first = work_and_cut(&mut desk, "UNIFIL strength", 1.0);
    let second = work_and_cut(&mut desk, "Leadership-strike rate", 0.0);
    assert_ne!(first, second);
    desk.open(&[]);
    let found = all_that_can_be_had(&mut desk);
    assert!(found.contains(&first) && found.contains(&second), "kept: {found:?}; worked on: {first} and {second}");
}

/// The policies of every session that a person can get back to: the one offered, and those in the list of kept sessions.
fn all_that_can_be_had(desk: &mut Desk) -> Vec<String> {
    let mut found = Vec::new();
    if desk.see().is("offered") {
        desk.click("Go on with it");
        let _ = desk.within(5.0, |s| policy(s) != "[]");
        found.push(policy(&desk.settle()));
    }
    for place in 0..3 {
        desk.key("ctrl+s");
        desk.until("the window with the kept sessions", 3.0, |s| s.find("Close (Esc)").is_some());
        // Going on with one puts the present one into the list in its place.
        let entries: Vec<_> =
            desk.settle().controls.into_iter().filter(|c| c.name == "Go on" && c.shown.is_some()).collect();
        if entries.is_empty() {
            desk.key("Escape");
            break;
        }
        desk.click_at(entries[place % entries.len()].at());
        desk.rest(0.5);
        if desk.settle().find("Close (Esc)").is_some() {
            desk.key("Escape");
        }
        found.push(policy(&desk.settle()));
    }
    found
}

/// Two windows at once keep their sessions apart, and a power cut takes neither.
#[test]
fn two_windows_at_once_lose_nothing() {
    let mut desk = Desk::new("kept-two", 1440, 900);
    desk.open(&[]);
    desk.drag_lever("UNIFIL strength", 1.0);
    desk.until("the first lever", 5.0, |s| policy(s) != "[]");
    desk.rest(3.0);
    let first = policy(&desk.settle());
    let screen = desk.open_another(&[]);
    assert!(!screen.is("offered"), "what another window works on is offered");
    desk.drag_lever("Leadership-strike rate", 0.0);
    desk.until("the second lever", 5.0, |s| policy(s) != "[]");
    desk.rest(3.0);
    let second = policy(&desk.settle());
    desk.kill_all();
    desk.open(&[]);
    let found = all_that_can_be_had(&mut desk);
    assert!(found.contains(&first) && found.contains(&second), "kept: {found:?}; worked on: {first} and {second}");
}

/// A session that is opened as a file over a crashed one takes nothing from it.
#[test]
fn a_file_opened_after_a_power_cut_takes_nothing_away() {
    let mut desk = Desk::new("kept-file", 1440, 900);
    let first = work_and_cut(&mut desk, "UNIFIL strength", 1.0);
    {
        use detente::session::{Sitting, file::Saved};
        let mut sitting = Sitting::new(detente::scenario::load("november-2024").unwrap(), 3);
        sitting.go_to(20);
        std::fs::write(desk.folder().join("lesson.detente"), Saved::of(&sitting).to_text()).unwrap();
    }
    desk.open(&["lesson.detente"]);
    desk.drag_lever("Leadership-strike rate", 0.0);
    desk.until("the lever has moved", 3.0, |s| policy(s) != "[]");
    desk.rest(3.0);
    desk.kill();
    desk.open(&[]);
    let found = all_that_can_be_had(&mut desk);
    assert!(found.contains(&first), "kept: {found:?}; worked on before: {first}");
}
