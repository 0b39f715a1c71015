//! The seminar of `docs/teaching.md`, played as it is written, on the screen of a projector. What the text promises is held
//! against what the screen holds; where the two do not agree, one of them is wrong.

use super::desk::{Desk, Screen};
use super::timeline::{Scale, surface};

/// The numbers of the text begin with this seed.
const SEED: &str = "80";

/// The text, and the desk on which it is played.
struct Lesson {
    desk: Desk,
    text: String,
    wrong: Vec<String>,
}

/// Who holds the levers that a ranking begins with.
const OWNERS: [&str; 3] = ["Israel: ", "Iran: ", "United States: "];

/// The answer that the lesson explains.
const ANSWER: &str = "Iran answers Israel with 167";

/// How long futures may take here, seconds; with 4,096 of them, so many times as long.
const PATIENCE: f64 = 20.0;

impl Lesson {
    /// The window as the text opens it, and the seed that it asks for.
    fn begin(test: &str) -> Self {
        let mut desk = Desk::new(test, 1280, 720);
        let screen = desk.open(&["--size", "1280x720"]);
        let text = TEXT.split_whitespace().collect::<Vec<_>>().join(" ");
        let lesson = Self { desk, text, wrong: Vec::new() };
        lesson.says("Set the seed to 80 (click the number beside *Seed*, type, `Enter`)");
        let Self { mut desk, text, wrong } = lesson;
        let seed = screen.find_like("Seed ").expect("the seed is in the top bar");
        desk.click_at(seed.at());
        let open = desk.until("a field for the seed", 3.0, |s| s.find_role("TextInput", "Seed").is_some());
        let field = open.find_role("TextInput", "Seed").unwrap();
        if !field.focused {
            desk.click_at(field.at());
        }
        desk.until("the field takes what is typed", 5.0, |s| {
            s.find_role("TextInput", "Seed").is_some_and(|c| c.focused)
        });
        desk.write(SEED);
        desk.rest(0.5);
        desk.key("Return");
        desk.until("the seed of the text", 5.0, |s| s.get("seed").as_u64() == SEED.parse().ok());
        Self { desk, text, wrong }
    }

    fn end(self) {
        let wrong = &self.wrong;
        assert!(wrong.is_empty(), "{} promises are not kept:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// The text says this.
    fn says(&self, sentence: &str) {
        assert!(
            self.text.contains(sentence),
            "docs/teaching.md says no more “{sentence}”: play it anew, and change this"
        );
    }

    fn expect(&mut self, what: &str, holds: bool) {
        println!("{} {what}", if holds { "ok:" } else { "WRONG:" });
        if !holds {
            self.wrong.push(what.to_owned());
        }
    }

    /// The text says this, and the panel at the right shows each of these words, scrolled to if need be.
    fn shows(&mut self, sentence: &str, words: &[&str]) {
        self.says(sentence);
        for word in words {
            let found = self.scroll_to(|screen| screen.panel().contains(word));
            self.expect(&format!("“{sentence}”: the panel shows “{word}”"), found.is_some());
        }
    }

    /// Scrolls the panel at the right from its top until it is so.
    fn scroll_to(&mut self, so: impl Fn(&Screen) -> bool) -> Option<Screen> {
        let screen = self.desk.see();
        if so(&screen) {
            return Some(screen);
        }
        let tab = screen.find("Futures").expect("the tabs").rect;
        self.desk.point((tab[0] + 180.0, tab[3] + 170.0));
        self.desk.wheel(-30);
        for _ in 0..8 {
            let screen = self.desk.settle();
            if so(&screen) {
                return Some(screen);
            }
            self.desk.wheel(3);
        }
        None
    }

    fn futures(&mut self, what: &str, policy: bool, from: f64, times: f64) {
        let so =
            |s: &Screen| s.futures_are_there() && s.is("futures.null") != policy && s.number("futures.from") == from;
        let came = self.desk.within(PATIENCE * times, so).is_ok();
        self.expect(&format!("futures {what} come by themselves"), came);
        if !came {
            // The rest of the lesson goes on, as a lecturer does who has found out that a step in time helps.
            self.desk.key("w");
            self.desk.key("f");
            let _ = self.desk.within(PATIENCE * times, so);
        }
        self.desk.settle();
    }

    /// The words in the row of a headline outcome, without its name.
    fn outcome(&mut self, name: &str) -> String {
        let row = |s: &Screen| s.right().iter().find(|t| t.text.trim() == name && !t.cut).map(|t| s.row(t));
        let at_once = row(&self.desk.see());
        self.expect(&format!("at 1280×720 the row “{name}” is in sight"), at_once.is_some());
        let found = at_once.or_else(|| self.scroll_to(|s| row(s).is_some()).and_then(|s| row(&s)));
        let words = found.unwrap_or_default();
        println!("   {words}");
        words.trim_start_matches(name).trim().to_owned()
    }

    /// To a day: typed in the top bar.
    fn go_to(&mut self, day: u32) {
        let button = self.desk.settle().find_like("Day ").map(super::desk::Control::at).expect("the day is a button");
        self.desk.click_at(button);
        let asked =
            self.desk.within(3.0, |s| s.find_role("TextInput", "Day to go to").is_some_and(|c| c.focused)).is_ok();
        self.expect("a click on the day asks for another", asked);
        self.desk.write(&day.to_string());
        self.desk.rest(0.5);
        self.desk.key("Return");
        let came = self.desk.within(6.0, |s| s.number("day") == f64::from(day)).is_ok();
        self.expect(&format!("the playhead goes to day {day}"), came);
    }

    /// To a day: dragged, and the last days by the arrow keys.
    fn drag_to(&mut self, day: u32) {
        let screen = self.desk.settle();
        let (whole, scale) = (surface(&screen), Scale::read(&screen));
        let (from, y) = (scale.x(screen.number("day")), whole.rect[1] + 12.0 * screen.scale);
        self.desk.point((from, y));
        self.desk.rest(0.2);
        self.desk.press();
        self.desk.point((scale.x(f64::from(day)), y));
        self.desk.rest(0.4);
        self.desk.release();
        let now = self.desk.settle().number("day");
        let away = f64::from(day) - now;
        self.expect(&format!("the playhead is dragged to day {day} or next to it (day {now})"), away.abs() <= 3.0);
        let key = if away > 0.0 { "Right" } else { "Left" };
        for _ in 0..(away.abs() as u32).min(40) {
            self.desk.key(key);
        }
        let came = self.desk.within(4.0, |s| s.number("day") == f64::from(day)).is_ok();
        self.expect(&format!("the arrow keys bring it to day {day}"), came);
    }
}

const TEXT: &str = include_str!("../../docs/teaching.md");

/// The cells of the text's table of experiments: a card, then what it does to three outcomes.
fn cards() -> Vec<Vec<String>> {
    let rows = TEXT.lines().skip_while(|line| !line.starts_with("| Card |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn the_first_twenty_minutes_as_they_are_written() {
    let mut lesson = Lesson::begin("lesson-first");
    look(&mut lesson);
    experiments(&mut lesson);
    luck(&mut lesson);
    lesson.end();
}

#[test]
fn why_and_compare_as_they_are_written() {
    let mut lesson = Lesson::begin("lesson-then");
    why(&mut lesson);
    compare(&mut lesson);
    afterwards(&mut lesson);
    lesson.end();
}

fn look(lesson: &mut Lesson) {
    lesson.futures("of the first day", false, 0.0, 1.0);
    lesson.says("Press `Space`, let thirty days pass, press `Space` again");
    let desk = &mut lesson.desk;
    desk.key("space");
    desk.until("thirty days pass", 40.0, |s| s.number("day") >= 30.0);
    desk.key("space");
    desk.until("they stop", 3.0, |s| !s.is("playing"));
    desk.settle();
    desk.key("k");
    desk.until("the key of the map", 3.0, |s| s.text("Key").is_some());
    desk.key("k");
    desk.until("the key is away", 3.0, |s| s.text("Key").is_none());
    desk.key("Home");
    desk.until("the first day", 3.0, |s| s.number("day") == 0.0);
}

fn experiments(lesson: &mut Lesson) {
    let cards = cards();
    assert_eq!(cards.len(), 3, "{cards:?}");
    for cells in cards {
        let name = cells[0].split(" (").next().unwrap().to_owned();
        lesson.desk.click(&name);
        lesson.desk.rest(2.0);
        lesson.desk.key("space");
        let stopped = lesson.desk.within(3.0, |s| !s.is("playing")).is_ok();
        lesson.expect("Space stops the days that a card lets pass", stopped);
        lesson.desk.key("Home");
        lesson.futures(&format!("of “{name}”"), true, 0.0, 1.0);
        for (outcome, cell) in ["Regional war", "Piecemeal truce", "Unsettled war"].iter().zip(&cells[1..4]) {
            let shown = lesson.outcome(outcome);
            lesson.expect(
                &format!("{name}: the text gives {outcome} as “{cell}”, the window as “{shown}”"),
                shown.ends_with(cell.as_str()),
            );
        }
        lesson.desk.key("ctrl+z");
        let back = lesson.desk.within(3.0, |s| s.get("policy").as_array().unwrap().is_empty()).is_ok();
        lesson.expect("Ctrl Z takes a card's levers back in one step", back);
        lesson.desk.key("Home");
        lesson.futures("of no policy", false, 0.0, 1.0);
    }
}

fn luck(lesson: &mut Lesson) {
    lesson.desk.click("Send 5,000 more UNIFIL troops");
    lesson.desk.rest(2.0);
    lesson.desk.key("space");
    lesson.desk.key("Home");
    lesson.desk.click("defaults");
    lesson.futures("with parameters at their defaults", true, 0.0, 1.0);
    lesson.says("regional war comes in 19 % of futures and not in 28 %, piecemeal truces in 75 % and not in 61 %");
    let war = lesson.outcome("Regional war");
    lesson.expect(&format!("regional war at the defaults: “{war}”"), war.starts_with("19 %"));
    lesson.says("of the effect nothing can be seen, as before");
    let shown = lesson.outcome("Piecemeal truce");
    lesson.expect(&format!("truces at the defaults: “{shown}”"), shown == "75 % not detectable (0 to +3)");
    lesson.says("click the words “256 futures” and choose 4,096");
    lesson.desk.click("256 futures");
    lesson.desk.settle();
    lesson.desk.click("4096");
    lesson.desk.key("Escape");
    // Those of before are there until the first of these come.
    let all = lesson.desk.within(30.0, |s| s.number("futures.asked") == 4096.0 && s.futures_are_there()).is_ok();
    lesson.expect("all 4,096 come", all);
    lesson.futures("4,096 of them", true, 0.0, 12.0);
    lesson.says("choose 4,096: +1.2 points (+0.9 to +1.5)");
    let shown = lesson.outcome("Piecemeal truce");
    lesson.expect(&format!("with 4,096 futures: “{shown}”"), shown.ends_with("+1.2 (+0.9 to +1.5)"));
    lesson.says("Then go back to 256 futures and to *from ranges*");
    lesson.desk.click("4096 futures");
    lesson.desk.settle();
    lesson.desk.click("256");
    lesson.desk.key("Escape");
    lesson.desk.click("from ranges");
    lesson.futures("as they were", true, 0.0, 1.0);
    lesson.desk.key("ctrl+z");
    lesson.desk.key("Home");
    lesson.futures("of no policy", false, 0.0, 1.0);
}

fn why(lesson: &mut Lesson) {
    lesson.says("play to 8 March 2025 (day 120");
    lesson.go_to(120);
    let screen = lesson.desk.settle();
    lesson.expect("day 120 is 8 March 2025", screen.says("8 Mar 2025"));
    lesson.says(
        "On 20 February 2025 Iran fires 167 missiles at Israel: a small triangle in the timeline's row of events.",
    );
    let y = screen.text("Events").expect("a row of events").at().1;
    lesson.desk.click_at((Scale::read(&screen).x(104.5), y));
    // Where marks stand together, a list asks which is meant; the log below the panel has all of them.
    lesson.says("or choose it from the list where marks stand together");
    let opened = |s: &Screen| s.panel().contains("event d104e2");
    let named = |s: &Screen| s.controls.iter().find(|c| c.name.contains(ANSWER) && c.shown.is_some()).cloned();
    let answered = lesson.desk.within(3.0, |s| opened(s) || named(s).is_some());
    lesson.expect("a click on the triangle opens Why, or asks which event of that day", answered.is_ok());
    if !answered.is_ok_and(|s| opened(&s)) {
        if named(&lesson.desk.see()).is_none() {
            lesson.says("or press `W` and click day 104 in the list below");
            lesson.desk.key("w");
        }
        match named(&lesson.desk.settle()) {
            Some(entry) => lesson.desk.click_at(entry.at()),
            None => lesson.expect("day 104 is in the list of events", false),
        }
        let came = lesson.desk.within(5.0, opened).is_ok();
        lesson.expect("a click in the list opens it in Why", came);
    }
    lesson.desk.settle();
    lesson.shows("fires 167 missiles at Israel", &["167"]);
    lesson.shows("The chance that day was 0.82 %, the draw 0.41 %", &["0.82 %", "0.41 %"]);
    lesson.shows("With the partner shield intact the chance would have been 3.6 %", &["3.6 %"]);
    lesson.shows("The chain leads to 26 January (event d79e1), a strike in Tehran", &["Tehran", "event d79e1"]);
    lesson.shows("wrote 2.56 blows into Iran's ledger; 2.33 were left", &["2.56", "2.33"]);
    lesson.shows("Without it the chance is 0.06 %", &["0.06 %"]);
    lesson.shows("Harm from before the war's first day here stood at 2.60 blows", &["2.60", "1.74", "0.14 %"]);
}

fn compare(lesson: &mut Lesson) {
    lesson.says("Drag the playhead back to day 70 (the arrow keys move it by single days) and press `B`");
    lesson.desk.key("f");
    lesson.drag_to(70);
    lesson.desk.key("b");
    let forked = lesson.desk.within(3.0, |s| s.number("branches") == 2.0).is_ok();
    lesson.expect("B begins a branch", forked);
    lesson.says("set *Leadership-strike rate* to 0");
    lesson.desk.drag_lever("Leadership-strike rate", 0.0);
    lesson.desk.within(3.0, |s| s.get("policy")[0][2] == 0.0).expect("the rate stands at 0");
    lesson.go_to(365);
    lesson.desk.key("c");
    lesson.desk.settle();
    lesson.shows("10,447 are killed instead of 10,508", &["10,508", "10,447"]);
    rename(lesson);
    first_branch(lesson);
    lesson.go_to(70);
    lesson.desk.key("f");
    lesson.desk.drag_lever("Leadership-strike rate", 0.0);
    lesson.futures("from day 70 with the moratorium", true, 70.0, 1.0);
    lesson.says("lowers the share of regional war by day 250 by 6 points (−9 to −4)");
    let shown = lesson.outcome("Regional war");
    lesson.expect(&format!("the moratorium from day 70: “{shown}”"), shown.ends_with("−6 (−9 to −4)"));
    lesson.desk.click("Rank levers");
    // The places at the top settle long before the last pairs are run.
    let ranked = lesson.desk.within(5.0, |s| s.says("What moves the needle")).is_ok();
    lesson.expect("Rank levers shows what moves the needle", ranked);
    let _ = lesson.desk.within(60.0, |s| s.says("futures run."));
    lesson.says("from day 70, with the moratorium standing, the rate of leadership strikes itself (back up to 3) and how far Iran answers");
    let screen = lesson.desk.see();
    let named = screen.right().into_iter().filter(|t| OWNERS.iter().any(|owner| t.text.starts_with(owner)));
    let mut named: Vec<_> = named.collect();
    named.sort_by(|a, b| a.rect[1].total_cmp(&b.rect[1]));
    let top: Vec<&str> = named.iter().take(2).map(|t| t.text.as_str()).collect();
    lesson.expect(
        &format!("the first levers of the ranking are {top:?}"),
        top == ["Israel: Leadership-strike rate", "Iran: Proportionality of answers"],
    );
    lesson.desk.click("To the fan");
    lesson.says("A branch in which nothing was moved shows exactly zero everywhere");
    lesson.desk.key("b");
    lesson.desk.rest(0.5);
    lesson.desk.key("c");
    let same = lesson.desk.within(10.0, |s| s.panel().contains("They do not part")).is_ok();
    lesson.expect("a branch without a move does not part from its parent", same);
    lesson.desk.key("f");
}

/// A click on the branch's name in Compare, and the new name typed in place of the old.
fn rename(lesson: &mut Lesson) {
    lesson.says("a click on the branch's name there lets you call it “moratorium”");
    // Back at the top of the panel, where the names are.
    lesson.desk.wheel(-40);
    lesson.desk.settle();
    lesson.desk.click("Branch 1");
    lesson.desk.rest(0.4);
    lesson.desk.write("moratorium");
    lesson.desk.key("Return");
    let screen = lesson.desk.settle();
    let named = screen.controls.iter().any(|c| c.name == "moratorium");
    lesson.expect("the branch is called moratorium, and nothing else", named);
}

fn first_branch(lesson: &mut Lesson) {
    lesson.says("Go back to the first branch (click its name in the timeline)");
    let screen = lesson.desk.settle();
    let Some(name) = screen.find_like("Branch As it stands").cloned() else {
        lesson.expect("the first branch has its name in the timeline", false);
        return;
    };
    lesson.desk.click_at(name.at());
    let shown = lesson.desk.within(3.0, |s| s.number("branch") == 0.0).is_ok();
    lesson.expect("a click on its name shows the first branch", shown);
}

fn afterwards(lesson: &mut Lesson) {
    lesson.says("`Ctrl` `S` opens the window in which a session is saved");
    lesson.desk.key("ctrl+s");
    let open = lesson.desk.within(3.0, |s| s.find("Close (Esc)").is_some()).is_ok();
    lesson.expect("Ctrl S opens the window in which a session is saved", open);
    lesson.desk.key("Escape");
}

/// The text's second question is about an event of the first history.
#[test]
fn what_the_text_tells_of_its_history_is_so() {
    use detente::record::explain::explain;
    use detente::session::Sitting;
    let text = TEXT.split_whitespace().collect::<Vec<_>>().join(" ");
    let says = |sentence: &str| assert!(text.contains(sentence), "the text says no more “{sentence}”");
    let mut sitting = Sitting::new(detente::scenario::load("november-2024").unwrap(), SEED.parse().unwrap());
    sitting.go_to(365);
    let why = |id: &str| explain(&sitting.rules, sitting.fate(), &[], id.parse().unwrap()).unwrap();
    says("A truce collapses after 8 days (event d30e2, Gaza; chance that day 1.3 %, drawn 0.40 %)");
    let told = why("30.2");
    assert!(told.sentence.contains("Truce in Gaza collapses after 8 days"), "{}", told.sentence);
    let near = |value: Option<f64>, percent: f64, half: f64| (value.unwrap() * 100.0 - percent).abs() <= half;
    assert!(near(told.chance, 1.3, 0.05) && near(told.draw, 0.40, 0.005), "{:?} {:?}", told.chance, told.draw);
    says("about nineteen in twenty: 1 − 0.992³⁶⁵ ≈ 95 %");
    let year = 1.0 - libm::pow(1.0 - why("104.2").chance.unwrap(), 365.0);
    assert!((0.94..0.96).contains(&year), "{year}");
}
