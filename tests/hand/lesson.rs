//! The seminar of `docs/teaching.md`, played as it is written, on the projector's screen that the text is written for. What
//! the text promises is held against what the screen holds.

use super::desk::{Desk, Screen};

/// The text, on one line.
fn text() -> String {
    let text = include_str!("../../docs/teaching.md");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lesson: the text, the desk, and what did not agree.
struct Lesson {
    desk: Desk,
    text: String,
    wrong: Vec<String>,
}

impl Lesson {
    /// The text says this, and the screen says that.
    fn promised(&mut self, screen: &Screen, sentence: &str, shown: &[&str]) {
        assert!(self.text.contains(sentence), "docs/teaching.md no longer says “{sentence}”: change this test with it");
        let reading = screen.reading();
        for words in shown {
            if !reading.contains(words) {
                self.wrong.push(format!("the text says “{sentence}”; the screen does not show “{words}”"));
            }
        }
    }

    fn note(&mut self, fault: String) {
        self.wrong.push(fault);
    }
}

#[test]
fn explore() {
    let mut desk = Desk::new("lesson", 1280, 720);
    desk.open(&["--size", "1280x720", "--seed", "80"]);
    desk.until("futures", 30.0, Screen::futures_are_there);
    let s = desk.settle();
    println!("START {}", s.reading());
    for c in &s.controls {
        println!("  {} `{}` {:?} {:?} {:?} {:?}", c.role, c.name, c.value, c.rect, c.shown.is_some(), c.on);
    }
    for card in ["Send 5,000 more UNIFIL troops", "Offer one collective deal", "Sign the Saudi–Houthi roadmap"] {
        desk.click(card);
        desk.rest(1.0);
        desk.key("space");
        desk.key("Home");
        let _ =
            desk.within(15.0, |s| s.futures_are_there() && !s.is("futures.null") && s.number("futures.from") == 0.0);
        let s = desk.settle();
        println!("CARD {card}: {}\n{}", s.state, s.reading());
        for r in ["Regional war", "Piecemeal truce", "Frozen war", "Collective deal"] {
            for t in s.texts.iter().filter(|t| t.text == r) {
                println!("   row {r}: {} cut {}", s.row(t), t.cut);
            }
        }
        desk.keep_evidence_as(&format!("lesson-{card}"));
        desk.key("ctrl+z");
        desk.key("Home");
        desk.settle();
    }
}
