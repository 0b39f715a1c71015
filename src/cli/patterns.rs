//! `detente patterns`: observed facts held against the model's intervals.

use super::args::{Params, Patterns as Args};
use super::{Failure, output, threads};
use crate::patterns::evaluate;
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::io::{self, IsTerminal};

/// Steps of the bar.
const STEPS: u64 = 1000;
/// Width of the table where the terminal does not say.
const WIDTH: usize = 110;

pub(super) fn patterns(args: &Args) -> Result<(), Failure> {
    let jobs = threads(args.jobs);
    let bar = if io::stderr().is_terminal() {
        ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr())
    } else {
        ProgressBar::hidden()
    };
    let tell = |share: f64| bar.set_position((share * STEPS as f64) as u64);
    // Nothing is written before the end, so an interruption needs no tidying.
    let report = evaluate(args.runs, args.seed, jobs, args.params == Params::Prior, &tell);
    bar.finish_and_clear();
    let report = report.map_err(|error| Failure::refused(error.to_string()))?;
    if args.json {
        return output::json(&report);
    }
    output::text(&report.text(WIDTH))
}
