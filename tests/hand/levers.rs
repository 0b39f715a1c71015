//! A lever is moved while nothing else moves, and the futures of the new policy come by themselves.

use super::desk::{Desk, Screen};
use std::time::Instant;

/// The futures of a policy stand: all of them, of both arms.
fn of_a_policy(screen: &Screen) -> bool {
    screen.futures_are_there() && !screen.is("futures.null") && screen.number("futures.policy") >= 256.0
}

/// The futures of no policy stand.
fn of_no_policy(screen: &Screen) -> bool {
    screen.futures_are_there() && screen.is("futures.null")
}

fn policy(screen: &Screen) -> usize {
    screen.get("policy").as_array().unwrap().len()
}

/// A window at rest on the first day, with its first futures.
fn at_rest(test: &str) -> Desk {
    let mut desk = Desk::new(test, 1440, 900);
    begin(&mut desk);
    desk
}

fn begin(desk: &mut Desk) {
    desk.open(&["--seed", "7"]);
    desk.until("the first futures have come", 20.0, of_no_policy);
    desk.settle();
}

/// Seconds in which futures have to be there when nothing is measured: a machine may be busy with other tests.
const SOON: f64 = 12.0;

/// The limits are loose, since the program is built for tests and drawn in software.
#[test]
fn a_lever_dragged_while_paused_is_answered_soon() {
    let mut desk = Desk::alone("lever-dragged", 1440, 900);
    begin(&mut desk);
    desk.rest(2.0);
    desk.drag_lever("UNIFIL strength", 1.0);
    let begun = Instant::now();
    let first = desk.until("a first band of the policy", SOON, |screen| {
        policy(screen) == 1 && !screen.is("futures.null") && screen.number("futures.policy") >= 16.0
    });
    let (band, seen) = (first.number("futures.first_band"), begun.elapsed().as_secs_f64());
    let all = desk.until("all futures of the policy", SOON, of_a_policy);
    let (took, all_seen) = (all.number("futures.took"), begun.elapsed().as_secs_f64());
    println!("first band {band:.3} s (on the screen {seen:.3} s after the hand), all {took:.3} s ({all_seen:.3} s)");
    assert_eq!(first.get("policy")[0][1], "unifil.troops");
    assert!(band < 0.6 && seen < 1.2, "the first band took {band} s, {seen} s after the hand");
    assert!(took < 3.0 && all_seen < 4.0, "all futures took {took} s, {all_seen} s after the hand");
    let screen = desk.settle();
    assert!(
        screen.says("your policy") && !screen.says("no policy yet"),
        "the panel still says that there is no policy"
    );
    assert!(screen.longest_frame() < 0.05, "a frame waited for futures: {} s", screen.longest_frame());
}

#[test]
fn a_click_on_a_levers_track_is_answered_and_so_are_undo_redo_and_reset() {
    let mut desk = at_rest("lever-track");
    desk.click_lever("UNIFIL strength", 0.95);
    let clicked = desk.until("futures of the lever that was clicked", SOON, |s| policy(s) == 1 && of_a_policy(s));
    desk.rest(1.0);
    desk.key("ctrl+z");
    desk.until("futures without it, after Undo", SOON, |s| policy(s) == 0 && of_no_policy(s));
    desk.rest(1.0);
    desk.key("ctrl+shift+z");
    let again = desk.until("futures with it, after Redo", SOON, |s| policy(s) == 1 && of_a_policy(s));
    assert_eq!(again.get("futures.ends"), clicked.get("futures.ends"), "the same policy has the same futures");
    desk.rest(1.0);
    desk.click("Reset UNIFIL strength");
    desk.until("futures without it, after its reset", SOON, |s| policy(s) == 0 && of_no_policy(s));
    desk.click_lever("UNIFIL strength", 0.95);
    desk.until("futures with it once more", SOON, |s| policy(s) == 1 && of_a_policy(s));
    desk.rest(1.0);
    desk.click("reset all");
    desk.until("futures without it, after reset all", SOON, |s| policy(s) == 0 && of_no_policy(s));
}

#[test]
fn a_lever_moved_by_the_keys_is_answered() {
    let mut desk = at_rest("lever-keys");
    desk.key("l");
    desk.rest(0.4);
    desk.write("UNIFIL str");
    let few = |s: &Screen| s.controls.iter().filter(|c| c.role == "Slider").count() < 5;
    desk.until("the search finds the lever", 3.0, |s| few(s) && s.find_role("Slider", "UNIFIL strength").is_some());
    for _ in 0..6 {
        desk.key("Tab");
        desk.rest(0.3);
        if desk.see().find_role("Slider", "UNIFIL strength").is_some_and(|c| c.focused) {
            break;
        }
    }
    for _ in 0..4 {
        desk.key("Right");
        desk.rest(0.15);
    }
    desk.until("futures of the lever", SOON, |s| policy(s) == 1 && of_a_policy(s));
}

#[test]
fn another_seed_and_other_parameters_are_answered_with_a_policy() {
    let mut desk = at_rest("lever-seed");
    desk.drag_lever("UNIFIL strength", 1.0);
    desk.rest(0.5);
    desk.click("Roll another seed");
    let rolled =
        desk.until("futures of another seed", SOON, |s| s.number("seed") > 7.5 && policy(s) == 1 && of_a_policy(s));
    desk.rest(1.0);
    desk.click("defaults");
    let ends = rolled.get("futures.ends").clone();
    let other = desk.until("futures with default parameters", SOON, |s| {
        of_a_policy(s) && *s.get("futures.ends") != ends && s.find("defaults").is_some_and(|c| c.on == Some(true))
    });
    assert!(other.says("your policy"));
}

#[test]
fn a_branch_has_its_own_futures_and_compare_those_of_both() {
    let mut desk = at_rest("lever-branch");
    for _ in 0..6 {
        desk.key("shift+Right");
    }
    desk.until("futures from day 42", SOON, |s| {
        s.number("day") == 42.0 && s.number("futures.from") == 42.0 && of_no_policy(s)
    });
    desk.rest(1.0);
    desk.key("b");
    desk.until("a branch", 3.0, |s| s.number("branches") == 2.0);
    desk.rest(1.0);
    desk.drag_lever("UNIFIL strength", 1.0);
    let here = desk.until("futures of the branch's lever", SOON, |s| policy(s) == 1 && of_a_policy(s));
    assert!(here.says("your policy"), "{}", here.panel());
    desk.rest(1.0);
    desk.click("Compare");
    let first = desk.until("futures of both branches", SOON, |s| {
        s.find("Compare").is_some_and(|c| c.on == Some(true)) && of_a_policy(s)
    });
    let ends = first.get("futures.ends").clone();
    desk.settle();
    // In Compare the levers have moved into the strip at the left.
    desk.click("Levers");
    desk.settle();
    desk.drag_lever("UNIFIL strength", 0.0);
    desk.until("futures of both, with B's lever as it is now", SOON, |s| {
        policy(s) == 1 && s.get("policy")[0][2] == 0.0 && of_a_policy(s) && *s.get("futures.ends") != ends
    });
    desk.rest(1.0);
    desk.key("ctrl+z");
    desk.until("futures of both, with B's lever as it was", SOON, |s| {
        s.get("policy")[0][2] == 15_000.0 && of_a_policy(s) && *s.get("futures.ends") == ends
    });
}

/// Whoever looks and does nothing costs nothing.
#[test]
fn a_window_at_rest_draws_nothing() {
    let mut desk = at_rest("lever-rest");
    desk.drag_lever("UNIFIL strength", 1.0);
    let _ = desk.within(4.0, of_a_policy);
    desk.rest(3.0);
    let before = desk.settle().number("frames.drawn");
    desk.rest(4.0);
    let after = desk.see().number("frames.drawn");
    // A word that goes away, or the session being kept, may take a picture each.
    assert!(after - before <= 3.0, "{} pictures in four seconds of rest", after - before);
}
