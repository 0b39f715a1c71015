//! The command line.
//!
//! [`main`] parses the arguments ([`args`]), hands them to one file per command, and turns what comes back into an exit
//! status: 0 done, 2 refused (with every mistake on standard error), 128 and the number of the signal where one interrupted
//! it (130 Ctrl-C, 143 SIGTERM, 129 SIGHUP). Standard output carries the result
//! alone; progress and messages go to standard error.

mod again;
mod args;
mod batch;
mod check;
mod claims;
mod compare;
mod complete;
mod effect;
mod explain;
mod like;
mod lists;
mod merge;
mod output;
mod patterns;
mod progress;
mod rank;
mod replay;
mod report;
mod run;
mod setting;
#[cfg(feature = "window")]
mod window;

use crate::chance::Key;
use crate::futures::blocks::Stop;
use crate::futures::ensemble::Plan;
use crate::scenario::{self, Loaded};
use crate::sim::rules::Rules;
use crate::sim::world::Fate;
use crate::symbols::levers::LeverChange;
use crate::tables::folder::Trouble;
use crate::tables::provenance::Provenance;
use args::{Cli, Command, Many, Params, What};
use clap::Parser;
use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::process::ExitCode;

/// Why a command did not end well.
#[derive(Debug)]
enum Failure {
    /// Something asked for cannot be done: one line per mistake.
    Refused(Vec<String>),
    /// Mistakes in a scenario: lines that start with file, line and column, as editors read them.
    Scenario(scenario::Errors),
    /// Told to stop.
    Interrupted(String),
    /// Whoever read the output has gone away.
    NobodyReads,
}

impl Failure {
    fn refused(sentence: impl Into<String>) -> Self {
        Self::Refused(vec![sentence.into()])
    }
}

impl From<Trouble> for Failure {
    fn from(trouble: Trouble) -> Self {
        Self::refused(trouble.to_string())
    }
}

impl From<scenario::Errors> for Failure {
    fn from(errors: scenario::Errors) -> Self {
        Self::Scenario(errors)
    }
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(message) => {
            let status = if message.use_stderr() { 2 } else { 0 };
            // There is nobody left to tell if even this cannot be written.
            let plain = message.to_string();
            match output::shown(&plain) {
                // What was typed and cannot be seen does nothing to the terminal either.
                Cow::Owned(shown) => output::note(shown.trim_end()),
                Cow::Borrowed(_) => drop(message.print()),
            }
            return ExitCode::from(status);
        }
    };
    if cli.quiet {
        progress::be_quiet();
    }
    let done = match cli.command.unwrap_or_else(|| Command::Window(args::Window::fresh())) {
        #[cfg(feature = "window")]
        Command::Window(args) => window::window(&args),
        #[cfg(not(feature = "window"))]
        Command::Window(_) => Err(Failure::refused(
            "this program was built without its window; build it with `cargo build --release`, or see `detente --help` for the rest",
        )),
        Command::Check(args) => check::check(&args),
        Command::Run(args) => run::run(&args),
        Command::Batch(args) => batch::batch(&args),
        Command::Merge(args) => merge::merge(&args),
        Command::Effect(args) => effect::effect(&args),
        Command::Again(args) => again::again(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Rank(args) => rank::rank(&args),
        Command::Claims(args) => claims::claims(&args),
        Command::Patterns(args) => patterns::patterns(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Replay(args) => replay::replay(&args),
        Command::Report(args) => report::report(&args),
        Command::Levers(args) => lists::levers(&args),
        Command::Parameters(args) => lists::parameters(&args),
        Command::Scenarios(args) => lists::scenarios(&args),
        Command::Schema => output::json(&scenario::json_schema()),
        Command::Completions(args) => complete::completions(&args),
        Command::Man(args) => complete::man(&args),
    };
    match done {
        Ok(()) | Err(Failure::NobodyReads) => ExitCode::SUCCESS,
        Err(Failure::Refused(sentences)) => {
            sentences.iter().for_each(|sentence| output::complain(sentence));
            ExitCode::from(2)
        }
        Err(Failure::Scenario(errors)) => {
            output::note(&output::shown(&errors.to_string()));
            ExitCode::from(2)
        }
        Err(Failure::Interrupted(sentence)) => {
            output::note(&sentence);
            ExitCode::from(progress::interrupted())
        }
    }
}

/// A scenario ready to run, with the user's levers.
struct Prepared {
    loaded: Loaded,
    rules: Rules,
    days: u32,
    log: Vec<LeverChange>,
}

impl Prepared {
    fn new(what: &What, settings: &[String]) -> Result<Self, Failure> {
        let loaded = load(&what.scenario, &what.param)?;
        let rules = Rules::new(&loaded);
        let days = what.days.unwrap_or(rules.frame.days);
        let log = setting::read(settings, rules.frame.start, days).map_err(Failure::Refused)?;
        Ok(Self { loaded, rules, days, log })
    }

    fn plan(&self, what: &What, many: &Many, log: Vec<LeverChange>) -> Plan {
        Plan { seed: what.seed, days: self.days, prior: many.params == Params::Prior, log, from: None }
    }

    /// The rules of one future: with the parameters that it draws, if it draws any.
    fn own(&self, fate: Fate) -> Rules {
        let mut own = self.rules.clone();
        if fate.prior {
            own.redraw(Key::new(fate.seed, fate.future));
        }
        own
    }

    /// What a result of it is of.
    fn provenance(&self, seed: u64, params: &str) -> Provenance {
        Provenance::of(&self.loaded, &self.rules, self.days, seed, params, &self.log)
    }

    /// "november-2024 · 8 November 2024 to 7 November 2025 (365 days)".
    fn title(&self) -> String {
        let last = self.rules.date(self.days as i32 - 1);
        let (from, to) = (output::date(self.rules.frame.start), output::date(last));
        format!("{} · {from} to {to} ({})", self.loaded.name, output::counted(self.days.into(), "day"))
    }
}

/// Loads a scenario with what `--param` says laid over it.
fn load(scenario: &str, params: &[String]) -> Result<Loaded, Failure> {
    let mut read: Vec<(String, f64)> = Vec::new();
    let mut wrong = Vec::new();
    for text in params {
        match setting::param(text) {
            Ok((id, _)) if read.iter().any(|(other, _)| *other == id) => {
                wrong.push(format!("--param {text}: {id} is set twice; keep one"));
            }
            Ok(param) => read.push(param),
            Err(why) => wrong.push(format!("--param {text}: {why}")),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::Refused(wrong));
    }
    scenario::load_with(scenario, &read).map_err(|errors| {
        // Mistakes in the command line are said of the command line, unless the file has some too.
        let of = |error: &scenario::Error| {
            let param = error.line.checked_sub(PARAM_LINES).and_then(|i| params.get(i));
            let param = param.filter(|_| error.file == scenario::PARAM)?;
            let help = error.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
            Some(format!("--param {param}: {}{help}", error.message))
        };
        match errors.0.iter().map(of).collect::<Option<Vec<String>>>() {
            Some(sentences) => Failure::Refused(sentences),
            None => Failure::Scenario(errors),
        }
    })
}

/// The line on which the first parameter of the command line counts.
const PARAM_LINES: usize = 3;

/// An actor's name without what stands in brackets, for tables.
fn short_name(rules: &Rules, actor: usize) -> &str {
    let name = rules.actors[actor].name.as_str();
    name.split_once(" (").map_or(name, |(short, _)| short)
}

fn jobs(many: &Many) -> usize {
    threads(many.jobs)
}

/// The number of threads asked for, or one per core. More than a machine can keep busy would only take its memory, so
/// there is an end to what can be asked for; results do not depend on it.
fn threads(jobs: Option<NonZeroUsize>) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    jobs.map_or(cores, NonZeroUsize::get).min(MOST_THREADS.max(cores))
}

/// Most threads on a machine with fewer cores than this.
const MOST_THREADS: usize = 256;

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Asked => Self::Interrupted("interrupted".to_owned()),
            Stop::Refused(sentence) => Self::refused(sentence),
            Stop::Trouble(trouble) => trouble.into(),
        }
    }
}

/// What the numbers are worth; closes every summary.
const CAVEAT: &str = "A what-if tool: outputs are conditional on assumptions and are not predictions of real events.";
