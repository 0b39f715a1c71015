//! The dead as both sides publish them (6.8).

use crate::chance::Key;
use crate::sim::rules::Rules;
use crate::sim::world::{Fate, Snapshot};
use serde::Serialize;

/// Deaths in one territory: the model's count, and what either side would publish.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Killed {
    /// Territory.
    pub territory: String,
    /// The model's count.
    pub count: u32,
    /// Published by those who live there.
    pub by_the_harmed: u32,
    /// Published by those who fire.
    pub by_the_other: u32,
}

/// Published counts: the true count times a factor, one for each side, territory and run, whose logarithm is a half-normal of
/// scale `reporting_sd`: those who live there count high, those who fire count low, the same rule for every territory. The
/// model's decisions never read them.
#[must_use]
pub fn killed(rules: &Rules, fate: Fate, end: &Snapshot) -> Vec<Killed> {
    let key = Key::new(fate.seed, fate.future).of("report");
    rules
        .territories
        .iter()
        .zip(&end.columns.territories)
        .map(|(rule, state)| {
            let published = |side: u32| {
                let z = key.of_hash(rule.id.hash).timeless().normal(side);
                let way = if side == 0 { z.abs() } else { -z.abs() };
                (f64::from(state.killed) * libm::exp(rules.p.reporting_sd * way)) as u32
            };
            Killed {
                territory: rule.id.text.clone(),
                count: state.killed,
                by_the_harmed: published(0),
                by_the_other: published(1),
            }
        })
        .collect()
}
