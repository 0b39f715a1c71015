//! Effects that are kept, interrupted, resumed and run again from their folder.

use super::{done, files, json, refused};
use std::fs;

const EFFECT: &str = "effect --days 30 --seed 2 --set unifil.troops=12000@9 --jobs 2";

#[test]
fn an_effect_that_gets_more_pairs_ends_in_the_bytes_of_the_whole_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, grown) = (folder.path().join("whole"), folder.path().join("grown"));
    let first = json(&format!("{EFFECT} --runs 1300 --json --out {}", whole.display()));
    let kept: serde_json::Value = serde_json::from_slice(&files(&whole)["effect.json"]).unwrap();
    assert_eq!(first, kept);
    assert_eq!(first, json(&format!("{EFFECT} --runs 1300 --json")), "kept or not, the numbers are the same");
    done(&format!("{EFFECT} --runs 200 --out {}", grown.display()));
    assert!(refused(&format!("{EFFECT} --runs 1300 --out {}", grown.display())).contains("add --resume"));
    done(&format!("{EFFECT} --runs 1300 --out {} --resume", grown.display()));
    assert!(files(&grown) == files(&whole));
    // A row for each measure, the same numbers as in the result, and what is in the columns.
    let table = String::from_utf8(files(&whole)["effect.csv"].clone()).unwrap();
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    let heads =
        ["measure", "unit", "baseline", "changed", "difference", "low_90", "high_90", "pairs", "pairs_that_differ"];
    assert_eq!(rows[0], heads);
    let row = |measure: &str| rows.iter().find(|row| row[0] == measure).unwrap_or_else(|| panic!("{measure}"));
    for (measure, said) in [
        ("killed.LBN", &first["killed"]["LBN"]),
        ("events.ISR>HZB", &first["streams"]["ISR>HZB"]["events_per_day"]),
        ("outcome.piecemeal_truce", &first["outcomes"]["headline"]["piecemeal_truce"]),
        ("ever_signed.LEB", &first["agreements"]["LEB"]["signed"]),
        ("settled.IRN>ISR", &first["settled"]["IRN>ISR"]),
        ("parts_fallen", &first["parts_fallen"]),
    ] {
        let row = row(measure);
        for (place, key) in [(2, "baseline"), (3, "changed"), (4, "difference"), (5, "low"), (6, "high")] {
            let (number, said) = (row[place].parse::<f64>().unwrap(), said[key].as_f64().unwrap_or(0.0));
            assert!((number - said).abs() < 1e-9, "{measure}, {key}: {number} and not {said}");
        }
        assert_eq!((row[7], row[8]), ("1300", said["pairs_that_differ"].to_string().as_str()), "{measure}");
    }
    let about: serde_json::Value = serde_json::from_slice(&files(&whole)["datapackage.json"]).unwrap();
    let fields = about["resources"][0]["schema"]["fields"].as_array().unwrap();
    assert_eq!(fields.iter().map(|field| field["name"].as_str().unwrap()).collect::<Vec<_>>(), heads);
    assert!(fields.iter().all(|field| !field["description"].as_str().unwrap().is_empty()));
    // Asked again, it runs nothing and says the same.
    assert_eq!(json(&format!("{EFFECT} --runs 1300 --json --out {} --resume", grown.display())), first);
    let message = refused(&format!("{EFFECT} --runs 100 --out {} --resume", grown.display()));
    assert!(message.contains("1300 pairs there, 100 now"), "{message}");
    let other =
        format!("effect --days 30 --seed 2 --set unifil.troops=1 --runs 1300 --out {} --resume", grown.display());
    let message = refused(&other);
    assert!(message.contains("another effect") && message.contains("unifil.troops=12000"), "{message}");
}

#[test]
fn a_block_of_pairs_that_was_damaged_is_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("kept");
    let line = format!("{EFFECT} --runs 40 --json --out {}", out.display());
    let first = json(&line);
    let block = out.join("blocks/0-40.block");
    let text = fs::read_to_string(&block).unwrap();
    for damaged in [text.replacen("\"n\":40", "\"n\":41", 1), text[..text.len() / 2].to_owned(), String::new()] {
        assert_ne!(damaged, text);
        fs::write(&block, damaged).unwrap();
        assert_eq!(json(&format!("{line} --resume")), first);
    }
}

#[test]
fn an_effect_runs_again_from_its_folder_alone_and_a_changed_one_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let (out, copy) = (folder.path().join("kept"), folder.path().join("copy"));
    let levers = "--set deal.architecture=collective@3 --set saudi.sign_roadmap=2024-12-01";
    done(&format!("effect --days 30 --runs 20 {levers} --params prior --out {}", out.display()));
    done(&format!("again {} --out {}", out.display(), copy.display()));
    assert!(files(&out) == files(&copy));
    let (table, whole) = (out.join("effect.csv"), fs::read(out.join("effect.csv")).unwrap());
    fs::write(&table, "measure\n").unwrap();
    let found_out = || {
        let output = super::said(&format!("again {}", out.display()));
        assert_eq!(output.status.code(), Some(2));
        super::stderr(&output)
    };
    assert!(found_out().contains("effect.csv was changed"));
    fs::remove_file(&table).unwrap();
    assert!(found_out().contains("effect.csv is missing"));
    fs::write(&table, whole).unwrap();
    done(&format!("again {}", out.display()));
    let result = out.join("effect.json");
    let text = fs::read_to_string(&result).unwrap().replacen("\"runs\": 20", "\"runs\": 21", 1);
    fs::write(&result, text).unwrap();
    let output = super::said(&format!("again {}", out.display()));
    assert_eq!(output.status.code(), Some(2));
    assert!(super::stderr(&output).contains("gives another result now"), "{}", super::stderr(&output));
    // What is of an effect is no batch and no run.
    assert!(
        refused(&format!("merge {} --out {}/m", out.display(), folder.path().display()))
            .contains("no manifest of a batch")
    );
    assert!(refused(&format!("explain {} d1e1", out.display())).contains("no manifest of a run"));
}
