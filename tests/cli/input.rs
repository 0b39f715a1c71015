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
        "run --set israel.disputed_areas=Ghajar",
        "run --set saudi.sign_roadmap=Off",
        "run --set saudi.sign_roadmap=2020-01-01",
        "run --param table.eta[LEBN]=0.1",
        "run --param table.etta[LEB]=0.1",
        "run --param theta_wor=9",
        "run --param table.eta[LEB]=7",
        "run --param table.eta[LEB]=much",
        "run --param table.eta[LEB]",
        "run --param theta_war=9 --param theta_war=8",
        "man rum",
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
        "run --seed 1e3",
        "run --future -1",
        "run --seed 18446744073709551616",
        "run --format csv",
        "run --format xml --out x",
        "run a b",
        "batch",
        "batch --runs 0",
        "batch --runs 10 --jobs 0",
        "batch --runs 1e3",
        "batch --runs 10 --futures 0..10",
        "batch --futures 10",
        "batch --futures 10..10",
        "batch --futures 9..3",
        "merge",
        "merge a b",
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
    // In plain words, and not in those of a programming language.
    for (line, words) in [
        ("batch --runs 10 --jobs 0", "write a whole number from 1 to 1000000, in digits"),
        ("batch --runs 1e3", "write a whole number from 1 to 100000000, in digits"),
        ("run --seed -1", "write a whole number from 0 to 9007199254740991, in digits"),
        ("run --days 0", "write a whole number from 1 to 3650, in digits"),
        ("batch --futures 9..3", "the first number must be smaller than the second"),
        ("batch --futures 10", "write two numbers, like 256..512"),
    ] {
        assert!(refused(line).contains(words), "{line}: {}", refused(line));
    }
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
    // For scripts, all of it on standard output.
    let output = said(&format!("check {} november-2024 {} --json", a.display(), b.display()));
    assert_eq!((output.status.code(), stderr(&output)), (Some(2), String::new()));
    let json: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(json["versions"]["model"], detente::tables::provenance::MODEL);
    assert_eq!((json["fit"][0]["file"].as_str(), json["fit"].as_array().unwrap().len()), (Some("november-2024"), 1));
    let places: Vec<u64> = json["mistakes"].as_array().unwrap().iter().map(|m| m["line"].as_u64().unwrap()).collect();
    assert_eq!(places, [3, 5, 4]);
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
        "causes",
        "contested",
        "claims",
        "explain",
        "levers",
        "parameters",
        "essay",
        "columns",
        "scenarios",
        "schema",
        "completions",
        "man",
        "merge",
        "observe",
        "nowcast",
        "score",
        "fit",
        "class",
    ] {
        assert!(top.contains(&format!("  {command} ")), "{command} is listed");
        let help = done(&format!("help {command}"));
        assert!(help.contains("Example"), "{command}: {help}");
        assert!(help.contains("detente ") && help.contains("Usage:"), "{command}: {help}");
    }
}

/// A parameter of the command line is the same as one of a file, whatever kind it is; the id is the one that is listed.
#[test]
fn parameters_are_set_by_the_ids_that_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let text = "format = 1\nextends = \"november-2024\"\nname = \"november-2024\"\n[parameters]\n\
                \"table.eta[LEB]\" = 0.2\ntheta_war = 9\n";
    fs::write(&file, text).unwrap();
    let rest = "--days 60 --params prior --json";
    let by_file = super::json(&format!("run {} {rest}", file.display()));
    let params = "--param table.eta[LEB]=0.2 --param theta_war=9";
    let by_option = super::json(&format!("run {params} {rest}"));
    assert_eq!(by_file, by_option);
    assert_ne!(by_file["digest"], super::json(&format!("run {rest}"))["digest"]);
    for command in [
        "batch --runs 10 --days 30",
        "effect --set unifil.troops=15000 --runs 10 --days 30",
        "compare november-2024 --runs 10 --days 30",
        "claims --runs 75 --days 5",
        "rank --outcome deaths --runs 75 --days 5",
        "causes --outcome direct_fire --runs 10 --days 20",
        "contested --set unifil.troops=0 --runs 2 --days 5",
    ] {
        done(&format!("{command} {params}"));
        assert!(refused(&format!("{command} --param theta_war=-9")).contains("--param theta_war=-9: "));
    }
    let listed = super::json("parameters --param table.eta[LEB]=0.2 --json");
    let row = listed["parameters"].as_array().unwrap().iter().find(|row| row["id"] == "table.eta[LEB]").unwrap();
    assert_eq!((row["default"].as_f64(), row["drawn"].as_str()), (Some(0.2), Some("fixed")));
    assert_eq!(row["path"], "tables.LEB.eta");
    for row in listed["parameters"].as_array().unwrap() {
        assert!(row["path"].is_string(), "{row}");
        for end in row["range"].as_array().unwrap() {
            assert!(end.to_string().len() < 16, "a range ends in noise: {row}");
        }
    }
}

/// A scenario can come from another process.
#[test]
#[cfg(unix)]
fn a_scenario_may_come_from_a_pipe() {
    use std::process::Command;
    let sh = |script: &str| {
        let output = Command::new("bash").arg("-c").arg(script.replace("detente", super::PROGRAM)).output().unwrap();
        (output.status.code(), stdout(&output), stderr(&output))
    };
    let toml = "format = 1\\nextends = \"november-2024\"\\ndays = 7\\n";
    for script in [
        format!("printf '{toml}' | detente run - --json"),
        format!("printf '{toml}' | detente run /dev/stdin --json"),
        format!("detente run <(printf '{toml}') --json"),
    ] {
        let (status, out, err) = sh(&script);
        assert_eq!(status, Some(0), "{script}: {err}");
        let run: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!((run["days"].as_u64(), run["scenario"]["name"].as_str()), (Some(7), Some("stdin")));
    }
    for (script, words) in [
        ("detente check - < /dev/zero", "standard input: is larger than 1 MiB"),
        ("detente check /dev/zero", "is not a file"),
        ("detente check /dev/stdin < /dev/zero", "/dev/stdin: is larger than 1 MiB"),
        ("d=$(mktemp -d); mkfifo $d/f; detente check $d/f", "is not a file"),
        (
            "printf 'format = 1\\nextends = \"/proc/self/pagemap\"\\n' | detente check -",
            "extends: /proc/self/pagemap is ",
        ),
    ] {
        let (status, _, err) = sh(script);
        assert_eq!(status, Some(2), "{script}: {err}");
        assert!(err.contains(words), "{script}: {err}");
    }
}

#[test]
fn what_is_typed_or_written_does_nothing_to_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("esc.toml");
    let text = "format = 1\nextends = \"november-2024\"\nname = \"\\u001b]0;x\\u0007\"\ntitle = \"two\\nlines\"\n\
                \"k\u{202E}ey\" = 1\n[actors.ISR]\nname = \"Is\\u001b[5mrael\"\n";
    fs::write(&file, text).unwrap();
    let message = refused(&format!("check {}", file.display()));
    assert_eq!(message.matches("holds a character that cannot be seen").count(), 3, "{message}");
    assert!(message.contains("title: stands on more than one line"), "{message}");
    let mut said_of_all = message;
    for line in [
        "run --set \u{1b}[5mx=1",
        "run \u{1b}]0;x\u{7}",
        "run --seed \u{202E}1",
        "ru\u{1b}[5mn",
        "explain \u{1b}[5m 3.1",
    ] {
        said_of_all.push_str(&refused(line));
    }
    let unseen = |c: char| c.is_control() && c != '\n' || ('\u{202A}'..='\u{202E}').contains(&c);
    assert!(!said_of_all.contains(unseen), "{said_of_all:?}");
}

#[test]
fn mistakes_stop_at_fifty_and_take_no_longer_than_there_are_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("many.toml");
    let count = 40_000;
    for (line, limit) in [("= = =", 20), ("\"k1\" = \"", 20), ("kNNNNN = 1", 20)] {
        let lines: Vec<String> = (0..count).map(|i| line.replace("NNNNN", &i.to_string())).collect();
        fs::write(&file, format!("format = 1\n{}\n", lines.join("\n"))).unwrap();
        let started = std::time::Instant::now();
        let message = refused(&format!("check {}", file.display()));
        assert!(started.elapsed().as_secs() < limit, "{line}: {:?}", started.elapsed());
        assert!(message.lines().count() <= 51, "{line}: {}", message.lines().count());
        assert!(message.trim_end().ends_with("more; mend these first"), "{line}: {message}");
    }
    // Nor where the lines are entries of a section that know nothing of each other.
    let entries: Vec<String> = (0..20_000).map(|i| format!("\"A{i}>B{i}\" = {{}}")).collect();
    fs::write(&file, format!("format = 1\nextends = \"november-2024\"\n[streams]\n{}\n", entries.join("\n"))).unwrap();
    let started = std::time::Instant::now();
    let message = refused(&format!("check {}", file.display()));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
    assert!(message.lines().count() <= 51, "{}", message.lines().count());
}

#[test]
fn shells_and_manuals_know_the_names() {
    for shell in ["bash", "zsh", "fish"] {
        let script = done(&format!("completions {shell}"));
        for name in ["november-2024", "unifil.troops=", "theta_war=", "regional_war", "merge"] {
            assert!(script.contains(name), "{shell}: {name}");
        }
    }
    assert!(done("completions zsh").contains("_files\"}"), "a scenario can be a file too");
    let page = done("man");
    assert!(page.contains(".TH detente 1") && page.contains("detente\\-batch"), "{page}");
    let page = done("man batch");
    assert!(page.contains(".TH detente-batch 1") && page.contains("futures"), "{page}");
}
