//! `detente run`.

use super::{detente, done, files, json, keys, names, refused, said, stderr, stdout};
use detente::symbols::levers::LEVERS;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;
use std::fs::{self, File};
use std::path::Path;

/// The digest that the window and the page must give for the same moves; `UPDATE_GOLDEN=1` writes it anew.
#[test]
fn the_pinned_history_is_the_one_that_the_command_line_gives() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected/web_digest.json");
    let text = fs::read_to_string(&path).unwrap();
    let pinned: Value = serde_json::from_str(&text).unwrap();
    let line = pinned["natively"].as_str().unwrap().strip_prefix("detente ").unwrap();
    let run = json(line);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let quoted = |value: &Value| format!("\"digest\": {value}");
        fs::write(&path, text.replace(&quoted(&pinned["digest"]), &quoted(&run["digest"]))).unwrap();
        return;
    }
    assert_eq!((&run["digest"], &run["days"]), (&pinned["digest"], &pinned["day"]), "`{line}`");
}

#[test]
fn json_has_the_promised_shape_and_nothing_else() {
    let run = json("run --json --set unifil.troops=12000@2024-11-20 --set israel.disputed_areas=all --seed 4");
    let top = [
        "agreements",
        "days",
        "digest",
        "first_days",
        "future",
        "killed",
        "lever_log",
        "levers",
        "outcome",
        "params",
        "salvos",
        "scenario",
        "seed",
        "start",
        "streams",
        "versions",
    ];
    assert_eq!(keys(&run), top);
    assert_eq!(keys(&run["scenario"]), ["content", "hash", "name"]);
    assert_eq!(keys(&run["versions"]), ["format", "model"]);
    assert_eq!(keys(&run["outcome"]), ["escalation", "headline", "settlement"]);
    assert_eq!(keys(&run["streams"]["ISR>HZB"]), ["deaths", "events"]);
    assert_eq!(run["scenario"]["name"], "november-2024");
    assert_eq!((run["seed"].as_u64(), run["days"].as_u64()), (Some(4), Some(365)));
    assert!(run["digest"].is_string());
    assert_eq!(run["levers"].as_object().unwrap().len(), LEVERS.len());
    assert_eq!(run["levers"]["unifil.troops"], 12000.0);
    assert_eq!(run["levers"]["israel.disputed_areas"], "all");

    // Some seed of a few shows salvos and agreements.
    let runs: Vec<Value> = (1..9).map(|seed| json(&format!("run --json --seed {seed}"))).collect();
    let some = |key: &str| runs.iter().find_map(|run| run[key].get(0)).unwrap_or_else(|| panic!("no {key} in 8 runs"));
    assert_eq!(keys(some("salvos")), ["arrivals", "day", "from", "hits", "rounds", "to"]);
    assert_eq!(keys(some("agreements")), ["collapsed", "kind", "signed"]);
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let text = |name: &str| done(&format!("run --days 120 --seed 9 --out {}", at(name).display()));
    let (a, b) = (text("a"), text("b"));
    assert_eq!(a.replace(at("a").to_str().unwrap(), "DIR"), b.replace(at("b").to_str().unwrap(), "DIR"));
    assert_eq!(files(&at("a")), files(&at("b")));
    assert_eq!(names(&at("a")), ["datapackage.json", "events.csv", "manifest.json", "series.csv"]);
    assert_eq!(names(folder.path()).len(), 8, "nothing else is left beside the folders");
}

#[test]
fn the_manifest_says_what_the_run_is() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("new/run");
    let line = format!("run --days 60 --set deal.sequencing=cease-fire-first@7 --json --out {}", out.display());
    let run = json(&line);
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
    let top = [
        "days",
        "digest",
        "files",
        "future",
        "lever_log",
        "outcome",
        "params",
        "scenario",
        "seed",
        "start",
        "versions",
    ];
    assert_eq!(keys(&manifest), top);
    assert_eq!((&manifest["start"], &manifest["scenario"]), (&run["start"], &run["scenario"]));
    assert_eq!(manifest["digest"]["whole"], run["digest"]);
    assert_eq!(manifest["scenario"]["hash"], run["scenario"]["hash"]);
    assert_eq!(manifest["outcome"], run["outcome"]);
    assert_eq!(manifest["scenario"]["content"]["start"], "2024-11-08");
    assert_eq!(manifest["lever_log"][0]["value"], "cease-fire-first");
    assert_eq!(manifest["lever_log"][0]["date"], "2024-11-15");
}

/// Rows of a CSV file under its header, and the header.
pub(super) fn csv_rows(file: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    (header, rows)
}

/// The same of a Parquet file, with values written as CSV writes them.
pub(super) fn parquet_rows(file: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let header = schema.columns().iter().map(|column| column.name().to_owned()).collect();
    let epoch = jiff::civil::date(1970, 1, 1);
    let text = |field: &Field| match field {
        Field::Null => String::new(),
        Field::Long(value) => value.to_string(),
        // As in a CSV file: a real number has a point.
        Field::Double(value) if value.fract() == 0.0 => format!("{value}.0"),
        Field::Double(value) => value.to_string(),
        Field::Str(value) => value.clone(),
        Field::Date(value) => epoch.checked_add(jiff::Span::new().days(*value)).unwrap().to_string(),
        other => panic!("{other:?} has no place here"),
    };
    let rows = reader.get_row_iter(None).unwrap();
    let rows = rows.map(|row| row.unwrap().get_column_iter().map(|(_, field)| text(field)).collect());
    (header, rows.collect())
}

#[test]
fn csv_and_parquet_hold_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    done(&format!("run --days 150 --out {}", at("c").display()));
    done(&format!("run --days 150 --format parquet --out {}", at("p").display()));
    assert_eq!(names(&at("p")), ["datapackage.json", "events.parquet", "manifest.json", "series.parquet"]);
    for table in ["events", "series"] {
        let csv = csv_rows(&at("c").join(table).with_extension("csv"));
        let parquet = parquet_rows(&at("p").join(table).with_extension("parquet"));
        assert_eq!(csv, parquet, "{table}");
    }
    let (header, rows) = csv_rows(&at("c").join("series.csv"));
    assert_eq!(rows.len(), 150);
    assert_eq!(&rows[149][..2], ["149", "2025-04-06"]);
    assert!(header.contains(&"events.ISR>HZB".to_owned()));
    // No reader takes a column of real numbers for one of whole ones, whatever stands in its first rows.
    for (place, name) in header.iter().enumerate().skip(2) {
        let points = rows.iter().filter(|row| row[place].contains('.')).count();
        assert!(points == 0 || points == rows.len(), "{name}: {points} of {} with a point", rows.len());
    }
    let (header, rows) = csv_rows(&at("c").join("events.csv"));
    assert_eq!(&header[..5], ["event", "day", "place", "date", "kind"]);
    // Two events have two ids in every reader: ids are no numbers, and day and place stand beside them.
    for row in &rows {
        assert_eq!(row[0], format!("d{}e{}", row[1], row[2]));
        assert!(row[0].parse::<f64>().is_err(), "{}", row[0]);
    }
    let ids: std::collections::BTreeSet<&String> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(ids.len(), rows.len());
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (kind, events, step) = (column("kind"), column("events"), column("step"));
    assert!(rows.iter().filter(|row| row[kind] == "council_vote").all(|row| row[step] != "none"));
    assert!(rows.iter().all(|row| !row[header.len() - 1].is_empty()), "every event has its sentence");
    let fire: u64 = rows.iter().filter(|row| row[kind] == "fire").map(|row| row[events].parse::<u64>().unwrap()).sum();
    let streams = json("run --days 150 --json")["streams"].clone();
    let total: u64 = streams.as_object().unwrap().values().map(|stream| stream["events"].as_u64().unwrap()).sum();
    assert_eq!(fire, total, "days of fire add up to the totals of the streams");
}

#[test]
fn a_folder_with_something_in_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("mine");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("thesis.txt"), "years of work").unwrap();
    let message = refused(&format!("run --days 5 --out {}", out.display()));
    assert_eq!(
        message,
        format!(
            "error: cannot write to {}: there are files in that folder already; give the name of a new folder\n",
            out.display()
        )
    );
    assert_eq!(names(folder.path()), ["mine/thesis.txt"]);

    let file = out.join("thesis.txt");
    assert!(
        refused(&format!("run --days 5 --out {}", file.display())).contains("there is a file of that name already")
    );

    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    done(&format!("run --days 5 --out {}", empty.display()));
    assert_eq!(names(&empty), ["datapackage.json", "events.csv", "manifest.json", "series.csv"]);
}

#[test]
fn the_summary_reads_from_top_to_bottom() {
    let text = done("run");
    let mut rest = text.as_str();
    for part in [
        "november-2024 · 8 November 2024 to 7 November 2025 (365 days) · seed 1",
        "Outcome",
        "Fire, by stream",
        "ISR>HZB    Israel on Hezbollah",
        "Agreements",
        "Strikes between states",
        "Key events",
        "Digest ",
        "A what-if tool: outputs are conditional on assumptions and are not predictions of real events.\n",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("no `{part}` after the parts before it in\n{text}"));
        rest = &rest[at + part.len()..];
    }
    assert_eq!(rest, "");
    assert!(text.lines().count() < 90, "a summary, not a log");
}

#[test]
fn a_scenario_of_ones_own_runs_with_its_own_days_and_levers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    let text = "format = 1\nextends = \"november-2024\"\nname = \"mine\"\ndays = 20\n[levers]\nunifil.troops = 14000\n";
    fs::write(&file, text).unwrap();
    let run = json(&format!("run {} --json", file.display()));
    assert_eq!(run["scenario"]["name"], "mine");
    assert_eq!(run["days"], 20);
    assert_eq!(run["levers"]["unifil.troops"], 14000.0);
    let output = said(&format!("check {} november-2024", file.display()));
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output).lines().count(), 2, "{}", stderr(&output));
}

/// What a killed run leaves beside its folder goes with the next run there; what a run at work holds does not.
#[test]
#[cfg(target_os = "linux")]
fn drafts_that_were_left_behind_are_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let left = folder.path().join(".run.4194999.partial");
    let held = folder.path().join(".run.4194998.partial");
    for path in [&left, &held] {
        fs::create_dir(path).unwrap();
        fs::write(path.join("events.csv"), "half of").unwrap();
    }
    let lock = File::open(&held).unwrap();
    lock.try_lock().unwrap();
    done(&format!("run --days 3 --out {}", folder.path().join("run").display()));
    assert!(!left.exists() && held.exists());
}

/// The folder that one stands in is a folder like another, and a folder that is there keeps its permissions.
#[cfg(unix)]
#[test]
fn results_go_into_the_folder_one_stands_in_and_leave_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    for line in ["run --days 5 --out .", "batch --runs 8 --days 5 --out ."] {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("mine");
        fs::create_dir(&here).unwrap();
        fs::set_permissions(&here, fs::Permissions::from_mode(0o700)).unwrap();
        let output = detente(line.split_whitespace()).current_dir(&here).output().unwrap();
        assert!(output.status.success(), "{line}: {}", stderr(&output));
        assert!(here.join("manifest.json").is_file(), "{line}");
        assert_eq!(fs::metadata(&here).unwrap().permissions().mode() & 0o777, 0o700, "{line}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "{line}: nothing lies beside it");
    }
}
