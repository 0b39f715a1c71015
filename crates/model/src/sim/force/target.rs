//! What a strategic strike is aimed at, and civilian restraint (6.6).

use crate::scenario::raw::SiteKind;
use crate::sim::mechanism::Mechanism;
use crate::sim::rules::{ActorRules, Rules};
use crate::sim::state::TargetClass;
use crate::symbols::parameters::Parameters;
use std::collections::BTreeMap;

/// Every class, with the level from which it is open to attack where a front's level decides ([`Doctrine::Level`]).
pub const CLASSES: [(TargetClass, u8); 6] = [
    (TargetClass::Military, 0),
    (TargetClass::Leadership, 3),
    (TargetClass::StateAssets, 4),
    (TargetClass::Energy, 5),
    (TargetClass::Nuclear, 6),
    (TargetClass::Population, 6),
];

/// Kinds of sites that belong to a class.
#[must_use]
pub const fn kinds(class: TargetClass) -> &'static [SiteKind] {
    match class {
        TargetClass::Military => &[SiteKind::Base, SiteKind::LaunchArea, SiteKind::UsBase],
        TargetClass::Leadership | TargetClass::Population => &[SiteKind::City],
        TargetClass::StateAssets => &[SiteKind::Port],
        TargetClass::Energy => &[SiteKind::Energy],
        TargetClass::Nuclear => &[SiteKind::Nuclear],
    }
}

/// What decides which classes are open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Doctrine {
    /// The front's level opens classes step by step.
    Level(u8),
    /// A target-set lever short of "any": 0 military sites, 1 energy as well, 2 nuclear sites as well; never leadership, state
    /// assets or population.
    TargetSet(u8),
    /// No limit but restraint.
    Open,
}

/// The doctrine of a holder: what a target-set lever says (the place of its option, "any" the last) where there is one and it sets
/// a limit; else the level of the front, where one decides.
#[must_use]
pub fn doctrine(target_set: Option<u8>, level: Option<u8>) -> Doctrine {
    match (target_set.filter(|&set| set < ANY), level) {
        (Some(set), _) => Doctrine::TargetSet(set),
        (None, Some(level)) => Doctrine::Level(level),
        (None, None) => Doctrine::Open,
    }
}

/// The place of the option "any" of a target-set lever.
const ANY: u8 = 3;

/// Whether a class is open under a doctrine.
#[must_use]
pub fn allowed(class: TargetClass, from_level: u8, doctrine: Doctrine) -> bool {
    match doctrine {
        Doctrine::Level(level) => level >= from_level,
        Doctrine::TargetSet(set) => match class {
            TargetClass::Military => true,
            TargetClass::Leadership | TargetClass::StateAssets | TargetClass::Population => false,
            TargetClass::Energy => set >= 1,
            TargetClass::Nuclear => set >= 2,
        },
        Doctrine::Open => true,
    }
}

/// Weight of a class: `exp(v/τ)`, times `1 − g` for energy and population under a restraint pledge g.
#[must_use]
pub fn weight(class: TargetClass, restraint: f64, p: &Parameters) -> f64 {
    let value = match class {
        TargetClass::Military => p.target_military,
        TargetClass::Leadership => p.target_leadership,
        TargetClass::StateAssets => p.target_state_assets,
        TargetClass::Energy => p.target_energy,
        TargetClass::Nuclear => p.target_nuclear,
        TargetClass::Population => p.target_population,
    };
    let spared = matches!(class, TargetClass::Energy | TargetClass::Population);
    libm::exp(value / p.target_temperature) * if spared { 1.0 - restraint } else { 1.0 }
}

/// Draws a class among those open for which the target has a site; military where there is none at all.
#[must_use]
pub fn choose_class(u: f64, target: &ActorRules, restraint: f64, doctrine: Doctrine, p: &Parameters) -> TargetClass {
    let mut weights = [0.0; CLASSES.len()];
    for (slot, (class, from_level)) in weights.iter_mut().zip(CLASSES) {
        let has_site = kinds(class).iter().any(|kind| target.sites.contains_key(kind));
        if has_site && allowed(class, from_level, doctrine) {
            *slot = weight(class, restraint, p);
        }
    }
    let mut left = u * weights.iter().sum::<f64>();
    for (w, (class, _)) in weights.iter().zip(CLASSES) {
        if left < *w {
            return class;
        }
        left -= w;
    }
    TargetClass::Military
}

/// Draws a site of a class among those of the target; `None` where it has none. Leadership sits at the target's seat, where it
/// has one in a city, and not in any town.
#[must_use]
pub fn choose_site(u: f64, rules: &Rules, target: usize, class: TargetClass) -> Option<usize> {
    let actor = &rules.actors[target];
    match actor.seat.filter(|_| class == TargetClass::Leadership) {
        Some(seat) => Some(seat),
        None => choose_among(u, rules, &actor.sites, kinds(class)),
    }
}

/// Draws the place of a blow: any city of the victim's, the larger the likelier, since its commanders are not killed at its seat
/// alone.
#[must_use]
pub fn choose_place(u: f64, rules: &Rules, victim: usize) -> Option<usize> {
    choose_among(u, rules, &rules.actors[victim].sites, &[SiteKind::City])
}

/// Draws among the sites of some kinds by their weight.
fn choose_among(u: f64, rules: &Rules, sites: &BTreeMap<SiteKind, Vec<usize>>, kinds: &[SiteKind]) -> Option<usize> {
    let of_kinds = || kinds.iter().filter_map(|kind| sites.get(kind)).flatten().copied();
    let weight = |site: usize| rules.frame.sites[site].weight;
    let mut left = u * of_kinds().map(weight).sum::<f64>();
    let mut last = None;
    for site in of_kinds().filter(|&site| weight(site) > 0.0) {
        if left < weight(site) {
            return Some(site);
        }
        left -= weight(site);
        last = Some(site);
    }
    last
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "target",
    phase: 5,
    title: "Target classes and civilian restraint",
    section: "6.6",
    reads: &[],
    writes: &[],
    levers: &[],
    events: &[],
    source: include_str!("target.rs"),
    links: |_, _| {},
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::symbols::levers::{Kind, Lever};

    #[test]
    fn restraint_takes_weight_from_energy_and_population_only() {
        let p = Parameters::at_start();
        for (class, _) in CLASSES {
            let (none, full) = (weight(class, 0.0, &p), weight(class, 1.0, &p));
            match class {
                TargetClass::Energy | TargetClass::Population => assert!(full.abs() < 1e-12 && none > 0.0),
                _ => assert!((full - none).abs() < 1e-12),
            }
        }
    }

    /// Salvos and strikes at leadership go where it sits; killings happen in any town.
    #[test]
    fn leadership_is_struck_at_its_seat_and_not_in_any_town() {
        let rules = Rules::new(&crate::scenario::load("november-2024").unwrap_or_else(|errors| panic!("{errors}")));
        for (id, seat) in [("ISR", "jerusalem"), ("IRN", "tehran"), ("HOU", "sanaa")] {
            let target = rules.actors.iter().position(|a| a.id.text == id).unwrap_or(0);
            let mut places = std::collections::BTreeSet::new();
            for k in 0..50 {
                let u = f64::from(k) / 50.0;
                let site =
                    choose_site(u, &rules, target, TargetClass::Leadership).map(|s| &rules.frame.sites[s].id.text);
                assert_eq!(site.map(String::as_str), Some(seat));
                places.insert(choose_place(u, &rules, target));
            }
            assert!(places.len() > 1 || id == "HOU", "{id} has more than one town");
        }
    }

    #[test]
    fn classes_open_with_the_level_and_with_the_target_set() {
        let open = |doctrine| CLASSES.iter().filter(|(class, from)| allowed(*class, *from, doctrine)).count();
        let by_level: Vec<usize> = (0..=6).map(|level| open(Doctrine::Level(level))).collect();
        assert_eq!(by_level, [1, 1, 1, 2, 3, 4, 6]);
        assert_eq!([0, 1, 2].map(|set| open(Doctrine::TargetSet(set))), [1, 2, 3]);
        assert_eq!(open(Doctrine::Open), 6);
    }

    #[test]
    fn a_holder_that_any_target_is_open_to_is_one_without_the_lever() {
        for level in [None, Some(0), Some(5)] {
            assert_eq!(doctrine(Some(ANY), level), doctrine(None, level));
            for set in 0..ANY {
                assert_eq!(doctrine(Some(set), level), Doctrine::TargetSet(set));
            }
        }
        for lever in [Lever::IsraelTargetSet, Lever::IranTargetSet] {
            let Kind::Choice(options) = lever.row().kind else { panic!("{}", lever.id()) };
            assert_eq!(options[usize::from(ANY)], "any");
        }
    }
}
