//! Batches that are killed or interrupted, and go on to the same bytes.
#![cfg(unix)]

use super::{detente, done, files, refused, stderr};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Six blocks, about two seconds.
const BATCH: &str = "batch --runs 1400 --days 40 --seed 2 --set unifil.troops=12000@9 --jobs 2";

/// Three blocks.
const CLAIMS: &str = "claims --runs 160 --days 12 --seed 2 --jobs 2";

fn start(line: &str) -> Child {
    let mut command = detente(line.split_whitespace());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", child.id())).status().unwrap();
    assert!(status.success());
}

/// Waits until `ready`, or the child has ended; no longer than a minute.
fn wait_until(child: &mut Child, ready: impl Fn() -> bool) {
    let started = Instant::now();
    while !ready() && child.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < Duration::from_secs(60), "nothing happens");
        std::thread::sleep(Duration::from_micros(200));
    }
}

fn blocks(out: &Path) -> usize {
    let entries = std::fs::read_dir(out.join("blocks")).into_iter().flatten().flatten();
    entries.filter(|entry| entry.path().extension().is_some_and(|extension| extension == "block")).count()
}

#[test]
fn a_killed_batch_goes_on_to_the_bytes_of_an_undisturbed_one() {
    killed_and_resumed(BATCH, &["manifest.json", ".runs.csv.partial", "runs.csv", "batch.json"]);
}

#[test]
fn killed_claims_go_on_to_the_bytes_of_undisturbed_ones() {
    killed_and_resumed(CLAIMS, &["manifest.json", "blocks/64-128.block", "blocks/0-160.block", "claims.json"]);
}

/// Eight settings of a hundred futures, four stretches.
#[test]
fn a_killed_design_goes_on_to_the_bytes_of_an_undisturbed_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("eight.csv");
    std::fs::write(&file, "theta_war\n6\n6.5\n7\n7.5\n8\n8.5\n9\n9.5\n").unwrap();
    let line = format!("batch --design {} --runs 100 --days 20 --seed 2 --jobs 1", file.display());
    killed_and_resumed(&line, &["design.csv", "manifest.json", ".rows.block.partial", "runs.csv", "design.json"]);
}

/// Kills a command that keeps its result at random moments, and when a file appears; resumed each time, it ends in the bytes of an
/// undisturbed one, and no file is ever half-written.
fn killed_and_resumed(command: &str, appearing: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let started = Instant::now();
    done(&format!("{command} --out {}", whole.display()));
    let usual = started.elapsed();
    let whole = files(&whole);

    // Moments differ from test to test; the number printed on failure repeats them.
    let seed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() as u64;
    let mut state = seed;
    let mut random = |below: u128| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (u128::from(state >> 33) * below) >> 31
    };
    for round in 0..6 {
        let out = folder.path().join(format!("killed{round}"));
        let line = format!("{command} --out {} --resume", out.display());
        let mut kills = 0;
        loop {
            let mut child = start(&line);
            let moment = Duration::from_micros((random(usual.as_micros()) / 2) as u64);
            match appearing.get(round) {
                // The moments that random ones seldom meet: the first file, and the last ones.
                Some(name) if kills == 0 => wait_until(&mut child, || begins(&out, name)),
                _ if kills < 5 => std::thread::sleep(moment),
                _ => {}
            }
            if kills < 5 {
                // A child that has just ended cannot be killed, and needs not be.
                let _ = child.kill();
            }
            let output = child.wait_with_output().unwrap();
            match output.status.code() {
                None => kills += 1,
                Some(0) => break,
                Some(_) => panic!("seed {seed}, round {round}: {}", stderr(&output)),
            }
            let there = files(&out_or_empty(&out));
            for (name, bytes) in &there {
                if let Some(expected) = whole.get(name) {
                    assert!(bytes == expected, "seed {seed}, round {round}: {name} is half-written");
                }
            }
        }
        assert!(files(&out) == whole, "seed {seed}, round {round} after {kills} kills");
    }
}

/// Whether a file is there; of a half-written one, `NAME.partial`, whoever is writing it.
fn begins(out: &Path, name: &str) -> bool {
    let Some(begun) = name.strip_suffix("partial") else { return out.join(name).exists() };
    let names = std::fs::read_dir(out).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.map(|name| name.to_string_lossy().into_owned()).any(|there| there.starts_with(begun))
}

/// A folder that is there: the one asked for, or an empty one beside it.
fn out_or_empty(out: &Path) -> std::path::PathBuf {
    if out.exists() {
        return out.to_owned();
    }
    let empty = out.with_extension("none");
    std::fs::create_dir_all(&empty).unwrap();
    empty
}

#[test]
fn ctrl_c_keeps_finished_blocks_and_says_how_to_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, out) = (folder.path().join("whole"), folder.path().join("stopped"));
    done(&format!("{BATCH} --out {}", whole.display()));
    let mut child = start(&format!("{BATCH} --out {}", out.display()));
    wait_until(&mut child, || blocks(&out) > 0);
    // While it runs, nobody else may work in its folder.
    let message = refused(&format!("{BATCH} --out {} --resume", out.display()));
    assert!(message.contains("another process is running the batch"), "{message}");
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(output.stdout.is_empty());
    assert!(message.starts_with("interrupted: ") && message.contains("--resume"), "{message}");
    assert!(!message.contains("interrupted: 0 of"), "{message}");
    assert!(!out.join("runs.csv").exists() && !out.join("batch.json").exists());
    done(&format!("{BATCH} --out {} --resume", out.display()));
    assert!(files(&out) == files(&whole));
}

#[test]
fn ctrl_c_without_a_folder_says_that_nothing_is_kept() {
    for (line, words) in [
        ("batch --runs 1000000 --days 60", "a batch can be resumed"),
        ("effect --runs 1000000 --days 60 --set unifil.troops=1", "pairs of futures"),
    ] {
        let child = start(line);
        std::thread::sleep(Duration::from_millis(700));
        signal(&child, "INT");
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130), "{line}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[test]
fn an_interrupted_effect_keeps_its_pairs_prints_them_and_goes_on_to_the_bytes_of_an_undisturbed_one() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, out) = (folder.path().join("whole"), folder.path().join("stopped"));
    let effect = "effect --runs 4000 --days 40 --set unifil.troops=12000@9 --jobs 2 --json";
    done(&format!("{effect} --out {}", whole.display()));
    let mut child = start(&format!("{effect} --out {}", out.display()));
    wait_until(&mut child, || blocks(&out) > 0);
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("of 4,000 pairs") && message.contains("--resume"), "{message}");
    let partial: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(partial["partial"], true);
    assert_eq!(partial["runs"].as_u64().unwrap() % 1024, 0);
    assert!(!out.join("effect.json").exists());
    done(&format!("{effect} --out {} --resume", out.display()));
    assert!(files(&out) == files(&whole));
}

#[test]
fn interrupted_claims_keep_their_blocks_print_them_and_go_on_to_the_bytes_of_undisturbed_ones() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, out) = (folder.path().join("whole"), folder.path().join("stopped"));
    let claims = "claims --runs 640 --days 12 --seed 2 --jobs 2 --json";
    done(&format!("{claims} --out {}", whole.display()));
    let mut child = start(&format!("{claims} --out {}", out.display()));
    wait_until(&mut child, || blocks(&out) > 0);
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(130), "{message}");
    assert!(message.contains("of 640 pairs") && message.contains("--resume"), "{message}");
    let partial: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(partial["partial"], true);
    let pairs = partial["claims"][0]["effect"]["prior"]["runs"].as_u64().unwrap();
    assert!(pairs > 0 && pairs.is_multiple_of(64), "{pairs}");
    assert!(!out.join("claims.json").exists());
    // Any number of threads.
    done(&format!("{} --out {} --resume", claims.replace("--jobs 2", "--jobs 1"), out.display()));
    assert!(files(&out) == files(&whole));
}

/// Starts a command, interrupts it after a while, and gives what it printed.
fn interrupted(line: &str, after: Duration) -> (String, String) {
    let child = start(line);
    std::thread::sleep(after);
    signal(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let (said, message) = (String::from_utf8(output.stdout.clone()).unwrap(), stderr(&output));
    assert_eq!(output.status.code(), Some(130), "{line}: {message}");
    assert!(message.starts_with("interrupted"), "{line}: {message}");
    (said, message)
}

/// Waits ever longer until the command has something to print when it is interrupted.
fn interrupted_with_results(line: &str) -> (String, String) {
    for tenths in [10, 30, 100, 300] {
        let (said, message) = interrupted(line, Duration::from_millis(100 * tenths));
        if !said.is_empty() {
            return (said, message);
        }
        assert!(message.contains("too early for") || message.contains("0 of "), "{line}: {message}");
    }
    panic!("{line}: nothing to print after 30 seconds");
}

#[test]
fn ctrl_c_prints_what_claims_and_ranks_have_shown_so_far() {
    let line = "claims --runs 1000000 --days 10 --seed 4";
    let (json, message) = interrupted_with_results(&format!("{line} --json"));
    assert!(message.contains("what they show is printed"), "{message}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["partial"], true);
    // What is printed is whole: the claims have all met the same futures, and the result is that of a shorter run.
    let pairs = json["claims"][0]["effect"]["default"]["runs"].as_u64().unwrap();
    assert!(pairs > 0 && json["claims"].as_array().unwrap().iter().all(|c| c["effect"]["default"]["runs"] == pairs));
    let shorter = super::json(&format!("claims --runs {pairs} --days 10 --seed 4 --json"));
    for (claim, whole) in json["claims"].as_array().unwrap().iter().zip(shorter["claims"].as_array().unwrap()) {
        assert_eq!(claim["effect"]["default"], whole["effect"]["default"]);
    }
    let (text, _) = interrupted_with_results(line);
    assert!(text.contains("Partial: 1,000,000 pairs were asked for."), "{text}");

    let line = "effect --set unifil.troops=15000 --runs 1000000 --days 10 --seed 4";
    let (json, message) = interrupted_with_results(&format!("{line} --json"));
    assert!(message.contains("what they show is printed"), "{message}");
    let mut json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let pairs = json["runs"].as_u64().unwrap();
    let shorter = super::json(&format!("effect --set unifil.troops=15000 --runs {pairs} --days 10 --seed 4 --json"));
    assert_eq!((json["partial"].take(), &shorter["partial"]), (true.into(), &false.into()));
    json["partial"] = false.into();
    assert_eq!(json, shorter, "what is printed is that of a shorter run");
    let (text, _) = interrupted_with_results(line);
    assert!(text.contains("Partial: 1,000,000 pairs were asked for."), "{text}");

    let line = "batch --runs 1000000 --days 10 --seed 4";
    let (json, message) = interrupted_with_results(&format!("{line} --json"));
    assert!(message.contains("what they show is printed"), "{message}");
    let mut json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let shorter = super::json(&format!("batch --runs {} --days 10 --seed 4 --json", json["runs"]));
    assert_eq!((json["partial"].take(), &shorter["partial"]), (true.into(), &false.into()));
    json["partial"] = false.into();
    assert_eq!(json, shorter, "what is printed is that of a shorter batch");
    let (text, _) = interrupted_with_results(line);
    assert!(text.contains("Partial: 1,000,000 futures were asked for."), "{text}");

    let line = "rank --outcome deaths --runs 100000 --days 10";
    let (json, message) = interrupted_with_results(&format!("{line} --json"));
    assert!(message.contains("the table so far is printed"), "{message}");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["partial"].as_bool(), json["ended"].as_str()), (Some(true), Some("stopped")));
    assert!(json["levers"][0]["moved_to"][0]["pairs"].as_u64().unwrap() >= 75);
    let (text, _) = interrupted_with_results(line);
    assert!(text.contains("Partial: the ranking was stopped before it ended."), "{text}");
}

#[test]
fn ctrl_c_prints_the_scenarios_compared_so_far() {
    let folder = tempfile::tempdir().unwrap();
    let short = folder.path().join("short.toml");
    std::fs::write(&short, "format = 1\nextends = \"november-2024\"\ndays = 1\n").unwrap();
    let line = format!("compare {} november-2024 --runs 3000 --seed 2", short.display());
    let (text, message) = interrupted_with_results(&line);
    assert_eq!(message, "interrupted: 1 of 2 scenarios are finished\n");
    assert!(text.contains("  short ") && !text.contains("  november-2024 "), "{text}");
    assert!(text.contains("Partial:"), "{text}");
    let (json, _) = interrupted_with_results(&format!("{line} --json"));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((json["partial"].as_bool(), json["scenarios"].as_array().unwrap().len()), (Some(true), 1));
}

/// Statistics are whole numbers in bins: memory does not grow with the number of futures.
#[test]
#[cfg(target_os = "linux")]
fn memory_stays_small() {
    // As text: nobody reads while it runs, and JSON, which holds the scenario, is more than a pipe takes.
    let mut child = start("batch --runs 6000 --days 12");
    let mut most_kib = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0_u64);
        most_kib = most_kib.max(kib);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(most_kib > 1000, "measured");
    assert!(most_kib < 200 * 1024, "{most_kib} KiB");
}

/// Shells and batch systems read from the exit status which signal ended a process.
#[test]
fn the_exit_status_names_the_signal() {
    for (name, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        for line in ["batch --runs 1000000 --days 60 --quiet", "patterns --runs 100000"] {
            let child = start(line);
            std::thread::sleep(Duration::from_millis(900));
            signal(&child, name);
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(status), "{line}: {}", stderr(&output));
            assert!(stderr(&output).starts_with("interrupted"), "{line}: {}", stderr(&output));
        }
    }
}
