//! Somebody who does anything at all: clicks, drags, turns the wheel, presses keys and types words without sense. The window goes on,
//! and answers what makes sense afterwards.

use super::desk::{Desk, Screen};

const KEYS: [&str; 34] = [
    "space",
    "Left",
    "Right",
    "shift+Right",
    "Home",
    "End",
    "b",
    "c",
    "f",
    "w",
    "i",
    "k",
    "l",
    "plus",
    "minus",
    "0",
    "t",
    "ctrl+z",
    "ctrl+shift+z",
    "ctrl+s",
    "Escape",
    "Tab",
    "Return",
    "question",
    "r",
    "s",
    "Delete",
    "Page_Down",
    "Up",
    "Down",
    "ctrl+plus",
    "ctrl+minus",
    "shift+Tab",
    "ctrl+f",
];
const WORDS: [&str; 7] = ["80", "365", "abc", "2025-02-01", "4 -5", "99999999999", "שלום"];

/// The same sense of nothing each time: a counter through the finaliser of SplitMix64.
struct Whim(u64);

impl Whim {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn place(&mut self) -> (f64, f64) {
        (2.0 + self.below(1276) as f64, 2.0 + self.below(716) as f64)
    }
}

#[test]
fn whoever_does_anything_at_all_harms_nothing() {
    let mut desk = Desk::new("anything", 1280, 720);
    desk.open(&["--seed", "80"]);
    let mut whim = Whim(10);
    for _ in 0..160 {
        match whim.below(20) {
            0..9 => {
                desk.point(whim.place());
                desk.click_here();
            }
            9..12 => {
                desk.point(whim.place());
                desk.press();
                desk.point(whim.place());
                desk.release();
            }
            12..14 => {
                desk.point(whim.place());
                let (clicks, way) = (1 + whim.below(7) as i32, [-1, 1][whim.below(2)]);
                desk.wheel(clicks * way);
            }
            14 => desk.write(WORDS[whim.below(WORDS.len())]),
            _ => desk.key(KEYS[whim.below(KEYS.len())]),
        }
    }
    // Looking finds out whether it has closed. What is open is put away, what runs is left to end.
    for _ in 0..6 {
        desk.key("Escape");
        desk.rest(0.2);
    }
    if desk.see().is("playing") {
        desk.point((640.0, 300.0));
        desk.key("space");
    }
    desk.until("the futures of whatever stands", 90.0, |s: &Screen| !s.is("playing") && !s.is("futures.running"));
    let longest = desk.settle().number("frames.longest_work");
    println!("the longest work of a frame: {longest:.3} s");
    assert!(longest < 0.25, "a frame's own work took {longest} s");
}
