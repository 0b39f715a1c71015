//! Folders and files that are wrong, missing or half written, handed to the commands that read them: one sentence, exit status 2, an
//! end, and nothing left behind.

use super::{done, refused};
use std::fs;
use std::path::{Path, PathBuf};

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let path = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &path)
        } else {
            fs::copy(entry.path(), path).map(|_| ()).unwrap()
        }
    }
}

/// Ways in which a file can be no good, done to it.
fn spoil(path: &Path) -> Vec<(&'static str, Box<dyn Fn() + '_>)> {
    let bytes = fs::read(path).unwrap();
    let half = bytes[..bytes.len() / 2].to_vec();
    let remove = move || {
        let _ = fs::remove_file(path).or_else(|_| fs::remove_dir_all(path));
    };
    let mut ways: Vec<(&'static str, Box<dyn Fn() + '_>)> = vec![
        ("missing", Box::new(remove)),
        (
            "half",
            Box::new(move || {
                remove();
                fs::write(path, &half).unwrap();
            }),
        ),
        (
            "empty",
            Box::new(move || {
                remove();
                fs::write(path, "").unwrap();
            }),
        ),
        (
            "other",
            Box::new(move || {
                remove();
                fs::write(path, "{\"runs\": [1, 2]}\n").unwrap();
            }),
        ),
        (
            "no text",
            Box::new(move || {
                remove();
                fs::write(path, [0xff, 0xfe, 0x00, 0x80]).unwrap();
            }),
        ),
        (
            "a folder",
            Box::new(move || {
                remove();
                fs::create_dir(path).unwrap();
            }),
        ),
    ];
    #[cfg(unix)]
    {
        ways.push((
            "a device",
            Box::new(move || {
                remove();
                std::os::unix::fs::symlink("/dev/zero", path).unwrap();
            }),
        ));
        ways.push((
            "a pipe",
            Box::new(move || {
                remove();
                assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
            }),
        ));
    }
    ways
}

/// One sentence with a way out, or at least with the name of what is wrong.
fn one_sentence(message: &str, what: &str) {
    let lines: Vec<&str> = message.trim_end().lines().collect();
    assert_eq!(lines.len(), 1, "{what}: {message}");
    assert!(lines[0].starts_with("error: ") && lines[0].len() < 600, "{what}: {message}");
}

#[test]
fn merge_refuses_a_part_of_which_any_file_is_no_good() {
    let top = tempfile::tempdir().unwrap();
    let part = |name: &str| top.path().join(name);
    done(&format!("batch --futures 0..20 --days 20 --out {}", part("a").display()));
    done(&format!("batch --futures 20..40 --days 20 --out {}", part("b").display()));
    let out = part("whole");
    let line = format!("merge {} {} --out {}", part("a").display(), part("bad").display(), out.display());
    let names =
        ["manifest.json", "sums.block", "runs.csv", "agreements.csv", "hazards.csv", "datapackage.json", "batch.json"];
    for name in names {
        let bad = part("bad");
        let _ = fs::remove_dir_all(&bad);
        copy(&part("b"), &bad);
        let path = bad.join(name);
        for (how, spoil) in spoil(&path) {
            spoil();
            let what = format!("{name}, {how}");
            one_sentence(&refused(&line), &what);
            assert!(!out.exists(), "{what}");
        }
    }
    // A part that is none: no folder, an empty one, a file, a run, one given twice.
    fs::create_dir(part("empty")).unwrap();
    fs::write(part("file"), "x").unwrap();
    done(&format!("run --days 5 --out {}", part("run").display()));
    for other in ["nowhere", "empty", "file", "run", "a"] {
        let line = format!("merge {} {} --out {}", part("a").display(), part(other).display(), out.display());
        one_sentence(&refused(&line), other);
        assert!(!out.exists(), "{other}");
    }
    let entries: Vec<PathBuf> = fs::read_dir(top.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(entries.iter().all(|path| !path.to_string_lossy().contains(".partial")), "{entries:?}");
}

#[test]
fn again_refuses_a_folder_whose_manifest_or_result_is_no_good() {
    let top = tempfile::tempdir().unwrap();
    let at = |name: &str| top.path().join(name);
    done(&format!("run --days 5 --out {}", at("run").display()));
    done(&format!("batch --runs 8 --days 5 --out {}", at("batch").display()));
    done(&format!("effect --runs 8 --days 5 --set unifil.troops=0 --out {}", at("effect").display()));
    for (folder, name, may_be_missing) in [
        ("run", "manifest.json", false),
        ("run", "events.csv", false),
        ("run", "series.csv", false),
        ("run", "datapackage.json", false),
        ("batch", "manifest.json", false),
        ("effect", "manifest.json", false),
        // A batch or an effect that has not ended has no result, and is run again all the same.
        ("batch", "batch.json", true),
    ] {
        let bad = at("bad");
        let _ = fs::remove_dir_all(&bad);
        copy(&at(folder), &bad);
        let path = bad.join(name);
        for (how, spoil) in spoil(&path) {
            spoil();
            if may_be_missing && how == "missing" {
                done(&format!("again {}", bad.display()));
                continue;
            }
            let output = super::said(&format!("again {}", bad.display()));
            assert_eq!(output.status.code(), Some(2), "{folder}/{name}, {how}");
            one_sentence(&super::stderr(&output), &format!("{folder}/{name}, {how}"));
        }
    }
    for other in ["nowhere", "."] {
        one_sentence(&refused(&format!("again {}", at(other).display())), other);
    }
}

#[test]
fn report_refuses_a_session_that_is_no_good_and_writes_nothing() {
    use detente::session::file::Saved;
    let top = tempfile::tempdir().unwrap();
    let session = top.path().join("class.detente");
    let mut sitting = detente::session::Sitting::new(detente::scenario::load("november-2024").unwrap(), 3);
    sitting.go_to(12);
    let saved = Saved::of(&sitting);
    let out = top.path().join("report");
    let line = format!("report {} --out {} --futures 4 --days 5", session.display(), out.display());
    fs::write(&session, saved.to_text()).unwrap();
    for (how, spoil) in spoil(&session) {
        spoil();
        one_sentence(&refused(&line), how);
        assert!(!out.exists(), "{how}");
    }
    let _ = fs::remove_file(&session);
    let edits: [(&str, &str); 5] = [
        ("\"today\": 12", "\"today\": \"noon\""),
        ("\"seed\": 3", "\"seed\": 4"),
        ("\"days\": 12", "\"days\": -1"),
        ("\"session_format\": 1", "\"session_format\": 0"),
        ("\"days\": 365", "\"days\": 0"),
    ];
    for (old, new) in edits {
        let text = saved.to_text();
        assert!(text.contains(old), "{old}");
        fs::write(&session, text.replacen(old, new, 1)).unwrap();
        one_sentence(&refused(&line), new);
        assert!(!out.exists(), "{new}");
    }
}
