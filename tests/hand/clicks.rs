//! A click is a click, however long the pointer has rested on what it clicks: people read a tooltip first, or talk.

use super::desk::{Desk, Point, Screen};
use super::timeline::{Scale, surface};

/// How long the pointer rests before the click, seconds. A tooltip comes after half a second; a window that draws nothing
/// meanwhile must still know how late it is.
const RESTS: [f64; 3] = [0.3, 1.5, 5.0];

/// How soon a click has to be answered, seconds.
const SOON: f64 = 5.0;

/// Points, rests, clicks without moving, and says what was not answered.
struct Clicks {
    desk: Desk,
    lost: Vec<String>,
}

impl Clicks {
    fn at(&mut self, what: &str, at: Point, answered: impl Fn(&Screen) -> bool, back: impl Fn(&mut Desk)) {
        for rest in RESTS {
            self.once(what, at, rest, &answered);
            back(&mut self.desk);
            self.desk.settle();
        }
    }

    fn once(&mut self, what: &str, at: Point, rest: f64, answered: impl Fn(&Screen) -> bool) {
        self.desk.point(at);
        self.desk.rest(rest);
        self.desk.click_here();
        if self.desk.within(SOON, answered).is_err() {
            self.lost.push(format!("a click on {what} after {rest} s of rest"));
        }
    }

    fn done(self) {
        // The desk goes first where nothing is wrong; a picture is of use only otherwise.
        assert!(self.lost.is_empty(), "lost:\n{}", self.lost.join("\n"));
    }
}

fn session_with_a_policy(desk: &Desk) -> String {
    use detente::session::{Sitting, file::Saved};
    use detente::symbols::levers::Lever;
    let mut sitting = Sitting::new(detente::scenario::load("november-2024").unwrap(), 7);
    sitting.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
    sitting.end_step();
    sitting.go_to(100);
    std::fs::write(desk.folder().join("policy.detente"), Saved::of(&sitting).to_text()).unwrap();
    "policy.detente".to_owned()
}

fn open(test: &str) -> Clicks {
    let mut desk = Desk::new(test, 1440, 900);
    let session = session_with_a_policy(&desk);
    desk.open(&[&session]);
    desk.until("futures", 30.0, Screen::futures_are_there);
    desk.settle();
    Clicks { desk, lost: Vec::new() }
}

#[test]
fn play_and_pause_after_any_rest_also_without_moving_between() {
    let mut clicks = open("clicks-play");
    let at = clicks.desk.control("Play").at();
    for rest in RESTS {
        clicks.once("Play", at, rest, |s| s.is("playing"));
        clicks.desk.rest(rest);
        clicks.desk.click_here();
        if clicks.desk.within(SOON, |s| !s.is("playing")).is_err() {
            clicks.lost.push(format!("a second click on Play, {rest} s after the first, without moving"));
        }
        clicks.desk.settle();
    }
    clicks.done();
}

#[test]
fn tabs_segments_and_fields_after_any_rest() {
    let mut clicks = open("clicks-panels");
    let tab = |screen: &Screen, name: &str| screen.find(name).is_some_and(|c| c.on == Some(true));
    let at = clicks.desk.control("Why").at();
    clicks.at("the tab Why", at, |s| tab(s, "Why"), |desk| desk.key("f"));
    let at = clicks.desk.control("defaults").at();
    let ranges = clicks.desk.control("from ranges").at();
    clicks.at(
        "defaults",
        at,
        |s| tab(s, "defaults"),
        |desk| {
            desk.click_at(ranges);
            desk.until("parameters from ranges", 5.0, |s| tab(s, "from ranges"));
            let _ = desk.within(15.0, Screen::futures_are_there);
        },
    );
    let at = clicks.desk.control("Search levers").at();
    clicks.at(
        "the search box",
        at,
        |s| s.find("Search levers").is_some_and(|c| c.focused),
        |desk| {
            let map = desk.control("Map of the region").along(0.5);
            desk.point(map);
            desk.key("Tab");
            desk.rest(0.2);
        },
    );
    clicks.done();
}

#[test]
fn a_levers_reset_and_an_icon_after_any_rest() {
    let mut clicks = open("clicks-reset");
    let at = clicks.desk.control("Reset UNIFIL strength").at();
    // A lever that was moved a hundred days ago is taken back from today on.
    let before = clicks.desk.see().get("policy").clone();
    clicks.at(
        "a lever's reset",
        at,
        |s| *s.get("policy") != before,
        |desk| {
            desk.key("ctrl+z");
            let _ = desk.within(5.0, |s| s.find("Reset UNIFIL strength").is_some());
        },
    );
    let at = clicks.desk.control("Dark").at();
    clicks.at("the icon for a dark ground", at, |s| s.find("Light").is_some(), |desk| desk.key("t"));
    clicks.done();
}

#[test]
fn ticks_tracks_and_headers_after_any_rest() {
    let mut clicks = open("clicks-ticks");
    let ticked = |s: &Screen| s.find_role("CheckBox", "Predict first").is_some_and(|c| c.on == Some(true));
    let at = clicks.desk.control("Predict first").at();
    clicks.at("a tick", at, ticked, move |desk| {
        desk.click_at(at);
        desk.until("the tick is gone", 5.0, |s| !ticked(s));
    });
    // The groups of levers: a click opens one, another shuts it.
    let header = |s: &Screen| s.find_like("Palestinians").cloned().expect("a group of levers");
    let at = header(&clicks.desk.see()).at();
    clicks.at(
        "a group of levers",
        at,
        |s| header(s).on == Some(true),
        move |desk| {
            let at = header(&desk.settle()).at();
            desk.click_at(at);
            desk.until("the group is shut", 5.0, |s| header(s).on == Some(false));
        },
    );
    let before = clicks.desk.see().get("policy").clone();
    let at = clicks.desk.lever("UNIFIL rules").along(0.9);
    clicks.at(
        "the track of a lever",
        at,
        |s| *s.get("policy") != before,
        |desk| {
            desk.point(at);
            desk.key("ctrl+z");
            desk.until("the lever is back", 5.0, |s| *s.get("policy") == before);
        },
    );
    clicks.done();
}

#[test]
fn numbers_cells_and_buttons_of_the_map_after_any_rest() {
    let mut clicks = open("clicks-numbers");
    let typing = |s: &Screen| s.controls.iter().any(|c| c.role == "TextInput" && c.focused);
    for name in ["Seed 7", "Day 100"] {
        let at = clicks.desk.control(name).at();
        clicks.at(name, at, typing, |desk| {
            desk.key("Escape");
            desk.until("the field is gone", 5.0, |s| !typing(s));
        });
    }
    let speed = |s: &Screen, name: &str| s.find(name).is_some_and(|c| c.on == Some(true));
    let (seven, three) = (clicks.desk.control("7 days a second").at(), clicks.desk.control("3 days a second").at());
    clicks.at("a speed", seven, |s| speed(s, "7 days a second"), move |desk| desk.click_at(three));
    let at = clicks.desk.control("256 futures").at();
    clicks.at("the number of futures", at, |s| s.says("How many"), |desk| desk.key("Escape"));
    let at = clicks.desk.control("Explain the signs").at();
    clicks.at(
        "a button of the map",
        at,
        |s| s.says("Key"),
        |desk| {
            desk.key("k");
            desk.until("the key is away", 5.0, |s| !s.says("Armed group"));
        },
    );
    let shown = |s: &Screen| s.find("Close the map of South Lebanon").is_some();
    let at = clicks.desk.control("Close the map of South Lebanon").at();
    clicks.at(
        "the cross of an inset",
        at,
        |s| !shown(s),
        |desk| {
            desk.key("0");
            desk.until("the inset is back", 5.0, shown);
        },
    );
    clicks.done();
}

#[test]
fn rows_of_lists_and_branches_after_any_rest() {
    let mut clicks = open("clicks-rows");
    clicks.desk.key("b");
    clicks.desk.until("a branch", 5.0, |s| s.number("branches") == 2.0);
    let shown = |s: &Screen, name: &str| s.find(name).is_some_and(|c| c.on == Some(true));
    let first = clicks.desk.settle().find("Branch As it stands").expect("the first branch is named").at();
    let own = clicks.desk.control("Branch Branch 1").at();
    clicks.at("a branch in the timeline", first, |s| shown(s, "Branch As it stands"), move |desk| desk.click_at(own));
    clicks.desk.key("w");
    let screen = clicks.desk.settle();
    // A row of the log goes to its evening.
    let log = screen.text("Events").map(|_| screen.right()).unwrap_or_default();
    let row = log.iter().filter(|line| line.text.trim().starts_with('d') && line.text.trim()[1..].contains('e'));
    let row = row.map(|line| line.at()).next_back().expect("a row of the log");
    clicks.at(
        "a row of the log",
        (row.0 + 60.0, row.1),
        |s| s.number("day") < 100.0,
        |desk| {
            desk.key("End");
            desk.until("the last day", 5.0, |s| s.number("day") == 100.0);
        },
    );
    clicks.done();
}

#[test]
fn menus_and_their_items_after_any_rest() {
    let mut clicks = open("clicks-menus");
    let at = clicks.desk.control("Scenario November 2024").at();
    clicks.at("the menu of scenarios", at, |s| s.says("Start from a scenario"), |desk| desk.key("Escape"));
    // The menu of what is charted: open it, rest on an item, and click that.
    let chart = |s: &Screen| s.controls.iter().find(|c| c.role == "ComboBox" && c.rect[0] > 900.0).cloned();
    for rest in RESTS {
        let combo = chart(&clicks.desk.see()).expect("a menu of what is charted");
        clicks.once("the menu of what is charted", combo.at(), rest, |s| items(s).len() > 5);
        let screen = clicks.desk.settle();
        let Some(item) = items(&screen).get(3).cloned() else {
            continue;
        };
        clicks.once("an item of that menu", item.1, rest, |s| {
            chart(s).is_some_and(|c| item.0 != combo.name && shows(&c, &item.0))
        });
        clicks.desk.key("Escape");
        clicks.desk.settle();
    }
    clicks.done();
}

fn shows(combo: &super::desk::Control, item: &str) -> bool {
    combo.name.contains(item) || combo.value.as_deref().is_some_and(|value| value.contains(item))
}

/// Names and places of the items of an open menu of what is charted.
fn items(screen: &Screen) -> Vec<(String, Point)> {
    let list = screen.controls.iter().filter(|c| c.name.contains(", ") && c.on == Some(false) && c.rect[0] > 900.0);
    list.filter(|c| c.shown.is_some()).map(|c| (c.name.clone(), c.at())).collect()
}

#[test]
fn dialogs_after_any_rest() {
    let mut clicks = open("clicks-dialogs");
    let at = clicks.desk.control("Help and keys (?)").at();
    clicks.at("the button of a window", at, |s| s.find("Close (Esc)").is_some(), |desk| desk.key("Escape"));
    for rest in RESTS {
        clicks.desk.key("question");
        let close = clicks.desk.control("Close (Esc)").at();
        clicks.once("the button that closes a window", close, rest, |s| s.find("Close (Esc)").is_none());
        clicks.desk.key("Escape");
        clicks.desk.settle();
    }
    for rest in RESTS {
        clicks.desk.key("ctrl+s");
        // A window finds its place in its second picture.
        clicks.desk.settle();
        let at = clicks.desk.control("Copy link").at();
        clicks.once("Copy link", at, rest, |s| s.get("notice").is_string());
        clicks.desk.key("Escape");
        // The word goes away by itself.
        clicks.desk.until("the word goes away", 30.0, |s| !s.get("notice").is_string());
    }
    clicks.done();
}

#[test]
fn the_map_and_the_timeline_after_any_rest() {
    let mut clicks = open("clicks-map");
    let screen = clicks.desk.see();
    let map = screen.find("Map of the region").expect("the map").rect;
    let on_map = |name: &str| {
        let tags = screen.texts.iter().filter(|t| t.text.trim() == name);
        tags.map(|t| t.at()).find(|at| at.0 > map[0] && at.0 < map[2] && at.1 > map[1] && at.1 < map[3])
    };
    let tag = on_map("LEB").expect("the plate of the Lebanon front is on the map");
    let tab = |name: &'static str| move |s: &Screen| s.find(name).is_some_and(|c| c.on == Some(true));
    clicks.at("the plate of a front", tag, tab("Inspect"), |desk| desk.key("f"));
    // A mark in the row of events, as far along as its day is.
    let (mark, y) = (mark(&screen), screen.text("Events").expect("a row of events").at().1);
    // Where several stand together, a list asks which is meant.
    let answered = |s: &Screen| tab("Why")(s) || s.says("and see why:");
    clicks.at("a mark in the row of events", (mark, y), answered, |desk| {
        desk.key("Escape");
        desk.key("f");
        desk.rest(0.2);
    });
    // Beside the marks a click goes to a day.
    let x = Scale::read(&screen).x(12.0);
    clicks.at(
        "the timeline",
        (x, surface(&screen).rect[1] + 12.0),
        |s| s.number("day") == 12.0,
        |desk| {
            desk.key("End");
            desk.rest(0.2);
        },
    );
    clicks.done();
}

/// Where the last event of the session that has a mark lies.
fn mark(screen: &Screen) -> f64 {
    use detente::session::Sitting;
    use detente::sim::event::EventKind;
    let mut sitting = Sitting::new(detente::scenario::load("november-2024").unwrap(), 7);
    sitting.set_lever(detente::symbols::levers::Lever::UnifilTroops, 15_000.0).unwrap();
    sitting.go_to(100);
    let marked = [EventKind::Signed, EventKind::Collapsed, EventKind::Salvo, EventKind::AirStrike];
    let events = &sitting.branch().history.events;
    let (id, _) = events.iter().rev().find(|(_, e)| marked.contains(&e.kind())).expect("an event with a mark");
    Scale::read(screen).x(f64::from(id.day) + 0.5)
}
