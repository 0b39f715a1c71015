//! The lessons: every command in a box prints what the box says it does, and every lever that a lesson names is there.

use super::done;
use detente::session::lessons::LESSONS;
use std::fs;
use std::path::{Path, PathBuf};

fn lessons() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lessons");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The boxes of a text: lines after ```` ```console ````, to the end of the box.
fn boxes(text: &str) -> Vec<Vec<&str>> {
    let (mut found, mut open) = (Vec::new(), None);
    for line in text.lines() {
        match (line, &mut open) {
            ("```console", _) => open = Some(Vec::new()),
            ("```", Some(_)) => found.extend(open.take()),
            (line, Some(lines)) => lines.push(line),
            _ => {}
        }
    }
    found
}

/// Where a line of a box stands among those printed, from a place on: it may leave out what comes further right.
fn printed_at(printed: &[String], from: usize, line: &str) -> Option<usize> {
    let wanted = squeezed(line);
    (from..printed.len()).find(|&at| {
        let rest = printed[at].strip_prefix(wanted.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

#[test]
fn every_box_of_a_lesson_is_what_its_command_prints() {
    let mut commands = 0;
    for (path, text) in lessons() {
        for lines in boxes(&text) {
            let (mut printed, mut at) = (Vec::new(), 0);
            for line in lines {
                if let Some(command) = line.strip_prefix("$ detente ") {
                    printed = done(command).lines().map(squeezed).collect::<Vec<_>>();
                    (at, commands) = (0, commands + 1);
                    continue;
                }
                let found = printed_at(&printed, at, line);
                let Some(found) = found else {
                    panic!(
                        "{}: this is not printed, or not in this order:\n{line}\n{}",
                        path.display(),
                        printed.join("\n")
                    )
                };
                at = found + 1;
            }
        }
    }
    assert!(commands >= 10, "{commands}");
}

/// Each has what a lecturer needs to teach it from the text alone, with times that add up to 45 minutes; that of a class in a room takes
/// 90.
#[test]
fn every_lesson_is_whole_and_takes_its_time() {
    let lessons: Vec<_> = lessons().into_iter().filter(|(path, _)| !path.ends_with("README.md")).collect();
    assert_eq!(lessons.len(), 4);
    for (path, text) in &lessons {
        let whole = if path.ends_with("class.md") { 90 } else { 45 };
        let name = path.display();
        for part in ["**Goals.**", "## What usually goes wrong", "## Questions, and answers", "## Hand-out"] {
            assert!(text.contains(part), "{name} has no {part}");
        }
        let minutes = |line: &str| {
            let (from, to) = line.strip_prefix("| ")?.split(" | ").next()?.split_once('–')?;
            Some((from.parse::<u32>().ok()?, to.parse::<u32>().ok()?))
        };
        let steps: Vec<(u32, u32)> = text.lines().filter_map(minutes).collect();
        assert!(steps.len() >= 5 && steps[0].0 == 0 && steps.last().unwrap().1 == whole, "{name}: {steps:?}");
        assert!(steps.windows(2).all(|pair| pair[0].1 == pair[1].0), "{name}: {steps:?}");
        for (from, to) in steps {
            assert!(text.contains(&format!("\n## {from}–{to} ")), "{name}: no section for minutes {from} to {to}");
        }
    }
}

/// A session of each lesson ships, under the name of its page; its steps are called by the sections of the page, in their order and
/// with their times, and the page says how to open it.
#[test]
fn every_lesson_ships_with_steps_called_by_the_sections_of_its_page() {
    // The lesson of a class is played in a room, and has no session.
    let no_session = ["README.md", "class.md"];
    let pages: Vec<_> =
        lessons().into_iter().filter(|(path, _)| no_session.iter().all(|name| !path.ends_with(name))).collect();
    assert_eq!(pages.len(), LESSONS.len());
    for (path, text) in &pages {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let lesson =
            LESSONS.iter().find(|lesson| lesson.name == name).unwrap_or_else(|| panic!("{name} does not ship"));
        assert!(text.starts_with(&format!("# {}\n", lesson.title)), "{name}: another title");
        assert!(text.contains(&format!("`detente window --lesson {name}`")), "{name} does not say how it is opened");
        // Sections with a time: `## 5–15 Round 1: …`.
        let timed = |line: &&str| line.starts_with(|c: char| c.is_ascii_digit());
        let sections: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).filter(timed).collect();
        assert!(sections.len() >= 5, "{name}: {sections:?}");
        let saved = lesson.saved().unwrap();
        let mut titles: Vec<&str> = saved.steps.list().iter().map(|step| section_of(&step.title)).collect();
        titles.dedup();
        assert_eq!(titles, sections, "{name}");
    }
}

/// What a step's title says of its section: of several steps of one section, each has a word of its own behind it.
fn section_of(title: &str) -> &str {
    title.split(" · ").next().unwrap_or(title)
}
