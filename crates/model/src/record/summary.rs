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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::world::Simulation;

    /// Those who live there never publish fewer than there are, those who fire never more, in any territory of any future; and
    /// without a scale of misreporting both publish the count.
    #[test]
    fn those_who_were_hit_count_high_and_those_who_fired_count_low() {
        let mut rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let mut sim: Simulation = Simulation::new(&rules, Fate { seed: 5, future: 0, prior: false }, Vec::new());
        sim.run(120);
        let end = sim.snapshot();
        let (mut higher, mut lower) = (0, 0);
        for future in 0..50 {
            for of in killed(&rules, Fate { seed: 5, future, prior: false }, &end) {
                assert!(of.by_the_harmed >= of.count && of.count >= of.by_the_other, "future {future}: {of:?}");
                higher += u32::from(of.by_the_harmed > of.count);
                lower += u32::from(of.by_the_other < of.count);
            }
        }
        assert!(higher > 100 && lower > 100, "{higher} counts above, {lower} below");
        rules.p.reporting_sd = 0.0;
        for of in killed(&rules, Fate { seed: 5, future: 0, prior: false }, &end) {
            assert_eq!((of.by_the_harmed, of.by_the_other), (of.count, of.count), "{of:?}");
        }
    }
}
