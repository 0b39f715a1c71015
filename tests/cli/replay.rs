//! `detente replay` and `detente report`: what the window saves, without the window.

use super::{done, files, json, keys, names, refused, stderr, stdout};
use detente::session::Sitting;
use detente::session::file::Saved;
use detente::symbols::levers::Lever;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn sitting() -> Sitting {
    let mut s = Sitting::new(detente::scenario::load("november-2024").unwrap(), 11);
    s.go_to(30);
    s.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
    s.go_to(70);
    s.fork("One collective deal").unwrap();
    s.set_lever(Lever::DealArchitecture, 2.0).unwrap();
    s.go_to(100);
    s.go_to(85);
    s
}

fn saved(folder: &Path) -> (PathBuf, Saved) {
    let saved = Saved::of(&sitting());
    let path = folder.join("class.detente");
    fs::write(&path, saved.to_text()).unwrap();
    (path, saved)
}

/// What starts from a nowcast is replayed from there, and not from day 0 of its scenario.
#[test]
fn a_session_that_starts_from_a_nowcast_is_replayed_from_there() {
    let loaded = detente::scenario::load("november-2024").unwrap();
    let rules = detente::sim::rules::Rules::new(&loaded);
    let start = detente::session::start::shipped_start("2024-11-07", &rules).unwrap();
    let fate = detente::sim::world::Fate { seed: 5, future: 3, prior: false };
    let mut sitting = Sitting::starting(loaded, fate, Some(start));
    sitting.go_to(20);
    sitting.set_lever(Lever::UnifilTroops, 15_000.0).unwrap();
    sitting.go_to(60);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("class.detente");
    fs::write(&path, Saved::of(&sitting).to_text()).unwrap();
    let session = json(&format!("replay {} --json", path.display()));
    assert_eq!(session["branches"][0]["digest"], sitting.branch().history.digest().whole);
    assert_eq!(session["start"]["nowcast"], "2024-11-07");
    let text = done(&format!("replay {}", path.display()));
    assert!(text.contains("from what was observed to 2024-11-07"), "{text}");
}

/// Rewrites a session file.
fn edit(path: &Path, change: impl FnOnce(&mut Value)) {
    let mut session: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut session);
    fs::write(path, session.to_string()).unwrap();
}

#[test]
fn a_session_is_replayed_branch_by_branch_from_file_or_link() {
    let folder = tempfile::tempdir().unwrap();
    let (path, saved) = saved(folder.path());
    let session = json(&format!("replay {} --json", path.display()));
    let top = ["branches", "future", "params", "saved_by", "scenario", "seed", "shown", "today", "versions"];
    assert_eq!(keys(&session), top);
    assert_eq!((&session["future"], &session["params"]), (&0.into(), &"default".into()));
    assert_eq!((&session["seed"], &session["today"], &session["shown"]), (&11.into(), &85.into(), &1.into()));
    let branches = session["branches"].as_array().unwrap();
    assert_eq!(branches.len(), 2);
    for (branch, kept) in branches.iter().zip(&saved.branches) {
        assert_eq!(keys(branch), ["days", "digest", "fork", "id", "levers", "name", "outcome"]);
        assert_eq!(branch["digest"], kept.digest.as_str());
        assert_eq!(branch["days"], kept.days);
    }
    assert_eq!(branches[1]["levers"][1]["value"], "collective");
    assert_eq!(json(&format!("replay --json --link {}", saved.to_link())), session);

    // The same history as a run with the same levers, seed and days.
    let line = "run --seed 11 --days 100 --json --set unifil.troops=15000@30 --set deal.architecture=collective@70";
    assert_eq!(json(line)["digest"], branches[1]["digest"]);

    let text = done(&format!("replay {}", path.display()));
    assert!(text.contains("One collective deal (shown)") && text.contains("day 70 of As it stands"), "{text}");
    assert!(text.contains(&saved.branches[0].digest) && text.ends_with("not predictions of real events.\n"), "{text}");
}

#[test]
fn a_session_that_would_give_another_history_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let (path, saved) = saved(folder.path());
    let line = format!("replay {}", path.display());
    let fresh = || fs::write(&path, saved.to_text()).unwrap();
    edit(&path, |session| session["seed"] = 12.into());
    let message = refused(&line);
    assert!(message.contains("another history") && message.contains("changed after it was saved"), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    fresh();
    edit(&path, |session| session["versions"]["model"] = "0.0.1".into());
    done(&line);
    edit(&path, |session| session["branches"][1]["digest"] = "0000000000000000".into());
    assert!(refused(&line).contains("saved by model version 0.0.1"));
    fresh();
    edit(&path, |session| session["branches"][0]["levers"][0]["value"] = 99_999.into());
    assert!(refused(&line).contains("unifil.troops takes 0 to 15000"));
    fresh();
    edit(&path, |session| session["session_format"] = 9.into());
    assert!(refused(&line).contains("has format 9"));
    fs::write(&path, "{").unwrap();
    assert!(refused(&line).contains("not a session file"));
    fs::write(&path, [0xff, 0xfe]).unwrap();
    assert!(refused(&line).contains("session files are"));
    assert!(refused("replay nowhere.detente").contains("there is no such file"));
    assert!(refused("replay --link AAAA").contains("The link is incomplete"));
    assert!(refused("replay").contains("--help"));
}

#[test]
fn a_report_is_a_folder_that_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let (path, saved) = saved(folder.path());
    let out = folder.path().join("new/report");
    let line = |more: &str| format!("report {} --out {} --futures 16 --days 40 {more}", path.display(), out.display());
    let text = done(&line("--track killed"));
    assert!(text.contains("report.html") && text.ends_with("not predictions of real events.\n"), "{text}");
    let all = names(&out);
    for stem in
        ["events", "series", "branch-0-events", "branch-0-series", "futures", "differences", "outcomes", "hazards"]
    {
        for extension in ["csv", "parquet"] {
            assert!(all.contains(&format!("{stem}.{extension}")), "{stem}.{extension} in {all:?}");
        }
    }
    assert_eq!(all.len(), 19);
    // Every column of every table is described, with its unit where it has one.
    let package: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("datapackage.json")).unwrap()).unwrap();
    let resources = package["resources"].as_array().unwrap();
    assert_eq!(resources.len(), 16);
    for resource in resources {
        for field in resource["schema"]["fields"].as_array().unwrap() {
            assert!(
                field["description"].as_str().is_some_and(|says| !says.is_empty()),
                "{}: {field}",
                resource["path"]
            );
        }
    }
    let html = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(html.contains("Killed, all fronts") && html.contains("16 futures of 40 days") && html.contains("<svg"));
    assert!(html.contains(&saved.branches[1].digest) && !html.contains("https://"));
    done(&format!("replay {}", out.join("session.detente").display()));

    // Tables of the branch shown are those of a run.
    let run = folder.path().join("run");
    let set = "--set unifil.troops=15000@30 --set deal.architecture=collective@70";
    done(&format!("run --seed 11 --days 100 {set} --out {}", run.display()));
    let (a, b) = (files(&out), files(&run));
    assert_eq!((&a["events.csv"], &a["series.csv"]), (&b["events.csv"], &b["series.csv"]));

    assert!(refused(&line("")).contains("there are files in that folder already"));
    let other = folder.path().join("other");
    let line = |more: &str| format!("report {} --out {} {more}", path.display(), other.display());
    assert!(refused(&line("--track weather")).contains("it is one of fire:"));
    edit(&path, |session| session["seed"] = 12.into());
    assert!(refused(&line("")).contains("another history"));
    assert!(!other.exists());
    let missing = super::said(&format!("report {} ", path.display()));
    assert_eq!((missing.status.code(), stdout(&missing).as_str()), (Some(2), ""));
    assert!(stderr(&missing).contains("--out"));
}

#[test]
fn a_link_is_read_however_it_was_passed_on() {
    let tail = Saved::of(&sitting()).to_link();
    let whole = json(&format!("replay --json --link {tail}"));
    for link in [format!("s={tail}"), format!("#s={tail}"), format!("https://example.org/detente/#s={tail}")] {
        assert_eq!(json(&format!("replay --json --link {link}")), whole, "{link}");
    }
}

#[test]
fn a_name_of_three_million_letters_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = saved(folder.path());
    edit(&path, |session| session["branches"][0]["name"] = format!("a\u{202E}{}", "x".repeat(3_000_000)).into());
    let text = done(&format!("replay {}", path.display()));
    assert!(text.len() < 5_000 && text.contains("they were shortened") && !text.contains('\u{202E}'), "{}", text.len());
}

#[test]
fn a_film_is_no_session() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("film.detente");
    fs::write(&path, vec![0xFF_u8; 6 << 20]).unwrap();
    let message = refused(&format!("replay {}", path.display()));
    assert!(message.contains("it is no text"), "{message}");
}

#[test]
fn a_report_goes_into_an_empty_folder_that_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = saved(folder.path());
    let out = folder.path().join("here");
    fs::create_dir(&out).unwrap();
    #[cfg(unix)]
    let inode = {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        fs::set_permissions(&out, fs::Permissions::from_mode(0o700)).unwrap();
        let about = fs::metadata(&out).unwrap();
        (about.ino(), about.mode())
    };
    done(&format!("report {} --out {}/. --futures 4 --days 10", path.display(), out.display()));
    assert!(out.join("report.html").exists() && out.join("session.detente").exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let about = fs::metadata(&out).unwrap();
        assert_eq!((about.ino(), about.mode()), inode);
    }
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "nothing beside it: {names:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn neither_a_device_nor_a_pipe_is_a_session() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for what in ["/dev/zero".to_owned(), pipe.display().to_string()] {
        let message = refused(&format!("replay {what}"));
        assert!(message.contains("it is not a file, but a device or a pipe"), "{message}");
    }
}

#[test]
fn a_lever_move_stands_on_one_day() {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = saved(folder.path());
    edit(&path, |session| session["branches"][0]["levers"][0]["date"] = "1999-01-01".into());
    let message = refused(&format!("replay {}", path.display()));
    assert!(message.contains("stands on day") && message.contains("1999-01-01"), "{message}");
}
