//! Bad input: one clear sentence each, everything at once, exit status 2.

use super::{done, refused, said, stderr, stdout};
use std::fmt::Write as _;
use std::fs;

#[test]
fn refusals_in_words() {
    let mut text = String::new();
    for line in [
        "run --set unifil.troups=1",
        "run --set unifil.troops=15001",
        "run --set unifil.troops=many",
        "run --set unifil.troops=NaN",
        "run --set unifil.troops",
        "run --set =3",
        "run --set israel.disputed_areas=some",
        "run --set us.sanctions_pressure=2",
        "run --set unifil.troops=1@-1",
        "run --set unifil.troops=1@2024-11-07",
        "run --set unifil.troops=1@365",
        "run --set unifil.troops=1@2025-11-08",
        "run --set unifil.troops=1@soon",
        "run --set unifil.troops=1@",
        "run --days 30 --set unifil.troops=1@30",
        "run --set unifil.troops=1@5 --set unifil.troops=2@2024-11-13",
        "run --set unifil.troups=1 --set laf.troops_south=99999@999 --set oops --set us.base_sorties=7",
        "run october-2032",
        "run no-such-file.toml",
        "run tests",
        "batch --runs 10 --set unifil.troups=1",
        "effect --runs 10 --set unifil.troups=1",
        "check no-such-file.toml november-2042",
        "parameters nowhere",
        "explain tests 1.1",
        "explain tests first",
        "explain no-such-folder 1.1",
    ] {
        let _ = write!(text, "$ detente {line}\n{}\n", refused(line));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn malformed_command_lines_are_refused_with_usage() {
    for line in [
        "run --days 0",
        "run --days 99999",
        "run --days many",
        "run --seed -1",
        "run --seed 18446744073709551616",
        "run --format csv",
        "run --format xml --out x",
        "run a b",
        "batch",
        "batch --runs 0",
        "batch --runs 10 --jobs 0",
        "batch --runs 10 --params guess",
        "batch --runs 10 --resume",
        "effect --runs 10",
        "check",
        "explain",
        "completions cobol",
        "rum",
    ] {
        let message = refused(line);
        assert!(message.starts_with("error: "), "{line}: {message}");
        assert!(message.contains("--help"), "{line}: {message}");
    }
    assert!(refused("rum").contains("'run'"));
}

#[test]
fn every_mistake_of_every_file_is_reported_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a.toml"), folder.path().join("b.toml"));
    fs::write(&a, "format = 1\nextends = \"november-2024\"\ndays = 0\n[levers]\nunifil.troups = 3\n").unwrap();
    fs::write(&b, "format = 1\nextends = \"november-2024\"\n[actors.HZB]\nsite = \"beiruth\"\n").unwrap();
    let output = said(&format!("check {} november-2024 {}", a.display(), b.display()));
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).starts_with("november-2024: fit to run"), "what is fit is said all the same");
    let messages = stderr(&output);
    let lines: Vec<&str> = messages.lines().collect();
    assert_eq!(lines.len(), 3, "{messages}");
    assert!(lines[0].starts_with(&format!("{}:3:8: days: ", a.display())), "{messages}");
    assert!(lines[1].starts_with(&format!("{}:5:8: levers.unifil.troups: ", a.display())), "{messages}");
    assert!(lines[2].starts_with(&format!("{}:4:8: actors.HZB.site: ", b.display())), "{messages}");
    assert!(lines[2].contains("did you mean `beirut`?"), "{messages}");
    // The same mistakes, whatever is asked of the file.
    for command in ["run", "parameters"] {
        let refused = refused(&format!("{command} {}", a.display()));
        assert_eq!(refused.lines().collect::<Vec<_>>(), lines[..2]);
    }
}

#[test]
fn help_teaches_with_examples() {
    let top = done("--help");
    assert!(top.contains("Examples:") && top.contains("not predictions of real events"));
    for command in [
        "check",
        "run",
        "batch",
        "effect",
        "compare",
        "rank",
        "claims",
        "explain",
        "levers",
        "parameters",
        "scenarios",
        "schema",
        "completions",
    ] {
        assert!(top.contains(&format!("  {command} ")), "{command} is listed");
        let help = done(&format!("help {command}"));
        assert!(help.contains("Example"), "{command}: {help}");
        assert!(help.contains("detente ") && help.contains("Usage:"), "{command}: {help}");
    }
}
