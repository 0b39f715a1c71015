//! Observations and the filter as a user meets them: `observe`, `nowcast`, `--from`.

use super::{detente, done, files, json, keys, names, refused, stderr};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Seven weeks of few particles: seconds.
const SHORT: &str = "nowcast --until 2023-11-30 --particles 60 --seed 3";

#[test]
fn observe_lists_what_ships_and_a_folder_of_ones_own() {
    let all = json("observe --json");
    assert_eq!(keys(&all), ["digest", "events", "folder", "series", "without"]);
    let gaza = &all["series"][0];
    assert_eq!((gaza["series"].as_str(), gaza["unit"].as_str()), (Some("gaza.killed"), Some("deaths")));
    assert_eq!(gaza["to"], "2024-11-07");
    assert!(gaza["sources"][0]["licence"].as_str().is_some_and(|licence| !licence.is_empty()));
    let text = done("observe");
    for words in ["gaza.killed", "public domain", "events of HZB>ISR", "No values of: westbank.killed, launches.yemen"]
    {
        assert!(text.contains(words), "{words} in {text}");
    }

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    fs::write(
        &path,
        "series,from,to,value,vintage,source\nwestbank.killed,2026-01-01,2026-01-07,9,2026-02-01,made up\n",
    )
    .unwrap();
    let own = json(&format!("observe {} --json", folder.path().display()));
    assert_eq!(own["series"][0]["series"], "westbank.killed");
    assert_eq!(own["series"][0]["total"], 9.0);
    assert!(done(&format!("observe {}", folder.path().display())).contains("licence not stated"));
    fs::write(&path, "series,from,to,value,vintage,source\nwestbank.kild,2026-01-01,2026-01-07,-9,,x\n").unwrap();
    let message = refused(&format!("observe {}", folder.path().display()));
    assert!(
        message.contains("mine.csv:2:1: series:") && message.contains("did you mean `westbank.killed`?"),
        "{message}"
    );
    assert!(message.contains("mine.csv:2:37: value: -9 is negative"), "{message}");
    assert!(refused("observe no/such/folder").contains("cannot be read"));
}

#[test]
fn a_nowcast_is_the_same_with_any_number_of_threads_and_has_the_shape_promised() {
    let one = json(&format!("{SHORT} --jobs 1 --json"));
    let three = json(&format!("{SHORT} --jobs 3 --json"));
    assert_eq!(one, three);
    for key in ["until", "particles", "log_evidence", "log_evidence_se", "effective", "digest"] {
        assert!(one.get(key).is_some(), "{key}");
    }
    assert_eq!((&one["until"], &one["particles"]), (&"2023-11-30".into(), &60.into()));
    assert_eq!(one["effective"].as_array().unwrap().len(), 8);
    assert_eq!(one["effective"][7]["date"], "2023-11-30");
    assert!(one["log_evidence"].as_f64().unwrap() < 0.0 && one["log_evidence_se"].as_f64().unwrap() >= 0.0);
    let other = json("nowcast --until 2023-11-30 --particles 60 --seed 4 --json");
    assert_ne!(one["digest"], other["digest"]);
}

#[test]
fn futures_start_from_a_nowcast_under_the_scenario_that_begins_on_the_next_day() {
    let folder = tempfile::tempdir().unwrap();
    let now = folder.path().join("now");
    done(&format!("{SHORT} --out {}", now.display()));
    assert_eq!(
        names(&now),
        [
            "bands.csv",
            "effective.csv",
            "manifest.json",
            "nowcast.json",
            "numbers.csv",
            "particles.block",
            "weights.csv"
        ]
    );
    let scenario = folder.path().join("december.toml");
    fs::write(
        &scenario,
        "format = 1\nextends = \"october-2023\"\nname = \"december-2023\"\nstart = \"2023-12-01\"\ndays = 60\n",
    )
    .unwrap();
    let other = folder.path().join("other.toml");
    let without = "format = 1\nextends = \"october-2023\"\nname = \"other\"\nstart = \"2023-12-01\"\nwithout = [\"incorporation\"]\n";
    fs::write(&other, without).unwrap();
    let (scenario, other, now) = (scenario.display(), other.display(), now.display());
    let from = json(&format!("batch {scenario} --from {now} --runs 40 --json"));
    assert_eq!(from["params"], "nowcast");
    assert_eq!(from["from"], json(&format!("{SHORT} --json"))["digest"]);
    let again = json(&format!("batch {scenario} --from {now} --runs 40 --jobs 1 --json"));
    assert_eq!(from, again);
    let cold = json(&format!("batch {scenario} --runs 40 --json"));
    assert_ne!(from["digest"], cold["digest"]);
    let effect = json(&format!("effect {scenario} --from {now} --set unifil.troops=0 --runs 20 --json"));
    assert_eq!(effect["runs"], 20);
    let compare = json(&format!("compare {scenario} --from {now} --runs 20 --json"));
    assert_eq!(compare["params"], "nowcast");
    let rank = json(&format!("rank {scenario} --from {now} --outcome deaths --runs 20 --json"));
    assert!(rank.is_object());
    for (line, words) in [
        (format!("batch --from {now} --runs 5"), "ends on 2023-11-30"),
        (format!("batch {other} --from {now} --runs 5"), "is of another world"),
        (format!("batch {scenario} --from no-such --runs 5"), "no finished nowcast"),
        (format!("batch {scenario} --from {now} --params prior --runs 5"), "cannot be used with"),
    ] {
        assert!(refused(&line).contains(words), "{line}: {}", refused(&line));
    }
    let kept = folder.path().join("batch");
    done(&format!("batch {scenario} --from {now} --runs 20 --out {}", kept.display()));
    assert!(refused(&format!("again {}", kept.display())).contains("--from"));
    fs::write(folder.path().join("now/particles.block"), "nothing").unwrap();
    assert!(refused(&format!("batch {scenario} --from {now} --runs 5")).contains("damaged"));
}

#[test]
fn a_nowcast_that_is_killed_goes_on_to_the_bytes_of_an_undisturbed_one() {
    const LINE: &str = "nowcast --until 2024-03-28 --particles 120 --seed 5";
    let folder = tempfile::tempdir().unwrap();
    let [whole, killed] = ["whole", "killed"].map(|name| folder.path().join(name));
    done(&format!("{LINE} --out {}", whole.display()));
    let line = format!("{LINE} --out {} --resume", killed.display());
    let mut child = detente(line.split_whitespace()).stdout(std::process::Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while !killed.join("filter.block").exists() && child.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < Duration::from_secs(120), "nothing is kept");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!killed.join("nowcast.json").exists(), "killed too late to be a test");
    assert!(refused(&format!("{LINE} --out {}", killed.display())).contains("--resume"));
    let another =
        refused(&format!("nowcast --until 2024-03-28 --particles 120 --seed 6 --resume --out {}", killed.display()));
    assert!(another.contains("another nowcast (seed 5 there, 6 now)"), "{another}");
    done(&line);
    assert_eq!(files(&whole), files(&killed));
    done(&line);
    assert_eq!(files(&whole), files(&killed), "there is nothing left to do");
}

#[test]
fn what_cannot_be_filtered_is_refused_in_a_sentence() {
    assert!(refused("nowcast --until 2023-10-07 --particles 9").contains("begins on 2023-10-08"));
    assert!(refused("nowcast --until soon --particles 9").contains("YYYY-MM-DD"));
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("a.csv", "series,from,to,value,vintage,source\ngaza.killed,2023-10-09,2023-10-09,300,,x\n");
    write("events.csv", "date,kind,id,source\n2023-10-09,signed,GAS,x\n2023-10-10,blow,ISR>IRN on XYZ,x\n");
    let line = format!("nowcast --until 2023-10-12 --particles 9 --observed {}", folder.path().display());
    let message = refused(&line);
    assert!(message.contains("events.csv:2:1: id:") && message.contains("did you mean `GAZ`?"), "{message}");
    assert!(message.contains("events.csv:3:1: id: a blow of ISR>IRN does not hit XYZ"), "{message}");
    write("events.csv", "date,kind,id,source\n");
    let output = detente(line.split_whitespace().chain(["--quiet", "--json"])).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!Path::new("now").exists());
}
