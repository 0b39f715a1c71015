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
