//! `detente claims`.

use super::{done, files, json, keys, refused};
use detente::symbols::claims::{CLAIMS, Shows};
use serde_json::Value;
use std::fs;

const HEADLINES: [&str; 5] = ["collective_deal", "contained_exchange", "piecemeal_truce", "regional_war", "unsettled"];

#[test]
fn every_claim_is_shown_with_its_effect_and_what_was_put_in() {
    let line = "claims --runs 70 --days 150 --seed 3";
    let report = json(&format!("{line} --json"));
    let top = [
        "all",
        "claims",
        "days",
        "enduring_peace",
        "lever_log",
        "params",
        "partial",
        "runs",
        "scenario",
        "seed",
        "start",
        "versions",
    ];
    assert_eq!(keys(&report), top);
    assert_eq!((report["runs"].as_u64(), report["partial"].as_bool()), (Some(70), Some(false)));
    let claims = report["claims"].as_array().unwrap();
    assert_eq!(claims.len(), CLAIMS.len());
    for (claim, row) in claims.iter().zip(CLAIMS) {
        assert_eq!(
            keys(claim),
            ["caveat", "effect", "id", "in_stage", "lasting", "name", "says", "shows", "stage", "switches"]
        );
        assert_eq!(claim["id"], row.id);
        assert_eq!(claim["stage"], row.stage);
        for shown in claim["shows"].as_array().unwrap() {
            assert_eq!(keys(shown), ["claimed", "default", "prior", "quantity", "unit"]);
            assert!(shown["default"]["changed"].as_f64().is_some_and(f64::is_finite), "{shown}");
        }
        let tables = row.shows.iter().filter(|(shows, _)| matches!(shows, Shows::Lasting(_))).count();
        let lasting = claim["lasting"].as_array().unwrap();
        assert_eq!(lasting.len(), tables, "{}", row.id);
        for lasting in lasting {
            assert_eq!(keys(lasting), ["claimed", "default", "prior", "table"]);
            let sound = |d: &Value| d.is_null() || d["low"].as_f64() <= d["difference"].as_f64();
            assert!(sound(&lasting["default"]) && sound(&lasting["prior"]), "{lasting}");
        }
        // In the scenario that it names, with half the pairs: what `claims` has there.
        let there = &claim["in_stage"];
        assert_eq!(keys(there), ["days", "hash", "lasting", "runs", "shows"], "{}", row.id);
        assert_eq!((there["runs"].as_u64(), there["days"].as_u64()), (Some(35), Some(150)));
        assert_eq!(there["shows"].as_array().unwrap().len(), claim["shows"].as_array().unwrap().len());
        for (switch, (id, null)) in claim["switches"].as_array().unwrap().iter().zip(row.switches) {
            assert_eq!(keys(switch), ["default", "fixed", "null", "parameter", "range", "tag", "unit", "used"]);
            assert_eq!((switch["parameter"].as_str(), switch["null"].as_f64()), (Some(*id), Some(*null)));
        }
    }
    for effect in claims.iter().map(|claim| &claim["effect"]).chain([&report["all"]]) {
        assert_eq!(keys(effect), ["default", "prior"]);
        for drawn in ["default", "prior"] {
            assert_eq!(keys(&effect[drawn]), ["agreements", "outcomes", "runs"]);
            assert_eq!(effect[drawn]["runs"], 70);
            assert_eq!(keys(&effect[drawn]["outcomes"]["headline"]), HEADLINES);
            let change = &effect[drawn]["agreements"]["LEB"]["in_force_at_end"];
            assert_eq!(keys(change), ["baseline", "changed", "difference", "high", "low", "pairs_that_differ"]);
        }
    }
    assert_eq!(report, json(&format!("{line} --json --jobs 1")), "threads do not show");

    // The futures with every claim on are those of a batch with the same seed.
    for params in ["default", "prior"] {
        let batch = json(&format!("batch --runs 70 --days 150 --seed 3 --params {params} --json"));
        for claim in claims {
            for headline in HEADLINES {
                let on = &claim["effect"][params]["outcomes"]["headline"][headline]["changed"];
                assert_eq!(*on, batch["outcomes"]["headline"][headline]["p"], "{}: {headline}", claim["id"]);
            }
        }
    }

    // What is run beside is what the command gives in that scenario, and there nothing is run beside for those that name it.
    let stage = "council-abstention";
    let there = json(&format!("claims {stage} --runs 35 --days 150 --seed 3 --json"));
    for (claim, there) in claims.iter().zip(there["claims"].as_array().unwrap()) {
        assert_eq!(there["in_stage"].is_null(), claim["stage"] == stage, "{}", claim["id"]);
        if claim["stage"] == stage {
            assert_eq!(claim["in_stage"]["shows"], there["shows"], "{}", claim["id"]);
        }
    }

    let text = done(line);
    assert!(text.contains("In `neighbours-and-votes`, which is about it (35 pairs)"), "{text}");
    // A line may end between a number and its value.
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for claim in CLAIMS {
        assert!(text.contains(&format!("{}  {}", claim.id, claim.name)), "{}", claim.id);
        assert!(claim.switches.iter().all(|(id, _)| flat.contains(&format!("{id} = "))), "{}", claim.id);
    }
    assert!(text.contains("Preventing war is not making peace"), "{text}");
    assert!(text.contains("israel.settlements = growth") && text.contains("not met"), "{text}");
    assert!(text.ends_with("not predictions of real events.\n"));
    assert!(text.lines().all(|line| line.chars().count() <= 120), "{text}");
}

/// With the claim off, the futures are those of a scenario that sets its switches to nothing.
#[test]
fn a_claim_that_is_off_is_a_scenario_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("without.toml");
    let claim = CLAIMS.iter().find(|claim| claim.id == "H3").unwrap();
    let mut text = "format = 1\nextends = \"november-2024\"\n[parameters]\n".to_owned();
    for (id, null) in claim.switches {
        text.push_str(&format!("{id} = {null:?}\n"));
    }
    fs::write(&file, text).unwrap();
    let report = json("claims --runs 64 --days 150 --seed 4 --json");
    let effect = |report: &Value| report["claims"][2]["effect"].clone();
    for params in ["default", "prior"] {
        let batch = json(&format!("batch {} --runs 64 --days 150 --seed 4 --params {params} --json", file.display()));
        let lebanon = &effect(&report)[params]["agreements"]["LEB"]["in_force_at_end"];
        assert_eq!(lebanon["baseline"], batch["agreements"]["LEB"]["in_force_at_end"]["p"], "{params}");
        assert_ne!(lebanon["baseline"], lebanon["changed"], "peacekeepers bear on the truce");
    }
    // And in that scenario itself there is nothing left to switch off.
    let line = format!("claims {} --runs 10 --days 40", file.display());
    let off = json(&format!("{line} --json"));
    for params in ["default", "prior"] {
        for headline in HEADLINES {
            let change = &effect(&off)[params]["outcomes"]["headline"][headline];
            // What is the same in every pair has an interval all the same: ten pairs do not show more.
            assert_eq!((change["difference"].as_f64(), change["pairs_that_differ"].as_u64()), (Some(0.0), Some(0)));
            assert!(change["low"].as_f64().unwrap() < 0.0 && change["high"].as_f64().unwrap() > 0.0, "{change}");
        }
    }
    assert!(done(&line).contains("so there is nothing to compare"));
}

/// Kept, grown, run again from the folder alone: the same numbers, and a changed result is found out.
#[test]
fn claims_are_kept_get_more_pairs_and_run_again_from_their_folder() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (whole, grown, copy) = (at("whole"), at("grown"), at("copy"));
    let line =
        |runs: u64, out: &std::path::Path| format!("claims --days 12 --seed 2 --runs {runs} --out {}", out.display());
    let first = json(&format!("{} --json", line(100, &whole)));
    let kept: Value = serde_json::from_slice(&files(&whole)["claims.json"]).unwrap();
    assert_eq!(first, kept);
    assert_eq!(
        first,
        json("claims --days 12 --seed 2 --runs 100 --jobs 1 --json"),
        "kept or not, the numbers are the same"
    );
    done(&line(30, &grown));
    assert!(refused(&line(100, &grown)).contains("add --resume to go on with claims"));
    done(&format!("{} --jobs 1 --resume", line(100, &grown)));
    assert!(files(&grown) == files(&whole));
    let message = refused(&format!("{} --resume", line(30, &grown)));
    assert!(message.contains("100 pairs there, 30 now"), "{message}");
    let message = refused(&format!("{} --seed 3 --resume", line(100, &grown).replace(" --seed 2", "")));
    assert!(message.contains("other claims") && message.contains("seed 2 there, 3 now"), "{message}");
    // Claims are no effect, and an effect is no claims.
    let effect =
        format!("effect --days 12 --seed 2 --runs 100 --set unifil.troops=1 --out {} --resume", grown.display());
    assert!(refused(&effect).contains("holds claims and not an effect"));
    done(&format!("again {} --out {}", whole.display(), copy.display()));
    assert!(files(&copy) == files(&whole));
    let result = whole.join("claims.json");
    let text = fs::read_to_string(&result).unwrap().replacen("\"runs\": 100", "\"runs\": 101", 1);
    fs::write(&result, text).unwrap();
    let output = super::said(&format!("again {}", whole.display()));
    assert_eq!(output.status.code(), Some(2));
    assert!(super::stderr(&output).contains("gives another result now"), "{}", super::stderr(&output));
}

#[test]
fn conditions_of_an_enduring_peace_follow_the_levers_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("freeze.toml");
    let change = "[[lever_changes]]\ndate = \"2024-12-08\"\nlever = \"israel.settlements\"\nvalue = \"freeze\"\n";
    fs::write(&file, format!("format = 1\nextends = \"november-2024\"\n{change}")).unwrap();
    let condition = |days: u32| {
        let report = json(&format!("claims {} --runs 1 --days {days} --json", file.display()));
        report["enduring_peace"]["settlements_not_growing"].as_bool().unwrap()
    };
    assert!(!condition(30), "day 30 is the first with a freeze");
    assert!(condition(31));
}

#[test]
fn nonsense_is_refused() {
    for line in ["claims --runs 0", "claims --runs many", "claims a b", "claims --params prior", "claims --set x=1"] {
        assert!(refused(line).contains("--help"), "{line}");
    }
    assert!(refused("claims october-2032").contains("did you mean `october-2023`?"));
}
