//! Violations that spread (claim H11): fire goes on under an agreement the more, the more those it is linked with have just been
//! shaken: by a collapse, by a blow on their front, or by being left out of a deal that holds the rest. The same for every table.

use crate::sim::mechanism::Mechanism;
use crate::sim::probe::Source;
use crate::sim::rules::Rules;
use crate::sim::state::{Agreement, Front};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Factor on what an agreement leaves of the fire it silences: `e^(χ · linkage · share of linked tables that are shaken)`; 1 at
/// χ = 0.
#[inline]
#[must_use]
pub fn factor(shaken: f64, linkage: f64, p: &Parameters) -> f64 {
    libm::exp(p.violation_spread * linkage * shaken)
}

/// What shakes agreements today.
#[derive(Clone, Copy)]
pub struct Shocks<'a> {
    /// Rules.
    pub rules: &'a Rules,
    /// Levers.
    pub levers: &'a LeverSet,
    /// Agreements.
    pub agreements: &'a [Agreement],
    /// Fronts.
    pub fronts: &'a [Front],
    /// Today.
    pub today: i32,
}

impl Shocks<'_> {
    /// What has shaken a table lately, if anything has: the newest of a collapse and a blow, or that a deal leaves it out.
    #[must_use]
    pub fn shaken(&self, table: usize) -> Option<Source> {
        let rules = self.rules;
        let lately = |day: i32| f64::from(self.today - day) <= rules.p.spread_days;
        if lately(self.agreements[table].last_collapse) {
            return Some(Source::Collapse(table as u16));
        }
        if let Some(front) = rules.tables[table].front.filter(|&f| lately(self.fronts[f].last_blow)) {
            return Some(Source::Trigger(front as u16));
        }
        let left_out = rules.collective_in_force(self.agreements).and_then(|_| rules.left_out(self.levers));
        let excluded = left_out.is_some() && !rules.settles(table, left_out);
        excluded.then_some(Source::Lever(Lever::DealLeftOut))
    }

    /// What has shaken each of the tables linked with one that are shaken.
    pub fn of(&self, table: usize) -> impl Iterator<Item = Source> {
        self.rules.tables[table].links.iter().filter_map(|&link| self.shaken(link))
    }

    /// What one linked table is of all that a table is linked with.
    #[must_use]
    pub fn each(&self, table: usize) -> f64 {
        1.0 / self.rules.tables[table].links.len().max(1) as f64
    }

    /// Share of the tables linked with one that are shaken.
    #[must_use]
    pub fn share(&self, table: usize) -> f64 {
        self.of(table).count() as f64 / self.rules.tables[table].links.len().max(1) as f64
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "spread",
    phase: 7,
    title: "Violations that spread from one linked agreement to another",
    section: "6.2",
    reads: &[],
    writes: &[],
    levers: &[Lever::DealLinkage, Lever::DealLeftOut, Lever::DealInterdependence],
    events: &[],
    source: include_str!("spread.rs"),
    links: |_, _| {},
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::start;

    #[test]
    fn fire_under_a_truce_rises_with_what_has_shaken_the_others_and_with_linkage() {
        let off = Parameters { violation_spread: 0.0, ..Parameters::at_start() };
        assert_eq!(factor(1.0, 1.0, &off).to_bits(), 1.0_f64.to_bits());
        let p = Parameters { violation_spread: 1.0, ..off };
        assert!(factor(1.0, 1.0, &p) > factor(0.5, 1.0, &p) && factor(0.5, 1.0, &p) > 1.0);
        assert!(factor(1.0, 2.0, &p) > factor(1.0, 1.0, &p));
        assert_eq!(factor(1.0, 0.0, &p).to_bits(), 1.0_f64.to_bits(), "without linkage nothing spreads");
    }

    #[test]
    fn a_collapse_a_blow_and_being_left_out_shake_for_a_while() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap());
        let (gaza, front) = (rules.table("GAZ").unwrap(), rules.front("GAZ").unwrap());
        let levers = LeverSet::default();
        let mut agreements: Vec<Agreement> = start::agreements(&rules).collect();
        let mut fronts: Vec<Front> = start::fronts(&rules).collect();
        let of = |agreements: &[Agreement], fronts: &[Front], today| {
            Shocks { rules: &rules, levers: &levers, agreements, fronts, today }.shaken(gaza)
        };
        fronts[front].last_blow = -100;
        assert_eq!(of(&agreements, &fronts, 10), None);
        fronts[front].last_blow = 5;
        assert_eq!(of(&agreements, &fronts, 10), Some(Source::Trigger(front as u16)));
        assert_eq!(of(&agreements, &fronts, 40), None, "it passes");
        agreements[gaza].last_collapse = 35;
        assert_eq!(of(&agreements, &fronts, 40), Some(Source::Collapse(gaza as u16)));
        let lebanon = rules.table("LEB").unwrap();
        assert!(rules.tables[lebanon].links.contains(&gaza));
        let shocks = Shocks { rules: &rules, levers: &levers, agreements: &agreements, fronts: &fronts, today: 40 };
        assert!(shocks.share(lebanon) > 0.0);
    }
}
