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
    assert_eq!(keys(&all), ["digest", "events", "folder", "series", "versions", "without"]);
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
        (format!("batch {scenario} --from no-such --runs 5"), "there is no no-such; give a folder"),
        (format!("batch {scenario} --from 2024-11-07 --runs 5"), "ends on 2024-11-07"),
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

/// One history from a nowcast is the one that a batch counts, is explained, and is had again from its folder.
#[test]
fn one_history_starts_from_a_nowcast_and_is_that_of_a_batch() {
    let folder = tempfile::tempdir().unwrap();
    let [kept, batch, copy] = ["run", "batch", "copy"].map(|name| folder.path().join(name));
    let line = "run --from 2024-11-07 --future 3 --seed 5 --days 120";
    let run = json(&format!("{line} --json --out {}", kept.display()));
    assert_eq!(run["params"], "nowcast");
    assert_ne!(run["digest"], json("run --future 3 --seed 5 --days 120 --json")["digest"]);
    // 128 particles: the one of future 3 is that of future 131, on another luck.
    let other = json("run --from 2024-11-07 --future 131 --seed 5 --days 120 --json");
    assert_ne!(run["digest"], other["digest"]);

    let many = json(&format!(
        "batch --from 2024-11-07 --futures 3..4 --seed 5 --days 120 --json --format csv --out {}",
        batch.display()
    ));
    assert_eq!(many["from"], run["from"]);
    let rows = fs::read_to_string(batch.join("runs.csv")).unwrap();
    let mut lines = rows.lines();
    let heads: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row: Vec<&str> = lines.next().unwrap().split(',').collect();
    let of = |name: &str| row[heads.iter().position(|head| *head == name).unwrap_or_else(|| panic!("{heads:?}"))];
    assert_eq!(of("future"), "3");
    for killed in run["killed"].as_array().unwrap() {
        let territory = killed["territory"].as_str().unwrap();
        assert_eq!(of(&format!("killed.{territory}")), killed["count"].to_string());
    }

    let events = fs::read_to_string(kept.join("events.csv")).unwrap();
    let event = events.lines().nth(1).and_then(|line| line.split(',').next()).unwrap().to_owned();
    let told = json(&format!("explain {} {event} --json", kept.display()));
    assert_eq!(told["run"]["digest"], run["digest"]);
    assert!(told["sentence"].as_str().is_some_and(|sentence| !sentence.is_empty()), "{told}");
    done(&format!("again {} --out {}", kept.display(), copy.display()));
    assert_eq!(files(&kept), files(&copy));
    // A folder whose nowcast was another one is told so.
    let manifest = kept.join("manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let digest = run["from"].as_str().unwrap();
    fs::write(&manifest, text.replace(digest, "0123456789abcdef")).unwrap();
    assert!(refused(&format!("explain {} {event}", kept.display())).contains("now it is another"));
    assert!(refused("run --from 2024-11-07 --from-day 3").contains("cannot be used with"));
    assert!(refused("run --from 2024-11-07 --params prior").contains("cannot be used with"));
    assert!(refused("run null --from 2024-01-01").contains("the date of one that ships: 2024-11-07"));
}

/// What ships is what its command makes.
#[test]
fn the_nowcast_that_ships_is_what_the_command_makes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shipped = root.join("assets/observed/2024-11-07.now");
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("made.now");
    done(&format!("nowcast --until 2024-11-07 --particles 8000 --write {}", made.display()));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::copy(&made, &shipped).unwrap();
    }
    let same = fs::read(&made).unwrap() == fs::read(&shipped).unwrap();
    assert!(same, "the nowcast that ships is old; make it anew with UPDATE_GOLDEN=1");
}

/// Whether the one file can be written is found out before the filter runs, and where it is, is said.
#[test]
fn a_file_of_a_nowcast_is_refused_before_the_work_and_named_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("missing/one.now");
    let began = std::time::Instant::now();
    let said = refused(&format!("nowcast --until 2024-11-07 --particles 100000 --write {}", nowhere.display()));
    assert!(said.contains("cannot write") && said.contains("missing"), "{said}");
    assert!(refused(&format!("{SHORT} --write {}", folder.path().display())).contains("cannot write"));
    assert!(began.elapsed().as_secs() < 60, "it was found out after the work");
    let file = folder.path().join("one.now");
    let said = done(&format!("{SHORT} --write {}", file.display()));
    let words = format!("Written to {0}: `detente batch --from {0}`", file.display());
    assert!(said.contains(&words) && !said.contains("Add --out"), "{said}");
    assert!(file.is_file());
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
