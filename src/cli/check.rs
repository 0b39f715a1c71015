//! `detente check`.

use super::args::Check;
use super::failure::Failure;
use super::output::{self, thousands};
use crate::scenario::{Error, Errors, idle, load};
use crate::sim::rules::Rules;
use serde::Serialize;
use std::fmt::Write as _;

/// What is fit to run, and every mistake, for scripts.
#[derive(Serialize)]
struct Json<'a> {
    fit: Vec<Fit<'a>>,
    mistakes: Vec<Error>,
}

#[derive(Serialize)]
struct Fit<'a> {
    file: &'a str,
    name: String,
    hash: String,
    start: jiff::civil::Date,
    days: u32,
    actors: usize,
    fronts: usize,
    streams: usize,
    tables: usize,
    /// What it says to no effect.
    idle: Vec<String>,
}

/// Validates files and reports every mistake in any of them.
pub(super) fn check(args: &Check) -> Result<(), Failure> {
    let (mut fit, mut mistakes) = (Vec::new(), Vec::new());
    for file in &args.files {
        match load(file) {
            Ok(loaded) => {
                let rules = Rules::new(&loaded);
                fit.push(Fit {
                    file,
                    start: rules.frame.start,
                    days: rules.frame.days,
                    actors: rules.actors.len(),
                    fronts: rules.fronts.len(),
                    streams: rules.streams.len(),
                    tables: rules.tables.len(),
                    idle: idle(&loaded),
                    name: loaded.name,
                    hash: loaded.hash,
                });
            }
            Err(Errors(wrong)) => mistakes.extend(wrong),
        }
    }
    if args.json {
        let wrong = !mistakes.is_empty();
        output::json(&Json { fit, mistakes })?;
        // They are all said already, on standard output.
        return if wrong { Err(Failure::Refused(Vec::new())) } else { Ok(()) };
    }
    let mut text = String::new();
    for Fit { file, name, hash, start, days, actors, fronts, streams, tables, idle } in fit {
        let (days, start) = (thousands(days.into()), output::date(start));
        let _ = writeln!(
            text,
            "{file}: fit to run ({name}, hash {hash}: {days} days from {start}, {actors} actors, {fronts} fronts, {streams} \
             streams, {tables} tables)"
        );
        for sentence in idle {
            let _ = writeln!(text, "{file}: note: {sentence}");
        }
    }
    output::text(&text)?;
    if mistakes.is_empty() { Ok(()) } else { Err(Errors(mistakes).into()) }
}
