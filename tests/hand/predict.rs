//! Predict before reveal with a real pointer and real keys: the mark on the chart is dragged, a chance is typed, and only then is
//! there anything to be seen.

use super::desk::{Desk, Screen};

const SOON: f64 = 20.0;

/// What would tell of the policy.
const TELLS: [&str; 4] = ["ifference", "yours ", "detectable", "in every pair"];

fn covered(screen: &Screen) {
    let panel = screen.panel();
    assert!(TELLS.iter().all(|word| !panel.contains(word)), "the panel tells of what is covered: {panel}");
    let named = screen.controls.iter().find(|c| c.name.contains("your policy: "));
    assert!(named.is_none(), "a screen reader is told of it: {named:?}");
}

#[test]
fn a_guess_is_dragged_and_typed_before_anything_is_seen() {
    let mut desk = Desk::new("predict", 1440, 900);
    desk.open(&["--seed", "80"]);
    desk.until("the first futures have come", SOON, Screen::futures_are_there);
    desk.click("Predict first");
    desk.until("the switch is on", 5.0, |s| s.is("predict"));
    desk.drag_lever("UNIFIL strength", 1.0);
    desk.until("futures of the lever", SOON, |s| s.futures_are_there() && !s.is("futures.null"));
    desk.rest(1.0);
    let screen = desk.settle();
    assert!(screen.is("covered"));
    covered(&screen);
    // The mark at the right edge of the chart, up.
    let mark = screen.text("your guess?").unwrap_or_else(|| panic!("no mark to drag: {}", screen.panel())).at();
    let from = (mark.0 - 45.0, mark.1);
    desk.point(from);
    desk.rest(0.2);
    desk.press();
    desk.rest(0.2);
    desk.point((from.0, from.1 - 40.0));
    desk.rest(0.3);
    desk.release();
    let screen = desk.until("the mark says what it stands for", 5.0, |s| s.says("guess +"));
    covered(&screen);
    desk.click("Guess the change");
    desk.until("the guess is in", 5.0, |s| s.number("guesses") as i32 == 1);
    desk.click("Chance of a regional war under your policy, percent");
    desk.rest(0.4);
    desk.write("20");
    desk.key("Return");
    desk.until("so is the chance", 5.0, |s| s.number("guesses") as i32 == 2);
    covered(&desk.settle());
    desk.click("Reveal (R)");
    let screen = desk.until("all is scored", SOON, |s| s.number("scored") as i32 == 2);
    assert!(!screen.is("covered"));
    let screen = desk.settle();
    assert!(screen.says("yours ") && screen.says("What was guessed") && screen.says("Brier"), "{}", screen.panel());
}
