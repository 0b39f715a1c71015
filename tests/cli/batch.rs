//! `detente batch` and `detente effect`.

use super::{PROGRAM, done, files, json, keys, names, refused, said, stderr, stdout};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const HEADLINES: [&str; 5] = ["collective_deal", "contained_exchange", "piecemeal_truce", "regional_war", "unsettled"];

#[test]
fn json_has_the_promised_shape_and_nothing_else() {
    let batch = json("batch --runs 40 --days 100 --json");
    let top = [
        "agreements",
        "days",
        "digest",
        "first",
        "first_days",
        "killed",
        "killed_in_all",
        "lever_log",
        "outcomes",
        "params",
        "partial",
        "runs",
        "salvos",
        "scenario",
        "seed",
        "start",
        "streams",
        "versions",
    ];
    assert_eq!(keys(&batch), top);
    assert_eq!((batch["runs"].as_u64(), batch["days"].as_u64()), (Some(40), Some(100)));
    // What it is of, with what it takes to run it again.
    assert_eq!(keys(&batch["scenario"]), ["content", "hash", "name"]);
    assert_eq!((batch["params"].as_str(), batch["start"].as_str()), (Some("default"), Some("2024-11-08")));
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
    let quantiles = ["high", "low", "mean", "q05", "q50", "q95"];
    assert_eq!(keys(&batch["streams"]["ISR>HZB"]), ["deaths", "per_day"]);
    assert_eq!(keys(&batch["streams"]["ISR>HZB"]["per_day"]), quantiles);
    assert_eq!(keys(&batch["streams"]["ISR>HZB"]["deaths"]), quantiles);
    assert_eq!(keys(&batch["killed"]["GAZA"]), quantiles);
    let first = &batch["first_days"];
    assert_eq!(
        keys(first),
        ["collapse", "direct_fire", "regional_after_preventive", "regional_by_answers", "regional_war"]
    );
    assert_eq!(keys(&first["regional_war"]), ["ever", "hazard", "within"]);
    assert_eq!(keys(&first["regional_war"]["within"]), ["30", "90"], "a hundred days do not show more");
    assert_eq!(first["regional_war"]["ever"], batch["outcomes"]["headline"]["regional_war"]);
    let ever = |name: &str| first[name]["ever"]["p"].as_f64().or(first[name]["ever"]["share"].as_f64()).unwrap();
    let roads = ever("regional_after_preventive") + ever("regional_by_answers");
    assert!((roads - ever("regional_war")).abs() < 1e-12, "every regional war came by one of two roads");
    assert_eq!(keys(&batch["salvos"]["IRN>ISR"]["per_run"]), ["high", "low", "mean", "q05", "q95"]);
    let lebanon = &batch["agreements"]["LEB"];
    assert_eq!(keys(lebanon), ["agreements", "in_force_at_end", "signed", "survival"]);
    assert_eq!(keys(&lebanon["signed"]), ["30", "60", "ever"]);
    for share in [&lebanon["signed"]["30"], &lebanon["in_force_at_end"]] {
        assert_eq!(keys(share), ["high", "low", "p"]);
    }
    assert_eq!(keys(&lebanon["survival"]["30"]), ["at_risk", "high", "low", "p"]);
    assert_eq!(keys(&lebanon["survival"]), ["180", "30", "90"]);
    assert_eq!(lebanon["survival"]["180"], Value::Null, "nothing is watched for 180 of 100 days");
    let text = done("batch --runs 40 --days 100 --params prior");
    assert!(text.contains("40 futures") && text.contains("drawn from their ranges"));
    assert!(text.ends_with("not predictions of real events.\n"));
}

/// Every mean has its interval, which narrows with the futures and is null where they show no spread.
#[test]
fn means_have_intervals_that_narrow_with_futures() {
    let of = |runs: u32| json(&format!("batch --runs {runs} --days 60 --seed 4 --json"));
    let (few, many, one) = (of(40), of(360), of(1));
    let widths = |batch: &Value| {
        let of = |at: &Value| {
            let [low, mean, high] = ["low", "mean", "high"].map(|key| at[key].as_f64().unwrap());
            assert!(0.0 <= low && low < mean && mean < high, "{at}");
            high - low
        };
        let stream = &batch["streams"]["ISR>HZB"];
        [of(&batch["killed_in_all"]), of(&batch["killed"]["LBN"]), of(&stream["deaths"]), of(&stream["per_day"])]
    };
    for (few, many) in widths(&few).into_iter().zip(widths(&many)) {
        assert!(few > 2.0 * many, "nine times the futures, a third of the width: {few} {many}");
    }
    for at in [&one["killed_in_all"], &one["streams"]["ISR>HZB"]["per_day"]] {
        assert!(at["low"].is_null() && at["high"].is_null(), "one future shows no spread: {at}");
    }
    let text = done("batch --runs 40 --days 60 --seed 4");
    let killed = text.lines().filter(|line| line.starts_with("  in all ")).collect::<Vec<_>>();
    assert!(killed.len() == 1 && killed[0].contains('(') && killed[0].contains('–'), "{killed:?}");
}

/// The same twice is the same bytes; how long it took goes to standard error, and only when asked for.
#[test]
fn the_same_batch_gives_the_same_bytes() {
    for rest in ["", "--json"] {
        let line = format!("batch --runs 30 --days 30 --seed 2 {rest}");
        assert_eq!(done(&line), done(&line));
        let timed = said(&format!("{line} --timing"));
        assert_eq!(stdout(&timed), done(&line));
        let words = stderr(&timed);
        assert!(words.starts_with("30 futures run in ") && words.ends_with(" scenario-days a second\n"), "{words}");
    }
}

#[test]
fn neither_threads_nor_a_folder_show_in_the_result() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for params in ["default", "prior"] {
        let line = |rest: &str| format!("batch --runs 300 --days 40 --seed 3 --params {params} --json {rest}");
        let one = json(&line("--jobs 1"));
        assert_eq!(one, json(&line("--jobs 2")));
        let (a, b) = (at(&format!("{params}1")), at(&format!("{params}2")));
        assert_eq!(one, json(&line(&format!("--jobs 1 --out {}", a.display()))));
        assert_eq!(one, json(&line(&format!("--jobs 3 --out {}", b.display()))));
        assert_eq!(files(&a), files(&b));
        let drawn: &[&str] = if params == "prior" { &["draws.csv"] } else { &[] };
        let rest = ["hazards.csv", "manifest.json", "runs.csv", "sums.block"];
        assert_eq!(names(&a), [&["agreements.csv", "batch.json", "datapackage.json"], drawn, &rest].concat());
        let kept: Value = serde_json::from_slice(&fs::read(a.join("batch.json")).unwrap()).unwrap();
        assert_eq!(kept, one, "the file is what is printed");
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
    // Killed by territory count everything: routine fire, strikes and salvos.
    for killed in run["killed"].as_array().unwrap() {
        let column = format!("killed.{}", killed["territory"].as_str().unwrap());
        assert_eq!(killed["count"].to_string(), of(0, &column));
    }
    let cells = |name: &str| (0..270).map(|row| of(row, name).parse::<u32>().unwrap()).collect::<Vec<_>>();
    for name in ["regional_war", "direct_fire", "collapse"] {
        for (has, days) in cells(&format!("has.{name}")).into_iter().zip(cells(&format!("days_to.{name}"))) {
            assert!(has == 1 && days < 60 || has == 0 && days == 60, "{name}: {has} {days}");
        }
    }
    // Nothing is missing, so no column's type depends on what it holds.
    assert!(rows.iter().all(|row| row.iter().all(|cell| !cell.is_empty())));
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
    let rows = ["runs.csv", "runs.parquet"].map(|name| out.join(name));
    for path in rows.iter().filter(|path| path.is_file()).chain([&out.join("batch.json")]) {
        fs::remove_file(path).unwrap();
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
    let again = said(&format!("{line} --resume --json --timing"));
    assert!(stderr(&again).starts_with("0 futures run"), "{}", stderr(&again));
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
    let top = [
        "agreements",
        "days",
        "killed",
        "killed_in_all",
        "lever_log",
        "outcomes",
        "params",
        "partial",
        "parts_fallen",
        "runs",
        "scenario",
        "seed",
        "settled",
        "start",
        "streams",
        "versions",
    ];
    assert_eq!(keys(&effect), top);
    assert_eq!(effect["runs"], 60);
    assert_eq!(effect["lever_log"][1]["date"], "2024-12-08");
    assert_eq!(keys(&effect["outcomes"]), ["headline"]);
    assert_eq!(keys(&effect["outcomes"]["headline"]), HEADLINES);
    let change = ["baseline", "changed", "difference", "high", "low", "pairs_that_differ"];
    assert_eq!(keys(&effect["outcomes"]["headline"]["regional_war"]), change);
    assert_eq!(keys(&effect["streams"]["ISR>HZB"]), ["deaths", "events_per_day"]);
    assert_eq!(keys(&effect["streams"]["ISR>HZB"]["deaths"]), change);
    assert_eq!(keys(&effect["killed"]["LBN"]), change);
    let lebanon = &effect["agreements"]["LEB"];
    assert_eq!(keys(lebanon), ["in_force_at_end", "signed", "survival"]);
    assert_eq!(keys(&lebanon["in_force_at_end"]), change);
    assert_eq!(keys(&lebanon["survival"]), ["180", "30", "90"]);
    assert_eq!(keys(&lebanon["survival"]["30"]), change);
    assert_eq!(effect, json(&format!("{line} --json --jobs 1")), "threads do not show");

    let text = done(line);
    assert!(text.contains("changed: UNIFIL strength (unifil.troops) = 15000 from 8 November 2024"), "{text}");
    // A change to the value that a lever has anyway changes nothing, and the table says so in words.
    let text = done("effect --set unifil.troops=10000 --runs 10 --days 40");
    assert!(text.contains("the same in every pair") && !text.contains("no detectable"), "{text}");
    // Intervals of shares have a width whatever was seen and stay within what shares can do; in the text they stand in any
    // case, with words where they span zero.
    let line = "effect --set israel.withdrawal_share=0.6 --runs 40 --days 120";
    let (effect, text) = (json(&format!("{line} --json")), done(line));
    let rows = |part: &Value| part.as_object().unwrap().values().cloned().collect::<Vec<_>>();
    let agreements = rows(&effect["agreements"]);
    let part = |key: &str| agreements.iter().map(|table| table[key].clone()).collect::<Vec<_>>();
    let lasting = part("survival").iter().flat_map(&rows).filter(|row| !row.is_null()).collect::<Vec<_>>();
    let shares = [rows(&effect["outcomes"]["headline"]), part("signed"), part("in_force_at_end"), lasting].concat();
    let ends = |row: &Value| ["low", "high"].map(|end| row[end].as_f64());
    for share in &shares {
        let [Some(low), Some(high)] = ends(share) else { panic!("{share}") };
        let difference = share["difference"].as_f64().unwrap();
        assert!(-1.0 <= low && low <= difference && difference <= high && high <= 1.0 && low < high, "{share}");
    }
    let fire = rows(&effect["streams"]).into_iter().map(|stream| stream["events_per_day"].clone());
    let killed = rows(&effect["killed"]).into_iter().chain([effect["killed_in_all"].clone()]);
    let counts: Vec<Value> = fire.chain(killed).collect();
    for count in &counts {
        let differ = count["pairs_that_differ"].as_u64().unwrap();
        assert_eq!(count["low"].is_null(), differ == 0, "how far unseen counts could differ is not known: {count}");
    }
    let all: Vec<&Value> = shares.iter().chain(&counts).collect();
    let same = all.iter().filter(|row| row["pairs_that_differ"] == 0).count();
    let open = all.iter().filter(|row| {
        row["pairs_that_differ"] != 0 && matches!(ends(row), [Some(low), Some(high)] if low <= 0.0 && high >= 0.0)
    });
    assert_eq!(text.matches("the same in every pair").count(), same, "{text}");
    assert_eq!(text.matches("no detectable difference").count(), open.count(), "{text}");
    assert!(all.iter().any(|row| matches!(ends(row), [Some(low), Some(high)] if low > 0.0 || high < 0.0)), "{text}");
    assert!(!text.contains("-0.0 ") && !text.contains("-0.00 "), "nothing has no sign: {text}");
}

/// Kaplan-Meier from the kept rows is what the result says: the tables hold what the estimates were made of.
#[test]
fn survival_can_be_had_from_the_agreements() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("batch");
    let batch = json(&format!("batch --runs 300 --days 200 --seed 4 --json --out {}", out.display()));
    let mut reader = csv::Reader::from_path(out.join("agreements.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    assert_eq!(header, vec!["future", "table", "signed", "ended", "lasted", "collapsed", "cause"]);
    let spells: Vec<(i64, bool)> = reader
        .records()
        .map(Result::unwrap)
        .filter(|row| &row[1] == "LEB")
        .map(|row| {
            let number = |i: usize| row[i].parse::<i64>().unwrap();
            let (signed, ended, lasted, collapsed) = (number(2), number(3), number(4), &row[5] == "1");
            // A spell still in force was last tried on the last day, 199.
            assert_eq!(lasted, if collapsed { ended - signed } else { 199 - signed });
            assert_eq!((collapsed, ended == 200), (&row[6] == "collapse", &row[6] == "in_force"));
            (lasted, collapsed)
        })
        .collect();
    assert_eq!(batch["agreements"]["LEB"]["agreements"].as_u64(), Some(spells.len() as u64));
    for age in [30, 90, 180] {
        let mut survival = 1.0;
        for a in 0..=age {
            let at_risk = spells.iter().filter(|spell| spell.0 >= a).count();
            let collapsed = spells.iter().filter(|spell| spell.0 == a && spell.1).count();
            survival *= 1.0 - collapsed as f64 / at_risk.max(1) as f64;
        }
        let said = &batch["agreements"]["LEB"]["survival"][age.to_string()];
        let [low, p, high] = ["low", "p", "high"].map(|key| said[key].as_f64().unwrap());
        assert!((p - survival).abs() < 1e-9, "{age} days: {p} and {survival}");
        assert!(low < p && p < high, "{said}");
        let at_risk = spells.iter().filter(|spell| spell.0 >= age).count();
        assert_eq!(said["at_risk"].as_u64(), Some(at_risk as u64));
    }
}

/// Parquet holds the rows of CSV, its types do not depend on what columns hold, and it says what it is of.
#[test]
fn a_batch_comes_as_parquet_too() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for (name, rest) in [("c", ""), ("p", "--format parquet"), ("q", "--format parquet --set deal.architecture=hybrid")]
    {
        done(&format!("batch --runs 300 --days 60 --seed 3 --out {} {rest}", at(name).display()));
    }
    assert_eq!(
        names(&at("p")),
        [
            "agreements.block",
            "agreements.parquet",
            "batch.json",
            "datapackage.json",
            "hazards.parquet",
            "manifest.json",
            "runs.block",
            "runs.parquet",
            "sums.block"
        ]
    );
    for table in ["runs", "agreements", "hazards"] {
        let csv = super::run::csv_rows(&at("c").join(table).with_extension("csv"));
        assert_eq!(csv, super::run::parquet_rows(&at("p").join(table).with_extension("parquet")), "{table}");
        let open = |name: &str| {
            let file = fs::File::open(at(name).join(table).with_extension("parquet")).unwrap();
            SerializedFileReader::new(file).unwrap().metadata().file_metadata().clone()
        };
        let (p, q) = (open("p"), open("q"));
        assert_eq!(p.schema(), q.schema());
        let metadata = p.key_value_metadata().unwrap();
        let of = |key: &str| metadata.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone());
        assert_eq!(of("detente.scenario").as_deref(), Some("november-2024"));
        assert_eq!(of("detente.seed").as_deref(), Some("3"));
        let columns: Value = serde_json::from_str(&of("detente.columns").unwrap()).unwrap();
        assert_eq!(columns.as_array().unwrap().len(), csv.0.len());
        assert!(columns.as_array().unwrap().iter().all(|column| column["description"].is_string()), "{columns}");
    }
    let package: Value = serde_json::from_slice(&fs::read(at("c").join("datapackage.json")).unwrap()).unwrap();
    assert_eq!(package["resources"][0]["path"], "runs.csv");
    assert_eq!(package["resources"][0]["schema"]["fields"][0]["type"], "integer");
    assert_eq!(package["resources"][1]["schema"]["fields"][1]["type"], "string");
}

/// A folder alone is enough to have it again, though the scenario's file is gone.
#[test]
fn a_folder_alone_is_enough_to_run_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let file = at("mine.toml");
    fs::write(&file, "format = 1\nname = \"mine\"\nextends = \"november-2024\"\n[tables.LEB]\neta = 0.9\n").unwrap();
    let what = format!("{} --days 40 --seed 6 --set unifil.troops=12000@9", file.display());
    done(&format!("batch {what} --runs 20 --params prior --format parquet --out {}", at("b").display()));
    done(&format!("batch {what} --futures 7..20 --params prior --draws none --out {}", at("s").display()));
    done(&format!("run {what} --out {}", at("r").display()));
    done(&format!("run {what} --future 12 --params prior --out {}", at("f").display()));
    fs::remove_file(&file).unwrap();
    for name in ["b", "s", "r", "f"] {
        let new = at(&format!("{name}2"));
        done(&format!("again {} --out {}", at(name).display(), new.display()));
        assert_eq!(files(&at(name)), files(&new), "{name}");
        assert!(done(&format!("again {}", at(name).display())).contains("mine"));
    }
    let path = at("b").join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    manifest["seed"] = 7.into();
    fs::write(&path, manifest.to_string()).unwrap();
    let again = said(&format!("again {}", at("b").display()));
    assert!(again.status.code() == Some(2) && stderr(&again).contains("another result now"), "{}", stderr(&again));
    assert!(refused(&format!("again {}", folder.path().display())).contains("manifest.json"));
}

/// A run's folder is compared file by file: one that was changed, cut or lost is named, all at once, whatever the manifest says.
#[test]
fn again_names_every_file_of_a_run_that_is_not_what_the_run_gives() {
    let folder = tempfile::tempdir().unwrap();
    for format in ["csv", "parquet"] {
        let out = folder.path().join(format);
        done(&format!("run --days 20 --seed 3 --format {format} --out {}", out.display()));
        done(&format!("again {}", out.display()));
        let (events, series) = (out.join(format!("events.{format}")), out.join(format!("series.{format}")));
        let whole = [&events, &series].map(|path| fs::read(path).unwrap());
        // One figure of one row.
        let mut bytes = whole[0].clone();
        let place = bytes.len() / 2;
        bytes[place] = if bytes[place] == b'7' { b'8' } else { b'7' };
        fs::write(&events, &bytes).unwrap();
        fs::write(&series, &whole[1][..whole[1].len() - 1]).unwrap();
        let output = said(&format!("again {}", out.display()));
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert!(message.contains(&format!("events.{format} differs")), "{message}");
        assert!(message.contains(&format!("series.{format} differs")) && message.lines().count() == 2, "{message}");
        let row = bytes[..place].iter().filter(|byte| **byte == b'\n').count() + 1;
        assert!(
            format == "parquet" || message.contains(&format!("events.csv differs, from line {row} on")),
            "{message}"
        );
        fs::write(&events, &whole[0]).unwrap();
        fs::write(&series, &whole[1]).unwrap();
        fs::remove_file(out.join("datapackage.json")).unwrap();
        let message = stderr(&said(&format!("again {}", out.display())));
        assert!(message.contains("datapackage.json is missing") && message.lines().count() == 1, "{message}");
    }
}

#[test]
fn a_batch_grows_to_the_bytes_of_the_larger_one() {
    for (format, params) in [("csv", "prior"), ("parquet", "default")] {
        grows(format, params);
    }
}

/// Agreements that a folder holds, by the text of their rows.
fn agreements(folder: &Path, format: &str) -> usize {
    let file = if format == "csv" { "agreements.csv" } else { "agreements.block" };
    fs::read_to_string(folder.join(file)).unwrap().lines().count() - 1
}

fn grows(format: &str, params: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let line = |runs: u64, name: &str| {
        let out = at(name);
        format!("batch --runs {runs} --days 12 --seed 6 --params {params} --format {format} --out {}", out.display())
    };
    done(&line(1024, "whole"));
    let whole = files(&at("whole"));
    assert!(agreements(&at("whole"), format) > 0, "a batch without agreements shows little");
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
    for format in ["csv", "parquet"] {
        merges(format);
    }
}

fn merges(format: &str) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let line = |which: &str, name: &str| {
        let set = format!("--set unifil.troops=12000@9 --params prior --format {format}");
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
    let other = if format == "csv" { "parquet" } else { "csv" };
    done(&line("--futures 100..110", "table").replace(&format!("--format {format}"), &format!("--format {other}")));
    assert!(refused(&merge(&["a", "table"], "x")).contains("parts of different batches (format"));
    let file = if format == "csv" { "agreements.csv" } else { "agreements.block" };
    let rows = fs::read_to_string(at("whole").join(file)).unwrap();
    assert!(rows.lines().count() > 1, "a batch without agreements shows little");
    let rows = fs::read_to_string(at("b").join(file)).unwrap();
    fs::write(at("b").join(file), format!("{rows}999,LEB,1,2,1,1,collapse\n")).unwrap();
    let message = refused(&merge(&["a", "b", "c"], "x"));
    assert!(message.contains(&format!("{file} was changed or damaged after the batch had ended")), "{message}");
    let message = refused(&format!("{} --resume", line("--futures 100..612", "b")));
    assert!(message.contains(&format!("{file} was changed or damaged")), "{message}");
}

/// A future of a batch, run alone: the same totals, and the parameters that stand in the table of draws.
#[test]
fn parts_of_one_batch_are_numbered_and_merge_names_those_that_are_missing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let line = "batch --runs 23 --days 40 --seed 6 --params prior --draws none";
    done(&format!("{line} --out {}", at("whole")));
    for part in [0, 2, 5, 6] {
        done(&format!("{line} --part {part}/7 --out {}", at(&format!("p{part}"))));
    }
    let merge = |parts: &[u64], out: &str| {
        let folders: Vec<String> = parts.iter().map(|part| at(&format!("p{part}"))).collect();
        format!("merge {} --runs 23 --parts 7 --out {}", folders.join(" "), at(out))
    };
    // A folder that holds nothing is a part that is missing.
    let message = refused(&merge(&[0, 2, 5, 6, 4], "x"));
    assert!(message.contains("3 of 7 parts are missing or not finished; run them with --array=1,3-4"), "{message}");
    assert!(message.contains("p4"), "{message}");
    assert!(!folder.path().join("x").exists());
    for part in [1, 3, 4] {
        done(&format!("{line} --part {part}/7 --out {}", at(&format!("p{part}"))));
    }
    assert!(
        refused(&merge(&[0, 1, 2, 3, 4, 5], "x"))
            .contains("1 of 7 part is missing or not finished; run it with --array=6")
    );
    done(&merge(&[6, 3, 0, 1, 2, 4, 5], "joined"));
    assert!(super::files(&folder.path().join("joined")) == super::files(&folder.path().join("whole")));
    for (rest, what) in [
        ("--runs 3 --part 7/7", "parts of 7 are numbered 0 to 6"),
        ("--runs 3 --part 0/0", "there is one part at least"),
        ("--runs 3 --part 3", "like 3/64"),
        ("--futures 0..3 --part 0/2", "cannot be used with"),
        // Fewer futures than parts leave some without work.
        ("--runs 3 --part 0/7", "--part 0/7: no future is left for this part; take 3 parts at most"),
    ] {
        let message = refused(&format!("batch --days 5 {rest}"));
        assert!(message.contains(what), "{message}");
    }
    assert!(refused(&format!("merge {} --parts 7 --out {}", at("p0"), at("x"))).contains("--runs"));
    // A folder that goes on where the parts end is none of them.
    done(&format!("{} --futures 23..30 --out {}", line.replace(" --runs 23", ""), at("p7")));
    let message = refused(&merge(&[0, 1, 2, 3, 4, 5, 6, 7], "x"));
    assert!(message.contains("hold futures 0 to 29, and the parts of --runs 23 are futures 0 to 22"), "{message}");
    assert!(!folder.path().join("x").exists());
}

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
    assert_eq!(
        names(Path::new(&none)),
        ["agreements.csv", "batch.json", "datapackage.json", "hazards.csv", "manifest.json", "runs.csv", "sums.block"]
    );
    // Draws follow from the seed: they can be had later, too.
    done(&format!("{line} --resume"));
    assert!(Path::new(&none).join("draws.csv").is_file());
}

#[test]
fn a_million_threads_are_too_many_and_do_no_harm() {
    let line = "batch --runs 40 --days 5 --json";
    assert_eq!(json(&format!("{line} --jobs 1000000")), json(&format!("{line} --jobs 1")));
}
