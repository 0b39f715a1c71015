//! Timeline, branches, levers and map as a hand meets them. No display is needed.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use bevy_egui::egui::accesskit::Role;
use bevy_egui::egui::{Event, Key, Modifiers, PointerButton, Pos2, pos2};
use detente_app::act::Act;
use detente_app::look::fonts;
use detente_app::studio::Studio;
use detente_model::scenario::load;
use detente_model::symbols::levers::Lever;
use detente_session::Sitting;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

/// Seconds of a frame.
const FRAME: f32 = 0.05;

type Hand = Harness<'static, Studio>;

fn open(width: f32, height: f32, prepare: impl FnOnce(&mut Studio)) -> Hand {
    let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 7));
    studio.is_tour = true;
    studio.reduced_motion = true;
    // Futures are not what is tested here.
    (studio.desk.ask.futures, studio.desk.ask.days, studio.desk.threads) = (16, 30, 0);
    prepare(&mut studio);
    let mut dressed = false;
    let app = move |ui: &mut bevy_egui::egui::Ui, studio: &mut Studio| {
        if !dressed {
            ui.ctx().set_fonts(fonts());
            dressed = true;
            return;
        }
        studio.pass(f64::from(FRAME), || true);
        studio.ui(ui);
    };
    let mut harness = Harness::builder().with_size([width, height]).with_step_dt(FRAME).build_ui_state(app, studio);
    harness.run_steps(6);
    harness
}

fn click(h: &mut Hand, name: &str) {
    h.get_by_label(name).click();
    h.run_steps(6);
}

fn today(h: &Hand) -> i32 {
    h.state().sitting.today()
}

fn press(h: &mut Hand, at: Pos2, down: bool) {
    h.event(Event::PointerMoved(at));
    h.event(Event::PointerButton {
        pos: at,
        button: PointerButton::Primary,
        pressed: down,
        modifiers: Modifiers::NONE,
    });
    h.run_steps(1);
}

/// A click by hand: the pointer comes, goes down and up.
fn click_at(h: &mut Hand, at: Pos2) {
    h.event(Event::PointerMoved(at));
    h.run_steps(1);
    press(h, at, true);
    press(h, at, false);
    h.run_steps(3);
}

#[test]
fn the_timeline_stays_under_a_pointer_that_is_held_down() {
    for width in [1440.0, 1024.0] {
        for part in [0.5_f32, 0.82, 0.95] {
            let mut h = open(width, 900.0, |studio| studio.act(Act::Dismiss));
            let days = h.get_by_role_and_label(Role::Slider, "Day").rect().shrink2(bevy_egui::egui::vec2(8.0, 0.0));
            let at = pos2(days.left() + days.width() * part, days.top() + 40.0);
            press(&mut h, at, true);
            h.run_steps(2);
            let first = today(&h);
            assert!((f64::from(first) / 183.0 - f64::from(part)).abs() < 0.02, "{first} at {part}");
            for _ in 0..12 {
                h.event(Event::PointerMoved(at));
                h.run_steps(1);
            }
            assert_eq!(today(&h), first, "at {part} of {width}");
            press(&mut h, at, false);
            assert_eq!(today(&h), first);
        }
    }
}

#[test]
fn a_press_on_a_branch_shows_it_and_moves_no_day() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::GoTo(60));
        studio.act(Act::GoTo(30));
        studio.act(Act::Fork);
    });
    assert_eq!(h.state().sitting.current(), 1);
    let label = h.get_by_label("Branch As it stands").rect();
    click_at(&mut h, label.center());
    assert_eq!((h.state().sitting.current(), today(&h)), (0, 30));
    // On the line of the other, now dashed below.
    let other = h.get_by_label("Branch Branch 1").rect();
    click_at(&mut h, other.center());
    assert_eq!((h.state().sitting.current(), today(&h)), (1, 30));
    let first = h.get_by_label("Branch As it stands").rect();
    click_at(&mut h, pos2(first.left() - 30.0, first.center().y));
    assert_eq!((h.state().sitting.current(), today(&h), h.state().sitting.branches()[0].history.days()), (0, 30, 60));
}

#[test]
fn the_day_has_keys_of_its_own_and_lets_the_space_bar_play() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::GoTo(40)));
    h.get_by_role_and_label(Role::Slider, "Day").focus();
    h.run_steps(2);
    let key = |h: &mut Hand, modifiers, key| {
        h.key_press_modifiers(modifiers, key);
        h.run_steps(2);
        today(h)
    };
    assert_eq!(key(&mut h, Modifiers::NONE, Key::ArrowRight), 41);
    assert_eq!(key(&mut h, Modifiers::SHIFT, Key::ArrowLeft), 34);
    assert_eq!(key(&mut h, Modifiers::NONE, Key::PageDown), 64);
    assert_eq!(key(&mut h, Modifiers::NONE, Key::PageUp), 34);
    assert_eq!(key(&mut h, Modifiers::NONE, Key::Home), 0);
    assert_eq!(key(&mut h, Modifiers::NONE, Key::End), 64);
    h.key_press(Key::Space);
    h.run_steps(1);
    assert!(h.state().playing);
}

#[test]
fn sixty_four_branches_are_found_deleted_and_brought_back() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::GoTo(3));
        for _ in 1..64 {
            studio.act(Act::Fork);
        }
        studio.act(Act::Rename(40, "Needle".to_owned()));
        studio.act(Act::Fork);
    });
    assert!(h.state().note().unwrap().contains("delete branches"), "{:?}", h.state().note());
    click(&mut h, "All branches, 64");
    h.get_by_role_and_label(Role::TextInput, "Search branches").focus();
    h.run_steps(1);
    h.get_by_role_and_label(Role::TextInput, "Search branches").type_text("needle");
    h.run_steps(3);
    click(&mut h, "Show Needle");
    assert_eq!(h.state().sitting.branch().name, "Needle");
    click(&mut h, "Delete Needle");
    assert_eq!(h.state().sitting.branches().len(), 63);
    assert!(h.state().sitting.branches().iter().all(|b| b.name != "Needle"));
    h.state_mut().act(Act::Undo);
    assert_eq!(h.state().sitting.branches().len(), 64);
    assert!(h.state().sitting.branches().iter().any(|b| b.name == "Needle"));
}

#[test]
fn a_new_name_takes_the_place_of_the_old_one() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::GoTo(3));
        studio.act(Act::Fork);
    });
    click(&mut h, "All branches, 2");
    click(&mut h, "Name Branch 1");
    h.get_by_role_and_label(Role::TextInput, "Name of the branch").type_text("Moratorium");
    h.run_steps(2);
    h.key_press(Key::Enter);
    h.run_steps(4);
    assert_eq!(h.state().sitting.branches()[1].name, "Moratorium");
}

#[test]
fn a_lever_that_is_moved_stays_under_the_hand() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::Dismiss));
    let at = |h: &Hand| h.get_by_role_and_label(Role::Slider, "Lebanese army in the south").rect().top();
    let before = at(&h);
    for lever in [Lever::UnifilTroops, Lever::LafTroopsSouth] {
        h.state_mut().act(Act::SetLever(lever, 3_000.0));
        h.run_steps(3);
        assert!((at(&h) - before).abs() < 1.0, "from {before} to {}", at(&h));
    }
}

#[test]
fn the_card_of_a_lever_lies_beside_the_levers() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::Dismiss));
    let slider = h.get_by_role_and_label(Role::Slider, "UNIFIL strength").rect();
    h.event(Event::PointerMoved(slider.center() - bevy_egui::egui::vec2(0.0, 22.0)));
    h.run_steps(30);
    let card = h.get_by_label("Touches").rect();
    assert!(card.left() >= 284.0, "{card:?}");
}

/// What a user has moved before a fork is no default: the card says both, each under its own name.
#[test]
fn the_card_of_a_lever_calls_only_the_tables_value_its_default() {
    let mut h = open(1440.0, 900.0, |studio| {
        studio.act(Act::Dismiss);
        studio.act(Act::GoTo(5));
        studio.act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
        studio.act(Act::GoTo(9));
        studio.act(Act::Fork);
    });
    let slider = h.get_by_role_and_label(Role::Slider, "UNIFIL strength").rect();
    h.event(Event::PointerMoved(slider.center() - bevy_egui::egui::vec2(0.0, 22.0)));
    h.run_steps(30);
    assert!(h.query_by_label("Default").is_some());
    let labels: Vec<String> = h
        .root()
        .children_recursive()
        .filter_map(|node| node.accesskit_node().label().or_else(|| node.accesskit_node().value()))
        .collect();
    assert!(labels.iter().any(|label| label.starts_with("10,000") && label.contains("· S, ")), "{labels:?}");
    assert!(h.query_by_label("Your earlier move").is_some());
    assert!(labels.iter().any(|label| label.starts_with("15,000")), "{labels:?}");
}

#[test]
fn a_choice_is_a_menu_with_named_stops() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::Dismiss));
    click(&mut h, "Truce-monitoring mechanism");
    click(&mut h, "off");
    let policy: Vec<_> = h.state().sitting.branch().policy().map(|c| (c.lever, c.value.raw())).collect();
    assert_eq!(policy, [(Lever::MonitoringMechanism, 0.0)]);
}

#[test]
fn insets_are_closed_and_opened_again() {
    let mut h = open(1440.0, 900.0, |studio| studio.act(Act::Dismiss));
    let shown = |h: &Hand| h.query_by_label("Map of Gaza and the West Bank").is_some();
    assert!(shown(&h));
    click(&mut h, "Close the map of Gaza & West Bank");
    assert!(!shown(&h));
    click(&mut h, "Choose what is shown");
    click(&mut h, "Map 2: Gaza & West Bank");
    assert!(shown(&h));
    assert!(h.query_by_label("All maps as at first (0)").is_some());
}
