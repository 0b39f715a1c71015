//! `detente rank`.

use super::{done, json, keys, refused};
use detente::symbols::levers::{LEVERS, Lever};
use serde_json::Value;

fn levers(report: &Value) -> Vec<&Value> {
    report["levers"].as_array().unwrap().iter().collect()
}

fn size(lever: &Value) -> f64 {
    lever["moved_to"][0]["difference"].as_f64().unwrap().abs()
}

fn place(report: &Value, id: &str) -> usize {
    levers(report).iter().position(|lever| lever["lever"] == id).unwrap_or_else(|| panic!("{id} is not ranked"))
}

#[test]
fn levers_are_ranked_by_size_whatever_the_threads() {
    let line = "rank --outcome truce:LEB --runs 150 --days 100 --seed 2";
    let report = json(&format!("{line} --json"));
    let top = [
        "baseline",
        "beyond_reach",
        "days",
        "ended",
        "from_day",
        "futures_run",
        "lever_log",
        "levers",
        "outcome",
        "params",
        "partial",
        "runs",
        "scenario",
        "seed",
        "start",
        "unit",
        "versions",
    ];
    assert_eq!(keys(&report), top);
    assert_eq!(report, json(&format!("{line} --json --jobs 1")), "threads do not show");
    let ranked = levers(&report);
    assert!(ranked.windows(2).all(|pair| size(pair[0]) >= size(pair[1])), "sorted by size");
    let mut pairs = 0;
    for lever in &ranked {
        assert_eq!(keys(lever), ["interval_together", "lever", "moved_to", "now", "separated_from_next"]);
        for end in lever["moved_to"].as_array().unwrap() {
            let expected = ["changed", "difference", "high", "low", "pairs", "pairs_that_differ", "value"];
            assert_eq!(keys(end), expected);
            assert_ne!(end["value"], lever["now"], "a lever is not moved to where it is");
            assert!(end["pairs"].as_u64().unwrap() <= 150);
            let [low, difference, high] = ["low", "difference", "high"].map(|key| end[key].as_f64().unwrap());
            assert!(low <= difference && difference <= high);
            pairs += end["pairs"].as_u64().unwrap();
        }
    }
    // The unmoved futures run once, not once for each arm; and they are those of a batch.
    assert_eq!(report["futures_run"].as_u64().unwrap(), pairs + 150);
    let batch = json("batch --runs 150 --days 100 --seed 2 --json");
    assert_eq!(report["baseline"], batch["agreements"]["LEB"]["in_force_at_end"]["p"]);
    // Every lever is ranked or named as beyond reach.
    let beyond: Vec<&str> = report["beyond_reach"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    for (row, lever) in LEVERS.iter().zip(Lever::ALL) {
        let named = ranked.iter().any(|ranked| ranked["lever"] == lever.id()) || beyond.contains(&row.id);
        assert!(named, "{}", row.id);
    }

    let text = done(line);
    assert!(text.contains("Truce in Lebanon in force at the end, share of futures"), "{text}");
    assert!(text.contains('█') && text.ends_with("not predictions of real events.\n"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 130), "{text}");
}

/// What an arm shows is what a paired effect of the same change shows.
#[test]
fn an_arm_is_a_paired_effect() {
    let report = json("rank --outcome events:HZB>ISR --runs 75 --days 60 --seed 4 --json");
    assert_eq!(report["unit"], "count");
    let lever = levers(&report)[place(&report, "iran.directive.hzb")];
    let end = &lever["moved_to"][0];
    assert_eq!((end["value"].as_f64(), end["pairs"].as_u64()), (Some(1.0), Some(75)));
    let effect = json("effect --set iran.directive.hzb=1 --runs 75 --days 60 --seed 4 --json");
    // The larger end was picked from several, so its interval allows for that: it is wider than that of one change alone.
    let ends = lever["moved_to"].as_array().unwrap().len() as f64;
    let z = |tail: f64| detente::futures::interval::normal_beyond(tail);
    let wider = z(0.05 / ends) / z(0.05);
    let of = |key: &str| {
        (end[key].as_f64().unwrap() / 60.0, effect["streams"]["HZB>ISR"]["events_per_day"][key].as_f64().unwrap())
    };
    let (difference, a_day) = of("difference");
    assert!((difference - a_day).abs() < 1e-9, "{difference} and {a_day} a day");
    for key in ["low", "high"] {
        let (here, alone) = of(key);
        assert!((here - difference - wider * (alone - difference)).abs() < 1e-9, "{key}: {here} and {alone} a day");
    }
    assert!(end["high"].as_f64().unwrap() < 0.0, "an order to hold fire lowers it");
}

/// Readiness to answer outweighs US presence, which acts through it; a veto on the scale of strikes outweighs peacekeepers;
/// and the rate of leadership strikes outweighs everything.
#[test]
fn known_levers_come_where_their_mechanisms_put_them() {
    let report = json("rank --outcome regional_war --runs 150 --days 240 --json");
    assert_eq!(levers(&report)[0]["lever"], "israel.blow_rate");
    assert!(size(levers(&report)[0]) > 0.2);
    assert!(place(&report, "iran.response_scale") < place(&report, "us.deterrent_presence"));
    assert!(place(&report, "us.scale_veto") < place(&report, "unifil.troops"));
    let up = levers(&report)[0]["moved_to"].as_array().unwrap().iter().find(|end| end["value"] == 3.0).unwrap();
    assert!(up["low"].as_f64().unwrap() > 0.0, "three times the leadership strikes make war likelier");
}

#[test]
fn futures_fan_out_from_the_day_of_the_run() {
    let line = "rank --outcome deaths --runs 20 --days 60 --seed 7";
    let from = |rest: &str| json(&format!("{line} {rest} --json"));
    let (start, later) = (from(""), from("--from-day 40"));
    assert_eq!((start["from_day"].as_i64(), later["from_day"].as_i64()), (Some(0), Some(40)));
    assert_eq!(later, from("--from-day 2024-12-18"), "a date names the same day");
    // A third of the days remain, so much less can still be moved.
    let largest = |report: &Value| size(levers(report)[0]);
    assert!(largest(&later) < 0.7 * largest(&start), "{} and {}", largest(&later), largest(&start));
    assert_ne!(start["baseline"], later["baseline"]);
    // What was moved before that day is history there, and shows as it then stands.
    let moved = from("--from-day 40 --set israel.blow_rate=0@20");
    assert_eq!(levers(&moved)[place(&moved, "israel.blow_rate")]["now"], 0.0);
    let values = |report: &Value| -> Vec<f64> {
        let lever = levers(report)[place(report, "israel.blow_rate")];
        lever["moved_to"].as_array().unwrap().iter().filter_map(|end| end["value"].as_f64()).collect()
    };
    assert_eq!(values(&moved), [3.0]);
    // With one day left there is a ranking still.
    assert!(done(&format!("{line} --from-day 59")).contains("(day 59) of the run with seed 7"));
}

/// Where the scenario moves a lever later, holding it where it is differs from leaving it.
#[test]
fn a_lever_that_would_move_later_can_be_kept() {
    let line = "rank october-2023 --outcome events:IRI>USA --from-day 100 --runs 20 --days 160";
    let report = json(&format!("{line} --json"));
    let lever = levers(&report)[place(&report, "iran.directive.iri")];
    let kept = lever["moved_to"].as_array().unwrap().iter().find(|end| end["value"] == lever["now"]).unwrap();
    assert!(kept["low"].as_f64().unwrap() > 0.0, "without the order of February 2024 attacks go on: {kept}");
    assert!(done(line).contains("kept at 0"));
}

#[test]
fn nonsense_is_refused_in_words() {
    for (line, words) in [
        ("rank --outcome peace", "take one of regional_war, collective_deal"),
        ("rank --outcome truce:LEX", "did you mean `LEB`?"),
        ("rank --outcome truce", "take one of"),
        ("rank --outcome deaths:HZB>ISN", "did you mean `HZB>ISR`?"),
        ("rank --outcome deaths --from-day soon", "--from-day soon: `soon` is no day"),
        ("rank --outcome deaths --from-day -1", "-1 is before the first day"),
        ("rank --outcome deaths --days 30 --from-day 30", "30 is after the last day of this run"),
        ("rank --outcome deaths --set unifil.troups=1", "did you mean `unifil.troops`?"),
        ("rank --outcome deaths --runs 0", "--help"),
        ("rank --outcome deaths --runs 100001", "--help"),
        ("rank", "--help"),
    ] {
        let message = refused(line);
        assert!(message.contains(words), "{line}: {message}");
    }
    let both = refused("rank --outcome peace --from-day soon");
    assert_eq!(both.lines().count(), 2, "{both}");
}
