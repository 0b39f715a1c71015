//! Full disks, folders that cannot be written, streams that cannot be written: a clear word, and nothing half-written.
#![cfg(unix)]

use super::{PROGRAM, done, files, names, refused, stderr, stdout};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

/// Runs a shell script with the program as `$D` and a folder as `$T`.
fn shell(script: &str, folder: &Path) -> Output {
    Command::new("sh").args(["-c", script]).env("D", PROGRAM).env("T", folder).output().unwrap()
}

/// Where files may not grow past a limit, writes fail in the middle, as they do on a full disk; this needs no privilege.
#[test]
fn a_write_that_fails_half_way_leaves_nothing_under_the_final_name() {
    let folder = tempfile::tempdir().unwrap();
    let run = shell("trap '' XFSZ; ulimit -f 16; \"$D\" run --out \"$T/run\"", folder.path());
    let message = stderr(&run);
    assert_eq!(run.status.code(), Some(2), "{message}");
    assert_eq!(stdout(&run), "");
    let expected = format!(
        "error: cannot write {}/run/events.csv: the file would pass the largest size allowed here\n",
        folder.path().display()
    );
    assert_eq!(message, expected);
    assert!(names(folder.path()).is_empty(), "{:?}", names(folder.path()));

    // A small scenario, whose manifest is smaller than a block.
    let line = concat!(
        "batch ",
        env!("CARGO_MANIFEST_DIR"),
        "/crates/model/tests/fixtures/two-fronts.toml --runs 600 --days 200 --out"
    );
    let batch = shell(&format!("trap '' XFSZ; ulimit -f 24; \"$D\" {line} \"$T/batch\""), folder.path());
    let message = stderr(&batch);
    assert_eq!(batch.status.code(), Some(2), "{message}");
    assert!(message.contains(".block: the file would pass the largest size allowed here"), "{message}");
    assert!(message.contains("0 of 600 futures are kept"), "{message}");
    assert_eq!(names(folder.path()), ["batch/manifest.json"]);

    // With room again, the batch goes on and ends as an undisturbed one.
    done(&format!("{line} {} --resume", folder.path().join("batch").display()));
    done(&format!("{line} {}", folder.path().join("whole").display()));
    assert_eq!(files(&folder.path().join("batch")), files(&folder.path().join("whole")));
}

/// A real full disk, where a small one can be mounted (as root, or in a user namespace); the test above stands in where
/// neither is allowed.
#[test]
fn a_full_disk_is_named_and_a_batch_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let script = r#"
        set -e
        mount -t tmpfs -o size=160k tmpfs "$T"
        echo mounted
        set +e
        "$D" run --out "$T/run"; echo "run $?"
        ls -A "$T"
        "$D" batch --runs 1400 --days 20 --out "$T/batch"; echo "batch $?"
        ls -A "$T/batch"
        mount -o remount,size=32m "$T"
        "$D" batch --runs 1400 --days 20 --out "$T/batch" --resume >"$T/said"; echo "resumed $?"
        ls -A "$T/batch"
        "$D" batch --runs 1400 --days 20 --out "$T/whole" >"$T/said"
        cmp "$T/batch/runs.csv" "$T/whole/runs.csv" && cmp "$T/batch/batch.json" "$T/whole/batch.json" && echo equal
    "#;
    let enter = ["unshare -m", "unshare -rm"].into_iter().find_map(|unshare| {
        let quoted = script.replace('\'', "'\\''");
        let output = shell(&format!("{unshare} sh -c '{quoted}'"), folder.path());
        stdout(&output).starts_with("mounted").then_some(output)
    });
    let Some(output) = enter else {
        println!("no small disk can be mounted here; limits on file sizes stand in");
        return;
    };
    let expected = "mounted\nrun 2\nbatch 2\nblocks\nmanifest.json\nresumed 0\nagreements.csv\nbatch.json\ndatapackage.json\nhazards.csv\nmanifest.json\nruns.csv\nsums.block\nequal\n";
    let message = stderr(&output);
    assert_eq!(stdout(&output), expected, "{message}");
    assert!(
        message.contains("run/events.csv: the disk is full") || message.contains("run/series.csv: the disk is full"),
        "{message}"
    );
    assert!(message.contains(".block: the disk is full"), "{message}");
    assert!(message.contains("of 1,400 futures are kept"), "{message}");
}

/// Root may write anywhere, so where tests run as root the program runs as nobody.
fn as_somebody_without_rights(folder: &Path, args: &[&str]) -> Output {
    let program = folder.join("detente");
    fs::copy(PROGRAM, &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(&program);
    command.args(args).current_dir("/");
    if fs::metadata(folder).unwrap().uid() == 0 {
        command.uid(65534).gid(65534);
    }
    command.output().unwrap()
}

#[test]
fn an_unwritable_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    let out = locked.join("out");
    let out = out.to_str().unwrap();
    for args in [&["run", "--days", "3", "--out", out][..], &["batch", "--runs", "3", "--days", "3", "--out", out]] {
        let output = as_somebody_without_rights(folder.path(), args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(stderr(&output), format!("error: cannot write to {out}: permission is denied\n"));
        assert!(names(&locked).is_empty());
    }
    let below_a_file = folder.path().join("detente/out");
    for command in ["run", "batch --runs 3"] {
        let message = refused(&format!("{command} --days 3 --out {}", below_a_file.display()));
        assert!(message.contains("part of that path is a file, not a folder"), "{message}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_standard_output_is_an_error() {
    for line in ["run --days 3", "run --days 3 --json", "levers", "schema", "completions bash"] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Command::new(PROGRAM).args(line.split_whitespace()).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(stderr(&output).starts_with("error: cannot write to standard output: "), "{}", stderr(&output));
    }
}
