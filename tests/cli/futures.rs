//! From many futures to one: lists by what futures have in common, a session of one of them, hazards by month, and tables that
//! are read alike whatever happened.

use super::{done, json, refused};
use detente::scenario::load;
use detente::session::Sitting;
use detente::session::file::Saved;
use detente::sim::world::Fate;
use std::fs;
use std::path::Path;

#[test]
fn a_future_that_is_listed_ends_so_when_it_is_run_alone() {
    for (like, params) in [("regional_war", "prior"), ("contained/piecemeal", "default"), ("deadliest", "default")] {
        let batch = format!("batch --runs 60 --days 150 --seed 5 --params {params} --json");
        let list = json(&format!("{batch} --list {like}"));
        let futures = list["futures"].as_array().unwrap();
        assert!(!futures.is_empty(), "{like}");
        assert_eq!((list["seed"].as_u64(), list["params"].as_str()), (Some(5), Some(params)));
        let first = &futures[0];
        let run = json(&format!("run --days 150 --seed 5 --params {params} --future {} --json", first["future"]));
        for key in ["headline", "escalation", "settlement"] {
            assert_eq!(run["outcome"][key], first[key], "{like}");
        }
        // As many as the batch counts.
        let whole = json(&batch);
        let share = match like {
            "regional_war" => whole["outcomes"]["headline"]["regional_war"]["p"].as_f64().unwrap(),
            "deadliest" => 0.05,
            _ => continue,
        };
        assert_eq!(futures.len() as f64, (60.0 * share).round(), "{like}");
    }
    let text = done("batch --runs 20 --days 60 --list unsettled");
    assert!(text.contains("detente run --seed 1 --future "), "{text}");
    let message = refused("batch --runs 20 --days 60 --list war");
    assert!(message.contains("regional_war") && message.contains("regional/none"), "{message}");
}

/// A future that fans out from a later day is opened by its number: to that day the one history, from there on its own; what happened
/// in it is explained, and its folder is enough to have it again.
#[test]
fn a_future_of_a_later_day_is_opened_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let line = "run --seed 80 --days 200 --set israel.blow_rate=0@70";
    done(&format!("{line} --out {}", at("history").display()));
    let fan = format!("{line} --future 5 --params prior --from-day 70");
    let said = json(&format!("{fan} --json --out {}", at("fan").display()));
    assert_eq!(
        (said["future"].as_u64(), said["from_day"].as_i64(), said["params"].as_str()),
        (Some(5), Some(70), Some("prior"))
    );
    let rows = |name: &str| {
        let text = fs::read_to_string(at(name).join("events.csv")).unwrap();
        let day = |row: &str| row.split(',').next().and_then(|id| id[1..].split('e').next()?.parse::<u32>().ok());
        let (before, after): (Vec<String>, Vec<String>) =
            text.lines().skip(1).map(str::to_owned).partition(|row| day(row).is_some_and(|day| day < 70));
        (before, after)
    };
    let ((before, after), (same, other)) = (rows("history"), rows("fan"));
    assert!(!before.is_empty() && before == same, "to that day it is the history");
    assert_ne!(after, other, "from there on it is a future of its own");
    // Another name of the day, and day 0.
    let dated = fan.replace("--from-day 70", "--from-day 2025-01-17");
    assert_eq!(json(&format!("{dated} --json"))["digest"], said["digest"]);
    let whole = |rest: &str| {
        json(&format!("run --seed 80 --days 60 --future 5 --params prior {rest} --json"))["digest"].clone()
    };
    assert_eq!(whole("--from-day 0"), whole(""));
    // Explained, with the parameters and the luck of its own days.
    let ids = |rows: &[String]| -> Vec<String> {
        let told = ["answer_owed", "signed", "collapsed", "salvo", "air_strike", "blow", "council_vote", "spoiler"];
        let is = |row: &&String| told.iter().any(|kind| row.contains(&format!(",{kind},")));
        rows.iter().filter(is).map(|row| row.split(',').next().unwrap().to_owned()).collect()
    };
    let later = ids(&other);
    assert!(later.len() > 3, "{later:?}");
    for id in later.iter().take(8).chain(ids(&same).iter().take(2)) {
        let why = done(&format!("explain {} {id}", at("fan").display()));
        // What was drawn came out as its draw says: a chance of other rules or luck would contradict it.
        assert!(why.contains("so it happened") || !why.contains("the draw was") || why.contains("so they"), "{why}");
    }
    done(&format!("again {} --out {}", at("fan").display(), at("copy").display()));
    assert!(super::files(&at("fan")) == super::files(&at("copy")));
    assert!(refused(&format!("{line} --from-day 200")).contains("--from-day 200"));
    assert!(refused(&format!("{line} --from-day soon")).contains("is no day"));
}

/// A row of a batch in Python says what its future is of; the file alone is enough to have it.
#[test]
fn a_row_in_a_file_is_the_future_that_it_is_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("row.json");
    let hash = json("batch --runs 1 --days 1 --json")["scenario"]["hash"].as_str().unwrap().to_owned();
    let write = |hash: &str, params: &str, given: &str, more: &str| {
        let setting = format!(
            r#"{{"scenario":"november-2024","hash":"{hash}","days":90,"seed":5,"params":"{params}","given":{{{given}}},"levers":[["unifil.troops","15000",20]]{more}}}"#
        );
        let row = serde_json::json!({ "future": 7, "headline": "unsettled", "setting": setting });
        fs::write(&file, row.to_string()).unwrap();
    };
    let line = format!("run --like {} --json", file.display());
    let same = "run --seed 5 --days 90 --future 7 --set unifil.troops=15000@20";
    for (params, given, rest) in [
        ("prior", "", "--params prior"),
        ("posterior", "", "--params posterior"),
        ("given", r#""theta_war":9.0"#, "--param theta_war=9"),
    ] {
        write(&hash, params, given, "");
        let (row, flags) = (json(&line), json(&format!("{same} {rest} --json")));
        assert_eq!(row["digest"], flags["digest"], "{params}");
        assert_eq!(row["future"], 7);
    }
    // A family is all of its members, but for one that stands elsewhere.
    let members: Vec<String> = ["ALL", "EXC", "GAZ", "IRQ", "NUC", "RED", "YEM"]
        .map(|table| format!(r#""table.h0[{table}]":0.01"#))
        .into_iter()
        .chain([r#""table.h0[LEB]":0.02"#.to_owned()])
        .collect();
    let digests = [r#""table.h0":0.01,"table.h0[LEB]":0.02"#.to_owned(), members.join(",")].map(|given| {
        write(&hash, "given", &given, "");
        json(&line)["digest"].as_str().unwrap().to_owned()
    });
    assert_eq!(digests[0], digests[1]);
    write(&hash, "given", r#""table.h0":9.0"#, "");
    assert!(refused(&line).contains("table.h0[ALL] = 9 is outside its range"));
    write(&hash, "prior", "", "");
    let out = folder.path().join("kept");
    done(&format!("run --like {} --out {}", file.display(), out.display()));
    done(&format!("again {}", out.display()));
    for (hash, params, more, what) in [
        ("0000000000000000", "prior", "", "name the file of that scenario"),
        (&hash, "wide", "", "params are wide"),
        (&hash, "prior", r#","more":1"#, "unknown field `more`"),
    ] {
        write(hash, params, "", more);
        let message = refused(&line);
        assert!(message.contains(what), "{message}");
    }
    fs::write(&file, "{}").unwrap();
    assert!(refused(&line).contains("is no row of a batch"));
    assert!(refused(&format!("{line} --seed 3")).contains("cannot be used with"));
    assert!(refused("run --like nowhere.json").contains("cannot read nowhere.json"));
}

#[test]
fn a_session_of_another_future_is_replayed_and_reported_as_that() {
    let folder = tempfile::tempdir().unwrap();
    let (path, out) = (folder.path().join("odd.detente"), folder.path().join("report"));
    let fate = Fate { seed: 5, future: 17, prior: true };
    let mut sitting = Sitting::of(load("november-2024").unwrap(), fate);
    sitting.go_to(40);
    fs::write(&path, Saved::of(&sitting).to_text()).unwrap();
    let said = json(&format!("replay {} --json", path.display()));
    assert_eq!((said["future"].as_u64(), said["params"].as_str()), (Some(17), Some("prior")));
    let run = json("run --seed 5 --future 17 --params prior --days 40 --json");
    assert_eq!(said["branches"][0]["digest"], run["digest"]);
    assert!(done(&format!("replay {}", path.display())).contains("seed 5, future 17, parameters drawn"));
    done(&format!("report {} --out {} --futures 8 --days 35", path.display(), out.display()));
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(
        page.contains("5, future 17, parameters drawn") && page.contains("Regional war by date"),
        "the head says it"
    );
    let package = fs::read_to_string(out.join("datapackage.json")).unwrap();
    assert!(package.contains("(future 17)"), "{package}");
}

#[test]
fn hazards_by_month_stand_beside_the_share_within_the_horizon() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("kept");
    let batch = json(&format!("batch --runs 100 --days 100 --seed 3 --json --out {}", out.display()));
    let first = &batch["first_days"]["direct_fire"];
    let months = first["hazard"].as_array().unwrap();
    assert_eq!(months.len(), 4);
    assert_eq!((months[3]["from_day"].as_i64(), months[3]["to_day"].as_i64()), (Some(90), Some(99)));
    let free: f64 = months.iter().map(|month| 1.0 - month["p"].as_f64().unwrap()).product();
    let ever = first["ever"]["p"].as_f64().unwrap();
    assert!((1.0 - free - ever).abs() < 1e-9 && ever > 0.1, "{free} {ever}");
    for month in months {
        let [p, low, high] = ["p", "low", "high"].map(|key| month[key].as_f64().unwrap());
        assert!(low <= p && p <= high, "{month}");
    }
    let (header, rows) = table(&out.join("hazards.csv"));
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let rows: Vec<&Vec<String>> = rows.iter().filter(|row| row[at("what")] == "direct_fire").collect();
    for (row, month) in rows.iter().zip(months) {
        assert_eq!(row[at("began")], month["began"].to_string());
        assert_eq!(row[at("at_risk")], month["at_risk"].to_string());
    }
    assert_eq!(rows.len(), 4);
    assert!(done("batch --runs 30 --days 60").contains("Regional war by date"));
}

fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (header, rows)
}

/// Whatever happened in a run, readers that guess types guess the same: numbers in columns of numbers, never a gap, and in columns
/// of words nothing that reads as a number or as missing.
#[test]
fn columns_are_read_alike_whatever_happened() {
    let folder = tempfile::tempdir().unwrap();
    let runs = [
        ("none", "run --days 1"),
        ("few", "run --days 12 --set unifil.troops=12000@3"),
        ("full", "run --days 365 --set israel.disputed_areas=none@30 --set saudi.sign_roadmap=2025-02-01@9 --seed 5"),
    ];
    for (name, line) in runs {
        let out = folder.path().join(name);
        done(&format!("{line} --out {}", out.display()));
        let package: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(out.join("datapackage.json")).unwrap()).unwrap();
        for resource in package["resources"].as_array().unwrap() {
            let (header, rows) = table(&out.join(resource["path"].as_str().unwrap()));
            let fields = resource["schema"]["fields"].as_array().unwrap();
            assert_eq!(fields.len(), header.len());
            for (column, field) in fields.iter().enumerate() {
                assert_eq!(field["name"], header[column]);
                for row in &rows {
                    let cell = row[column].as_str();
                    let fits = match field["type"].as_str().unwrap() {
                        "integer" => cell.parse::<i64>().is_ok(),
                        // With a point, so that no reader takes the column for whole numbers.
                        "number" => cell.parse::<f64>().is_ok() && cell.contains('.'),
                        "date" => cell.parse::<jiff::civil::Date>().is_ok(),
                        _ => {
                            let missing = ["", "NA", "N/A", "null", "NULL", "None", "nan", "NaN", "n/a", "<NA>"];
                            let column = header[column].as_str();
                            let numeric = cell.parse::<f64>().is_ok() && column != "sentence";
                            !missing.contains(&cell) && !numeric
                        }
                    };
                    assert!(fits, "{name}: {}.{} is `{cell}`", resource["name"], header[column]);
                }
            }
        }
    }
    // The number that a lever was set to, and the option of another.
    let find = |run: &str, lever: &str| {
        let (header, rows) = table(&folder.path().join(run).join("events.csv"));
        let at = |name: &str| header.iter().position(|h| h == name).unwrap();
        let row = rows.iter().find(|row| row[at("step")] == lever).unwrap_or_else(|| panic!("{lever}"));
        (row[at("value")].clone(), row[at("amount")].clone())
    };
    assert_eq!(find("few", "unifil.troops"), ("none".to_owned(), "12000.0".to_owned()));
    assert_eq!(find("full", "saudi.sign_roadmap"), ("2025-02-01".to_owned(), "0.0".to_owned()));
}

#[test]
fn patterns_hold_the_scenarios_that_they_start_from() {
    let report = json("patterns --runs 2 --json");
    for start in report["starts"].as_array().unwrap() {
        let name = start["scenario"]["name"].as_str().unwrap();
        let loaded = load(name).unwrap();
        assert_eq!(start["scenario"]["hash"], loaded.hash.as_str());
        let content: detente::scenario::raw::Scenario =
            serde_json::from_value(start["scenario"]["content"].clone()).unwrap();
        assert_eq!(detente::scenario::reload(&content).unwrap().hash, loaded.hash, "{name}");
        assert!(start["start"].is_string() && start["days"].is_u64());
    }
}

#[test]
fn an_institution_that_nothing_refers_to_is_told_and_a_built_in_scenario_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    let own = "format = 1\nextends = \"november-2024\"\n[institutions.UNSCC]\nname = \"Council\"\nrole = \"None.\"\n";
    fs::write(&path, own).unwrap();
    let text = done(&format!("check {}", path.display()));
    assert!(
        text.contains("institutions.UNSCC: nothing refers to it") && text.contains("did you mean `UNSC`?"),
        "{text}"
    );
    let said = json(&format!("check {} --json", path.display()));
    assert_eq!(said["fit"][0]["idle"].as_array().unwrap().len(), 1);
    for name in detente::scenario::builtin_names() {
        assert!(detente::scenario::idle(&load(name).unwrap()).is_empty(), "{name}");
    }
}
