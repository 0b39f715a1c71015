//! What an agreement contains: what each item adds for a party, and the package to which the parties of a collective deal come
//! where they may trade one item for another.

use crate::scenario::raw::{Disputed, Nuclear, RegionalRole, Sequencing};
use crate::sim::event::{Event, EventKind};
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::Rules;
use crate::symbols::levers::{Lever, LeverChange, LeverSet};
use crate::symbols::parameters::Parameters;
use noisy_float::prelude::R64;

/// What the disputed-areas package adds for a party: (to B, to AC).
#[must_use]
pub fn disputed_package(who: Disputed, lever: f64, p: &Parameters) -> (f64, f64) {
    let (gain, cost) = match lever {
        x if x > 1.5 => (p.disputed_benefit_all, p.disputed_cost_all),
        x if x > 0.5 => (p.disputed_benefit_ghajar, p.disputed_cost_ghajar),
        _ => (0.0, 0.0),
    };
    match who {
        Disputed::None => (0.0, 0.0),
        Disputed::Gains => (gain, 0.0),
        Disputed::Pays => (0.0, cost),
    }
}

/// What the sequencing lever adds for a party: (seq, to CP).
#[must_use]
pub fn sequencing_terms(who: Sequencing, cease_fire_first: bool, p: &Parameters) -> (f64, f64) {
    match (who, cease_fire_first) {
        (Sequencing::UnderFire, false) => (-p.sequencing_penalty, 0.0),
        (Sequencing::TermsFirst, true) => (0.0, p.sequencing_commitment),
        _ => (0.0, 0.0),
    }
}

/// What a regional role accepted of Iran adds for a party, at full lever: (to B, to AC).
#[must_use]
pub fn role_package(who: RegionalRole, p: &Parameters) -> (f64, f64) {
    match who {
        RegionalRole::None => (0.0, 0.0),
        RegionalRole::Gains => (p.role_gain, 0.0),
        RegionalRole::Pays => (0.0, p.role_cost),
        RegionalRole::PaysLess => (0.0, p.role_cost_far),
    }
}

/// What cap and relief add for a party: (to B, to AC). Options of the cap: none, 60, 20, 3.67 %.
#[must_use]
pub fn nuclear_package(who: Nuclear, cap: f64, relief: f64, p: &Parameters) -> (f64, f64) {
    let (gain, cost) = match cap {
        x if x > 2.5 => (p.cap_gain_low, p.cap_cost_low),
        x if x > 1.5 => (p.cap_gain_mid, p.cap_cost_mid),
        _ => (0.0, 0.0),
    };
    match who {
        Nuclear::None => (0.0, 0.0),
        Nuclear::Capped => (p.relief_gain * relief, cost),
        Nuclear::Reassured => (gain, 0.0),
    }
}

/// What a deal of all contains, as levers hold it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Package(pub [(Lever, f64); 5]);

/// Steps of the nuclear compromise: a cap, and the relief that it is paid with, in proportion.
const COMPROMISES: [(f64, f64); 3] = [(0.0, 0.0), (2.0, 0.5), (3.0, 1.0)];
/// Steps of the regional role.
const ROLES: [f64; 3] = [0.0, 0.5, 1.0];
/// Options of the disputed areas.
const AREAS: [f64; 3] = [0.0, 1.0, 2.0];
/// Terms first, or the cease-fire.
const ORDERS: [f64; 2] = [0.0, 1.0];

/// Every package that can be proposed: the steps of each item with those of every other.
pub fn proposals() -> impl Iterator<Item = Package> {
    COMPROMISES.iter().flat_map(|&(cap, relief)| {
        ROLES.iter().flat_map(move |&role| {
            AREAS.iter().flat_map(move |&areas| {
                ORDERS.iter().map(move |&order| {
                    Package([
                        (Lever::IranEnrichmentCap, cap),
                        (Lever::SanctionsRelief, relief),
                        (Lever::RegionalRole, role),
                        (Lever::IsraelDisputedAreas, areas),
                        (Lever::DealSequencing, order),
                    ])
                })
            })
        })
    })
}

impl Package {
    /// The levers with what it contains in their place.
    #[must_use]
    pub fn over(&self, levers: &LeverSet) -> LeverSet {
        let mut changed = levers.clone();
        self.0.iter().for_each(|&(lever, value)| changed.set(lever, value));
        changed
    }

    /// Lets what was signed stand: each item that is not as it was is moved, as an administration moves what it sets.
    pub fn settle(&self, levers: &mut LeverSet, today: i32, journal: &mut Vec<Event>) {
        for &(lever, to) in &self.0 {
            if let Some(value) = R64::try_new(to).filter(|_| levers[lever].to_bits() != to.to_bits()) {
                levers.set(lever, to);
                journal.push(Event::LeverMoved(LeverChange { day: today, lever, value }));
            }
        }
    }
}

/// Chance that all sign where a share `k` of proposals is free and the rest is as the levers offer it:
/// `(1 − k) Π P(offer) + k max Π P(package)`. The best package is the one that most likely all of them sign: the largest product
/// of their gains, each counted as the chance of its consent.
#[inline]
#[must_use]
pub fn agreed(k: f64, offered: f64, best: f64) -> f64 {
    (1.0 - k) * offered + k * best
}

/// The best of the proposals by their value; the first of equals.
#[must_use]
pub fn best(value: impl Fn(&Package) -> f64) -> Option<(Package, f64)> {
    let mut found: Option<(Package, f64)> = None;
    for package in proposals() {
        let value = value(&package);
        if found.is_none_or(|(_, most)| value > most) {
            found = Some((package, value));
        }
    }
    found
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "packages",
    phase: 4,
    title: "What an agreement contains, and the package to which the parties of a collective deal come",
    section: "6.11, 12.5, 12.6",
    reads: &[],
    writes: &["LeverSet"],
    levers: &[
        Lever::DealInterdependence,
        Lever::IranEnrichmentCap,
        Lever::SanctionsRelief,
        Lever::RegionalRole,
        Lever::IsraelDisputedAreas,
        Lever::DealSequencing,
    ],
    events: &[EventKind::Lever],
    source: include_str!("packages.rs"),
    links,
};

/// Where all sign one deal they may sign a package of their own, and it stands.
fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    let Some(collective) = rules.collective else { return };
    link(Node::Lever(Lever::DealInterdependence), Node::Table(collective));
    for (lever, _) in proposals().take(1).flat_map(|package| package.0) {
        link(Node::Table(collective), Node::Lever(lever));
        link(Node::Lever(lever), Node::Table(collective));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_help_one_side_and_cost_the_other() {
        let p = Parameters::at_start();
        assert!(disputed_package(Disputed::Gains, 2.0, &p).0 > disputed_package(Disputed::Gains, 1.0, &p).0);
        assert!(disputed_package(Disputed::Pays, 2.0, &p).1 > 0.0);
        assert_eq!(disputed_package(Disputed::None, 2.0, &p), (0.0, 0.0));
        assert!(sequencing_terms(Sequencing::UnderFire, false, &p).0 < 0.0);
        assert!(sequencing_terms(Sequencing::TermsFirst, true, &p).1 > 0.0);
        assert_eq!(sequencing_terms(Sequencing::UnderFire, true, &p), (0.0, 0.0));
    }

    #[test]
    fn proposals_are_all_combinations_of_what_levers_admit() {
        let all: Vec<Package> = proposals().collect();
        assert_eq!(all.len(), 54);
        for (i, package) in all.iter().enumerate() {
            assert!(!all[..i].contains(package), "{package:?} twice");
            for (lever, value) in package.0 {
                assert!(lever.admit(value).is_ok(), "{package:?}");
            }
        }
    }

    #[test]
    fn the_best_package_is_the_one_with_the_largest_product_and_none_is_free_by_default() {
        let (package, value) = best(|package| package.0[2].1 * package.0[3].1).unwrap();
        assert!((package.0[2].1 - 1.0).abs() < 1e-12 && (package.0[3].1 - 2.0).abs() < 1e-12 && value > 1.9);
        assert_eq!(agreed(0.0, 0.3, 0.9).to_bits(), 0.3_f64.to_bits());
        assert!(agreed(0.5, 0.3, 0.9) > 0.3 && agreed(1.0, 0.3, 0.9) > agreed(0.5, 0.3, 0.9));
    }
}
