//! What is on the screen, by its rectangles: at every size, text size and theme, in every panel, no words lie on other words
//! and none are cut at the side. No display is needed: the studio is a function from state to shapes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use bevy_egui::egui::{self, Color32, Pos2, RawInput, Rect, Shape, vec2};
use detente_app::act::{Act, Dialog, Tab};
use detente_app::draw::bold;
use detente_app::futures::{BRIEFLY, PEACE};
use detente_app::levers::value_words;
use detente_app::look::fonts;
use detente_app::pace::Wake;
use detente_app::studio::Studio;
use detente_app::top::scenario_words;
use detente_model::record::say::sentence;
use detente_model::scenario::load;
use detente_model::symbols::levers::Lever;
use detente_session::Sitting;
use detente_session::chart::Track;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// A piece of text as it is drawn.
#[derive(Clone, Debug)]
struct Word {
    text: String,
    rect: Rect,
    clip: Rect,
    /// Its place in the order of drawing.
    at: usize,
    /// Whether it is in bold letters, as headings are.
    bold: bool,
    /// How faint it is, 0 to 1.
    opacity: f32,
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
                    let bold = text.galley.job.sections.first().is_some_and(|s| s.format.font_id == bold());
                    let letters = row.visuals.mesh.vertices.iter().map(|vertex| vertex.color);
                    let color =
                        text.override_text_color.or_else(|| letters.clone().find(|c| *c != Color32::PLACEHOLDER));
                    let alpha = f32::from(color.unwrap_or(text.fallback_color).a()) / 255.0;
                    let opacity = text.opacity_factor * alpha;
                    list.push(Word { text: words, rect, clip, at: *at, bold, opacity, covers: Vec::new() });
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
                wrong.push(format!("“{}” {:?} in {:?} lies on “{}” {:?}", b.text, b.rect, b.clip, a.text, a.rect));
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

/// Names that somebody gave, or that the scenario has, of whatever length: of these the beginning may stand for the whole.
fn free_names(sitting: &Sitting) -> Vec<String> {
    let rules = &sitting.rules;
    let branches = sitting.branches().iter().map(|branch| branch.name.clone());
    let tables = rules.tables.iter().map(|table| table.name.clone());
    let harmed = rules.actors.iter().map(|actor| format!("Harm to {}", actor.name));
    let charts = Track::all(rules).into_iter().map(|track| format!("{}, {}", track.name(rules), track.unit()));
    let events = sitting.past().iter().map(|(_, event)| sentence(rules, event));
    let steps =
        sitting.steps().list().iter().map(|step| step.title.clone()).chain([scenario_words(&sitting.loaded.name)]);
    let values = Lever::ALL.iter().map(|lever| value_words(*lever, sitting.lever(*lever), sitting));
    branches.chain(tables).chain(harmed).chain(charts).chain(events).chain(steps).chain(values).collect()
}

/// Headings that are cut: bold words that end in dots and are no name of somebody's own.
fn cut_headings(words: &[Word], sitting: &Sitting) -> Vec<String> {
    let names = free_names(sitting);
    let cut = words.iter().filter(|word| word.bold && word.clip.intersects(word.rect));
    let cut = cut.filter_map(|word| Some((word, word.text.trim_end().strip_suffix('…')?.trim_end())));
    let heading = cut.filter(|(_, stem)| !names.iter().any(|name| name.starts_with(stem)));
    heading.map(|(word, _)| format!("the heading “{}” is cut", word.text)).collect()
}

fn check(name: &str, screen: &mut Screen, into: &mut Vec<String>) {
    let words = screen.settle();
    assert!(words.len() > 10, "{name}: hardly anything is drawn");
    let whole = Rect::from_min_size(Pos2::ZERO, screen.size);
    let cut = cut_headings(&words, &screen.studio.sitting);
    into.extend(cut.into_iter().map(|fault| format!("{name}: {fault}")));
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
                screen.studio.act(Act::Inspect(detente_app::map::Pick::Actor(0)));
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
        let notes = "Ask who fires at whom, and how many futures stand behind it. ".repeat(4);
        screen.studio.act(Act::Remember("25–33 Round 3: rules, and who watches".to_owned(), notes));
        check(&format!("{size}, a step with notes"), &mut screen, &mut wrong);
        screen.studio.act(Act::ShowNotes(false));
        for dialog in [Dialog::Help, Dialog::Share, Dialog::Scores, Dialog::Steps] {
            screen.studio.act(Act::Dialog(Some(dialog)));
            check(&format!("{size}, {dialog:?}"), &mut screen, &mut wrong);
        }
        screen.studio.act(Act::Dialog(None));
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// Phones upright and across, a display of 4K in its own pixels and in large letters, and the smallest window.
const OTHERS: [(f32, f32, f32); 7] = [
    (360.0, 640.0, 1.0),
    (390.0, 844.0, 1.0),
    (844.0, 390.0, 1.0),
    (3840.0, 2160.0, 1.0),
    (3840.0, 2160.0, 2.0),
    (1280.0, 720.0, 2.0),
    (360.0, 320.0, 1.0),
];

#[test]
fn nothing_overlaps_on_a_phone_and_on_a_very_large_display() {
    let mut wrong = Vec::new();
    for (width, height, text) in OTHERS {
        let mut screen = Screen::new(width, height, text);
        // Few futures: what is looked at is where words stand.
        (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (32, 30);
        let size = format!("{width}×{height}, text {text}");
        check(&format!("{size}, start"), &mut screen, &mut wrong);
        screen.studio.act(Act::GoTo(40));
        screen.studio.act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
        screen.studio.act(Act::GoTo(50));
        for tab in Tab::ALL {
            if tab == Tab::Compare {
                screen.studio.act(Act::Fork);
                screen.studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
                screen.studio.act(Act::GoTo(60));
            }
            screen.studio.act(Act::Tab(tab));
            check(&format!("{size}, {}", tab.name()), &mut screen, &mut wrong);
        }
        screen.studio.act(Act::Tab(Tab::Futures));
        let notes = "Ask who fires at whom, and how many futures stand behind it. ".repeat(4);
        screen.studio.act(Act::Remember("25–33 Round 3: rules, and who watches".to_owned(), notes));
        check(&format!("{size}, a step with notes"), &mut screen, &mut wrong);
        screen.studio.act(Act::ShowNotes(false));
        for dialog in [Dialog::Help, Dialog::Share, Dialog::Scores, Dialog::Steps] {
            screen.studio.act(Act::Dialog(Some(dialog)));
            check(&format!("{size}, {dialog:?}"), &mut screen, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the key says is read to its end, wherever there is room for a key.
#[test]
fn the_key_shows_every_sign_with_all_its_words() {
    let mut wrong = Vec::new();
    for (width, height, text) in SIZES.into_iter().chain([(3840.0, 2160.0, 2.0)]) {
        let mut screen = Screen::new(width, height, text);
        screen.studio.act(Act::Dismiss);
        screen.studio.map.key_open = true;
        let words = screen.settle();
        let shown = |text: &str| words.iter().any(|w| w.text == text && w.clip.expand(1.0).contains_rect(w.rect));
        let missing = detente_app::map::key::words().filter(|text| !shown(text));
        wrong.extend(missing.map(|text| format!("{width}×{height}, text {text}: “{text}”")));
        check(&format!("{width}×{height}, text {text}, key"), &mut screen, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// Where the timeline is too low for all fronts, the rows that it has are the same on every day and in every branch.
#[test]
fn rows_of_a_low_timeline_stay_while_days_are_played_and_levers_move() {
    let mut screen = Screen::new(1280.0, 720.0, 1.0);
    (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (16, 30);
    let fronts: Vec<String> = screen.studio.sitting.rules.fronts.iter().map(|f| f.id.text.clone()).collect();
    let rows = |screen: &mut Screen| {
        let words = screen.settle();
        // Beside the strips, at the left edge.
        let mut rows: Vec<&Word> = words
            .iter()
            .filter(|w| fronts.contains(&w.text) && w.rect.right() < 84.0 && w.rect.top() > 450.0)
            .collect();
        rows.sort_by(|a, b| a.rect.top().total_cmp(&b.rect.top()));
        rows.into_iter().map(|w| (w.text.clone(), w.rect.top().round() as i32)).collect::<Vec<_>>()
    };
    let first = rows(&mut screen);
    assert!(first.len() > 2 && first.len() < fronts.len(), "it is low: {first:?}");
    for day in [1, 30, 90, 365] {
        screen.studio.act(Act::GoTo(day));
        assert_eq!(rows(&mut screen), first, "day {day}");
    }
    screen.studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
    screen.studio.act(Act::GoTo(500));
    assert_eq!(rows(&mut screen), first, "another policy");
}

/// On the usual projector a policy's table and outcomes are read without scrolling.
#[test]
fn on_a_projector_the_table_and_the_outcomes_are_in_sight_with_a_policy() {
    for (width, height) in [(1280.0, 720.0), (1366.0, 768.0), (1440.0, 900.0)] {
        let mut screen = Screen::new(width, height, 1.0);
        (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (32, 90);
        screen.studio.act(Act::GoTo(60));
        screen.studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
        let words = screen.settle();
        // Within what is shown of them, in the panel at the right.
        let in_sight = |text: &str| {
            words
                .iter()
                .any(|w| w.text == text && w.rect.left() > width / 2.0 && w.clip.expand(1.0).contains_rect(w.rect))
        };
        let wanted = ["no settlement", "collective", "no exchange", "contained", "regional"];
        let outcomes = detente_model::record::outcome::Headline::ALL.map(|h| detente_app::draw::capital(h.words()));
        // No outcome stands for peace: where a panel is higher than that of a projector, what would is in sight with them.
        let peace = [PEACE, "settlements not growing", "no funding of armed groups"];
        let peace = peace.into_iter().filter(|_| height >= 900.0);
        let hidden: Vec<&str> = wanted
            .into_iter()
            .chain(outcomes.iter().map(String::as_str))
            .chain(peace)
            .filter(|text| !in_sight(text))
            .collect();
        assert!(hidden.is_empty(), "{width}×{height}: not in sight: {hidden:?}");
    }
}

/// Figures of before are faint, all of them, until the next have come.
#[test]
fn figures_of_the_levers_before_are_faint() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (32, 30);
    screen.studio.act(Act::Dismiss);
    screen.studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
    let right = |words: Vec<Word>| words.into_iter().filter(|w| w.rect.left() > 1030.0).collect::<Vec<_>>();
    let figure = |word: &&Word| word.text.contains('%') && word.text.contains(|c: char| c.is_ascii_digit());
    let standing = right(screen.settle());
    let figures: Vec<&Word> = standing.iter().filter(figure).collect();
    assert!(figures.len() > 12 && figures.iter().all(|word| word.opacity > 0.99), "{figures:?}");
    // No time passes between the move and the picture: the futures of before are what there is.
    screen.studio.act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
    let Screen { ctx, studio, size, time } = &mut screen;
    let input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, *size)),
        time: Some(*time + 0.05),
        ..RawInput::default()
    };
    let mut drawn = ctx.run_ui(input, |ui| studio.ui(ui));
    drawn.textures_delta.clear();
    let stale = right(words(&drawn.shapes));
    let note = stale.iter().find(|word| word.text.starts_with("Of the levers before")).expect("it is not said");
    let below: Vec<&Word> = stale.iter().filter(|w| w.rect.top() > note.rect.bottom()).filter(figure).collect();
    assert!(below.len() > 12, "{below:?}");
    for word in below {
        assert!(word.opacity < 0.5, "“{}” stands as if it were of now", word.text);
    }
}

/// Three branches that end on one day are three names in the tree, none on another.
#[test]
fn three_branches_have_their_names_in_the_tree() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (16, 30);
    screen.studio.act(Act::GoTo(40));
    for name in ["More peacekeepers", "No blows"] {
        screen.studio.act(Act::Show(0));
        screen.studio.act(Act::Fork);
        let branch = screen.studio.sitting.current();
        screen.studio.act(Act::Rename(branch, name.to_owned()));
    }
    let words = screen.settle();
    let timeline = |word: &&Word| word.rect.top() > 690.0;
    for branch in screen.studio.sitting.branches() {
        let named = words.iter().filter(timeline).any(|word| word.text == branch.name);
        assert!(named, "“{}” has no name in the tree", branch.name);
    }
    let wrong = faults(&words, Rect::from_min_size(Pos2::ZERO, screen.size));
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// The suggestions lie on the part of the map that its buttons and its insets leave.
#[test]
fn suggestions_cover_neither_buttons_nor_insets() {
    for (width, height) in [
        (844.0, 390.0),
        (932.0, 430.0),
        (1440.0, 900.0),
        (1280.0, 720.0),
        (1024.0, 640.0),
        (1920.0, 1080.0),
        (700.0, 420.0),
    ] {
        let hand = by_hand(width, height);
        let all = nodes(&hand);
        let of = |name: &str| all.iter().find(|(words, _)| words == name).map(|(_, rect)| *rect);
        let cards = detente_app::start::EXPERIMENTS.iter().map(|experiment| experiment.name);
        let cards: Vec<(&str, Rect)> = cards
            .chain(["Put the suggestions away"])
            .map(|name| (name, of(name).unwrap_or_else(|| panic!("{width}×{height}: no “{name}”"))))
            .collect();
        let kept_free = [
            "Closer (+)",
            "Wider (−)",
            "All maps as at first (0)",
            "Choose what is shown",
            "Explain the signs",
            "Map of South Lebanon",
            "Map of Gaza and the West Bank",
        ];
        for other in kept_free {
            let place = of(other).unwrap_or_else(|| panic!("{width}×{height}: no “{other}”"));
            let on = cards.iter().find(|(_, card)| card.intersects(place));
            assert!(on.is_none(), "{width}×{height}: {on:?} lies on {other} {place:?}");
        }
        let whole = Rect::from_min_size(Pos2::ZERO, vec2(width, height));
        for (name, card) in &cards {
            assert!(whole.contains_rect(*card) && card.top() > 48.0, "{width}×{height}: {name} at {card:?}");
        }
    }
}

/// Of how many futures and of how many days something is told is read beside it; a small map says at least what it is worth.
#[test]
fn panels_of_the_history_say_that_it_is_one_and_how_long_and_a_small_map_what_it_is_worth() {
    for (width, height, text) in [(1440.0, 900.0, 1.0), (1280.0, 720.0, 1.2), (390.0, 844.0, 1.0)] {
        let mut screen = Screen::new(width, height, text);
        (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (16, 30);
        screen.studio.act(Act::Dismiss);
        screen.studio.act(Act::GoTo(30));
        if width < 700.0 {
            let here = screen.settle().iter().any(|word| word.text == BRIEFLY);
            assert!(here, "{width}×{height}: the map says nothing of what it is worth");
        }
        for tab in [Tab::Why, Tab::Inspect] {
            screen.studio.act(Act::Tab(tab));
            let rows: Vec<String> = screen.settle().into_iter().map(|word| word.text).collect();
            let said = rows.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.contains("This is one history, of 30 days."), "{width}×{height}, {}", tab.name());
        }
    }
}

/// The studio as a hand and a screen reader meet it.
fn by_hand(width: f32, height: f32) -> Harness<'static, Studio> {
    let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 7));
    (studio.is_tour, studio.reduced_motion) = (true, true);
    (studio.desk.ask.futures, studio.desk.ask.days, studio.desk.threads) = (16, 30, 0);
    let mut dressed = false;
    let app = move |ui: &mut egui::Ui, studio: &mut Studio| {
        if !dressed {
            ui.ctx().set_fonts(fonts());
            dressed = true;
            return;
        }
        studio.pass(0.05, || true);
        studio.ui(ui);
    };
    let mut harness = Harness::builder().with_size([width, height]).with_step_dt(0.05).build_ui_state(app, studio);
    harness.run_steps(6);
    harness
}

/// Names of what is there, with where it stands.
fn nodes(harness: &Harness<'_, Studio>) -> Vec<(String, Rect)> {
    let name = |node: &egui_kittest::Node<'_>| node.accesskit_node().label().or_else(|| node.accesskit_node().value());
    let node = |node: egui_kittest::Node<'_>| Some((name(&node)?, node.rect()));
    harness.root().children_recursive().filter_map(node).collect()
}

/// Seed, speed, branches, report, theme, letters: whatever the bar has no room for is in its menu, at every width.
#[test]
fn everything_of_the_top_bar_is_reached_at_every_width() {
    let mut hand = by_hand(1920.0, 800.0);
    let mut seen_wide = 0;
    for width in (360..=1920).step_by(40) {
        hand.set_size(vec2(width as f32, 800.0));
        hand.run_steps(4);
        let middle = hand.get_by_label("More").rect().center().y;
        let on_bar = |rect: &Rect| rect.height() <= 44.0 && (rect.center().y - middle).abs() < 6.0;
        let bar: Vec<(String, Rect)> = nodes(&hand).into_iter().filter(|(_, rect)| on_bar(rect)).collect();
        let here = |words: &str| bar.iter().any(|(name, _)| name.starts_with(words));
        for words in ["Scenario November 2024", "Day 0", "Play", "One day on", "More"] {
            assert!(here(words), "{width}: no {words} on the bar: {bar:?}");
        }
        for (name, rect) in &bar {
            assert!(rect.left() >= 0.0 && rect.right() <= width as f32, "{width}: {name} stands at {rect:?}");
        }
        for (i, (name, rect)) in bar.iter().enumerate() {
            let over = bar[i + 1..].iter().find(|(_, other)| other.shrink(1.5).intersects(rect.shrink(1.5)));
            assert!(over.is_none(), "{width}: {name} lies on {over:?}");
        }
        // Fingers need more room than pointers: where those begin, the count begins anew.
        assert!(bar.len() >= seen_wide || width == 720, "{width}: fewer than on a narrower bar");
        seen_wide = bar.len();
        hand.get_by_label("More").click();
        hand.run_steps(4);
        let menu = nodes(&hand);
        for words in [
            "Seed 7: which random numbers",
            "Roll the next seed",
            "3 days a second",
            "As fast as it goes",
            "Day 0, Fri 8 Nov 2024",
            "Were today the end: Unsettled war",
            "To the first day",
            "Fork here",
            "Save, open, share",
            "Write the report",
            "Help and keys",
            "200 %",
            "Reduced motion: nothing travels",
            "Dark ground",
            "The whole screen (F11)",
        ] {
            let found = menu.iter().find(|(name, rect)| name == words && rect.width() > 0.0);
            let Some((_, rect)) = found else { panic!("{width}: no “{words}” in the menu: {menu:?}") };
            assert!(rect.left() >= 0.0 && rect.right() <= width as f32, "{width}: {words} at {rect:?}");
        }
        hand.key_press(egui::Key::Escape);
        hand.run_steps(4);
    }
}

#[test]
fn a_seed_is_rolled_and_a_day_typed_on_the_narrowest_screen() {
    let mut hand = by_hand(360.0, 640.0);
    hand.get_by_label("More").click();
    hand.run_steps(4);
    hand.get_by_label("Roll the next seed").click();
    hand.run_steps(4);
    assert_eq!(hand.state().sitting.seed(), 8);
    hand.key_press(egui::Key::Escape);
    hand.run_steps(4);
    for (typed, day) in [("40", 40), ("2024-12-08", 30), ("soon", 30)] {
        let today = hand.state().sitting.today();
        hand.get_by_label(&format!("Day {today}")).click();
        hand.run_steps(4);
        // The field has the keyboard at once.
        hand.event(egui::Event::Text(typed.to_owned()));
        hand.run_steps(2);
        hand.key_press(egui::Key::Enter);
        hand.run_steps(4);
        assert_eq!(hand.state().sitting.today(), day, "{typed}");
    }
    assert!(nodes(&hand).iter().any(|(name, _)| name.contains("“soon” is no day")));
    hand.key_press(egui::Key::Escape);
    hand.run_steps(4);
    assert!(!nodes(&hand).iter().any(|(name, _)| name.contains("“soon” is no day")), "Escape does not close it");
}

/// Fingers are wider than pointers.
#[test]
fn on_a_phone_whatever_is_touched_often_is_large_enough() {
    for (width, height) in [(360.0, 640.0), (390.0, 844.0)] {
        let hand = by_hand(width, height);
        for words in
            ["Map", "Levers", "Futures", "Why", "Inspect", "Compare", "Play", "One day on (→)", "More", "Day 0"]
        {
            let all = nodes(&hand);
            let found = all.iter().filter(|(name, _)| name == words);
            let largest = found.map(|(_, rect)| rect.height()).fold(0.0, f32::max);
            assert!(largest >= 40.0, "{width}: {words} is {largest} high");
        }
    }
}

fn press(key: egui::Key, modifiers: egui::Modifiers) -> Vec<egui::Event> {
    placed(key, None, modifiers)
}

/// A key with its place on the keyboard.
fn placed(key: egui::Key, physical_key: Option<egui::Key>, modifiers: egui::Modifiers) -> Vec<egui::Event> {
    let event = |pressed| egui::Event::Key { key, physical_key, pressed, repeat: false, modifiers };
    vec![event(true), event(false)]
}

#[test]
fn forty_presses_between_two_pictures_are_forty_days() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    screen.frame(Vec::new());
    screen.frame((0..40).flat_map(|_| press(egui::Key::ArrowRight, egui::Modifiers::NONE)).collect());
    assert_eq!(screen.studio.sitting.today(), 40);
    screen.frame((0..3).flat_map(|_| press(egui::Key::ArrowLeft, egui::Modifiers::SHIFT)).collect());
    assert_eq!(screen.studio.sitting.today(), 19);
}

/// On a Hebrew keyboard `W` writes an apostrophe, and on an Arabic one the question mark is another sign.
#[test]
fn keys_of_other_keyboards_work_by_their_place() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    screen.frame(Vec::new());
    screen.frame(placed(egui::Key::Quote, Some(egui::Key::W), egui::Modifiers::NONE));
    assert_eq!(screen.studio.tab, Tab::Why);
    screen.frame(placed(egui::Key::Slash, Some(egui::Key::Slash), egui::Modifiers::SHIFT));
    assert!(screen.settle().iter().any(|word| word.text == "Help and keys"));
}

/// What is typed is taken back in the field; a lever or a branch stays as it is, and so it does behind an open window.
#[test]
fn ctrl_z_in_a_field_or_before_an_open_window_takes_no_lever_back() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    screen.studio.act(Act::SetLever(Lever::UnifilTroops, 0.0));
    let moves = |screen: &Screen| screen.studio.sitting.branch().changes.len();
    let undo = || press(egui::Key::Z, egui::Modifiers::COMMAND);
    screen.frame(Vec::new());
    screen.frame(press(egui::Key::F, egui::Modifiers::COMMAND));
    screen.frame(Vec::new());
    screen.frame(vec![egui::Event::Text("truce".to_owned())]);
    screen.frame(Vec::new());
    screen.frame(undo());
    screen.frame(press(egui::Key::Y, egui::Modifiers::COMMAND));
    assert_eq!(moves(&screen), 1, "taken back from within the search box");
    screen.frame(press(egui::Key::Escape, egui::Modifiers::NONE));
    screen.frame(Vec::new());
    screen.studio.act(Act::Dialog(Some(Dialog::Help)));
    screen.frame(Vec::new());
    screen.frame(undo());
    assert_eq!(moves(&screen), 1, "taken back behind the help");
    screen.studio.act(Act::Dialog(None));
    screen.frame(Vec::new());
    screen.frame(undo());
    assert_eq!(moves(&screen), 0);
}

/// Names in other scripts have letters, in the panels, over the maps and in the tree.
#[test]
fn branches_named_in_hebrew_and_arabic_have_their_letters() {
    let mut screen = Screen::new(1440.0, 900.0, 1.0);
    (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (32, 30);
    screen.studio.act(Act::GoTo(10));
    for name in ["הפסקת אש", "وقف النار"] {
        screen.studio.act(Act::Fork);
        let branch = screen.studio.sitting.current();
        screen.studio.act(Act::Rename(branch, name.to_owned()));
    }
    screen.studio.act(Act::Tab(Tab::Compare));
    let words = screen.settle();
    for name in ["הפסקת", "النار"] {
        // A name may be drawn as a whole or in pieces, but all of its letters are there.
        assert!(words.iter().any(|word| word.text.contains(name)), "{name} is nowhere");
    }
    screen.ctx.fonts_mut(|fonts| {
        for family in fonts.definitions().families.keys().cloned().collect::<Vec<_>>() {
            let font = egui::FontId::new(14.0, family.clone());
            for (script, text) in [("Hebrew", "הפסקת"), ("Arabic", "النار")] {
                let other = [detente_app::look::hebrew(), detente_app::look::arabic()].contains(&family);
                assert!(other || fonts.has_glyphs(&font, text), "{family} has no {script}");
            }
        }
    });
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

/// A figure at the end of a line is what the line is, and the chart says what that is.
#[test]
fn a_chart_of_futures_says_what_its_lines_and_bands_are() {
    for (width, height) in [(1440.0, 900.0), (1280.0, 720.0)] {
        let mut screen = Screen::new(width, height, 1.0);
        (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (16, 60);
        screen.studio.act(Act::SetLever(Lever::IsraelBlowRate, 0.0));
        for (track, words) in [(Track::Killed, "line: median"), (Track::RegionalWar, "line: share")] {
            screen.studio.act(Act::Track(track));
            let drawn = screen.settle();
            assert!(drawn.iter().any(|w| w.text.starts_with("yours ")), "{width}×{height}: {track:?}");
            let said = drawn.iter().find(|w| w.text.starts_with(words));
            assert!(said.is_some_and(|w| w.clip.contains_rect(w.rect)), "{width}×{height}: {track:?}");
        }
    }
}

/// Whoever reads a figure reads beside it what it is worth.
#[test]
fn every_panel_that_shows_a_figure_says_that_outputs_are_no_predictions() {
    for (width, height, text) in
        [(1440.0, 900.0, 1.0), (1280.0, 720.0, 1.0), (1024.0, 640.0, 1.0), (1280.0, 720.0, 2.0)]
    {
        let mut screen = Screen::new(width, height, text);
        (screen.studio.desk.ask.futures, screen.studio.desk.ask.days) = (16, 30);
        screen.studio.act(Act::GoTo(30));
        for tab in Tab::ALL {
            if tab == Tab::Compare {
                screen.studio.act(Act::Fork);
            }
            screen.studio.act(Act::Tab(tab));
            // On a page this low the chain of causes has the room, and the sentence stands in the other panels.
            if tab == Tab::Why && height / text < 500.0 {
                continue;
            }
            let words = screen.settle();
            let here =
                |part: &str| words.iter().any(|w| w.text.contains(part) && w.clip.expand(1.0).contains_rect(w.rect));
            // In one line or broken where the panel is narrow.
            let said = here("A what-if tool") && here("events.");
            assert!(said, "{width}×{height}, text {text}: not in {}", tab.name());
        }
    }
}
