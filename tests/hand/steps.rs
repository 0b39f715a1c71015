//! A lesson as a lecturer gives it: opened by its name, walked by the keys that a presenter's remote sends, its notes put away.

use super::desk::Desk;

const SOON: f64 = 20.0;

#[test]
fn a_lesson_is_walked_by_a_remote_and_its_notes_are_hidden() {
    let mut desk = Desk::new("steps", 1280, 720);
    desk.open(&["--lesson", "deterrence-or-spiral"]);
    let at = |step: i32| move |s: &super::desk::Screen| s.number("step") as i32 == step;
    let screen = desk.until("its first step", SOON, |s| at(1)(s) && s.number("day") as i32 == 110);
    assert!(!screen.is("drawn") && screen.number("seed") as i32 == 80);
    assert!(screen.says("1 of 9") && screen.says("One exchange"), "the strip does not say where it is");
    assert!(screen.says("Read aloud why Iran fires at Israel"), "no notes");
    desk.key("Next");
    desk.until("the second", SOON, at(2));
    desk.key("Next");
    desk.until("the third, on a branch of its own", SOON, |s| at(3)(s) && s.number("branch") as i32 == 1);
    desk.click("Notes");
    let screen = desk.until("no notes any more", 5.0, |s| !s.says("The difference is paired"));
    assert!(screen.says("3 of 9"), "the strip stays");
    desk.key("Prior");
    desk.until("back", SOON, |s| at(2)(s) && s.number("branch") as i32 == 0);
}
