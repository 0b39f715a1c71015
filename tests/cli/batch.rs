//! `detente batch` and `detente effect`.

use super::{PROGRAM, done, files, json, keys, names, refused};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const HEADLINES: [&str; 5] = ["collective_deal", "contained_exchange", "frozen", "piecemeal_truce", "regional_war"];

#[test]
fn json_has_the_promised_shape_and_nothing_else() {
    let batch = json("batch --runs 40 --days 100 --json");
    let top = [
        "agreements",
        "days",
        "digest",
        "outcomes",
        "runs",
        "salvos",
        "scenario_days_per_second",
        "seconds",
        "streams",
    ];
    assert_eq!(keys(&batch), top);
    assert_eq!((batch["runs"].as_u64(), batch["days"].as_u64()), (Some(40), Some(100)));
    assert!(batch["seconds"].as_f64().unwrap() > 0.0 && batch["scenario_days_per_second"].as_f64().unwrap() > 0.0);
    let outcomes = &batch["outcomes"];
    assert_eq!(keys(outcomes), ["escalation", "headline", "settlement"]);
    assert_eq!(keys(&outcomes["headline"]), HEADLINES);
    assert_eq!(keys(&outcomes["escalation"]), ["contained", "none", "regional"]);
    assert_eq!(keys(&outcomes["settlement"]), ["collective", "none", "piecemeal"]);
    for class in outcomes.as_object().unwrap().values() {
        let mut whole = 0.0;
        for share in class.as_object().unwrap().values() {
            assert_eq!(keys(share), ["high", "low", "p"]);
            let [low, p, high] = ["low", "p", "high"].map(|key| share[key].as_f64().unwrap());
            assert!(0.0 <= low && low <= p && p <= high && high <= 1.0);
            whole += p;
        }
        assert!((whole - 1.0_f64).abs() < 1e-9);
    }
    assert_eq!(keys(&batch["streams"]["ISR>HZB"]["per_day"]), ["mean", "q05", "q50", "q95"]);
    assert_eq!(keys(&batch["salvos"]["IRN>ISR"]["per_run"]), ["mean", "q05", "q95"]);
    let lebanon = &batch["agreements"]["LEB"];
    assert_eq!(keys(lebanon), ["in_force_at_end", "signed", "survival"]);
    assert_eq!(keys(&lebanon["signed"]), ["30", "60"]);
    assert_eq!(keys(&lebanon["survival"]), ["180", "30", "90"]);
    assert_eq!(lebanon["survival"]["180"], Value::Null, "nothing is watched for 180 of 100 days");
    let text = done("batch --runs 40 --days 100 --params prior");
    assert!(text.contains("40 futures") && text.contains("drawn from their ranges"));
    assert!(text.ends_with("not predictions of real events.\n"));
}

/// A report without what differs between processes.
fn timeless(mut batch: Value) -> Value {
    let object = batch.as_object_mut().unwrap();
    object.remove("seconds");
    object.remove("scenario_days_per_second");
    batch
}

#[test]
fn neither_threads_nor_a_folder_show_in_the_result() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for params in ["default", "prior"] {
        let line = |rest: &str| format!("batch --runs 300 --days 40 --seed 3 --params {params} --json {rest}");
        let one = timeless(json(&line("--jobs 1")));
        assert_eq!(one, timeless(json(&line("--jobs 2"))));
        let (a, b) = (at(&format!("{params}1")), at(&format!("{params}2")));
        assert_eq!(one, timeless(json(&line(&format!("--jobs 1 --out {}", a.display())))));
        assert_eq!(one, timeless(json(&line(&format!("--jobs 3 --out {}", b.display())))));
        assert_eq!(files(&a), files(&b));
        let drawn: &[&str] = if params == "prior" { &["draws.csv"] } else { &[] };
        let rest = ["manifest.json", "runs.csv", "sums.block"];
        assert_eq!(names(&a), [&["batch.json"], drawn, &rest].concat());
        let kept: Value = serde_json::from_slice(&fs::read(a.join("batch.json")).unwrap()).unwrap();
        assert_eq!(kept, one, "the file is what is printed, without timings");
    }
    assert_ne!(files(&at("default1"))["runs.csv"], files(&at("prior1"))["runs.csv"]);
}

#[test]
fn there_is_one_row_per_future_and_the_first_is_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("batch");
    done(&format!("batch --runs 270 --days 60 --seed 8 --out {}", out.display()));
    let mut reader = csv::Reader::from_path(out.join("runs.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 270);
    let of = |row: usize, name: &str| &rows[row][header.iter().position(|column| column == name).unwrap()];
    assert!((0..270).all(|row| of(row, "future") == row.to_string()));
    let run = json("run --days 60 --seed 8 --json");
    assert_eq!(run["outcome"]["headline"], of(0, "headline"));
    assert_eq!(run["streams"]["ISR>HZB"]["events"].to_string(), of(0, "events.ISR>HZB"));
    assert_eq!(run["streams"]["ISR>HAM"]["deaths"].to_string(), of(0, "deaths.ISR>HAM"));
}

#[test]
fn without_a_folder_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(PROGRAM);
    command.args(["batch", "--runs", "20", "--days", "10", "--json"]).current_dir(folder.path());
    let output = command.output().unwrap();
    assert!(output.status.success());
    assert!(names(folder.path()).is_empty());
}

/// A batch stopped half-way, as a kill leaves it: a manifest, and all blocks but the first and one that is damaged.
fn half(out: &Path, line: &str) {
    done(line);
    for name in ["batch.json", "runs.csv"] {
        fs::remove_file(out.join(name)).unwrap();
    }
    fs::create_dir(out.join("blocks")).unwrap();
    fs::write(out.join("blocks/256-512.block"), "0123456789abcdef\n{}\nhalf of a block").unwrap();
    fs::write(out.join("blocks/.0-256.block.partial"), "half of").unwrap();
    fs::write(out.join(".runs.csv.partial"), "half of").unwrap();
}

#[test]
fn resuming_runs_what_is_missing_or_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("batch");
    let line = format!("batch --runs 600 --days 20 --seed 5 --out {}", out.display());
    done(&line);
    let whole = files(&out);
    // Resuming what has ended repeats its result and runs nothing.
    let again = json(&format!("{line} --resume --json"));
    assert_eq!(again["scenario_days_per_second"], 0.0);
    assert_eq!(files(&out), whole);

    fs::remove_dir_all(&out).unwrap();
    half(&out, &line);
    done(&format!("{line} --resume"));
    assert_eq!(files(&out), whole);

    // Resuming what was never begun begins it.
    fs::remove_dir_all(&out).unwrap();
    done(&format!("{line} --resume"));
    assert_eq!(files(&out), whole);
}

#[test]
fn another_batch_is_never_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("batch");
    let line = |rest: &str| format!("batch --days 20 --out {} {rest}", out.display());
    half(&out, &line("--runs 600 --seed 5"));
    let before = files(&out);
    for (rest, words) in [
        ("--runs 600 --seed 6", "seed 5 there, 6 now"),
        ("--runs 599 --seed 5", "futures 0 to 599 there, futures 0 to 598 now, and a batch can grow but not shrink"),
        ("--futures 1..600 --seed 5", "futures 0 to 599 there, futures 1 to 599 now"),
        ("--runs 600 --seed 5 --days 21", "days 20 there, 21 now"),
        ("--runs 600 --seed 5 --params prior", "params default there, prior now"),
        ("--runs 600 --seed 5 --set unifil.troops=1@3", "lever changes none there, unifil.troops=1.0@3 now"),
        ("october-2023 --runs 600 --seed 5", "scenario november-2024 there, october-2023 now"),
    ] {
        let line = if rest.contains("--days") {
            format!("batch --out {} {rest} --resume", out.display())
        } else {
            line(&format!("{rest} --resume"))
        };
        let message = refused(&line);
        assert!(message.contains("holds another batch") && message.contains(words), "{message}");
    }
    assert!(refused(&line("--runs 600 --seed 5")).contains("add --resume"));
    assert_eq!(files(&out), before, "nothing was touched");

    let run = folder.path().join("run");
    done(&format!("run --days 3 --out {}", run.display()));
    let message = refused(&format!("batch --runs 5 --out {} --resume", run.display()));
    assert!(message.contains("is no manifest of a batch"), "{message}");
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    let message = refused(&format!("batch --runs 5 --out {} --resume", folder.path().display()));
    assert!(message.contains("there are files in that folder already"), "{message}");
}

#[test]
fn effect_compares_future_by_future() {
    let line = "effect --set unifil.troops=15000 --set laf.troops_south=0@30 --runs 60 --days 90";
    let effect = json(&format!("{line} --json"));
    assert_eq!(keys(&effect), ["agreements", "outcomes", "runs", "streams"]);
    assert_eq!(effect["runs"], 60);
    assert_eq!(keys(&effect["outcomes"]), ["headline"]);
    assert_eq!(keys(&effect["outcomes"]["headline"]), HEADLINES);
    let change = ["baseline", "changed", "difference", "high", "low"];
    assert_eq!(keys(&effect["outcomes"]["headline"]["regional_war"]), change);
    assert_eq!(keys(&effect["streams"]["ISR>HZB"]), ["difference", "high", "low"]);
    assert_eq!(keys(&effect["agreements"]["LEB"]), ["in_force_at_end"]);
    assert_eq!(keys(&effect["agreements"]["LEB"]["in_force_at_end"]), change);
    assert_eq!(effect, json(&format!("{line} --json --jobs 1")), "threads do not show");

    let text = done(line);
    assert!(text.contains("changed: UNIFIL strength (unifil.troops) = 15000 from 8 November 2024"), "{text}");
    // A change to the value that a lever has anyway changes nothing, and the table says so in words.
    let text = done("effect --set unifil.troops=10000 --runs 10 --days 40");
    assert!(text.contains("the same in every pair") && !text.contains("no detectable"), "{text}");
    // Where an interval spans zero, words stand in its place.
    let line = "effect --set israel.withdrawal_share=0.6 --runs 40 --days 120";
    let (effect, text) = (json(&format!("{line} --json")), done(line));
    let rows = |part: &Value| part.as_object().unwrap().values().cloned().collect::<Vec<_>>();
    let agreements = rows(&effect["agreements"]).into_iter().map(|table| table["in_force_at_end"].clone());
    let intervals = rows(&effect["outcomes"]["headline"]).into_iter().chain(rows(&effect["streams"])).chain(agreements);
    let ends = intervals.map(|row| ["low", "high"].map(|end| row[end].as_f64().unwrap()));
    let (same, differing): (Vec<_>, Vec<_>) = ends.partition(|[low, high]| low == high);
    let open = differing.iter().filter(|[low, high]| *low <= 0.0 && *high >= 0.0).count();
    assert_eq!(text.matches("the same in every pair").count(), same.len(), "{text}");
    assert_eq!(text.matches("no detectable difference").count(), open, "{text}");
    assert!(open < differing.len(), "a withdrawal that stops short shows in south Lebanon: {text}");
}

#[test]
fn a_batch_grows_to_the_bytes_of_the_larger_one() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let line = |runs: u64, name: &str| {
        format!("batch --runs {runs} --days 12 --seed 6 --params prior --out {}", at(name).display())
    };
    done(&line(1024, "whole"));
    let whole = files(&at("whole"));
    done(&line(512, "grown"));
    done(&format!("{} --resume", line(1024, "grown")));
    assert!(files(&at("grown")) == whole, "512, then 1,024");
    // Where no block ends, and while it is unfinished too.
    half(&at("odd"), &line(300, "odd"));
    done(&format!("{} --resume", line(700, "odd")));
    done(&format!("{} --resume", line(1024, "odd")));
    assert!(files(&at("odd")) == whole, "300 begun, then 700, then 1,024");
    // What has grown is not what it was, and says so.
    assert!(refused(&format!("{} --resume", line(512, "grown"))).contains("can grow but not shrink"));
}

#[test]
fn parts_run_elsewhere_merge_to_the_bytes_of_one_process() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let line = |which: &str, name: &str| {
        let set = "--set unifil.troops=12000@9 --params prior";
        format!("batch {which} --days 12 --seed 6 {set} --out {}", at(name).display())
    };
    done(&line("--runs 700", "whole"));
    for (which, name) in [("--futures 0..100", "a"), ("--futures 100..612", "b"), ("--futures 612..700", "c")] {
        done(&line(which, name));
    }
    let merge = |names: &[&str], out: &str| {
        let folders: Vec<String> = names.iter().map(|name| at(name).display().to_string()).collect();
        format!("merge {} --out {}", folders.join(" "), at(out).display())
    };
    let text = done(&merge(&["c", "a", "b"], "joined"));
    assert!(text.contains("700 futures") && text.contains("Written to"), "{text}");
    assert!(files(&at("joined")) == files(&at("whole")));
    // A merged batch is a batch: it grows, and parts of parts merge.
    done(&merge(&["b", "a"], "ab"));
    done(&merge(&["ab", "c"], "abc"));
    assert!(files(&at("abc")) == files(&at("whole")));
    done(&format!("{} --resume", line("--futures 0..700", "ab")));
    assert!(files(&at("ab")) == files(&at("whole")));

    // What does not go together is refused in words.
    assert!(refused(&merge(&["a", "c"], "x")).contains("futures 100 to 611 are missing between"));
    assert!(refused(&merge(&["whole", "c"], "x")).contains("both hold futures 612 to 699"));
    done(&line("--futures 100..110 --seed 7", "other").replacen(" --seed 6", "", 1));
    assert!(refused(&merge(&["a", "other"], "x")).contains("parts of different batches (seed 6 in"));
    half(&at("half"), &line("--futures 100..612", "half"));
    assert!(refused(&merge(&["a", "half"], "x")).contains("has not ended"));
    assert!(refused(&merge(&["a", "nowhere"], "x")).contains("there is no such file"));
    assert!(!at("x").exists());
    let rows = fs::read_to_string(at("b").join("runs.csv")).unwrap();
    fs::write(at("b").join("runs.csv"), rows.replace("100,", "999,")).unwrap();
    let message = refused(&merge(&["a", "b", "c"], "x"));
    assert!(message.contains("runs.csv was changed or damaged after the batch had ended"), "{message}");
    let message = refused(&format!("{} --resume", line("--futures 100..612", "b")));
    assert!(message.contains("runs.csv was changed or damaged"), "{message}");
}

/// A future of a batch, run alone: the same totals, and the parameters that stand in the table of draws.
#[test]
fn one_future_of_a_batch_can_be_run_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    for params in ["default", "prior"] {
        let what = format!("--days 90 --seed 8 --set unifil.troops=12000@9 --params {params}");
        let (batch, one) = (at(&format!("b{params}")), at(&format!("o{params}")));
        done(&format!("batch --futures 40..45 {what} --out {batch}"));
        let mut reader = csv::Reader::from_path(Path::new(&batch).join("runs.csv")).unwrap();
        let header = reader.headers().unwrap().clone();
        let row = reader.records().map(Result::unwrap).nth(2).unwrap();
        let of = |name: &str| row[header.iter().position(|column| column == name).unwrap()].to_owned();
        assert_eq!(of("future"), "42");
        let run = json(&format!("run --future 42 {what} --json --out {one}"));
        assert_eq!((run["future"].as_u64(), run["params"].as_str()), (Some(42), Some(params)));
        assert_eq!(run["outcome"]["headline"], of("headline"));
        for (stream, totals) in run["streams"].as_object().unwrap() {
            assert_eq!(totals["events"].to_string(), of(&format!("events.{stream}")), "{stream}");
            assert_eq!(totals["deaths"].to_string(), of(&format!("deaths.{stream}")), "{stream}");
        }
        let manifest: Value =
            serde_json::from_slice(&fs::read(Path::new(&one).join("manifest.json")).unwrap()).unwrap();
        assert_eq!((manifest["future"].as_u64(), manifest["params"].as_str()), (Some(42), Some(params)));
        if params == "prior" {
            let mut reader = csv::Reader::from_path(Path::new(&batch).join("draws.csv")).unwrap();
            let header = reader.headers().unwrap().clone();
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            assert_eq!((rows.len(), &rows[2][0]), (5, "42"));
            let drawn = manifest["drawn"].as_object().unwrap();
            assert_eq!(drawn.len(), header.len() - 1);
            for (id, value) in header.iter().zip(&rows[2]).skip(1) {
                assert_eq!(drawn[id].as_f64(), value.parse().ok(), "{id}");
            }
            assert!(drawn.contains_key("theta_war") && drawn.contains_key("table.eta[LEB]"));
            assert_ne!(&rows[1][1], &rows[2][1], "every future draws its own");
        } else {
            assert_eq!(manifest.get("drawn"), None);
        }
        // Every event of it can be explained, by replaying that very future.
        let events = fs::read_to_string(Path::new(&one).join("events.csv")).unwrap();
        let fire = events.lines().find(|line| line.contains(",fire,")).unwrap();
        let text = done(&format!("explain {one} {}", fire.split(',').next().unwrap()));
        assert!(text.contains("not predictions of real events"), "{text}");
        let message = refused(&format!("explain {batch} 30.1"));
        assert!(message.contains("holds a batch") && message.contains("run --future K"), "{message}");
    }
    let parquet = at("parquet");
    done(&format!("batch --runs 3 --days 5 --params prior --draws parquet --out {parquet}"));
    assert!(Path::new(&parquet).join("draws.parquet").is_file());
    let none = at("none");
    let line = format!("batch --runs 3 --days 5 --params prior --out {none}");
    done(&format!("{line} --draws none"));
    assert_eq!(names(Path::new(&none)), ["batch.json", "manifest.json", "runs.csv", "sums.block"]);
    // Draws follow from the seed: they can be had later, too.
    done(&format!("{line} --resume"));
    assert!(Path::new(&none).join("draws.csv").is_file());
}

#[test]
fn a_million_threads_are_too_many_and_do_no_harm() {
    let line = "batch --runs 40 --days 5 --json";
    assert_eq!(timeless(json(&format!("{line} --jobs 1000000"))), timeless(json(&format!("{line} --jobs 1"))));
}
