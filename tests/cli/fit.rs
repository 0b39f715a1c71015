//! What the record says, as a user meets it: `fit`, `claims --evidence`, `--params posterior`.

use super::{detente, done, files, json, keys, names, refused, stderr};
use detente::futures::posterior::Table;
use detente::symbols::claims::CLAIMS;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// Seven weeks of few futures: seconds.
const SHORT: &str = "fit --until 2023-11-30 --futures 1200 --seed 3";

/// The entries of a fit that are numbers.
fn numbers(fit: &Value) -> Vec<(&String, &Value)> {
    fit.as_object().unwrap().iter().filter(|(id, _)| *id != "of").collect()
}

#[test]
fn a_fit_has_the_shape_promised_and_is_the_same_with_any_number_of_threads() {
    let one = json(&format!("{SHORT} --jobs 1 --json"));
    assert_eq!(one, json(&format!("{SHORT} --jobs 3 --json")));
    assert_ne!(one, json(&format!("{} --json", SHORT.replace("--seed 3", "--seed 4"))));
    let of = &one["of"];
    assert_eq!((&of["plan"]["until"], &of["plan"]["futures"]), (&"2023-11-30".into(), &1200.into()));
    assert!(of["figures"].as_u64().unwrap() > 10 && of["near"].as_f64().unwrap() > 100.0);
    let all = numbers(&one);
    assert_eq!(all.len() as u64, of["numbers"].as_u64().unwrap());
    let chance = of["narrowed_by_chance"].as_f64().unwrap();
    assert!(of["reach_nothing"].as_u64().unwrap() > 4, "series that were not counted");
    for (id, number) in all {
        for part in ["prior", "posterior"] {
            let [a, b, c] = ["q05", "q50", "q95"].map(|q| number[part][q].as_f64().unwrap());
            assert!(a <= b && b <= c, "{id}: {part} {a} {b} {c}");
        }
        let [contraction, error] = ["contraction", "error"].map(|key| number[key].as_f64().unwrap());
        let wanted = contraction >= 0.1 && contraction > 3.0 * error && contraction > chance;
        assert!(wanted || number["identified"] == false, "{id}");
    }
    // Nothing was counted of launches from Yemen: the record cannot say anything about how they would have been.
    assert_eq!(one["observed.scale[launches.yemen]"]["identified"], false);
    let text = done(SHORT);
    for words in ["What the record says about the numbers", "Not identified:", "Monte Carlo error"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn what_was_observed_later_changes_nothing_and_nothing_is_fitted_to_days_after_august_2024() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.csv");
    let head = "series,from,to,value,vintage,source\ngaza.killed,2023-10-08,2023-10-14,2000,,x\n\
                ships.attacked,2023-11-01,2023-11-30,5,,x\n";
    let line = format!("{SHORT} --observed {} --json", folder.path().display());
    fs::write(&path, head).unwrap();
    let before = json(&line);
    fs::write(
        &path,
        format!("{head}gaza.killed,2023-12-01,2023-12-31,9000,,x\nships.attacked,2023-12-01,2023-12-31,90,,x\n"),
    )
    .unwrap();
    assert_eq!(before, json(&line));
    fs::write(&path, head.replace("2000", "200")).unwrap();
    assert_ne!(numbers(&before), numbers(&json(&line)), "what was observed counts");

    let message = refused("fit --until 2024-09-01");
    assert!(message.contains("fitted to days to 2024-08-31 and no later"), "{message}");
    assert_eq!(message.trim().lines().count(), 1, "{message}");
    for (line, words) in [
        ("fit --until 2023-10-07", "begins on 2023-10-08"),
        ("fit --until soon", "YYYY-MM-DD"),
        ("fit --futures 10", "whole number from 1000"),
        ("fit --resume", "--out"),
        ("fit --set unifil.troops=1", "unexpected argument"),
        ("fit november-2024", "begins on 2024-11-08"),
    ] {
        assert!(refused(line).contains(words), "{line}: {}", refused(line));
    }
}

#[test]
fn a_fit_that_is_killed_goes_on_to_the_bytes_of_an_undisturbed_one() {
    let folder = tempfile::tempdir().unwrap();
    let [whole, killed] = ["whole", "killed"].map(|name| folder.path().join(name));
    let table = folder.path().join("posterior.toml");
    done(&format!("{SHORT} --out {} --write {}", whole.display(), table.display()));
    assert_eq!(names(&whole), ["fit.json", "futures/0.json", "futures/1000.json", "futures/500.json", "manifest.json"]);
    let written = Table::read(&fs::read_to_string(&table).unwrap()).unwrap();
    assert_eq!((written.scenario.as_str(), written.seed, written.futures), ("october-2023", 3, 1200));
    let fit: Value = serde_json::from_slice(&fs::read(whole.join("fit.json")).unwrap()).unwrap();
    for row in &written.numbers {
        assert_eq!(fit[&row.id]["identified"], true, "{}", row.id);
        assert!((fit[&row.id]["mean"].as_f64().unwrap() - row.mean).abs() < 1e-3, "{}", row.id);
    }
    let line = format!("{SHORT} --out {} --resume", killed.display());
    let mut child = detente(line.split_whitespace()).stdout(std::process::Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while !killed.join("futures/0.json").exists() && child.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < Duration::from_secs(120), "nothing is kept");
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!killed.join("fit.json").exists(), "killed too late to be a test");
    assert!(refused(&format!("{SHORT} --out {}", killed.display())).contains("--resume"));
    let another = refused(&format!("{} --resume --out {}", SHORT.replace("1200", "1300"), killed.display()));
    assert!(another.contains("another fit (futures 1200 there, 1300 now)"), "{another}");
    done(&line);
    assert_eq!(files(&whole), files(&killed));
    fs::write(killed.join("futures/500.json"), "damaged").unwrap();
    done(&line);
    assert_eq!(files(&whole), files(&killed), "what is damaged is made again");
}

#[cfg(unix)]
#[test]
fn an_interrupted_fit_says_how_to_go_on_and_an_interrupted_weighing_that_it_is_too_early() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("fit");
    for (line, words) in [
        (format!("fit --futures 900000 --out {}", out.display()), "go on with the same command and --resume"),
        ("claims --evidence --particles 2000".to_owned(), "too early for results"),
    ] {
        let mut command = detente(line.split_whitespace());
        let child = command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(1500));
        let kill =
            std::process::Command::new("sh").arg("-c").arg(format!("kill -INT {}", child.id())).status().unwrap();
        assert!(kill.success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
        assert!(stderr(&output).contains(words) && output.stdout.is_empty(), "{}", stderr(&output));
    }
}

#[test]
fn evidence_weighs_every_claim_on_common_luck_and_says_in_words_what_it_comes_to() {
    const LINE: &str = "claims --evidence --until 2023-11-02 --particles 30 --seeds 3";
    let one = json(&format!("{LINE} --jobs 1 --json"));
    assert_eq!(one, json(&format!("{LINE} --jobs 3 --json")));
    let ids: Vec<&str> = CLAIMS.iter().map(|claim| claim.id).collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    assert_eq!(keys(&one), sorted);
    for id in &ids {
        let factor = &one[id]["log_bayes_factor"];
        let [value, low, high] = ["value", "low", "high"].map(|key| factor[key].as_f64().unwrap());
        assert!(low <= value && value <= high, "{id}");
        let words = one[id]["words"].as_str().unwrap();
        let same = one[id]["cannot_show"] == true;
        assert_eq!(same, words == "cannot show in these days", "{id}");
        assert!(!same || (value.to_bits() << 1 == 0 && low.to_bits() << 1 == 0), "{id}: exactly nothing");
        assert!(same || (low <= 0.0 && 0.0 <= high) == (words == "the record says nothing"), "{id}: {words}");
    }
    // The roadmap is not signed in October 2023, and restraint is bought by a lever that stands at 0.
    for id in ["H4", "H10"] {
        assert_eq!(one[id]["words"], "cannot show in these days", "{id}");
    }
    assert!(ids.iter().any(|id| one[*id]["cannot_show"] == false), "some claim bears on these days");
    let text = done(LINE);
    for words in ["What the record says about the claims", "Kass and Raftery", "cannot show in these days"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    for (line, words) in [
        ("claims --evidence --until 2027-01-01", "name a date to then"),
        ("claims --evidence --until 2023-10-07", "begins on 2023-10-08"),
        ("claims --evidence --runs 5", "cannot be used with"),
        ("claims --particles 5", "--evidence"),
        ("claims --evidence --param beta_unifil=0", "fixes beta_unifil"),
    ] {
        assert!(refused(line).contains(words), "{line}: {}", refused(line));
    }
}

/// Futures under prior and posterior are pairs: they differ in the numbers that the table names, and in no other.
#[test]
fn params_posterior_draws_what_the_table_names_and_is_known_by_its_name_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let drawn = |params: &str| -> Value {
        let out = at(params);
        done(&format!("run october-2023 --days 20 --future 7 --params {params} --out {}", out.display()));
        let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["params"], params);
        manifest["drawn"].clone()
    };
    let (prior, posterior) = (drawn("prior"), drawn("posterior"));
    let table = Table::shipped().unwrap();
    for (id, value) in prior.as_object().unwrap() {
        let named = table.numbers.iter().any(|row| row.id == *id);
        assert_eq!(*value != posterior[id], named, "{id}");
    }
    let kept = at("posterior");
    done(&format!("again {}", kept.display()));
    let event = fs::read_to_string(kept.join("events.csv")).unwrap();
    let event = event.lines().nth(1).and_then(|line| line.split(',').find(|cell| is_event(cell))).unwrap().to_owned();
    done(&format!("explain {} {event}", kept.display()));

    let line = "batch october-2023 --days 30 --params posterior";
    let [whole, a, b, joined] = ["whole", "a", "b", "joined"].map(|name| at(name).display().to_string());
    done(&format!("{line} --runs 40 --out {whole}"));
    done(&format!("{line} --futures 0..20 --out {a}"));
    done(&format!("{line} --futures 20..40 --out {b}"));
    done(&format!("merge {a} {b} --out {joined}"));
    assert_eq!(files(Path::new(&whole)), files(Path::new(&joined)));
    assert!(Path::new(&whole).join("draws.csv").exists());
    done(&format!("again {whole} --out {}", at("again").display()));
    assert_eq!(files(Path::new(&whole)), files(&at("again")));
    for line in [
        format!("{line} --runs 20 --json"),
        "effect --days 30 --set unifil.troops=0 --runs 20 --params posterior --json".to_owned(),
        "compare october-2023 --days 30 --runs 20 --params posterior --json".to_owned(),
        "rank october-2023 --days 30 --outcome deaths --runs 20 --params posterior --json".to_owned(),
    ] {
        assert_eq!(json(&line)["params"], "posterior", "{line}");
    }
    assert!(refused("window --params posterior").contains("posterior"));
}

/// Whether a cell is the name of an event, like d30e1.
fn is_event(cell: &str) -> bool {
    cell.strip_prefix('d').and_then(|rest| rest.split_once('e')).is_some_and(|(a, b)| {
        [a, b].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}
