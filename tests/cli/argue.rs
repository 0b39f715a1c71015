//! `detente causes` and `detente contested`.

use super::{done, json, keys, refused};
use serde_json::Value;

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

/// Every camp is fit to run and is listed with what it holds; it is no scenario of the library.
#[test]
fn camps_are_checked_and_listed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/camps");
    let listed = done("scenarios");
    let names = json("scenarios --json");
    for camp in detente::camps::camps() {
        let checked = done(&format!("check {folder}/{}.toml", camp.name));
        assert!(checked.contains("fit to run"), "{checked}");
        assert!(listed.contains(&camp.title), "{} is not listed", camp.name);
        for set in &camp.sets {
            let number = format!("{} = {}: ", set.id, set.value);
            assert!(listed.contains(&number), "{}: {number} is not listed with its source", camp.name);
        }
        assert!(names.as_array().unwrap().iter().all(|scenario| scenario["name"] != camp.name.as_str()));
    }
}
