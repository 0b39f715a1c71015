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
    // The numbers of the model that it rests on, with the evidence that the list of parameters has for each.
    let numbers = explanation["numbers"].as_array().unwrap();
    assert!(!numbers.is_empty(), "{explanation}");
    let listed = json("parameters --json");
    for number in numbers {
        let row = listed["parameters"].as_array().unwrap().iter().find(|row| row["id"] == number["id"]).unwrap();
        assert_eq!((&row["tag"], &row["unit"]), (&number["tag"], &number["unit"]), "{number}");
        let (id, tag) = (number["id"].as_str().unwrap(), number["tag"].as_str().unwrap());
        let words = format!("({tag}, {})", number["evidence"].as_str().unwrap());
        let line = text.lines().find(|line| line.trim_start().starts_with("Rests on ")).unwrap();
        assert!(line.contains(id) && line.contains(&words), "{line}");
    }
    // What it is of stands with it, whole.
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap();
    let of = &explanation["run"];
    assert_eq!(
        (&of["content"], &of["scenario_hash"]),
        (&manifest["scenario"]["content"], &manifest["scenario"]["hash"])
    );
    assert_eq!(
        (&of["start"], &of["seed"], &of["versions"]),
        (&manifest["start"], &manifest["seed"], &manifest["versions"])
    );
    assert_eq!(of["start"], "2024-11-08");
    // A lever change is an event of the run and is explained from the log in the manifest.
    let events = fs::read_to_string(out.join("events.csv")).unwrap();
    let moved = events.lines().find(|line| line.contains(",lever,")).expect("the lever change is in the log");
    assert!(moved.starts_with("d40e"), "{moved}");
    let text = done(&format!("explain {} {}", out.display(), moved.split(',').next().unwrap()));
    assert!(text.contains("A user moved the lever."), "{text}");
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

#[test]
fn a_manifest_that_was_changed_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let (out, event) = kept(&folder);
    let line = format!("explain {} {event}", out.display());
    for days in [0_u64, 3651, 4_294_967_295] {
        edit(&out, |manifest| manifest["days"] = days.into());
        let message = refused(&line);
        assert!(message.contains(&format!("a run has 1 to 3650 days, not {days}")), "{message}");
    }
    edit(&out, |manifest| manifest["days"] = 365.into());
    edit(&out, |manifest| manifest["lever_log"][0]["date"] = "1999-01-01".into());
    let message = refused(&line);
    assert!(message.contains("stands on day 40, which is 2024-12-18, and on 1999-01-01"), "{message}");
    edit(&out, |manifest| manifest["params"] = "guessed".into());
    edit(&out, |manifest| manifest["lever_log"][0]["date"] = "2024-12-18".into());
    assert!(refused(&line).contains("params are default, prior or posterior, not guessed"));
    // Neither a device nor a pipe is read.
    #[cfg(target_os = "linux")]
    {
        let manifest = out.join("manifest.json");
        fs::remove_file(&manifest).unwrap();
        std::os::unix::fs::symlink("/dev/zero", &manifest).unwrap();
        assert!(refused(&line).contains("not a file, but a device"));
        fs::remove_file(&manifest).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&manifest).status().unwrap().success());
        assert!(refused(&line).contains("not a file, but a device or a pipe"));
    }
}
