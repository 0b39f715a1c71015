//! Phase 3: the balance at home: reformists and hard-liners, the leader's patience, unrest (6.19).

use crate::sim::event::{Event, EventKind};
use crate::sim::mechanism::{Mechanism, Node, held};
use crate::sim::rules::Rules;
use crate::sim::state::{Agreement, Economy, Factions, Ledger, Pair};
use crate::sim::strategy::caution::with_iran;
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// What moves the balance at home today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Reformists' weight at rest (x⁰).
    pub rest: f64,
    /// Sanctions relief delivered, 0 to 1.
    pub relief: f64,
    /// Whether talks are open.
    pub talks: bool,
    /// Whether a strike on home soil is fresh.
    pub shock: bool,
    /// Sanctions pressure above that of the start.
    pub pressure: f64,
    /// Whether an answer is owed.
    pub owed: bool,
    /// Economic stress E.
    pub stress: f64,
}

/// Reformists' weight at rest: the scenario's, moved as far as the lever is from its default.
#[inline]
#[must_use]
pub fn rest(of_scenario: f64, levers: &LeverSet) -> f64 {
    let lever = Lever::IranReformists;
    (of_scenario + levers[lever] - lever.row().default).clamp(0.0, 1.0)
}

/// Reformists' weight tomorrow: `x + .01 [x⁰ + .3 relief + .2 talks − .25 shock − .2 (S − S⁰) − x]`.
///
/// Pressure counts against that of the start, so that the weight at rest is the one a reader sees on day 0.
#[inline]
#[must_use]
pub fn reformists(now: f64, i: &Inputs, p: &Parameters) -> f64 {
    let mut pull = i.rest + p.faction_relief * i.relief - p.faction_pressure * i.pressure;
    if i.talks {
        pull += p.faction_talks;
    }
    if i.shock {
        pull -= p.faction_shock;
    }
    (now + p.faction_rate * (pull - now)).clamp(0.0, 1.0)
}

/// The leader's patience tomorrow: `π + .004 (1 − π) − loss [an answer is owed]`.
#[inline]
#[must_use]
pub fn patience(now: f64, owed: bool, p: &Parameters) -> f64 {
    (now + p.patience_gain * (1.0 - now) - if owed { p.patience_loss } else { 0.0 }).clamp(0.0, 1.0)
}

/// Legitimacy: `.75 + .1 x − .15 E`.
#[inline]
#[must_use]
pub fn legitimacy(reformists: f64, stress: f64, p: &Parameters) -> f64 {
    (p.legitimacy_base + p.legitimacy_reformists * reformists - p.legitimacy_stress * stress).clamp(0.0, 1.0)
}

/// Share of people who would join in unrest today, in the mean field of Epstein (2002): `E_{h,r} [h G − r a > T]` with
/// hardship h and risk aversion r uniform, grievance `G = H (1 − ℒ)` and chance of arrest `a = 1 − e^(−2.3 police / A)`.
#[must_use]
pub fn joining(legitimacy: f64, unrest: f64, p: &Parameters) -> f64 {
    let grievance = p.unrest_hardship * (1.0 - legitimacy);
    let above = grievance - p.unrest_threshold;
    if above <= 0.0 {
        return 0.0;
    }
    let arrest = if unrest > 1e-9 { -libm::expm1(-2.3 * p.unrest_police / unrest) } else { 1.0 };
    // The integral of min(1, (h G − T) / a) over the hardships that pass the threshold.
    if above <= arrest { above * above / (2.0 * grievance * arrest) } else { (above - arrest / 2.0) / grievance }
}

/// Unrest tomorrow: `.9 A + .1 (share who would join)`.
#[inline]
#[must_use]
pub fn unrest(now: f64, joining: f64) -> f64 {
    0.9 * now + 0.1 * joining
}

/// Moves every balance on by a day.
pub fn balance(
    rules: &Rules,
    levers: &LeverSet,
    today: i32,
    agreements: &[Agreement],
    economies: &[Economy],
    ledgers: &[Ledger],
    pairs: &[Pair],
    factions: &mut [Factions],
    journal: &mut Vec<Event>,
) {
    let p = &rules.p;
    for (i, (rule, f)) in rules.factions.iter().zip(factions).enumerate() {
        let economy = rule.economy.map(|e| economies[e]);
        let since = |(pair, side): &(usize, usize)| f64::from(today - pairs[*pair].last_fire[*side]);
        let relieved = rule.relief_table.is_some_and(|table| rules.truce(table, levers, agreements).is_some());
        let inputs = Inputs {
            rest: rest(rule.reformists, levers),
            relief: if relieved { levers[Lever::SanctionsRelief] } else { 0.0 },
            talks: crate::sim::strategy::caution::talks_open(rules, agreements),
            shock: rule.struck_by.iter().any(|side| since(side) < p.shock_days),
            pressure: economy.map_or(0.0, |e| e.sanctions) - rule.economy.map_or(0.0, |e| rules.economies[e].sanctions),
            owed: rules.actors[rule.actor].ledgers.iter().any(|&l| ledgers[l].owed),
            stress: economy.map_or(0.0, |e| e.stress()),
        };
        f.reformists = reformists(f.reformists, &inputs, p);
        f.patience = patience(f.patience, inputs.owed, p);
        f.unrest = unrest(f.unrest, joining(legitimacy(f.reformists, inputs.stress, p), f.unrest, p));
        let repression = f.unrest > p.repression_share;
        if repression != f.repression {
            f.repression = repression;
            journal.push(Event::Unrest { factions: i as u16, repressed: repression });
        }
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "factions",
    phase: 3,
    title: "Reformists and hard-liners, the leader's patience, unrest",
    section: "6.19",
    reads: &["Agreement", "Economy", "Ledger", "Pair"],
    writes: &["Factions"],
    levers: &[Lever::SanctionsRelief, Lever::IranReformists],
    events: &[EventKind::Unrest],
    source: include_str!("factions.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, f) in rules.factions.iter().enumerate() {
        let me = Node::Factions(i);
        f.economy.iter().for_each(|&e| link(Node::Economy(e), me));
        f.struck_by.iter().for_each(|&(pair, _)| link(Node::Pair(pair), me));
        rules.actors[f.actor].ledgers.iter().for_each(|&l| link(Node::Ledger(l), me));
        held(rules, f.relief_table, me, link);
        link(Node::Lever(Lever::SanctionsRelief), me);
        link(Node::Lever(Lever::IranReformists), me);
        for (t, _) in rules.tables.iter().enumerate().filter(|(_, t)| with_iran(t)) {
            link(Node::Table(t), me);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Inputs =
        Inputs { rest: 0.45, relief: 0.0, talks: false, shock: false, pressure: 0.0, owed: false, stress: 0.0 };

    #[test]
    fn reformists_rest_where_they_are_and_move_in_their_stated_directions() {
        let p = Parameters::at_start();
        assert!((reformists(0.45, &REST, &p) - 0.45).abs() < 1e-12);
        for more in [Inputs { relief: 1.0, ..REST }, Inputs { talks: true, ..REST }, Inputs { pressure: -0.4, ..REST }]
        {
            assert!(reformists(0.45, &more, &p) > 0.45);
        }
        for less in [Inputs { shock: true, ..REST }, Inputs { pressure: 0.4, ..REST }] {
            assert!(reformists(0.45, &less, &p) < 0.45);
        }
    }

    #[test]
    fn the_lever_moves_the_resting_weight_and_nothing_at_its_default() {
        let mut levers = LeverSet::default();
        assert!((rest(0.3, &levers) - 0.3).abs() < 1e-12);
        levers.set(Lever::IranReformists, 0.9);
        assert!((rest(0.45, &levers) - 0.9).abs() < 1e-12 && rest(0.9, &levers) <= 1.0);
    }

    #[test]
    fn patience_wears_out_in_months_and_comes_back() {
        let p = Parameters::at_start();
        let after = |days: u32, owed: bool| (0..days).fold(0.7, |now, _| patience(now, owed, &p));
        assert!(after(60, true) < 0.6 && after(60, true) > 0.3);
        assert!(after(2000, true) < 0.05 && after(2000, false) > 0.99);
    }

    /// The closed form against the integral it stands for, on a grid.
    #[test]
    fn the_mean_field_of_unrest_is_the_integral_it_stands_for() {
        let p = Parameters::at_start();
        for (legitimacy, now) in [(0.795, 0.01), (0.6, 0.05), (0.4, 0.2), (0.1, 0.6), (0.9, 0.1)] {
            let n = 1000;
            let arrest = -libm::expm1(-2.3 * p.unrest_police / now);
            let cell = |k: i32| (f64::from(k) + 0.5) / f64::from(n);
            let would = |h: f64, r: f64| h * p.unrest_hardship * (1.0 - legitimacy) - r * arrest > p.unrest_threshold;
            let count =
                (0..n).flat_map(|h| (0..n).map(move |r| (h, r))).filter(|&(h, r)| would(cell(h), cell(r))).count();
            let share = count as f64 / f64::from(n * n);
            assert!((joining(legitimacy, now, &p) - share).abs() < 2e-3, "{legitimacy} {now}: {share}");
        }
    }

    #[test]
    fn hardship_feeds_unrest_and_unrest_shelters_it() {
        let p = Parameters::at_start();
        assert!(joining(0.5, 0.05, &p) > joining(0.7, 0.05, &p));
        assert!(joining(0.5, 0.2, &p) > joining(0.5, 0.05, &p));
        let settle = |stress: f64| {
            let l = legitimacy(0.4, stress, &p);
            (0..500).fold(0.0, |now, _| unrest(now, joining(l, now, &p)))
        };
        assert!(settle(0.0) < 0.02, "calm at rest: {}", settle(0.0));
        assert!(settle(1.0) > settle(0.5) && settle(0.5) > settle(0.0));
    }
}
