//! `detente patterns`: observed facts held against the model's intervals.

use super::args::{Patterns as Args, Ranges};
use super::failure::Failure;
use super::output;
use super::progress::{leaving_at_once, shows_bar};
use super::setting;
use super::threads::threads;
use crate::patterns::evaluate;
use crate::symbols::levers::{Kind, LeverChange};
use indicatif::{ProgressBar, ProgressDrawTarget};

/// Steps of the bar.
const STEPS: u64 = 1000;
/// Width of the table where the terminal does not say.
const WIDTH: usize = 110;

pub(super) fn patterns(args: &Args) -> Result<(), Failure> {
    let jobs = threads(args.jobs);
    let levers = levers(&args.set)?;
    leaving_at_once("interrupted: patterns are shown when all of them are measured, so nothing was kept")?;
    let bar = if shows_bar() {
        ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr())
    } else {
        ProgressBar::hidden()
    };
    let tell = |share: f64| bar.set_position((share * STEPS as f64) as u64);
    let report = evaluate(args.runs, args.seed, jobs, args.params == Ranges::Prior, &levers, &tell);
    bar.finish_and_clear();
    let report = report.map_err(|error| Failure::refused(error.to_string()))?;
    if args.json {
        return output::json(&report);
    }
    output::text(&report.text(WIDTH))
}

/// Levers that stand from the first day of every start. Starts have days of their own, so neither a date nor a later day can be meant.
fn levers(set: &[String]) -> Result<Vec<LeverChange>, Failure> {
    let log = setting::read(set, jiff::civil::Date::default(), 1).map_err(Failure::Refused)?;
    match log.iter().find(|change| change.lever.row().kind == Kind::Date) {
        None => Ok(log),
        Some(change) => Err(Failure::refused(format!(
            "--set {}: a date means another day from each start; patterns take numbers and choices",
            change.lever.id()
        ))),
    }
}
