//! `detente explain`.

use super::{done, json, refused};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// A kept run, and one of its strategic events.
fn kept(folder: &tempfile::TempDir) -> (PathBuf, String) {
    let out = folder.path().join("run");
    done(&format!("run --seed 1 --set unifil.troops=12000@40 --out {}", out.display()));
    let events = fs::read_to_string(out.join("events.csv")).unwrap();
    let strategic = events.lines().find(|line| {
        let kind = line.split(',').nth(4).unwrap();
        ["signed", "step_up", "step_down", "blow", "salvo"].contains(&kind)
    });
    let event = strategic.expect("a year has a strategic event").split(',').next().unwrap().to_owned();
    (out, event)
}

/// Rewrites the manifest of a kept run.
fn edit(out: &std::path::Path, change: impl FnOnce(&mut Value)) {
    let path = out.join("manifest.json");
    let mut manifest: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(&path, manifest.to_string()).unwrap();
}

#[test]
fn an_event_of_a_kept_run_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let (out, event) = kept(&folder);
    let text = done(&format!("explain {} {event}", out.display()));
    assert!(text.contains(&format!("event {event}")), "{text}");
    assert!(text.contains("not predictions of real events"), "{text}");
    let explanation = json(&format!("explain {} {event} --json", out.display()));
    let sentence = explanation["sentence"].as_str().unwrap();
    assert!(text.contains(sentence) && fs::read_to_string(out.join("events.csv")).unwrap().contains(sentence));
    // A lever change is an event of the run and is explained from the log in the manifest.
    let events = fs::read_to_string(out.join("events.csv")).unwrap();
    let moved = events.lines().find(|line| line.contains(",lever,")).expect("the lever change is in the log");
    assert!(moved.starts_with("d40e"), "{moved}");
    done(&format!("explain {} {}", out.display(), moved.split(',').next().unwrap()));
}

#[test]
fn what_cannot_be_explained_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (out, event) = kept(&folder);
    let line = |event: &str| format!("explain {} {event}", out.display());
    assert!(refused(&line("d40e99")).contains("there is no d40e99"));
    assert!(refused(&line("40.99")).contains("there is no d40e99"), "as ids were written before");
    assert!(refused(&line("d365e1")).contains("ends on day 364"));
    assert!(refused(&line("d4000000000e1")).contains("is no event"));

    edit(&out, |manifest| manifest["seed"] = 2.into());
    let message = refused(&line(&event));
    assert!(message.contains("another history") && message.contains("manifest was changed"), "{message}");

    edit(&out, |manifest| manifest["versions"]["model"] = "0.0.1".into());
    assert!(refused(&line(&event)).contains("it was made by version 0.0.1"));

    edit(&out, |manifest| manifest["lever_log"][0]["value"] = 99999.into());
    assert!(refused(&line(&event)).contains("unifil.troops takes 0 to 15000"));

    edit(&out, |manifest| manifest["scenario"]["content"]["days"] = 0.into());
    let message = refused(&line(&event));
    assert!(message.contains("kept scenario") && message.contains("days"), "{message}");

    edit(&out, |manifest| manifest["files"] = 99.into());
    assert!(refused(&line(&event)).contains("has layout 99"));

    fs::write(out.join("manifest.json"), "{").unwrap();
    assert!(refused(&line(&event)).contains("is no manifest of a run"));
}
