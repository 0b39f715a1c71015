//! What a strategic strike is aimed at, and civilian restraint (6.6).

use crate::scenario::raw::SiteKind;
use crate::sim::rules::{ActorRules, Rules};
use crate::sim::state::TargetClass;
use crate::symbols::parameters::Parameters;

/// Every class, with the escalation level of a front from which it is open to attack.
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
    /// A target-set lever: 0 military and leadership, 1 and energy, 2 and nuclear.
    TargetSet(u8),
    /// No limit but restraint.
    Open,
}

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

/// Draws a site of a class among those of the target; `None` where it has none.
#[must_use]
pub fn choose_site(u: f64, rules: &Rules, target: usize, class: TargetClass) -> Option<usize> {
    let sites = &rules.actors[target].sites;
    let count: usize = kinds(class).iter().filter_map(|kind| sites.get(kind)).map(Vec::len).sum();
    let mut pick = (u * count as f64) as usize;
    for of_kind in kinds(class).iter().filter_map(|kind| sites.get(kind)) {
        if pick < of_kind.len() {
            return Some(of_kind[pick]);
        }
        pick -= of_kind.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restraint_takes_weight_from_energy_and_population_only() {
        let p = Parameters::default();
        for (class, _) in CLASSES {
            let (none, full) = (weight(class, 0.0, &p), weight(class, 1.0, &p));
            match class {
                TargetClass::Energy | TargetClass::Population => assert!(full.abs() < 1e-12 && none > 0.0),
                _ => assert!((full - none).abs() < 1e-12),
            }
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
}
