//! Saving, opening and reporting as a hand and a script do them, with names that are typed.

use super::*;
use crate::act::Act;
use crate::command::run;
use crate::keep::Memory;
use crate::look::fonts;
use detente_model::scenario::{Loaded, load};
use detente_model::symbols::levers::Lever;
use detente_session::names::file_stem;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use std::path::Path;

fn studio() -> Studio {
    let mut studio = Studio::new(Sitting::new(load("november-2024").unwrap(), 1));
    studio.is_tour = true;
    studio.reduced_motion = true;
    (studio.desk.ask.futures, studio.desk.ask.days, studio.desk.threads) = (16, 30, 0);
    studio
}

/// Lets the futures of a report come, and the report be written.
fn wait_for_report(s: &mut Studio) {
    while s.report_waits.is_some() || s.is_working() {
        s.pass(0.0, || true);
        s.finish_work();
    }
}

fn at(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_string_lossy().into_owned()
}

fn text(path: &str) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn saved_day(path: &str) -> i32 {
    Saved::from_text(&text(path)).unwrap().today
}

#[test]
fn nothing_is_replaced_unasked_but_the_sessions_own_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "lesson.detente");
    let mut a = studio();
    a.act(Act::Save(at(&folder, "lesson")));
    assert_eq!(a.note(), Some(format!("Saved in {path}.").as_str()), "the ending and the whole path");
    // Its own file is saved again without a question.
    a.act(Act::Step(3));
    assert_eq!(a.session_name(), path);
    a.act(Act::Save(path.clone()));
    assert_eq!((saved_day(&path), a.files.question.as_ref()), (3, None));
    // Another group takes the same name.
    let mut b = studio();
    b.act(Act::Step(7));
    b.act(Act::Save(at(&folder, "lesson")));
    assert_eq!((saved_day(&path), b.files.question.as_ref()), (3, Some(&path)), "it asks, and nothing is written");
    b.act(Act::Replace(None));
    assert_eq!((saved_day(&path), b.files.question.as_ref()), (3, None));
    b.act(Act::Save(path.clone()));
    b.act(Act::Replace(Some(path.clone())));
    assert_eq!((saved_day(&path), b.files.question.as_ref()), (7, None));
    // Now the file of the first is not as it left it.
    a.act(Act::Save(path.clone()));
    assert_eq!((saved_day(&path), a.files.question.as_ref()), (7, Some(&path)));
}

#[test]
fn a_file_that_is_no_session_is_left_alone_whatever_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "notes.detente");
    std::fs::write(&path, "do not lose this").unwrap();
    let mut s = studio();
    for command in [format!("save {path}"), format!("replace {path}"), format!("save {}", at(&folder, "notes"))] {
        let why = run(&mut s, &command).unwrap_err();
        assert!(why.contains("is no session") && why.contains("another name"), "{why}");
    }
    s.act(Act::Replace(Some(path.clone())));
    assert_eq!(text(&path), "do not lose this");
}

#[test]
fn a_script_replaces_a_session_only_by_the_word_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "x.detente");
    let (mut a, mut b) = (studio(), studio());
    run(&mut a, &format!("save {path}")).unwrap();
    run(&mut b, "step 5").unwrap();
    let why = run(&mut b, &format!("save {path}")).unwrap_err();
    assert!(why.contains("is there already") && why.contains("`replace "), "{why}");
    assert_eq!(saved_day(&path), 0);
    run(&mut b, &format!("replace {path}")).unwrap();
    assert_eq!(saved_day(&path), 5);
    run(&mut b, "step 1").unwrap();
    run(&mut b, &format!("save {path}")).unwrap();
    assert_eq!(saved_day(&path), 6, "by then it is its own");
}

#[test]
fn a_session_goes_back_to_the_file_it_came_from_and_leaves_it_with_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "class.detente");
    run(&mut studio(), &format!("save {path}")).unwrap();
    let mut s = studio();
    s.take(Arrival::File(Opened { name: path.clone(), bytes: std::fs::read(&path).unwrap() }));
    assert_eq!(s.session_name(), path);
    s.act(Act::Step(4));
    s.act(Act::Save(s.session_name()));
    assert_eq!((saved_day(&path), s.files.question.as_ref()), (4, None));
    s.act(Act::Scenario("october-2023".to_owned()));
    assert!(s.session_name().contains("october-2023-seed-1"), "{}", s.session_name());
    // Gone back to, it is saved there again; whether anybody else did meanwhile is not known, so it asks.
    s.act(Act::TakeKept);
    assert_eq!(s.session_name(), path);
    s.act(Act::Save(path.clone()));
    assert_eq!(s.files.question.as_ref(), Some(&path));
}

#[test]
fn a_scenario_of_ones_own_opens_with_what_it_extends() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("base.toml"), "format = 1\nextends = \"november-2024\"\ntitle = \"Base\"\n")
        .unwrap();
    let own = "format = 1\nextends = \"base.toml\"\ntitle = \"Our own\"\n";
    std::fs::write(folder.path().join("own.toml"), own).unwrap();
    let mut s = studio();
    s.act(Act::Step(2));
    let open = |s: &mut Studio, name: &str| {
        let bytes = std::fs::read(folder.path().join(name)).unwrap();
        s.take(Arrival::File(Opened { name: at(&folder, name), bytes }));
    };
    open(&mut s, "own.toml");
    assert_eq!((s.sitting.loaded.scenario.title.as_str(), s.sitting.today()), ("Our own", 0), "{:?}", s.note());
    assert_eq!(s.keeper.offer().map(|record| record.day), Some(2), "own work is kept");
    std::fs::write(folder.path().join("own.toml"), "format = 1\nextnds = \"base.toml\"\n").unwrap();
    open(&mut s, "own.toml");
    assert!(s.note().is_some_and(|note| note.contains("own.toml cannot be opened") && note.contains("extnds")));
    assert_eq!(s.sitting.loaded.scenario.title, "Our own");
}

/// Through the queue, which is one for the whole program: the only test that may use it.
#[test]
fn opening_by_name_reads_the_file_or_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut saved = studio();
    run(&mut saved, "step 9").unwrap();
    run(&mut saved, &format!("save {}", at(&folder, "lesson"))).unwrap();
    let mut s = studio();
    run(&mut s, &format!("load {}", at(&folder, "lesson"))).unwrap();
    assert!(s.attend());
    assert_eq!((s.sitting.today(), s.session_name()), (9, at(&folder, "lesson.detente")));
    std::fs::File::create(folder.path().join("film.mp4")).unwrap().set_len(3 << 30).unwrap();
    s.act(Act::Open(at(&folder, "film.mp4")));
    s.attend();
    assert!(s.note().is_some_and(|note| note.contains("has 3.2 GB")), "{:?}", s.note());
}

#[test]
fn the_button_twice_gives_two_reports_and_the_word_names_the_second() {
    let folder = tempfile::tempdir().unwrap();
    let name = at(&folder, "class-report");
    let mut s = studio();
    s.act(Act::Report(name.clone()));
    wait_for_report(&mut s);
    assert!(s.note().is_some_and(|note| note.contains(&name)), "{:?}", s.note());
    s.act(Act::SetLever(Lever::UnifilTroops, 15_000.0));
    s.act(Act::Report(name.clone()));
    wait_for_report(&mut s);
    assert!(s.note().is_some_and(|note| note.contains("class-report-2")), "{:?}", s.note());
    let [first, second] = ["", "-2"].map(|n| text(&format!("{name}{n}/report.html")));
    assert!(first != second && second.contains("15000"));
    for table in ["events.csv", "events.parquet", "series.csv", "series.parquet"] {
        assert!(Path::new(&name).join(table).exists(), "{table}");
    }
    // A place that was named exactly is not another.
    s.act(Act::ReportTo(name.clone()));
    wait_for_report(&mut s);
    assert!(s.note().is_some_and(|note| note.contains("already")), "{:?}", s.note());
    assert_eq!(text(&format!("{name}/report.html")), first);
}

#[test]
fn a_place_from_a_dialog_that_asked_is_not_asked_about_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "x.detente");
    run(&mut studio(), &format!("save {path}")).unwrap();
    let mut s = studio();
    s.act(Act::Step(2));
    // The dialog asked about a file without the ending; the one with it is another.
    s.take(Arrival::Place(Purpose::Save, at(&folder, "x")));
    assert_eq!((saved_day(&path), s.files.question.as_ref()), (0, Some(&path)));
    s.take(Arrival::Place(Purpose::Save, path.clone()));
    assert_eq!((saved_day(&path), s.files.question.as_ref()), (2, None));
    std::fs::create_dir(folder.path().join("r")).unwrap();
    std::fs::write(folder.path().join("r/mine.txt"), "mine").unwrap();
    s.take(Arrival::Place(Purpose::Report, at(&folder, "r")));
    wait_for_report(&mut s);
    assert!(folder.path().join("r-2/report.html").exists() && folder.path().join("r/mine.txt").exists());
}

#[test]
fn a_strange_scenario_name_leads_nowhere() {
    let loaded = load("november-2024").unwrap();
    for (name, plain) in [
        ("../../x", "x"),
        ("Grüne Linie/Ost", "grüne-linie-ost"),
        ("…", "session"),
        ("a\\b:c\u{202e}d", "a-b-cd"),
        ("november-2024", "november-2024"),
    ] {
        let sitting = Sitting::new(Loaded { name: name.to_owned(), ..loaded.clone() }, 3);
        assert_eq!(stem(&sitting), format!("{plain}-seed-3"));
        assert_eq!(crate::file_names::report_name(&sitting), format!("{plain}-seed-3-report"));
    }
    assert!(file_stem(&"x".repeat(500)).chars().count() <= 60);
}

fn open(prepare: impl FnOnce(&mut Studio)) -> Harness<'static, Studio> {
    let mut studio = studio();
    prepare(&mut studio);
    let mut dressed = false;
    let app = move |ui: &mut bevy_egui::egui::Ui, studio: &mut Studio| {
        if !dressed {
            ui.ctx().set_fonts(fonts());
            dressed = true;
            return;
        }
        studio.pass(0.05, || true);
        studio.ui(ui);
    };
    let mut harness = Harness::builder().with_size([1280.0, 720.0]).with_step_dt(0.05).build_ui_state(app, studio);
    harness.run_steps(6);
    harness
}

fn click(harness: &mut Harness<'_, Studio>, name: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(4);
}

#[test]
fn answers_and_questions_of_the_dialog_stand_in_front_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = at(&folder, "x.detente");
    run(&mut studio(), &format!("save {path}")).unwrap();
    let mut h = open(|s| {
        s.act(Act::Step(2));
        s.act(Act::Dialog(Some(Dialog::Share)));
        s.act(Act::Save(path.clone()));
    });
    h.get_by_label(&format!("{path} is there already. Replace it with this session?"));
    click(&mut h, "Replace it");
    assert_eq!(saved_day(&path), 2);
    h.get_by_label(&format!("Saved in {path}."));
    click(&mut h, "Put this away");
    assert_eq!(h.state().note(), None);
}

#[test]
fn kept_sessions_are_listed_gone_on_with_and_deleted_by_hand_after_a_question() {
    let mut h = open(|s| {
        s.keeper = Keeper::on(Box::new(Memory::default()), true);
        s.act(Act::Step(2));
        for scenario in ["october-2023", "november-2024"] {
            s.act(Act::Scenario(scenario.to_owned()));
            s.act(Act::Step(5));
        }
        s.act(Act::DropKept);
    });
    assert_eq!(h.state().keeper.records().count(), 2);
    h.state_mut().act(Act::Dialog(Some(Dialog::Share)));
    h.run_steps(4);
    let days = |h: &Harness<'_, Studio>| h.state().keeper.records().map(|record| record.day).collect::<Vec<_>>();
    assert_eq!(days(&h), [5, 2]);
    h.get_all_by_label("Go on").last().unwrap().click();
    h.run_steps(4);
    assert_eq!((h.state().sitting.today(), h.state().sitting.loaded.name.as_str()), (2, "november-2024"));
    assert_eq!(days(&h), [5, 5], "the one before is kept first");
    h.state_mut().act(Act::Dialog(Some(Dialog::Share)));
    h.run_steps(4);
    h.get_all_by_label("Delete").next().unwrap().click();
    h.run_steps(4);
    assert_eq!(days(&h).len(), 2, "it asks first");
    click(&mut h, "Keep it");
    h.get_all_by_label("Delete").next().unwrap().click();
    h.run_steps(4);
    click(&mut h, "Delete it");
    assert_eq!(days(&h).len(), 1);
}

#[test]
fn the_offer_names_the_session_and_leads_to_the_others() {
    let memory = Memory::default();
    for seed in [4, 5] {
        let mut sitting = Sitting::new(load("november-2024").unwrap(), seed);
        sitting.step(3);
        Keeper::on(Box::new(memory.another_window()), true).keep(&sitting);
    }
    let mut h = open(|s| s.keeper = Keeper::on(Box::new(memory.another_window()), true));
    h.get_by_label("Kept: November 2024, seed 5, day 3");
    // The key lies where it would, and is what was asked for.
    h.state_mut().map.key_open = true;
    h.run_steps(2);
    assert!(h.query_by_label("Go on with it").is_none(), "the offer lies over the key");
    h.state_mut().map.key_open = false;
    h.run_steps(2);
    click(&mut h, "All 2 kept");
    h.get_by_label("Kept sessions");
    click(&mut h, "Close (Esc)");
    click(&mut h, "Begin anew");
    assert_eq!(h.state().keeper.records().count(), 2, "nothing is deleted");
    assert!(h.state().keeper.offer().is_none(), "one offer a start");
    // The other one was waved away by nobody yet.
    h.state_mut().keeper = Keeper::on(Box::new(memory.another_window()), true);
    h.run_steps(2);
    click(&mut h, "Go on with it");
    assert_eq!(h.state().sitting.seed(), 4);
}

#[test]
fn where_no_dialog_of_the_system_answers_names_are_typed() {
    let folder = tempfile::tempdir().unwrap();
    let mut h = open(|s| s.chooser = Chooser::System);
    h.state_mut().act(Act::Dialog(Some(Dialog::Share)));
    h.run_steps(4);
    h.get_by_label("Save as a file …");
    h.state_mut().take(Arrival::NoChooser);
    h.run_steps(4);
    h.get_by_label("No file dialog of the system answers; type a name here.");
    h.get_by_label("Name of the file to save").focus();
    h.run_steps(2);
    h.get_by_label("Name of the file to save").type_text(&at(&folder, "typed"));
    h.run_steps(2);
    click(&mut h, "Save");
    assert!(folder.path().join("typed.detente").exists(), "{:?}", h.state().note());
}
