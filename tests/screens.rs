//! What is on the screen, by its rectangles: at every size, text size and theme, in every panel, no words lie on other words
//! and none are cut at the side. No display is needed: the studio is a function from state to shapes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use bevy_egui::egui::{self, Color32, Pos2, RawInput, Rect, Shape, vec2};
use detente::app::act::{Act, Dialog, Tab};
use detente::app::look::fonts;
use detente::app::studio::{Studio, Wake};
use detente::scenario::load;
use detente::session::Sitting;
use detente::symbols::levers::Lever;

/// A piece of text as it is drawn.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    rect: Rect,
    clip: Rect,
    /// Its place in the order of drawing.
    at: usize,
    /// What was painted over it later, and when.
    covers: Vec<(usize, Rect)>,
}

impl Word {
    /// Whether a part of it is hidden from what is drawn at `before`.
    fn hidden(&self, part: Rect, before: usize) -> bool {
        self.covers.iter().any(|(at, cover)| *at < before && cover.expand(0.5).contains_rect(part))
    }
}

struct Screen {
    ctx: egui::Context,
    studio: Studio,
    size: egui::Vec2,
    time: f64,
}

impl Screen {
    fn new(width: f32, height: f32, text: f32) -> Self {
        let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 7));
        studio.is_tour = true;
        studio.text = text;
        let ctx = egui::Context::default();
        ctx.set_fonts(fonts());
        ctx.set_zoom_factor(text);
        Self { ctx, studio, size: vec2(width, height) / text, time: 0.0 }
    }

    fn frame(&mut self, events: Vec<egui::Event>) -> egui::FullOutput {
        self.time += 0.05;
        self.studio.pass(0.05, || true);
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size)),
            time: Some(self.time),
            events,
            ..RawInput::default()
        };
        let Self { ctx, studio, .. } = self;
        let mut drawn = ctx.run_ui(input, |ui| studio.ui(ui));
        // Nobody uploads textures here.
        drawn.textures_delta.clear();
        drawn
    }

    /// Draws until nothing is under way, and returns the last picture's words, the covered ones left out.
    fn settle(&mut self) -> Vec<Word> {
        for _ in 0..400 {
            self.frame(Vec::new());
            if !self.studio.is_busy() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        self.time += 5.0;
        let mut last = self.frame(Vec::new());
        for _ in 0..3 {
            last = self.frame(Vec::new());
        }
        words(&last.shapes)
    }
}

fn words(shapes: &[egui::epaint::ClippedShape]) -> Vec<Word> {
    let (mut list, mut at) = (Vec::new(), 0);
    for clipped in shapes {
        collect(&clipped.shape, clipped.clip_rect, &mut at, &mut list);
    }
    list
}

fn collect(shape: &Shape, clip: Rect, at: &mut usize, list: &mut Vec<Word>) {
    *at += 1;
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|s| collect(s, clip, at, list)),
        Shape::Rect(rect) if rect.fill.a() == 255 && rect.fill != Color32::TRANSPARENT => {
            let covered = rect.rect.intersect(clip);
            list.retain(|word| !covered.expand(0.5).contains_rect(word.rect.intersect(word.clip)));
            for word in list.iter_mut().filter(|word| word.rect.intersects(covered)) {
                word.covers.push((*at, covered));
            }
        }
        Shape::Text(text) if !text.galley.text().trim().is_empty() && text.angle.abs() < 0.01 => {
            // A text that flows around others begins in the middle of its first line: each line has its own place.
            for row in &text.galley.rows {
                let rect = row.rect_without_leading_space().translate(text.pos.to_vec2());
                let words = row.text();
                // Hebrew and Arabic rows are as high as their fonts say, far higher than their letters: those are measured.
                let local = words.contains(|c| ('\u{590}'..'\u{780}').contains(&c));
                let letters = row.visuals.mesh_bounds.translate(row.pos.to_vec2() + text.pos.to_vec2());
                let rect = if local { letters } else { rect };
                if rect.intersects(clip) && !words.trim().is_empty() {
                    list.push(Word { text: words, rect, clip, at: *at, covers: Vec::new() });
                }
            }
        }
        _ => {}
    }
}

/// The ink of a line of text is lower than its box: two lines may touch.
fn ink(word: &Word) -> Rect {
    let r = word.rect;
    let lines = (r.height() / 17.0).round().max(1.0);
    let trim = (r.height() / lines * 0.22).min(5.0);
    Rect::from_min_max(r.min + vec2(0.5, trim), r.max - vec2(0.5, trim)).intersect(word.clip)
}

/// Everything that is wrong with a picture, in words.
fn faults(words: &[Word], screen: Rect) -> Vec<String> {
    let mut wrong = Vec::new();
    for (i, a) in words.iter().enumerate() {
        // A halo is the same word again, a pixel or two aside.
        let halo = |b: &Word| a.text == b.text && (a.rect.min - b.rect.min).length() < 4.0;
        for b in words[i + 1..].iter().filter(|b| !halo(b)) {
            let both = ink(a).intersect(ink(b));
            if both.width() > 1.0 && both.height() > 1.0 && !a.hidden(both, b.at) {
                wrong.push(format!("“{}” {:?} lies on “{}” {:?}", b.text, b.rect, a.text, a.rect));
            }
        }
        let shown = a.rect.intersect(a.clip);
        if shown.width() < a.rect.width() - 2.5 && shown.width() > 0.0 {
            wrong.push(format!("“{}” is cut at the side: {:?} of {:?}", a.text, shown.x_range(), a.rect.x_range()));
        }
        if !screen.expand(1.0).contains_rect(shown) {
            wrong.push(format!("“{}” leaves the screen", a.text));
        }
    }
    wrong
}

const SIZES: [(f32, f32, f32); 6] = [
    (1440.0, 900.0, 1.0),
    (1280.0, 720.0, 1.0),
    (1280.0, 720.0, 1.2),
    (1024.0, 640.0, 1.0),
    (1440.0, 900.0, 2.0),
    (1024.0, 640.0, 1.5),
];

fn check(name: &str, screen: &mut Screen, into: &mut Vec<String>) {
    let words = screen.settle();
    assert!(words.len() > 10, "{name}: hardly anything is drawn");
    let whole = Rect::from_min_size(Pos2::ZERO, screen.size);
    into.extend(faults(&words, whole).into_iter().map(|fault| format!("{name}: {fault}")));
}

#[test]
fn nothing_overlaps_and_nothing_is_cut_at_any_size() {
    let mut wrong = Vec::new();
    for (width, height, text) in SIZES {
        let mut screen = Screen::new(width, height, text);
        let size = format!("{width}×{height}, text {text}");
        check(&format!("{size}, start"), &mut screen, &mut wrong);
        screen.studio.act(Act::Dismiss);
        screen.studio.act(Act::GoTo(60));
        screen.studio.act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
        screen.studio.act(Act::SetLever(Lever::DealArchitecture, 2.0));
        screen.studio.act(Act::GoTo(96));
        for tab in Tab::ALL {
            screen.studio.act(Act::Tab(tab));
            if tab == Tab::Why {
                let past = screen.studio.sitting.past();
                let (id, _) = past.iter().rev().find(|(_, e)| e.kind().name() == "signed").copied().unwrap_or(past[0]);
                screen.studio.act(Act::Explain(id));
            }
            if tab == Tab::Inspect {
                screen.studio.act(Act::Inspect(detente::app::map::Pick::Actor(0)));
            }
            if tab == Tab::Compare {
                screen.studio.act(Act::Fork);
                screen.studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
                screen.studio.act(Act::GoTo(140));
                screen.studio.act(Act::Tab(Tab::Compare));
            }
            check(&format!("{size}, {}", tab.name()), &mut screen, &mut wrong);
        }
        screen.studio.act(Act::Tab(Tab::Futures));
        for dialog in [Dialog::Help, Dialog::Share] {
            screen.studio.act(Act::Dialog(Some(dialog)));
            check(&format!("{size}, {dialog:?}"), &mut screen, &mut wrong);
        }
        screen.studio.act(Act::Dialog(None));
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

fn press(key: egui::Key, modifiers: egui::Modifiers) -> Vec<egui::Event> {
    let event = |pressed| egui::Event::Key { key, physical_key: None, pressed, repeat: false, modifiers };
    vec![event(true), event(false)]
}

#[test]
fn keys_do_what_the_help_says() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    let plain = egui::Modifiers::NONE;
    screen.frame(Vec::new());
    screen.frame(press(egui::Key::ArrowRight, plain));
    assert_eq!(screen.studio.sitting.today(), 1);
    screen.frame(press(egui::Key::ArrowRight, egui::Modifiers::SHIFT));
    assert_eq!(screen.studio.sitting.today(), 8);
    screen.frame(press(egui::Key::ArrowLeft, plain));
    assert_eq!(screen.studio.sitting.today(), 7);
    for (key, tab) in [
        (egui::Key::W, Tab::Why),
        (egui::Key::I, Tab::Inspect),
        (egui::Key::C, Tab::Compare),
        (egui::Key::F, Tab::Futures),
    ] {
        screen.frame(press(key, plain));
        assert_eq!(screen.studio.tab, tab);
    }
    screen.studio.act(Act::SetLever(Lever::UnifilTroops, 0.0));
    assert_eq!(screen.studio.sitting.branch().changes.len(), 1);
    screen.frame(press(egui::Key::Z, egui::Modifiers::COMMAND));
    assert!(screen.studio.sitting.branch().changes.is_empty());
    screen.frame(press(egui::Key::Z, egui::Modifiers::COMMAND | egui::Modifiers::SHIFT));
    assert_eq!(screen.studio.sitting.branch().changes.len(), 1);
    screen.frame(press(egui::Key::Space, plain));
    assert!(screen.studio.playing);
    screen.frame(press(egui::Key::Space, plain));
    assert!(!screen.studio.playing);
    screen.frame(press(egui::Key::Home, plain));
    assert_eq!(screen.studio.sitting.today(), 0);
    let branches = screen.studio.sitting.branches().len();
    screen.frame(press(egui::Key::B, plain));
    assert_eq!(screen.studio.sitting.branches().len(), branches + 1);
    screen.frame(press(egui::Key::T, plain));
    assert!(screen.studio.dark);
}

#[test]
fn idle_asks_for_no_frames() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    screen.settle();
    for _ in 0..3 {
        screen.frame(Vec::new());
    }
    assert_ne!(screen.studio.pass(0.05, || true), Wake::Now, "paused, futures done: nothing moves");
}

#[test]
fn a_policy_changes_the_futures_and_a_null_one_does_not() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    screen.settle();
    assert!(screen.studio.desk.last().unwrap().is_null());
    screen.studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
    screen.settle();
    let fans = screen.studio.desk.last().unwrap();
    assert!(!fans.is_null());
    assert_eq!(fans.pairs(), 256);
    screen.studio.act(Act::Undo);
    screen.settle();
    assert!(screen.studio.desk.last().unwrap().is_null());
}
