//! The command line.
//!
//! [`main`] parses the arguments (`args`), hands them to one file per command, and turns what comes back into an exit
//! status: 0 done, 2 refused (with every mistake on standard error), 128 and the number of the signal where one interrupted
//! it (130 Ctrl-C, 143 SIGTERM, 129 SIGHUP). Standard output carries the result
//! alone; progress and messages go to standard error.

mod again;
mod args;
mod batch;
mod causes;
mod check;
mod claims;
mod class;
mod compare;
mod complete;
mod contested;
mod design;
mod effect;
mod essay;
mod evidence;
mod explain;
mod failure;
mod fit;
mod like;
mod lists;
mod merge;
mod nowcast;
mod observe;
mod origin;
mod output;
mod patterns;
mod prepared;
mod progress;
mod rank;
mod replay;
mod report;
mod row;
mod run;
mod score;
mod setting;
mod threads;
#[cfg(feature = "window")]
mod window;

use crate::scenario;
use args::{Cli, Command};
use clap::Parser;
use failure::Failure;
use std::borrow::Cow;
use std::process::ExitCode;

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
        Command::Causes(args) => causes::causes(&args),
        Command::Contested(args) => contested::contested(&args),
        Command::Class(args) => class::class(args),
        Command::Claims(args) => claims::claims(&args),
        Command::Observe(args) => observe::observe(&args),
        Command::Nowcast(args) => nowcast::nowcast(&args),
        Command::Fit(args) => fit::fit(&args),
        Command::Score(args) => score::score(&args),
        Command::Patterns(args) => patterns::patterns(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Replay(args) => replay::replay(&args),
        Command::Report(args) => report::report(&args),
        Command::Levers(args) => lists::levers(&args),
        Command::Parameters(args) => lists::parameters(&args),
        Command::Essay(args) => essay::essay(&args),
        Command::Columns(args) => lists::columns(&args),
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
