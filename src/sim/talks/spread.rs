//! Violations that spread (claim H1): fire goes on under an agreement the more, the more those it is linked with have just been
//! shaken: by a collapse, by a blow on their front, or by being left out of a deal that holds the rest. The same for every table.

use crate::record::probe::Source;
use crate::sim::mechanisms::Mechanism;
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

/// What has shaken a table lately, if anything has: the newest of a collapse and a blow, or that a deal leaves it out.
#[must_use]
pub fn shaken(
    table: usize,
    rules: &Rules,
    levers: &LeverSet,
    agreements: &[Agreement],
    fronts: &[Front],
    today: i32,
) -> Option<Source> {
    let days = |day: i32| f64::from(today - day);
    let since = agreements[table].last_collapse;
    if days(since) <= rules.p.spread_days {
        return Some(Source::Collapse(table as u16));
    }
    if let Some(front) = rules.tables[table].front.filter(|&f| days(fronts[f].last_blow) <= rules.p.spread_days) {
        return Some(Source::Trigger(front as u16));
    }
    let left_out = rules.collective_in_force(agreements).and_then(|_| rules.left_out(levers));
    let excluded = left_out.is_some() && !rules.settles(table, left_out);
    excluded.then_some(Source::Lever(Lever::DealLeftOut))
}

/// Share of the tables linked with one that are shaken.
#[must_use]
pub fn share(
    table: usize,
    rules: &Rules,
    levers: &LeverSet,
    agreements: &[Agreement],
    fronts: &[Front],
    today: i32,
) -> f64 {
    let links = &rules.tables[table].links;
    if links.is_empty() {
        return 0.0;
    }
    let shaken = links.iter().filter(|&&l| shaken(l, rules, levers, agreements, fronts, today).is_some()).count();
    shaken as f64 / links.len() as f64
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "spread",
    phase: 7,
    title: "Violations that spread from one linked agreement to another",
    section: "6.2",
    reads: &[],
    writes: &[],
    levers: &[Lever::DealLinkage, Lever::DealLeftOut],
    events: &[],
    source: include_str!("spread.rs"),
    links: |_, _| {},
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::state::start;

    #[test]
    fn fire_under_a_truce_rises_with_what_has_shaken_the_others_and_with_linkage() {
        let off = Parameters { violation_spread: 0.0, ..Parameters::default() };
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
        let of =
            |agreements: &[Agreement], fronts: &[Front], day| shaken(gaza, &rules, &levers, agreements, fronts, day);
        fronts[front].last_blow = -100;
        assert_eq!(of(&agreements, &fronts, 10), None);
        fronts[front].last_blow = 5;
        assert_eq!(of(&agreements, &fronts, 10), Some(Source::Trigger(front as u16)));
        assert_eq!(of(&agreements, &fronts, 40), None, "it passes");
        agreements[gaza].last_collapse = 35;
        assert_eq!(of(&agreements, &fronts, 40), Some(Source::Collapse(gaza as u16)));
        let lebanon = rules.table("LEB").unwrap();
        assert!(rules.tables[lebanon].links.contains(&gaza));
        assert!(share(lebanon, &rules, &levers, &agreements, &fronts, 40) > 0.0);
    }
}
