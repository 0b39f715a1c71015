//! What README shows is what the program prints.

use super::done;

const README: &str = include_str!("../../README.md");

/// The block of README that begins with this line.
fn block(begin: &str) -> Vec<&'static str> {
    let shown = README.split("```").find_map(|part| part.strip_prefix('\n').filter(|text| text.starts_with(begin)));
    shown.unwrap_or_else(|| panic!("README shows nothing that begins with {begin}")).lines().collect()
}

/// Every line shown is printed, in that order; a line of "…" stands for any.
fn is_printed(begin: &str, command: &str) {
    let text = done(command);
    let mut printed = text.lines().map(str::trim_end);
    for line in block(begin).into_iter().filter(|line| line.trim() != "…") {
        assert!(printed.any(|other| other == line.trim_end()), "`{command}` does not print `{line}` there:\n{text}");
    }
}

#[test]
fn what_readme_shows_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("year");
    done(&format!("run --out {}", out.display()));
    is_printed("2025-06-21 · Iran answers", &format!("explain {} d225e1", out.display()));
    is_printed("november-2024 · 8 November 2024 to 7 November 2025 (365 days) · seed 1", "run");
    is_printed("november-2024 · 8 November 2024 to 7 November 2025 (365 days)\n2,000 futures", "batch --runs 2000");
}

/// Half a minute: a thousand futures of every scenario.
#[test]
fn the_table_of_scenarios_is_the_one_that_its_command_prints() {
    let command = "compare --runs 1000 --seed 1 --params prior --markdown";
    let (_, after) = README.split_once(&format!("`detente {command}`")).expect("README names the command of its table");
    let printed = done(command);
    let rows = |text: &str| text.lines().filter(|line| line.starts_with('|')).map(str::to_owned).collect::<Vec<_>>();
    let (printed, shown) = (rows(&printed), rows(after));
    assert!(printed.len() > 20, "{printed:?}");
    assert_eq!(&shown[..printed.len()], printed);
}
