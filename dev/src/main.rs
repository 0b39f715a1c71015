//! `cargo dev TASK`: what is typed often while working on Détente. `cargo dev` lists the tasks with the commands that they run.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

/// A command, and what is set around it.
struct Step {
    line: &'static str,
    set: &'static [(&'static str, &'static str)],
}

const fn step(line: &'static str) -> Step {
    Step { line, set: &[] }
}

const fn with(set: &'static [(&'static str, &'static str)], line: &'static str) -> Step {
    Step { line, set }
}

/// A task: its name, what it is for, and its steps. What else is typed goes to the last of them.
struct Task {
    name: &'static str,
    does: &'static str,
    steps: &'static [Step],
}

/// Everything below the window: the model and what stands on it.
const HEADLESS: &str = "cargo check --no-default-features --workspace --all-targets";

const TASKS: &[Task] = &[
    Task { name: "check", does: "does everything below the window compile, in seconds", steps: &[step(HEADLESS)] },
    Task {
        name: "fast",
        does: "the tests beside the code, and those of the house: under a minute once they are built",
        steps: &[step(
            "cargo test --no-default-features -p detente-model -p detente-study -p detente-learn -p detente-session -p detente --lib \
             --test architecture --test dependencies --test version",
        )],
    },
    Task {
        name: "test",
        does: "one test by a part of its name, wherever it is below the window",
        steps: &[step("cargo test --no-default-features --workspace")],
    },
    Task {
        name: "lints",
        does: "format and lints, as they are asked for",
        steps: &[
            step("cargo fmt --all"),
            step("cargo clippy --no-default-features --workspace --all-targets -- -D warnings"),
        ],
    },
    Task {
        name: "docs",
        does: "writes the generated parts of the documents anew; says which text is out of date",
        steps: &[
            with(&[("UPDATE_DOCS", "1")], "cargo test --no-default-features -p detente-model --test reached"),
            with(&[("UPDATE_DOCS", "1")], "cargo test --no-default-features --test docs"),
        ],
    },
    Task {
        name: "golden",
        does: "writes every pinned answer anew: look at the difference, and say in CHANGELOG.md why",
        steps: &[
            with(
                &[("UPDATE_GOLDEN", "1")],
                "cargo test --no-default-features -p detente-model --test behaviour what_it_was",
            ),
            with(
                &[("UPDATE_EXPECTED", "1")],
                "cargo test --no-default-features -p detente-model --test scenario_reader",
            ),
            with(
                &[("UPDATE_GOLDEN", "1"), ("INSTA_UPDATE", "always"), ("INSTA_FORCE_PASS", "1")],
                "cargo test --no-default-features --test cli",
            ),
        ],
    },
    Task {
        name: "fuzz",
        does: "gives every reader changed inputs: [READER…] [--seconds N] [--seed N]",
        steps: &[step("cargo run --quiet --no-default-features --profile test -p detente-fuzz --example hunt --")],
    },
    Task {
        name: "page",
        does: "builds the page and drives it",
        steps: &[step("cargo web build"), step("cargo web test --hand")],
    },
    Task {
        name: "hand",
        does: "real pointers and keys on displays of their own",
        steps: &[step("xvfb-run -a cargo test --test hand")],
    },
    Task { name: "ci", does: "the whole check, or parts of it (.ci/run --list)", steps: &[step("bash .ci/run")] },
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn list() {
    println!("cargo dev TASK [WHAT ELSE ITS LAST COMMAND TAKES]\n");
    for Task { name, does, steps } in TASKS {
        println!("  {name:8} {does}");
        for Step { line, set } in *steps {
            let set: String = set.iter().map(|(key, value)| format!("{key}={value} ")).collect();
            println!("           {set}{line}");
        }
    }
}

/// Runs one command to its end. What it says goes where ours goes.
fn run(Step { line, set }: &Step, rest: &[String]) -> Result<(), String> {
    let mut words = line.split_whitespace();
    let program = words.next().unwrap_or("cargo");
    let words: Vec<&str> = words.chain(rest.iter().map(String::as_str)).collect();
    let begun = Instant::now();
    let ended = Command::new(program).args(&words).envs(set.iter().copied()).current_dir(root()).status();
    match ended {
        Err(error) => Err(format!("{program} cannot be run: {error}")),
        Ok(status) if !status.success() => Err(format!("{program} {} ended with {status}", words.join(" "))),
        Ok(_) => {
            eprintln!("({:.0} s: {program} {})", begun.elapsed().as_secs_f64(), words.join(" "));
            Ok(())
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = args.split_first() else {
        list();
        return ExitCode::SUCCESS;
    };
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprintln!("There is no task `{name}`; `cargo dev` lists them.");
        return ExitCode::from(2);
    };
    for (i, step) in task.steps.iter().enumerate() {
        let last = i + 1 == task.steps.len();
        if let Err(why) = run(step, if last { rest } else { &[] }) {
            eprintln!("{why}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
