//! `detente check`.

use super::Failure;
use super::args::Check;
use super::output::{self, thousands};
use crate::scenario::{Errors, load};
use crate::sim::rules::Rules;
use std::fmt::Write as _;

/// Validates files and reports every mistake in any of them.
pub(super) fn check(args: &Check) -> Result<(), Failure> {
    let mut fit = String::new();
    let mut errors = Vec::new();
    for file in &args.files {
        match load(file) {
            Ok(loaded) => {
                let rules = Rules::new(&loaded);
                let (days, actors) = (thousands(rules.frame.days.into()), rules.actors.len());
                let start = output::date(rules.frame.start);
                let _ = writeln!(
                    fit,
                    "{file}: fit to run ({}, hash {}: {days} days from {start}, {actors} actors, {} fronts, {} streams, {} tables)",
                    loaded.name,
                    loaded.hash,
                    rules.fronts.len(),
                    rules.streams.len(),
                    rules.tables.len()
                );
            }
            Err(Errors(mistakes)) => errors.extend(mistakes),
        }
    }
    output::text(&fit)?;
    if errors.is_empty() { Ok(()) } else { Err(Errors(errors).into()) }
}
