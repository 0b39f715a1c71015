//! The command line.
//!
//! [`main`] parses the arguments ([`args`]), hands them to one file per command, and turns what comes back into an exit
//! status: 0 done, 2 refused (with every mistake on standard error), 130 interrupted. Standard output carries the result
//! alone; progress and messages go to standard error.

mod again;
mod args;
mod batch;
mod check;
mod claims;
mod compare;
mod effect;
mod explain;
mod lists;
mod output;
mod patterns;
mod progress;
mod rank;
mod replay;
mod report;
mod run;
mod setting;
mod window;

use crate::futures::blocks::Stop;
use crate::futures::ensemble::Plan;
use crate::record::provenance::Provenance;
use crate::record::write::Trouble;
use crate::scenario::{self, Loaded};
use crate::sim::rules::Rules;
use crate::symbols::levers::LeverChange;
use args::{Cli, Command, Many, Params, What};
use clap::{CommandFactory, Parser};
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
            let _ = message.print();
            return ExitCode::from(status);
        }
    };
    let done = match cli.command.unwrap_or_else(|| Command::Window(args::Window::fresh())) {
        Command::Window(args) => window::window(&args),
        Command::Check(args) => check::check(&args),
        Command::Run(args) => run::run(&args),
        Command::Batch(args) => batch::batch(&args),
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
        Command::Completions(args) => {
            let mut script = Vec::new();
            clap_complete::generate(args.shell, &mut Cli::command(), "detente", &mut script);
            output::plain(&script)
        }
    };
    match done {
        Ok(()) | Err(Failure::NobodyReads) => ExitCode::SUCCESS,
        Err(Failure::Refused(sentences)) => {
            sentences.iter().for_each(|sentence| output::complain(sentence));
            ExitCode::from(2)
        }
        Err(Failure::Scenario(errors)) => {
            output::note(&errors.to_string());
            ExitCode::from(2)
        }
        Err(Failure::Interrupted(sentence)) => {
            output::note(&sentence);
            ExitCode::from(130)
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
        let loaded = scenario::load(&what.scenario)?;
        let rules = Rules::new(&loaded);
        let days = what.days.unwrap_or(rules.frame.days);
        let log = setting::read(settings, rules.frame.start, days).map_err(Failure::Refused)?;
        Ok(Self { loaded, rules, days, log })
    }

    fn plan(&self, what: &What, many: &Many, log: Vec<LeverChange>) -> Plan {
        Plan { seed: what.seed, days: self.days, prior: many.params == Params::Prior, log, from: None }
    }

    /// What a result of it is of.
    fn provenance(&self, seed: u64, params: &str) -> Provenance {
        Provenance::of(&self.loaded, &self.rules, self.days, seed, params, &self.log)
    }

    /// "november-2024 · 8 November 2024 to 7 November 2025 (365 days)".
    fn title(&self) -> String {
        let last = self.rules.date(self.days as i32 - 1);
        let (from, to) = (output::date(self.rules.frame.start), output::date(last));
        format!("{} · {from} to {to} ({} days)", self.loaded.name, self.days)
    }
}

/// An actor's name without what stands in brackets, for tables.
fn short_name(rules: &Rules, actor: usize) -> &str {
    let name = rules.actors[actor].name.as_str();
    name.split_once(" (").map_or(name, |(short, _)| short)
}

fn jobs(many: &Many) -> usize {
    threads(many.jobs)
}

/// The number of threads asked for, or one per core.
fn threads(jobs: Option<NonZeroUsize>) -> usize {
    jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
}

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
