//! Lists, schema, completions; colours; readers that go away.

use super::{detente, done, json, keys, refused, stderr, stdout};
use detente::symbols::essay::{Held, PASSAGES, Passage};
use detente::symbols::levers::LEVERS;
use detente::symbols::parameters::ROWS;
use serde_json::json;
use std::process::Stdio;

#[test]
fn levers_are_listed_from_the_table() {
    let levers = json("levers --json");
    assert_eq!(keys(&levers), ["levers", "versions"]);
    assert_eq!(levers["versions"]["model"], detente::tables::provenance::MODEL);
    let levers = levers["levers"].as_array().unwrap();
    assert_eq!(levers.len(), LEVERS.len());
    for (lever, row) in levers.iter().zip(LEVERS) {
        let expected = [
            "acts_only",
            "claims",
            "default",
            "essay",
            "id",
            "kind",
            "name",
            "owner",
            "range",
            "source",
            "tag",
            "touches",
            "unit",
        ];
        assert_eq!(keys(lever), expected);
        assert_eq!(lever["id"], row.id);
        assert!(["number", "choice", "date"].contains(&lever["kind"].as_str().unwrap()));
    }
    let text = done("levers");
    assert!(LEVERS.iter().all(|row| text.contains(row.id)));
    // What is listed can be set to its default.
    for (lever, row) in levers.iter().zip(LEVERS) {
        let default = lever["default"].as_str().map_or_else(|| lever["default"].to_string(), str::to_owned);
        let line = format!("run --days 1 --json --set {}={default}", row.id);
        done(&line);
    }
}

/// Every passage once and in order, those with a word or a number, and one sentence where nothing fits.
#[test]
fn passages_of_the_essay_are_listed_and_found_by_word_and_number() {
    let list = |line: &str| json(line)["passages"].as_array().unwrap().clone();
    let numbers = |line: &str| list(line).iter().map(|p| p["number"].as_u64().unwrap()).collect::<Vec<_>>();
    assert_eq!(keys(&json("essay --json")), ["passages", "versions"]);
    let all = list("essay --json");
    assert_eq!(all.len(), PASSAGES.len());
    for (listed, passage) in all.iter().zip(PASSAGES) {
        let expected = [
            "causes",
            "claims",
            "in_the_model",
            "lacks",
            "levers",
            "measures",
            "mechanisms",
            "number",
            "parameters",
            "says",
            "shown",
        ];
        assert_eq!(keys(listed), expected);
        assert_eq!((&listed["says"], &listed["causes"]), (&json!(passage.says), &json!(passage.causes)));
    }
    assert_eq!(numbers("essay 62 59 --json"), [59, 62]);
    // A word in a passage, in whatever case; in a lever; in a claim; in how far it is in the model.
    assert_eq!(numbers("essay OMAN --json"), numbers("essay oman --json"));
    assert!(numbers("essay oman --json").contains(&33));
    let levers = |p: &Passage| p.levers.contains(&"council.consequences");
    let with: Vec<u64> = PASSAGES.iter().filter(|p| levers(p)).map(|p| p.number.into()).collect();
    assert_eq!(numbers("essay council.consequences --json"), with);
    let absent = PASSAGES.iter().filter(|p| p.held == Held::Absent);
    assert_eq!(numbers("essay absent --json"), absent.map(|p| u64::from(p.number)).collect::<Vec<_>>());
    // A number that no passage has is a word; several words must all be there.
    assert_eq!(numbers("essay 1701 --json"), [19]);
    let both = numbers("essay aid council --json");
    assert!(both.len() > 1 && both.len() < numbers("essay aid --json").len(), "{both:?}");

    let text = done("essay");
    assert!(PASSAGES.iter().all(|p| p.lacks.split_whitespace().all(|word| text.contains(word))));
    let one = done("essay 44");
    assert!(one.starts_with("44 ") && one.contains("absent, not here: no table"), "{one}");
    let ask = done("essay 59");
    assert!(ask.contains("ask about: council_vote") && ask.contains("levers: iran.un_cost_drive"), "{ask}");
    for (line, words) in
        [("essay xyzzy", "`xyzzy`"), ("essay 3 xyzzy oman", "`xyzzy` and `oman`"), ("essay 99", "`99`")]
    {
        let sentence = refused(line);
        assert!(sentence.contains(words) && sentence.lines().count() == 1, "{sentence}");
    }
}

#[test]
fn parameters_are_listed_with_range_tag_and_source() {
    let parameters = json("parameters --json");
    assert_eq!(keys(&parameters), ["parameters", "scenario", "scenario_hash", "versions"]);
    assert_eq!(keys(&parameters["versions"]), ["format", "model"]);
    let parameters = parameters["parameters"].as_array().unwrap();
    assert!(parameters.len() > ROWS.len() + 100);
    for parameter in parameters {
        assert_eq!(
            keys(parameter),
            ["acts", "default", "drawn", "id", "meaning", "path", "range", "source", "tag", "unit"]
        );
        let [low, high] = [0, 1].map(|end| parameter["range"][end].as_f64().unwrap());
        let default = parameter["default"].as_f64().unwrap();
        assert!(low <= high && low <= default && default <= high, "{parameter}");
        assert!(!parameter["source"].as_str().unwrap().is_empty(), "{parameter}");
        assert_eq!(parameter["acts"].is_null(), low >= high, "{parameter}");
    }
    let text = done("parameters october-2023");
    assert!(ROWS.iter().all(|row| text.contains(row.id)));
    assert!(text.contains("Estimates of october-2023"));
}

#[test]
fn scenarios_and_schema_are_printed() {
    let text = done("scenarios");
    for name in detente::scenario::builtin_names() {
        assert!(text.contains(name));
        let known = json("scenarios --json");
        assert_eq!(keys(&known), ["scenarios", "versions"]);
        assert!(known["scenarios"].as_array().unwrap().iter().any(|scenario| scenario["name"] == *name));
    }
    assert_eq!(json("schema"), detente::scenario::json_schema());
}

#[test]
fn completions_know_commands_and_options() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = done(&format!("completions {shell}"));
        for word in ["batch", "explain", "replay", "report", "resume", "params"] {
            assert!(script.contains(word), "{word} in {shell}");
        }
    }
}

#[test]
fn colours_only_where_they_are_wanted() {
    let run = |force: bool, no_color: bool| {
        let mut command = detente(["run", "--days", "3"]);
        if force {
            command.env("CLICOLOR_FORCE", "1");
        }
        if no_color {
            command.env("NO_COLOR", "1");
        }
        stdout(&command.output().unwrap())
    };
    let escapes = |text: &str| text.contains('\u{1b}');
    assert!(!escapes(&run(false, false)), "no terminal, no colours");
    assert!(escapes(&run(true, false)));
    assert!(!escapes(&run(true, true)), "NO_COLOR wins");
    assert_eq!(anstream::adapter::strip_str(&run(true, false)).to_string(), run(false, false));
    let refused = detente(["run", "x"]).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output().unwrap();
    assert!(!escapes(&stderr(&refused)));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for line in
        [&["run"][..], &["levers", "--json"], &["parameters"], &["schema"], &["completions", "zsh"], &["--help"]]
    {
        let mut child = detente(line).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(stderr(&output), "", "{line:?}");
        assert_eq!(output.status.code(), Some(0), "{line:?}");
    }
}
