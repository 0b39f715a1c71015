//! The panel of futures says what it shows: how many came, of which policy, and what a ranking is of.

use super::desk::{Desk, Screen};

const SOON: f64 = 15.0;

fn at_rest(test: &str) -> Desk {
    let mut desk = Desk::new(test, 1440, 900);
    desk.open(&["--seed", "7"]);
    desk.until("the first futures have come", 20.0, Screen::futures_are_there);
    desk.settle();
    desk
}

/// Opens the menu of how many futures there are, and chooses.
fn choose(desk: &mut Desk, number: &str) {
    let menu = desk.see().controls.iter().find(|c| c.name.ends_with(" futures") && c.role == "Button").cloned();
    desk.click_at(menu.expect("a menu of how many futures").at());
    desk.settle();
    desk.click(number);
    desk.key("Escape");
}

#[test]
fn a_set_that_is_cancelled_says_how_many_came() {
    let mut desk = at_rest("futures-cancel");
    choose(&mut desk, "4096");
    desk.until("4,096 futures are on their way", SOON, |s| {
        s.is("futures.running") && s.number("futures.baseline") >= 64.0 && s.find("Cancel").is_some()
    });
    desk.click("Cancel");
    let screen = desk.until("they are stopped", 4.0, |s| !s.is("futures.running"));
    let come = screen.number("futures.baseline").min(screen.number("futures.policy"));
    assert!(come < 4096.0, "they had all come before the hand was there");
    desk.rest(1.0);
    let screen = desk.settle();
    assert!(screen.says(&format!("cancelled at {come} of 4096")), "{come} came; the panel says: {}", screen.panel());
    assert!(!screen.says("4096 futures") && !screen.says("done in"), "{}", screen.panel());
}

#[test]
fn a_ranking_says_so_when_a_lever_has_moved_since() {
    let mut desk = at_rest("futures-rank");
    desk.click("Rank levers");
    desk.until("the ranking is on its way", 5.0, |s| s.says("What moves the needle"));
    // Whether it is done by then or not, the next move makes it one of before.
    let _ = desk.within(20.0, |s| s.says("futures run."));
    desk.drag_lever("UNIFIL strength", 1.0);
    desk.rest(2.5);
    let screen = desk.see();
    assert!(
        screen.says("Of before") || !screen.says("What moves the needle"),
        "the ranking is of before the lever was moved, and does not say so: {}",
        screen.panel()
    );
}

/// Two policies one after the other, with as few futures as come at once: each is drawn as itself.
#[test]
fn the_fan_is_that_of_the_policy_that_stands() {
    let mut desk = at_rest("futures-fan");
    choose(&mut desk, "64");
    desk.until("64 futures", SOON, |s| s.futures_are_there() && s.number("futures.asked") == 64.0);
    let mut drawn = Vec::new();
    for share in [1.0, 0.0, 1.0] {
        desk.drag_lever("UNIFIL strength", share);
        desk.until("futures of the lever", SOON, |s| s.futures_are_there() && !s.is("futures.null"));
        desk.rest(1.5);
        drawn.push(mean(&desk.settle()));
    }
    assert_eq!(drawn[0], drawn[2], "the same policy is drawn in two ways");
    assert_ne!(drawn[0], drawn[1], "two policies are drawn as one");
}

/// The sentence under the fan.
fn mean(screen: &Screen) -> String {
    let panel = screen.panel();
    let from = panel.find(" 90 %: ").unwrap_or_else(|| panic!("no difference is told: {panel}"));
    panel[from..].chars().take(24).collect()
}
