//! What an agreement contains: what each item adds for a party, and the package to which the parties of a collective deal come
//! where they may trade one item for another.

use crate::scenario::raw::{Disputed, Nuclear, RegionalRole, Sequencing, Trade};
use crate::sim::event::{Event, EventKind};
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::Rules;
use crate::symbols::levers::{Lever, LeverChange, LeverSet, OFF};
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
        Nuclear::Reassured => (gain, p.relief_cost * relief),
    }
}

/// What arms for Israel add for a party to a collective deal, in measures of the usual: (to B, to AC).
#[must_use]
pub fn arms_package(who: Trade, resupply: f64, p: &Parameters) -> (f64, f64) {
    let more = resupply - Lever::ArmsResupply.row().default;
    match who {
        Trade::None => (0.0, 0.0),
        Trade::Gains => (p.arms_gain * more, 0.0),
        Trade::Pays => (0.0, p.arms_cost * more),
    }
}

/// What a dated exit of the coalition from Iraq adds for a party to a collective deal: (to B, to AC).
#[must_use]
pub fn exit_package(who: Trade, date: f64, p: &Parameters) -> (f64, f64) {
    match who {
        Trade::Gains if date > OFF => (p.exit_gain, 0.0),
        Trade::Pays if date > OFF => (0.0, p.exit_cost),
        _ => (0.0, 0.0),
    }
}

/// Items of a package.
pub const ITEMS: usize = 7;

/// What a deal of all contains, as levers hold it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Package(pub [(Lever, f64); ITEMS]);

/// Options of the cap: none, 20, 3.67 %. One at 60 % moves no utility.
const CAPS: [f64; 3] = [0.0, 2.0, 3.0];
/// Steps of relief.
const RELIEFS: [f64; 3] = [0.0, 0.5, 1.0];
/// Steps of the regional role.
const ROLES: [f64; 3] = [0.0, 0.5, 1.0];
/// Options of the disputed areas.
const AREAS: [f64; 3] = [0.0, 1.0, 2.0];
/// Terms first, or the cease-fire.
const ORDERS: [f64; 2] = [0.0, 1.0];
/// Arms for Israel: less, as usual, more.
const ARMS: [f64; 3] = [0.5, 1.0, 1.5];
/// Days from a signature to the beginning of an exit that it dates.
const NOTICE: f64 = 30.0;

/// The items with their options. Arms and the exit begin with what stands: where an option is worth as much, nothing is moved. An
/// exit that is dated already is no matter of the deal any more.
#[must_use]
pub fn items(levers: &LeverSet, today: i32) -> [(Lever, Vec<f64>); ITEMS] {
    let now = levers[Lever::ArmsResupply];
    let other = ARMS.into_iter().filter(|arms| (arms - now).abs() > 1e-12);
    let arms: Vec<f64> = std::iter::once(now).chain(other).collect();
    let date = levers[Lever::CoalitionExitDate];
    let exit = if date > OFF { vec![date] } else { vec![OFF, f64::from(today) + NOTICE] };
    [
        (Lever::IranEnrichmentCap, CAPS.to_vec()),
        (Lever::SanctionsRelief, RELIEFS.to_vec()),
        (Lever::RegionalRole, ROLES.to_vec()),
        (Lever::IsraelDisputedAreas, AREAS.to_vec()),
        (Lever::DealSequencing, ORDERS.to_vec()),
        (Lever::ArmsResupply, arms),
        (Lever::CoalitionExitDate, exit),
    ]
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

/// The package that all most likely sign; the first of equals.
///
/// `offer` is how reluctant each party is to what the levers offer (acceptance is `1/(1 + e^reluctance)`), `moved` the same with
/// one item moved. Items add up in a party's utility, and so in its reluctance: each is tried once, and sums stand for the rest.
pub fn best(items: &[(Lever, Vec<f64>); ITEMS], offer: &[f64], moved: impl Fn(Lever, f64) -> Vec<f64>) -> Package {
    let shift = |lever: Lever, value: f64| -> Vec<f64> {
        moved(lever, value).iter().zip(offer).map(|(moved, offer)| moved - offer).collect()
    };
    let shifts: Vec<Vec<Vec<f64>>> =
        items.iter().map(|(lever, options)| options.iter().map(|&value| shift(*lever, value)).collect()).collect();
    let mut search = Search { shifts: &shifts, chosen: [0; ITEMS], found: None };
    search.go(0, offer);
    let found = search.found.map_or([0; ITEMS], |(found, _)| found);
    Package(std::array::from_fn(|item| (items[item].0, items[item].1[found[item]])))
}

/// All combinations, one item after the other.
struct Search<'a> {
    /// By item and option, what it adds to the reluctance of each party.
    shifts: &'a [Vec<Vec<f64>>],
    chosen: [usize; ITEMS],
    found: Option<([usize; ITEMS], f64)>,
}

impl Search<'_> {
    fn go(&mut self, item: usize, reluctance: &[f64]) {
        let Some(options) = self.shifts.get(item) else {
            let all: f64 = reluctance.iter().map(|r| 1.0 / (1.0 + libm::exp(*r))).product();
            if self.found.is_none_or(|(_, most)| all > most) {
                self.found = Some((self.chosen, all));
            }
            return;
        };
        for (option, shift) in options.iter().enumerate() {
            self.chosen[item] = option;
            let moved: Vec<f64> = reluctance.iter().zip(shift).map(|(r, shift)| r + shift).collect();
            self.go(item + 1, &moved);
        }
    }
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
        Lever::ArmsResupply,
        Lever::CoalitionExitDate,
    ],
    events: &[EventKind::Lever],
    source: include_str!("packages.rs"),
    links,
};

/// Where all sign one deal they may sign a package of their own, and it stands.
fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    let Some(collective) = rules.collective else { return };
    link(Node::Lever(Lever::DealInterdependence), Node::Table(collective));
    for (lever, _) in items(&rules.frame.levers, 0) {
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
    fn arms_and_an_exit_help_one_side_and_cost_the_other_and_are_neutral_as_they_stand() {
        let full = Parameters::default();
        let usual = Lever::ArmsResupply.row().default;
        for who in [Trade::None, Trade::Gains, Trade::Pays] {
            assert_eq!(arms_package(who, usual, &full), (0.0, 0.0));
            assert_eq!(exit_package(who, OFF, &full), (0.0, 0.0));
            // Off by default: with the lever at 0 they are worth nothing to anybody.
            let off = Parameters::at_start();
            assert!(arms_package(who, 3.0, &off).0.abs() < 1e-15 && arms_package(who, 3.0, &off).1.abs() < 1e-15);
            assert_eq!(exit_package(who, 60.0, &off), (0.0, 0.0));
        }
        assert!(arms_package(Trade::Gains, 1.5, &full).0 > 0.0 && arms_package(Trade::Gains, 0.5, &full).0 < 0.0);
        assert!(arms_package(Trade::Pays, 1.5, &full).1 > 0.0 && arms_package(Trade::Pays, 0.5, &full).1 < 0.0);
        assert!(exit_package(Trade::Gains, 60.0, &full).0 > 0.0 && exit_package(Trade::Pays, 60.0, &full).1 > 0.0);
        // Relief has a price for the side that gives it, which a cap may or may not be worth.
        assert!(nuclear_package(Nuclear::Reassured, 0.0, 1.0, &full).1 > 0.0);
        assert_eq!(nuclear_package(Nuclear::Reassured, 0.0, 1.0, &Parameters::at_start()), (0.0, 0.0));
    }

    #[test]
    fn options_are_what_levers_admit_and_a_dated_exit_stays() {
        let mut levers = LeverSet::default();
        let count = |levers: &LeverSet| items(levers, 20).iter().map(|(_, options)| options.len()).product::<usize>();
        assert_eq!(count(&levers), 972);
        for (lever, options) in items(&levers, 20) {
            for (i, value) in options.iter().enumerate() {
                assert!(lever.admit(*value).is_ok() && !options[..i].contains(value), "{} {value}", lever.id());
            }
        }
        levers.set(Lever::CoalitionExitDate, 90.0);
        levers.set(Lever::ArmsResupply, 2.0);
        let [.., (_, arms), (_, exit)] = items(&levers, 20);
        assert_eq!((arms, exit), (vec![2.0, 0.5, 1.0, 1.5], vec![90.0]));
    }

    /// The search by sums finds what trying every package finds.
    #[test]
    fn the_best_package_is_the_one_with_the_largest_product() {
        let items = items(&LeverSet::default(), 0);
        let key = crate::chance::Key::new(7, 0).of("packages of a test").timeless();
        for trial in 0..20_u32 {
            let weight = |party: usize, item: usize| 4.0 * key.uniform(100 * trial + (10 * party + item) as u32) - 2.0;
            let offer: Vec<f64> = (0..5).map(|party| weight(party, 8)).collect();
            let start = LeverSet::default();
            let reluctance = |levers: &LeverSet| -> Vec<f64> {
                let moved = |party: usize| -> f64 {
                    let by = items
                        .iter()
                        .enumerate()
                        .map(|(i, (lever, _))| weight(party, i) * (levers[*lever] - start[*lever]).clamp(-3.0, 3.0));
                    by.sum()
                };
                offer.iter().enumerate().map(|(party, r)| r + moved(party)).collect()
            };
            let product =
                |levers: &LeverSet| reluctance(levers).iter().map(|r| 1.0 / (1.0 + libm::exp(*r))).product::<f64>();
            let one = |lever: Lever, value: f64| {
                let mut levers = start.clone();
                levers.set(lever, value);
                reluctance(&levers)
            };
            let found = product(&best(&items, &offer, one).over(&start));
            let mut most = 0.0_f64;
            let total: usize = items.iter().map(|(_, options)| options.len()).product();
            for mut number in 0..total {
                let mut levers = start.clone();
                for (lever, options) in &items {
                    levers.set(*lever, options[number % options.len()]);
                    number /= options.len();
                }
                most = most.max(product(&levers));
            }
            assert!((found - most).abs() <= 1e-12 * most, "trial {trial}: {found} and {most}");
        }
        assert_eq!(agreed(0.0, 0.3, 0.9).to_bits(), 0.3_f64.to_bits());
        assert!(agreed(0.5, 0.3, 0.9) > 0.3 && agreed(1.0, 0.3, 0.9) > agreed(0.5, 0.3, 0.9));
    }

    /// Where no party minds, arms and the exit stay as they are.
    #[test]
    fn what_nobody_minds_is_not_moved() {
        let levers = LeverSet::default();
        let package = best(&items(&levers, 0), &[0.0, 0.0], |_, _| vec![0.0, 0.0]);
        let of = |lever: Lever| package.0.iter().find(|(other, _)| *other == lever).map(|(_, value)| *value);
        assert_eq!(of(Lever::ArmsResupply), Some(levers[Lever::ArmsResupply]));
        assert_eq!(of(Lever::CoalitionExitDate), Some(OFF));
    }
}
