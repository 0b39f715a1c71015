//! `detente compare`.

use super::{done, json, keys, refused, said, stderr, stdout};
use detente::scenario::builtin_names;
use std::fs;

#[test]
fn rows_are_the_shares_of_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    fs::write(
        &file,
        "format = 1\nname = \"mine\"\nextends = \"november-2024\"\n[levers]\nisrael.settlements = \"withdrawal\"\n",
    )
    .unwrap();
    for params in ["default", "prior"] {
        let rest = format!("--runs 60 --days 130 --seed 5 --params {params} --json");
        let table = json(&format!("compare october-2023 {} {rest}", file.display()));
        assert_eq!(keys(&table), ["params", "partial", "runs", "scenarios", "seed", "versions"]);
        let rows = table["scenarios"].as_array().unwrap();
        assert_eq!(rows.len(), 2);
        for (row, name) in rows.iter().zip(["october-2023".to_owned(), file.display().to_string()]) {
            assert_eq!(
                keys(row),
                ["content", "days", "enduring_peace", "hash", "killed_in_all", "name", "outcomes", "start"]
            );
            let batch = json(&format!("batch {name} {rest}"));
            assert_eq!(row["outcomes"]["headline"], batch["outcomes"]["headline"], "{name}");
            assert_eq!(row["killed_in_all"], batch["killed_in_all"], "{name}");
            assert!(row["killed_in_all"]["mean"].as_f64().unwrap() > 0.0);
            let [low, mean, high] = ["low", "mean", "high"].map(|key| row["killed_in_all"][key].as_f64().unwrap());
            assert!(low < mean && mean < high, "{low} {mean} {high}");
            assert_eq!(row["days"], 130);
        }
        assert_eq!(rows[0]["enduring_peace"]["settlements_not_growing"], false);
        assert_eq!(rows[1]["enduring_peace"]["settlements_not_growing"], true);
        assert_eq!(rows[1]["enduring_peace"]["no_funding_of_armed_groups"], false);
        assert_eq!(rows[1]["name"], "mine");
        assert_eq!(table, json(&format!("compare october-2023 {} {rest} --jobs 1", file.display())));
    }
}

#[test]
fn every_built_in_scenario_has_a_row_by_default() {
    let text = done("compare --runs 4 --days 20");
    // As for a batch: parameters at their defaults unless asked for otherwise.
    assert!(text.contains("parameters at their defaults"), "{text}");
    assert!(done("batch --runs 2 --days 5").contains("parameters at their defaults"));
    for name in builtin_names() {
        assert_eq!(text.lines().filter(|line| line.trim_start().starts_with(&format!("{name} "))).count(), 1, "{name}");
    }
    let heads = text.lines().find(|line| line.contains("unsettled  ")).expect("heads of columns");
    assert!(heads.contains("killed"), "{heads}");
    assert!(text.contains("no outcome stands for peace") && text.ends_with("of real events.\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");
}

#[test]
fn markdown_is_a_table_with_its_command_and_caveat() {
    let text = done("compare november-2024 --runs 20 --days 20 --seed 2 --params default --markdown");
    let command = text.lines().next().unwrap().trim_matches('`').to_owned();
    assert_eq!(command, "detente compare november-2024 --runs 20 --seed 2 --params default --days 20 --markdown");
    assert_eq!(done(command.strip_prefix("detente ").unwrap()), text, "the command that is named gives this table");
    assert!(text.contains("not predictions of real events"));
    let table: Vec<usize> =
        text.lines().filter(|line| line.starts_with('|')).map(|line| line.matches('|').count()).collect();
    assert_eq!(table, [11, 11, 11], "heads, rule and a row of ten cells: {text}");
    let row = text.lines().rfind(|line| line.starts_with('|')).unwrap();
    assert_eq!(row.matches(" ± ").count(), 6, "five shares and a mean with their intervals: {row}");
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn every_mistake_is_reported_before_anything_runs() {
    let output = said("compare november-2042 november-2024 october-2032 --runs 10000000");
    let messages = stderr(&output);
    assert_eq!((output.status.code(), stdout(&output).as_str()), (Some(2), ""));
    assert_eq!(messages.lines().count(), 2, "{messages}");
    for line in ["compare --runs 0", "compare --markdown --json", "compare --params guess"] {
        assert!(refused(line).contains("--help"), "{line}");
    }
}
