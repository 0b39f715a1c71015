//! Scores as a user meets them.

use super::{detente, done, files, json, keys, names, refused, stderr};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Two origins of few particles: seconds.
const SHORT: &str = "score --origins 2024-01-25..2024-02-08 --horizons 1,4 --particles 40 --members 30 --series gaza.killed,ships.attacked";

#[test]
fn a_score_has_the_shape_promised_and_no_number_of_threads_shows() {
    let one = json(&format!("{SHORT} --jobs 1 --json"));
    assert_eq!(one, json(&format!("{SHORT} --jobs 3 --json")));
    assert_eq!(keys(&one["series"]), ["gaza.killed", "ships.attacked"]);
    let cell = &one["series"]["gaza.killed"]["1"];
    for key in ["n", "crps", "baselines", "skill", "ignorance", "coverage50", "coverage90"] {
        assert!(!cell[key].is_null(), "{key}: {cell}");
    }
    assert_eq!(cell["n"], 2);
    let rules = ["climatology", "conflictology", "last_value", "nb_ingarch", "nb_recent", "unobserved"];
    assert_eq!(keys(&cell["baselines"]), rules);
    assert_eq!(keys(&cell["skill"]["nb_recent"]), ["high", "low", "value"]);
    for key in ["version", "nowcast", "scenario", "particles", "seed", "this_version", "this_score"] {
        assert!(one["registered"].get(key).is_some(), "{key}");
    }
    assert_eq!(one["registered"]["this_version"], true);
    assert_eq!(one["registered"]["this_score"], false, "40 particles are not what is registered");
    assert_ne!(one["series"], json(&format!("{SHORT} --seed 2 --json"))["series"]);
}

#[test]
fn a_score_in_words_says_where_a_simple_rule_is_better_and_what_is_not_scored() {
    let text = done(&SHORT.replace("gaza.killed,", "gaza.killed,iaea.u60,"));
    for words in
        ["1 week ahead", "4 weeks ahead", "last_value", "Better than all of them:", "iaea.u60: a stock", "dots"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }
    let worse = json(&format!("{SHORT} --json"))["series"]["gaza.killed"]["1"]["skill"].clone();
    let is_worse = worse.as_object().unwrap().values().any(|skill| skill["value"].as_f64().unwrap() < 0.0);
    let head = text.split("Worse than a simple rule").nth(1).unwrap_or_default();
    assert_eq!(is_worse, head.contains("gaza.killed, 1 week ahead:"), "{text}");
}

#[test]
fn everything_wrong_is_said_at_once() {
    let message = refused("score --origins 2022-01-01..2024-02-08 --series gaza.kiled,zzz");
    for words in ["begins on 2023-10-08", "did you mean `gaza.killed`?", "the series are"] {
        assert!(message.contains(words), "{words} in {message}");
    }
    for (line, words) in [
        ("score", "--origins"),
        ("score --origins 2024-02-08..2024-01-25", "must not lie behind"),
        ("score --origins 2024-02-30..2024-03-01", "a date that exists"),
        ("score --origins 2024-01-25..2024-02-08 --horizons 0", "from 1 to 104"),
        ("score --origins 2024-01-25..2024-02-08 --observed no/such/folder", "no/such/folder"),
        ("score --origins 2023-10-08..2030-01-01 --every 1", "take a larger --every"),
    ] {
        let message = refused(line);
        assert!(message.contains(words), "{line}: {message}");
    }
}

fn origins(out: &Path) -> usize {
    let entries = fs::read_dir(out.join("origins")).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "json")).count()
}

#[test]
fn a_killed_score_goes_on_to_the_bytes_of_an_undisturbed_one() {
    const LONGER: &str =
        "score --origins 2024-01-25..2024-05-30 --horizons 1 --particles 40 --members 30 --series gaza.killed";
    let folder = tempfile::tempdir().unwrap();
    let (whole, out) = (folder.path().join("whole"), folder.path().join("killed"));
    done(&format!("{LONGER} --out {}", whole.display()));
    let kept = names(&whole);
    assert_eq!(kept.len(), 12, "ten origins, the manifest and the score: {kept:?}");
    assert!(kept.contains(&"origins/2024-05-30.json".to_owned()) && kept.contains(&"score.json".to_owned()));
    let line = format!("{LONGER} --out {} --resume --jobs 2", out.display());
    let mut kills = 0;
    for wanted in [1, 4] {
        let mut child = detente(line.split_whitespace())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let started = Instant::now();
        while origins(&out) < wanted && child.try_wait().unwrap().is_none() {
            assert!(started.elapsed() < Duration::from_secs(120), "nothing happens");
            std::thread::sleep(Duration::from_millis(1));
        }
        let _ = child.kill();
        kills += usize::from(child.wait().unwrap().code().is_none());
    }
    assert!(kills > 0, "it was never killed");
    done(&line);
    assert!(files(&out) == files(&whole));
    let message = refused(&format!("{LONGER} --out {}", out.display()));
    assert!(message.contains("add --resume"), "{message}");
    let other =
        detente(format!("{LONGER} --seed 9 --out {} --resume", out.display()).split_whitespace()).output().unwrap();
    assert!(stderr(&other).contains("seed 1 there, 9 now"), "{}", stderr(&other));
}
