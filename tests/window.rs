//! The window on a real display: scripted tours with pictures, at every size and theme, and what happens without a display.
//!
//! They need a display and a way to draw; without, they fail. On a machine without a screen:
//! `apt install xvfb mesa-vulkan-drivers` and `xvfb-run -a cargo test`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::path::Path;
use std::process::{Command, Output};

fn detente(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_detente"));
    command.current_dir(folder).env("XDG_DATA_HOME", folder.join("data"));
    command
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .filter(|line| !line.contains("XDG_RUNTIME_DIR"))
        .collect::<Vec<_>>()
        .join("\n")
}

const SEMINAR: (&str, &[&str]) =
    ("seminar", &["start", "futures", "main", "key", "why", "inspect", "rank", "compare", "end"]);
const LOOKS: (&str, &[&str]) = ("looks", &["start", "main", "why", "compare"]);

const PREDICT: (&str, &[&str]) = ("predict", &["covered", "guessed", "revealed", "next"]);

const LESSONS: (&str, &[&str]) = (
    "lessons",
    &[
        "deterrence-or-spiral",
        "deterrence-or-spiral-look",
        "one-deal-or-many",
        "one-deal-or-many-look",
        "what-peacekeepers-do",
        "what-peacekeepers-do-look",
    ],
);

/// Width, height and how many colours a picture has in a coarse grid of points.
fn look_at(path: &Path) -> (u32, u32, usize) {
    let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    let width = pixels.len() / info.height as usize / info.width as usize;
    let mut colours = std::collections::BTreeSet::new();
    for pixel in pixels.chunks_exact(width).step_by(37) {
        colours.insert(pixel[..3].to_vec());
    }
    (info.width, info.height, colours.len())
}

fn tour((name, pictures): (&str, &[&str]), size: &str, dark: bool, text: &str) -> tempfile::TempDir {
    let file = format!("{}/tests/tours/{name}.tour", env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let mut command = detente(folder.path());
    command.args(["window", "--seed", "7", "--size", size, "--text", text, "--tour", &file]);
    if dark {
        command.arg("--dark");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{size}: {}", said(&output));
    let (width, height) = size.split_once('x').unwrap();
    for name in pictures {
        let (w, h, colours) = look_at(&folder.path().join(format!("{name}.png")));
        assert_eq!((w.to_string(), h.to_string()), (width.to_owned(), height.to_owned()), "{name}");
        assert!(colours > 60, "{name} at {size}: hardly anything is drawn ({colours} colours)");
    }
    if let Some(keep) = std::env::var_os("KEEP_PICTURES") {
        let theme = if dark { "dark" } else { "light" };
        let into = Path::new(&keep).join(format!("{size}-{theme}-{text}"));
        std::fs::create_dir_all(&into).unwrap();
        for entry in std::fs::read_dir(folder.path())
            .unwrap()
            .flatten()
            .filter(|e| e.path().extension().is_some_and(|e| e == "png"))
        {
            std::fs::copy(entry.path(), into.join(entry.file_name())).unwrap();
        }
    }
    folder
}

#[test]
fn a_seminar_from_start_to_report_and_headless_it_is_the_same() {
    let folder = tour(SEMINAR, "1440x900", false, "1");
    // The session that was saved on the way replays without a window to the digests that it carries.
    let output = detente(folder.path()).args(["replay", "kept.detente", "--json"]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let report = std::fs::read_to_string(folder.path().join("report/report.html")).unwrap();
    assert!(report.contains("data:image/png;base64,"), "the map is in the report");
    assert!(report.contains("not predictions of real events"));
    assert!(std::fs::read_dir(folder.path().join("report")).unwrap().count() >= 5, "the data lie beside it");
}

#[test]
fn every_size_and_theme_is_drawn() {
    for (size, dark, text) in
        [("1440x900", true, "1"), ("1280x720", false, "1.2"), ("1024x640", true, "1"), ("1440x900", false, "2")]
    {
        tour(LOOKS, size, dark, text);
    }
}

/// The tour itself expects what is covered and what is scored.
#[test]
fn a_policy_is_guessed_about_before_it_is_seen() {
    tour(PREDICT, "1280x720", false, "1");
}

/// The tour itself expects every step of every lesson.
#[test]
fn every_lesson_is_walked_from_its_first_step_to_its_last() {
    let tour_text = include_str!("tours/lessons.tour");
    for lesson in &detente::session::lessons::LESSONS {
        assert!(tour_text.contains(&format!("\nlesson {}\n", lesson.name)), "the tour leaves out {}", lesson.name);
    }
    tour(LESSONS, "1280x720", false, "1");
}

/// A lesson that there is not is refused with the names of those that there are.
#[test]
fn a_lesson_of_another_name_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let output = detente(folder.path()).args(["window", "--lesson", "one-deal"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("one-deal-or-many"), "{}", said(&output));
}

/// The limits are loose, since a test machine may be busy with other tests and is not built for speed; the figures that were
/// measured stand in docs/performance.md.
#[test]
fn a_lever_is_answered_soon_and_no_frame_waits_for_futures() {
    let folder = tempfile::tempdir().unwrap();
    let file = format!("{}/tests/tours/answer.tour", env!("CARGO_MANIFEST_DIR"));
    let output = detente(folder.path()).args(["window", "--seed", "7", "--tour", &file]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    for name in ["at-rest.json", "while-playing.json"] {
        let text = std::fs::read_to_string(folder.path().join(name)).unwrap();
        let state: serde_json::Value = serde_json::from_str(&text).unwrap();
        let seconds = |what: &str| state["futures"][what].as_f64().unwrap();
        println!(
            "{name}: first band {:.3} s, all {:.3} s, most in one frame {:.5} s",
            seconds("first_band"),
            seconds("took"),
            seconds("longest")
        );
        assert!(seconds("longest") < 0.05, "{name}: {text}");
        assert!(seconds("first_band") < 5.0 && seconds("took") < 20.0, "{name}: {text}");
        assert_eq!(state["futures"]["policy"], 256, "{name}");
    }
}

/// A window that plays on until it is killed, and keeps its session as it does for a person.
fn window_with(folder: &Path, name: &str, tour: &str) -> Command {
    std::fs::write(folder.join(name), tour).unwrap();
    let mut command = detente(folder);
    command.args(["window", "--seed", "7", "--size", "900x620", "--tour", name]);
    command
}

/// Kills a window, whatever becomes of the test.
struct Killed(std::process::Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The sessions that are kept.
fn kept(folder: &Path) -> Vec<serde_json::Value> {
    let Ok(entries) = std::fs::read_dir(folder.join("data/detente/sessions")) else { return Vec::new() };
    let records = entries.flatten().filter(|entry| entry.path().extension().is_some_and(|e| e == "json"));
    records.map(|entry| serde_json::from_slice(&std::fs::read(entry.path()).unwrap()).unwrap()).collect()
}

/// A window that is killed as soon as it has kept its session.
fn killed(folder: &Path, name: &str, tour: &str) -> Killed {
    let before = kept(folder).len();
    let window = Killed(window_with(folder, name, tour).spawn().unwrap());
    for _ in 0..600 {
        if kept(folder).len() > before {
            return window;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("nothing was kept within a minute");
}

#[test]
fn a_window_that_is_killed_leaves_its_session_to_the_next_and_to_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let tour = "keep\ngo 30\nlever unifil.troops 15000\nplay 0.2\nuntil 900\n";
    let first = killed(folder.path(), "first.tour", tour);
    // While it lives, its session is nobody else's.
    let other = window_with(folder.path(), "other.tour", "keep\nexpect offered false\n").output().unwrap();
    assert!(other.status.success(), "{}", said(&other));
    drop(first);
    let next =
        "keep\nexpect offered true\nrestore\nexpect offered false\nexpect policy [[30,\"unifil.troops\",15000.0]]\n";
    let next = window_with(folder.path(), "next.tour", next).output().unwrap();
    assert!(next.status.success(), "{}", said(&next));
}

/// Three starts: the first is killed, the second ignores its offer and works, the third has both.
#[test]
fn an_offer_that_is_ignored_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    drop(killed(folder.path(), "a.tour", "keep\ngo 30\nplay 0.2\nuntil 900\n"));
    drop(killed(folder.path(), "b.tour", "keep\nexpect offered true\nseed 9\ngo 12\nplay 0.2\nuntil 900\n"));
    let third = "keep\nexpect offered true\nrestore\nexpect seed 9\nexpect offered false\n";
    let third = window_with(folder.path(), "c.tour", third).output().unwrap();
    assert!(third.status.success(), "{}", said(&third));
    let records = kept(folder.path());
    assert_eq!(records.len(), 2, "{records:?}");
    let first = records.iter().find(|record| record["seed"] == 7).unwrap();
    let open = format!("keep\nrestore {}\nexpect seed 7\n", first["id"].as_str().unwrap());
    let open = window_with(folder.path(), "d.tour", &open).output().unwrap();
    assert!(open.status.success(), "{}", said(&open));
}

#[test]
fn saving_asks_before_it_replaces_and_what_was_saved_opens_without_its_ending() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("notes.detente"), "do not lose this").unwrap();
    let refused = window_with(folder.path(), "a.tour", "go 4\nsave notes\n").output().unwrap();
    assert!(!refused.status.success() && said(&refused).contains("is no session"), "{}", said(&refused));
    assert_eq!(std::fs::read_to_string(folder.path().join("notes.detente")).unwrap(), "do not lose this");
    let tour = "go 4\nsave ~/lesson\nsave ~/lesson.detente\n";
    let saved = window_with(folder.path(), "b.tour", tour).env("HOME", folder.path()).output().unwrap();
    assert!(saved.status.success(), "{}", said(&saved));
    assert!(folder.path().join("lesson.detente").exists());
    std::fs::write(folder.path().join("c.tour"), "expect day 4\n").unwrap();
    let again = detente(folder.path()).args(["window", "lesson", "--tour", "c.tour"]).output().unwrap();
    assert!(again.status.success(), "{}", said(&again));
}

/// What is copied out of an address opens on the day on which it was shared: whole, or from its `#` on, or from behind that.
#[test]
fn a_link_as_an_argument_opens_on_its_day() {
    use detente::session::Sitting;
    use detente::session::file::Saved;
    let mut sitting = Sitting::new(detente::scenario::load("november-2024").unwrap(), 9);
    sitting.go_to(40);
    sitting.set_lever(detente::symbols::levers::Lever::UnifilTroops, 15_000.0).unwrap();
    sitting.end_step();
    sitting.go_to(52);
    let tail = Saved::of(&sitting).to_link();
    let folder = tempfile::tempdir().unwrap();
    let tour = format!(
        "expect day 52\nexpect seed 9\nexpect policy [[40,\"unifil.troops\",15000.0]]\nexpect digest {}\n",
        sitting.branch().history.digest().whole
    );
    std::fs::write(folder.path().join("there.tour"), tour).unwrap();
    for link in [format!("s={tail}"), format!("#s={tail}"), format!("https://example.org/detente/#s={tail}")] {
        let opened = detente(folder.path()).args(["window", &link, "--tour", "there.tour"]).output().unwrap();
        assert!(opened.status.success(), "{link}: {}", said(&opened));
    }
}

#[test]
fn without_a_display_it_says_so_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    for display in [None, Some(":4711")] {
        let mut command = detente(folder.path());
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
        if let Some(display) = display {
            command.env("DISPLAY", display);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{display:?}: {}", said(&output));
        let said = said(&output);
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.contains("no display") && said.contains("detente run"), "{said}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_session_or_tour_that_cannot_be_read_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.detente"), "{}").unwrap();
    std::fs::write(folder.path().join("bad.tour"), "dance\n").unwrap();
    for (args, word) in [
        (vec!["window", "bad.detente"], "not a session file"),
        (vec!["window", "none.detente"], "cannot read the session"),
        (vec!["window", "--tour", "bad.tour"], "begins with no command"),
        (vec!["window", "--size", "big"], "--size takes"),
    ] {
        let output = detente(folder.path()).args(&args).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(said(&output).contains(word), "{args:?}: {}", said(&output));
    }
}
