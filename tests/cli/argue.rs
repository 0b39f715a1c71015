//! `detente causes` and `detente contested`.

use super::{done, json, keys, refused, said, stderr, stdout};
use detente::camps::camps;
use detente::session::Sitting;
use detente::session::chart::Ask;
use detente::session::file::Saved;
use detente::session::inquiry::Inquiry;
use detente::symbols::levers::Lever;
use serde_json::Value;
use std::fs;
use std::path::Path;

fn list<'a>(report: &'a Value, key: &str) -> &'a [Value] {
    report[key].as_array().unwrap_or_else(|| panic!("no list {key}"))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

#[test]
fn causes_are_those_of_the_futures_whatever_the_threads() {
    let line = "causes --outcome direct_fire --runs 120 --days 150 --seed 3";
    let report = json(&format!("{line} --json"));
    for key in ["outcome", "futures", "with_outcome", "causes", "jointly", "example", "scenario", "seed", "versions"] {
        assert!(keys(&report).contains(&key), "{key} is missing");
    }
    assert_eq!(report, json(&format!("{line} --json --jobs 1")), "threads do not show");
    assert_eq!((report["outcome"].as_str(), report["futures"].as_u64()), (Some("direct_fire"), Some(120)));
    let with = report["with_outcome"].as_u64().unwrap();
    assert!(with > 10 && with < 120, "{with}");
    for cause in list(&report, "causes") {
        assert_eq!(keys(cause), ["before", "days_before", "id", "necessary", "sufficient"]);
        assert_eq!(keys(&cause["before"]), ["high", "lift", "low", "with", "without"]);
        for share in ["necessary", "sufficient"] {
            assert_eq!(keys(&cause[share]), ["high", "low", "p"]);
            let [low, p, high] = ["low", "p", "high"].map(|key| number(&cause[share][key]));
            assert!(0.0 <= low && low <= p && p <= high && high <= 1.0, "{cause}");
        }
    }
    // Direct fire is a salvo or a strike: without answers and strikes there is none, and some kind was needed in most.
    let needed = |id: &str| {
        let row = list(&report, "causes").iter().find(|cause| cause["id"] == id);
        row.map_or(0.0, |row| number(&row["necessary"]["p"]))
    };
    assert!(needed("answer") > 0.5, "{report:#}");
    // Of which states, it says.
    assert!(done(line).contains("direct fire (Iran with Israel or the United States)"));
    // The text says the same, and the example is a future of that kind.
    let text = done(line);
    assert!(text.contains(&format!("{with} of 120 futures come to it")), "{text}");
    let command = report["example"]["command"].as_str().unwrap();
    assert!(text.contains(command), "{text}");
    let run = json(&format!("{} --json", command.strip_prefix("detente ").unwrap()));
    assert_ne!(run["outcome"]["escalation"], "none", "{run:#}");
}

#[test]
fn an_example_is_run_again_with_what_was_asked() {
    let line = "causes --outcome truce:LEB --runs 40 --days 90 --seed 2 --params prior --set unifil.troops=15000@3 \
                --param theta_war=9 --json";
    let report = json(line);
    let command = report["example"]["command"].as_str().unwrap();
    for part in ["--seed 2", "--days 90", "--params prior", "--set unifil.troops=15000@3", "--param theta_war=9"] {
        assert!(command.contains(part), "{command}");
    }
    let run = json(&format!("{} --json", command.strip_prefix("detente ").unwrap()));
    assert!(run.is_object());
}

/// Futures from a nowcast have the numbers of its particles, and are run alone by their number and the nowcast.
#[test]
fn causes_of_futures_from_a_nowcast_name_a_future_that_has_the_outcome() {
    for outcome in ["regional_war", "direct_fire", "piecemeal_truce", "truce:LEB", "collapse:LEB"] {
        let line = format!("causes --outcome {outcome} --from 2024-11-07 --runs 40 --days 200 --seed 4");
        let report = json(&format!("{line} --json"));
        let (text, command) = (done(&line), report["example"]["command"].as_str().unwrap());
        assert!(text.contains("seed 4 · parameters of the nowcast's particles"), "{text}");
        assert!(text.contains("128 beginnings"), "{text}");
        assert!(command.ends_with(" --from 2024-11-07") && text.contains(command), "{command}: {text}");
        let run = json(&format!("{} --json", command.strip_prefix("detente ").unwrap()));
        let leb =
            |wanted: &dyn Fn(&Value) -> bool| list(&run, "agreements").iter().any(|a| a["kind"] == "LEB" && wanted(a));
        let has = match outcome {
            "direct_fire" => run["outcome"]["escalation"] != "none",
            "truce:LEB" => leb(&|a| a["collapsed"].is_null()),
            "collapse:LEB" => leb(&|a| !a["collapsed"].is_null()),
            headline => run["outcome"]["headline"] == headline,
        };
        assert!(has, "{command}: {run:#}");
    }
}

/// What is kept is what `run --out` keeps, and what the window opens: the same future, event by event, which then explains itself.
#[test]
fn the_example_is_kept_as_the_future_that_the_window_shows() {
    let folder = tempfile::tempdir().unwrap();
    let [example, alone] = ["example", "alone"].map(|name| folder.path().join(name));
    let line = "causes --outcome direct_fire --runs 40 --days 120 --seed 3 --set unifil.troops=15000 --params prior";
    let report = json(&format!("{line} --json --example {}", example.display()));
    let (future, command) = (report["example"]["future"].as_u64().unwrap(), report["example"]["command"].as_str());
    assert_eq!(report["example"]["folder"].as_str(), example.to_str());
    done(&format!("{} --out {}", command.unwrap().strip_prefix("detente ").unwrap(), alone.display()));
    assert_eq!(super::files(&example), super::files(&alone), "as `run --out`");

    let mut s = Sitting::new(detente::scenario::load("november-2024").unwrap(), 3);
    s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
    let ask = Ask { futures: 16, days: 120, prior: true };
    let came = detente::futures::causes::Came::DirectFire;
    let mut inquiry = Inquiry::start(&s, came, 40, ask, 2);
    while inquiry.is_running() {
        inquiry.poll(|| true);
        std::thread::yield_now();
    }
    let (fate, _) = inquiry.example().unwrap();
    assert_eq!((fate.seed, fate.future, fate.prior), (3, future, true));
    let mut opened = Sitting::of(s.loaded.clone(), fate);
    opened.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
    opened.go_to(120);
    let shown: Vec<(String, String)> =
        opened.past().iter().map(|(id, event)| (id.to_string(), event.kind().name().to_owned())).collect();
    let csv = fs::read_to_string(example.join("events.csv")).unwrap();
    let heads: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
    let [id, kind] = ["event", "kind"].map(|name| heads.iter().position(|head| *head == name).unwrap());
    let kept: Vec<(String, String)> = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|cells| (cells[id].to_owned(), cells[kind].to_owned()))
        .collect();
    assert!(shown.len() > 20 && shown == kept, "{} events shown, {} kept", shown.len(), kept.len());

    // It is opened by whatever opens a run.
    assert!(done(&format!("again {}", example.display())).contains(&opened.branch().history.digest().whole));
    let (event, _) = shown.last().unwrap();
    assert_eq!(json(&format!("explain {} {event} --json", example.display()))["run"]["future"].as_u64(), Some(future));
}

#[test]
fn an_example_that_cannot_be_kept_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let full = folder.path().to_owned();
    fs::write(full.join("notes.txt"), "mine").unwrap();
    let line = "causes --outcome regional_war --runs 20 --days 2 --quiet --example";
    assert!(refused(&format!("{line} {}", full.display())).contains("there are files in that folder already"));
    let output = said(&format!("{line} {}", full.join("new").display()));
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("None does") && stderr(&output).contains("there is none to keep"));
    assert!(!full.join("new").exists());
}

#[test]
fn an_outcome_that_nobody_comes_to_is_no_error() {
    let line = "causes --outcome regional_war --runs 20 --days 2";
    assert!(done(line).contains("None does"));
    let report = json(&format!("{line} --json"));
    assert_eq!((report["with_outcome"].as_u64(), &report["example"]), (Some(0), &Value::Null));
    // Of no futures there are no shares.
    assert_eq!((list(&report, "causes").len(), &report["needed_one"]), (0, &Value::Null));
}

#[test]
fn what_causes_cannot_do_it_says() {
    for (line, says) in [
        ("causes --outcome peace", "take one of regional_war, collective_deal"),
        ("causes --outcome truce:LEX", "did you mean `LEB`?"),
        ("causes --outcome collapse:NOBODY", "there are"),
        ("causes --outcome regional_war --set unifil.troups=1", "did you mean `unifil.troops`?"),
        ("causes --outcome regional_war --runs 0", "--help"),
        ("causes", "--help"),
    ] {
        assert!(refused(line).contains(says), "{line}: {}", refused(line));
    }
}

#[test]
fn what_is_contested_is_said_camp_by_camp() {
    let line = "contested --set israel.blow_rate=0 --set unifil.troops=0 --runs 48 --days 120 --seed 5 \
                --outcome deaths --measure direct_or_not";
    assert!(refused(line).contains("--outcome direct_or_not: take one of"));
    let line = "contested --set israel.blow_rate=0 --set unifil.troops=0@10 --runs 48 --days 120 --seed 5 \
                --outcome contained_exchange --measure deaths";
    let report = json(&format!("{line} --json"));
    assert_eq!(report, json(&format!("{line} --json --jobs 1")), "threads do not show");
    for key in ["cells", "robust", "flips", "mixed", "camps", "interval", "levers", "open", "runs"] {
        assert!(keys(&report).contains(&key), "{key} is missing");
    }
    let cells = list(&report, "cells");
    assert_eq!((cells.len(), list(&report, "camps").len()), (2 * 2 * 8, 8));
    for camp in list(&report, "camps") {
        assert!(list(camp, "sets").iter().all(|set| set["source"].as_str().unwrap().len() > 20), "{camp}");
    }
    let sign = |lever: &Value, camp: &Value, measure: &Value| {
        let cell = cells.iter().find(|c| (&c["lever"], &c["camp"], &c["measure"]) == (lever, camp, measure)).unwrap();
        let [low, middle, high] = ["low", "difference", "high"].map(|key| number(&cell[key]));
        assert!(low <= middle && middle <= high, "{cell}");
        if low > 0.0 { 1 } else { -i32::from(high < 0.0) }
    };
    // What is robust is what every cell says.
    let mut robust = 0;
    for (lever, measure) in [("israel.blow_rate", "contained_exchange"), ("israel.blow_rate", "deaths")]
        .into_iter()
        .chain([("unifil.troops", "contained_exchange"), ("unifil.troops", "deaths")])
    {
        let (lever, measure) = (Value::from(lever), Value::from(measure));
        let signs: Vec<i32> = list(&report, "camps").iter().map(|camp| sign(&lever, &camp["camp"], &measure)).collect();
        let all = signs[0] != 0 && signs.iter().all(|s| *s == signs[0]);
        let listed = list(&report, "robust").iter().any(|r| r["lever"] == lever && r["measure"] == measure);
        assert_eq!(all, listed, "{lever} {measure}: {signs:?}");
        robust += usize::from(listed);
    }
    assert_eq!(robust, list(&report, "robust").len());
    let text = done(line);
    assert!(text.contains("What every camp must accept") && text.contains("axis-local-actors"), "{text}");
    // A conclusion is the sign of a move, so it is said with the move.
    for list in ["robust", "flips", "mixed", "open"].map(|key| list(&report, key)) {
        for conclusion in list {
            let lever =
                report["levers"].as_array().unwrap().iter().find(|l| l["lever"] == conclusion["lever"]).unwrap();
            assert_eq!(conclusion["moves"], lever["moves"], "{conclusion}");
        }
    }
    assert!(text.contains("israel.blow_rate=0 ") && text.contains("unifil.troops=0 from day 10 "), "{text}");
    let any = ["robust", "flips", "mixed", "open"].iter().any(|key| !list(&report, key).is_empty());
    assert_eq!(any, text.contains(" when "), "{text}");
}

/// What is set by hand wins over the camps, so it is no longer what they hold: the report says so, with the number that ran.
#[test]
fn a_camp_s_number_that_is_set_by_hand_is_said_to_be() {
    let line =
        "contested --set unifil.troops=0 --runs 4 --days 10 --outcome deaths --param beta_rho=0.3 --param theta_war=9";
    let report = json(&format!("{line} --json"));
    for camp in list(&report, "camps") {
        for set in list(camp, "sets") {
            let by_hand = set["id"] == "beta_rho";
            assert_eq!(set["set_by_hand"], by_hand, "{set}");
            assert!(!by_hand || (number(&set["value"]) - 0.3).abs() < 1e-12, "{set}");
        }
    }
    let text = done(line).split_whitespace().collect::<Vec<_>>().join(" ");
    let says = "Set by hand, which wins over the camps: beta_rho is 0.3 for deterrence and spiral.";
    assert!(text.contains(says), "{text}");
    assert!(!done("contested --set unifil.troops=0 --runs 4 --days 10 --outcome deaths").contains("Set by hand"));
}

#[test]
fn what_contested_cannot_do_it_says_all_at_once() {
    let both = refused("contested --set unifil.troups=1 --set unifil.troops=1@999 --outcome peace --outcome deaths");
    for says in ["did you mean `unifil.troops`?", "after the last day", "take one of regional_war"] {
        assert!(both.contains(says), "{says}: {both}");
    }
    assert!(refused("contested --set unifil.troops=1 --outcome deaths --outcome deaths").contains("asked for twice"));
    assert!(refused("contested").contains("--set"));
}

/// The example of docs/argue.md, as a file.
fn own_camp(folder: &Path) -> String {
    const ARGUE: &str = include_str!("../../docs/argue.md");
    let example = ARGUE.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(example.lines().count(), 15, "{example}");
    let path = folder.join("mine.toml");
    fs::write(&path, example).unwrap();
    path.display().to_string()
}

#[test]
fn a_camp_of_one_s_own_stands_beside_those_that_ship() {
    let folder = tempfile::tempdir().unwrap();
    let mine = own_camp(folder.path());
    let checked = done(&format!("check {mine}"));
    for says in ["fit to run", "fit as a camp", "beta_rho = 0.1, of -0.3 to 1. How far lost reputation", "Why: "] {
        assert!(checked.contains(says), "{says}: {checked}");
    }
    let sets = json(&format!("check {mine} --json"))["fit"][0]["camp"]["sets"].clone();
    assert_eq!(sets.as_array().unwrap().len(), 3);
    // A scenario that does more than a camp is no camp, and nothing is said of one.
    assert!(!done("check november-2024").contains("camp"));

    let line = "contested --set israel.blow_rate=0 --runs 24 --days 90 --seed 5 --outcome contained_exchange";
    let (with, without) = (json(&format!("{line} --json --camp {mine}")), json(&format!("{line} --json")));
    let (cells, before) = (list(&with, "cells"), list(&without, "cells"));
    assert_eq!((cells.len(), before.len()), (camps().len() + 1, camps().len()));
    // The others run as before; only how sure one must be goes by the number of camps.
    for (cell, other) in cells.iter().zip(before) {
        assert_eq!((&cell["camp"], &cell["difference"]), (&other["camp"], &other["difference"]));
        assert!(number(&cell["low"]) <= number(&other["low"]) && number(&cell["high"]) >= number(&other["high"]));
    }
    let own = list(&with, "camps").last().unwrap();
    assert_eq!((own["camp"].as_str(), &own["question"]), (Some("caution-pays"), &Value::Null));
    assert_eq!(own["sets"][0]["id"], sets[0]["id"]);
    assert!(done(&format!("{line} --camp {mine}")).contains("caution-pays"));
    // Its cell is that of the file run as a scenario, with the same levers and seed.
    let effect = json(&format!("effect {mine} --set israel.blow_rate=0 --runs 24 --days 90 --seed 5 --json"));
    let alone = &effect["outcomes"]["headline"]["contained_exchange"]["difference"];
    assert!((number(alone) - number(&cells.last().unwrap()["difference"])).abs() < 1e-12, "{alone}");
}

#[test]
fn what_is_wrong_with_a_camp_is_said_with_file_line_and_key() {
    let folder = tempfile::tempdir().unwrap();
    let mine = own_camp(folder.path());
    let other = folder.path().join("other.toml");
    let text = "format = 1\nextends = \"november-2024\"\nname = \"other\"\ndays = 30\n[parameters]\nbeta_rho = 0.9\n# So.\nbeta_roh = 1\n";
    fs::write(&other, text).unwrap();
    let other = other.display().to_string();
    let wrong =
        refused(&format!("contested --set unifil.troops=0 --runs 2 --camp {other} --camp {mine} --camp {mine}"));
    for says in [
        format!("{other}: title: is missing"),
        format!("{other}:4:1: days: a camp sets parameters and nothing else"),
        format!("{other}:6:1: parameters.beta_rho: has no source and no reason"),
        format!("{other}:8:1: parameters.beta_roh: "),
        format!("{mine}: name: there is a camp caution-pays already"),
    ] {
        assert!(wrong.contains(&says), "{says}: {wrong}");
    }
    assert!(
        refused("contested --set unifil.troops=0 --camp spiral")
            .contains("spiral: cannot be read as a camp: there is no such file")
    );
    // An overlay that says nothing of itself is no camp, and is not told what it lacks to be one unless somebody asks.
    fs::write(&other, "format = 1\nextends = \"november-2024\"\n[parameters]\nbeta_rho = 0.9\n").unwrap();
    let checked = done(&format!("check {other}"));
    assert!(checked.contains("fit to run") && !checked.contains("camp"), "{checked}");
    assert!(json(&format!("check {other} --json"))["fit"][0].get("camp").is_none());
    let asked = json(&format!("check {other} --camp --json"))["fit"][0]["camp"]["lacks"].clone();
    assert_eq!(asked.as_array().unwrap().len(), 3);
    // As a scenario a file may be fit, and not yet be a camp: where it says what it holds, it is told what it lacks.
    let text = "format = 1\nextends = \"november-2024\"\ntitle = \"Mine\"\n[parameters]\nbeta_rho = 0.9\n";
    fs::write(&other, text).unwrap();
    let checked = done(&format!("check {other}"));
    assert!(checked.contains("fit to run") && checked.contains("not yet a camp"), "{checked}");
    assert!(checked.contains(":5:1: parameters.beta_rho: has no source and no reason"), "{checked}");
    let lacks = json(&format!("check {other} --json"))["fit"][0]["camp"]["lacks"].clone();
    assert_eq!(lacks.as_array().unwrap().len(), 2);
}

/// From a later day all camps have one past, that of the run with this seed; a saved session is such a past with its levers.
#[test]
fn camps_may_differ_from_a_later_day_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("class.detente");
    let mut s = Sitting::new(detente::scenario::load("november-2024").unwrap(), 3);
    s.go_to(40);
    fs::write(&path, Saved::of(&s).to_text()).unwrap();
    let rest = "--set israel.blow_rate=0 --runs 16 --days 120 --outcome deaths --json";
    let day = json(&format!("contested --from-day 40 --seed 3 {rest}"));
    let session = json(&format!("contested --from {} {rest}", path.display()));
    assert_eq!(day, session);
    assert_eq!((day["from_day"].as_i64(), &day["levers"][0]["moves"][0]["day"]), (Some(40), &Value::from(40)));
    assert_ne!(day["cells"], json(&format!("contested --seed 3 {rest}"))["cells"]);
    assert_eq!(json(&format!("contested --from-day 0 --seed 3 {rest}")), json(&format!("contested --seed 3 {rest}")));

    // The unmoved futures of a cell are those of the camp from that day of that history.
    s.go_to(10);
    s.set_lever(Lever::UnifilTroops, 0.0).unwrap();
    s.go_to(40);
    fs::write(&path, Saved::of(&s).to_text()).unwrap();
    let moved = json(&format!("contested --from {} {rest}", path.display()));
    let plan = detente::futures::ensemble::Plan {
        seed: 3,
        days: 80,
        log: s.branch().changes.clone(),
        from: Some(s.now().clone().into()),
        ..Default::default()
    };
    for (camp, cell) in camps().iter().zip(list(&moved, "cells")) {
        let rules = detente::sim::rules::Rules::new(&camp.over("november-2024", &[]).unwrap());
        let mut worker = detente::futures::ensemble::Worker::new(&rules, &plan);
        let deaths: u64 = (0..16).map(|future| detente::futures::rank::Metric::Deaths.of(&worker.run(future))).sum();
        assert!((number(&cell["baseline"]) - deaths as f64 / 16.0).abs() < 1e-9, "{}: {cell}", camp.name);
    }
    assert_ne!(moved["cells"], session["cells"]);
    let text = done(&format!("contested --from {} {}", path.display(), rest.replace(" --json", "")));
    assert!(text.contains("from 18 December 2024 (day 40) on"), "{text}");

    for (line, says) in [
        (format!("--from {} --days 30", path.display()), "the session stands on day 40"),
        (format!("--from {} --seed 4", path.display()), "--help"),
        ("--from 2024-11-07".to_owned(), "there is no such file"),
        ("--from-day 400".to_owned(), "--from-day 400: 400 is after the last day"),
        ("--from-day 40 --set unifil.troops=0@39".to_owned(), "day 39 has passed: futures begin on day 40"),
    ] {
        let wrong = refused(&format!("contested --set israel.blow_rate=0 --runs 2 {line}"));
        assert!(wrong.contains(says), "{line}: {wrong}");
    }
    let mut changed: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    changed["seed"] = 4.into();
    fs::write(&path, changed.to_string()).unwrap();
    let wrong = refused(&format!("contested --set israel.blow_rate=0 --runs 2 --from {}", path.display()));
    assert!(wrong.contains("gives another history"), "{wrong}");
}

/// Every camp is fit to run and is listed with what it holds; it is no scenario of the library.
#[test]
fn camps_are_checked_and_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/camps");
    let listed = done("scenarios");
    let names = json("scenarios --json");
    for camp in camps() {
        let checked = done(&format!("check {folder}/{}.toml", camp.name));
        assert!(checked.contains("fit to run"), "{checked}");
        assert!(listed.contains(&camp.title), "{} is not listed", camp.name);
        for set in &camp.sets {
            let number = format!("{} = {}: ", set.id, set.value);
            assert!(listed.contains(&number), "{}: {number} is not listed with its source", camp.name);
        }
        assert!(names["scenarios"].as_array().unwrap().iter().all(|scenario| scenario["name"] != camp.name.as_str()));
    }
}
