//! Phase 5: restraint that is bought and returned (ours, after 6.4). A debt can be settled through mediators; whoever let an answer go or
//! pledges limits is struck less by the other; past the threshold of war the caution of both sides has a say. The same equations
//! for every holder; with the lever `exchange.restraint` at 0 nothing of it acts.

use crate::sim::event::{Event, EventKind};
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term, terms};
use crate::sim::rules::{LedgerRules, Rules};
use crate::sim::state::{Ledger, Pair, Standing, Strike};
use crate::sim::strategy::caution::{caution, caution_links, intensity, mediation};
use crate::sim::strategy::scene::Scene;
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// How far a pledge goes beyond the usual restraint: `max(0, (lever − usual) / (1 − usual))`.
#[inline]
#[must_use]
pub fn pledge(lever: f64, usual: f64) -> f64 {
    ((lever - usual) / (1.0 - usual)).max(0.0)
}

/// Restraint that one side has shown the other, 0 to 1: `R = 1 − (1 − forgone) (1 − w · pledge)`.
#[inline]
#[must_use]
pub fn shown(forgone: f64, pledge: f64, p: &Parameters) -> f64 {
    1.0 - (1.0 - forgone) * (1.0 - p.reciprocity_pledges * pledge)
}

/// Factor on blows at whoever has shown restraint: `e^(−lever · β · R)`.
#[inline]
#[must_use]
pub fn returned(lever: f64, shown: f64, p: &Parameters) -> f64 {
    libm::exp(-lever * p.reciprocity_blows * shown)
}

/// What a settlement rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// The lever.
    pub lever: f64,
    /// Mediation m̄ at the table of the two, 0 to 1.
    pub mediation: f64,
    /// Caution B of the holder.
    pub caution: f64,
    /// Restraint R that the other side has shown.
    pub shown: f64,
    /// Unanswered harm L, blows.
    pub blows: f64,
    /// Threshold θ, blows.
    pub theta: f64,
}

/// Chance that a debt is settled today: `1 − exp(−lever · η · m̄ · Λ(B + κ R − ln(L/θ)))`: the more is mediated, the more the
/// holder has to fear and the other has given, and the smaller the debt.
#[inline]
#[must_use]
pub fn settlement(i: &Inputs, p: &Parameters) -> f64 {
    let logit = i.caution + p.settle_reciprocity * i.shown - libm::log(i.blows.max(1e-9) / i.theta);
    -libm::expm1(-i.lever * p.settle_rate * i.mediation / (1.0 + libm::exp(-logit)))
}

/// What caution has to hold, past the threshold of war: `s = lever · σ · (θ_w / L)^k`; nothing with the lever at 0, less and less
/// as the larger ledger of the two grows.
#[inline]
#[must_use]
pub fn patience(lever: f64, largest: f64, p: &Parameters) -> f64 {
    if lever <= 0.0 { 0.0 } else { lever * p.war_patience * libm::pow(p.theta_war / largest, p.war_patience_debt) }
}

/// Chance that a day past the threshold of war is a day of war: `e^(−s (B_a + B_b))`; certain without patience.
#[inline]
#[must_use]
pub fn onset(patience: f64, both: f64) -> f64 {
    libm::exp(-patience * both.max(0.0))
}

/// The table at which the two of a ledger are brought together, if one is: the first that binds them and is their own.
#[must_use]
pub fn table(l: &LedgerRules, rules: &Rules) -> Option<usize> {
    l.restrained_by.iter().copied().find(|&table| !rules.tables[table].collective)
}

/// Restraint that the holder of a ledger has shown the one it is held against.
#[must_use]
pub fn shown_by(ledger: usize, rules: &Rules, levers: &LeverSet, ledgers: &[Ledger]) -> f64 {
    let pledged = rules.ledgers[ledger].restraint.map_or(0.0, |lever| pledge(levers[lever], lever.row().default));
    shown(ledgers[ledger].forgone, pledged, &rules.p)
}

/// Lets what was shown fade, and what was shown by whoever strikes today is forgotten.
pub fn fade(rules: &Rules, decided: &[Strike], ledgers: &mut [Ledger]) {
    let daily = libm::exp2(-1.0 / rules.p.forgone_half_life);
    for (l, ledger) in rules.ledgers.iter().zip(ledgers).filter(|(_, ledger)| ledger.forgone > 0.0) {
        let strikes = |s: &Strike| usize::from(s.actor) == l.holder && usize::from(s.opponent) == l.against;
        // What is left of a hundredth is as good as nothing.
        let left = if decided.iter().any(strikes) { 0.0 } else { ledger.forgone * daily };
        ledger.forgone = if left < 0.01 { 0.0 } else { left };
    }
}

/// Decides, for every debt of a pair that is not at war, whether it is settled through mediators today: `(1 − share)` of the harm
/// stays in the ledger, and the answer is no longer owed unless that is still past the threshold. It costs the holder less of its
/// name than silence does, and it counts as restraint shown.
pub fn settle_debts<P: Probe>(
    scene: &Scene<'_>,
    pairs: &[Pair],
    ledgers: &mut [Ledger],
    standings: &mut [Standing],
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    let Scene { rules, levers, luck, today, .. } = *scene;
    let (p, lever) = (&rules.p, levers[Lever::ExchangeRestraint]);
    if lever <= 0.0 {
        return;
    }
    for me in 0..ledgers.len() {
        let (l, ledger) = (&rules.ledgers[me], ledgers[me]);
        let Some(table) = table(l, rules).filter(|_| ledger.owed && !pairs[l.pair].war) else { continue };
        let inputs = Inputs {
            lever,
            mediation: mediation(rules, levers, scene.channels, table),
            caution: caution(l.caution, rules, levers, scene.channels, scene.agreements, scene.hosts, today),
            shown: l.reverse.map_or(0.0, |theirs| shown_by(theirs, rules, levers, ledgers)),
            blows: ledger.blows,
            theta: l.theta,
        };
        let (chance, draw) = (settlement(&inputs, p), luck.answer[me].day(today).uniform(1));
        probe.decided(|| explain(me, table, &inputs, chance, draw, scene));
        if draw >= chance {
            continue;
        }
        let left = (1.0 - p.settle_share) * ledger.blows;
        ledgers[me] = Ledger {
            blows: left,
            other_count: (1.0 - p.settle_share) * ledger.other_count,
            owed: left >= l.theta,
            forgone: 1.0,
            ..ledger
        };
        let standing = &mut standings[l.holder];
        standing.resolve = (standing.resolve - p.settle_resolve).max(0.0);
        journal.push(Event::AnswerSettled { ledger: me as u16 });
    }
}

/// The terms of a settlement, each with the chance in its absence.
fn explain(me: usize, table: usize, i: &Inputs, chance: f64, draw: f64, scene: &Scene<'_>) -> Decision {
    let Scene { rules, levers, channels, .. } = *scene;
    let p = &rules.p;
    let term = terms(|i: &Inputs| settlement(i, p));
    let mut terms = vec![
        term(
            "restraint bought and returned",
            i.lever,
            "share",
            0.0,
            Inputs { lever: 0.0, ..*i },
            Source::Lever(Lever::ExchangeRestraint),
        ),
        term("unanswered harm", i.blows, "blows", i.theta, Inputs { blows: i.theta, ..*i }, Source::Ledger(me as u16)),
        term("caution", i.caution, "logit", 0.0, Inputs { caution: 0.0, ..*i }, Source::Given),
    ];
    if let Some(theirs) = rules.ledgers[me].reverse {
        let without = Inputs { shown: 0.0, ..*i };
        terms.push(term(
            "restraint shown by the other",
            i.shown,
            "share",
            0.0,
            without,
            Source::Forgone(theirs as u16),
        ));
    }
    // Any of several may do: without one of them the rest may still come to all that counts, without all nothing is settled.
    terms.push(term(
        "mediation",
        i.mediation,
        "intensity",
        0.0,
        Inputs { mediation: 0.0, ..*i },
        Source::Mediation(table as u16),
    ));
    for &(c, weight) in &rules.tables[table].channels {
        let open = intensity(rules, levers, channels, c);
        let others: f64 = rules.tables[table]
            .channels
            .iter()
            .filter(|(other, _)| *other != c)
            .map(|&(other, weight)| weight * intensity(rules, levers, channels, other))
            .sum();
        terms.push(Term {
            name: rules.channels[c].name.clone().into(),
            value: weight * open,
            unit: "intensity",
            neutral: 0.0,
            without: settlement(&Inputs { mediation: others.min(1.0), ..*i }, p),
            source: Source::Channel(c as u16),
        });
    }
    Decision { subject: Subject::Settlement(me as u16), chance, draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "restraint",
    phase: 5,
    title: "Restraint bought and returned: debts settled through mediators, what was let go, patience past the threshold of war",
    section: "after 6.4",
    reads: &["Agreement", "Channel", "Host", "Pair"],
    writes: &["Ledger", "Standing"],
    levers: &[Lever::ExchangeRestraint, Lever::RestraintIrn, Lever::RestraintIsrIrn],
    events: &[EventKind::AnswerSettled],
    source: include_str!("restraint.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    let switch = Node::Lever(Lever::ExchangeRestraint);
    for (i, l) in rules.ledgers.iter().enumerate() {
        // Past the threshold of war the caution of both has a say in an answer.
        let me = Node::Answer(i);
        link(switch, me);
        if let Some(theirs) = l.reverse {
            link(Node::Ledger(theirs), me);
            caution_links(rules.ledgers[theirs].caution, rules, me, link);
        }
        let Some(table) = table(l, rules) else { continue };
        let me = Node::Ledger(i);
        link(switch, me);
        link(Node::Pair(l.pair), me);
        caution_links(l.caution, rules, me, link);
        for &(c, _) in &rules.tables[table].channels {
            link(Node::Channel(c), me);
            link(Node::Lever(rules.channels[c].lever), me);
        }
        if let Some(theirs) = l.reverse {
            link(Node::Ledger(theirs), me);
            rules.ledgers[theirs].restraint.iter().for_each(|&pledge| link(Node::Lever(pledge), me));
        }
        link(me, Node::Resolve(l.holder));
    }
    for (i, rule) in rules.initiatives.iter().enumerate() {
        let me = Node::Initiative(i);
        let Some(own) = rule.own_ledger else { continue };
        // A blow at the other is the end of what was let go.
        link(me, Node::Ledger(own));
        if let Some(theirs) = rules.ledgers[own].reverse {
            link(switch, me);
            link(Node::Ledger(theirs), me);
            rules.ledgers[theirs].restraint.iter().for_each(|&pledge| link(Node::Lever(pledge), me));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWED: Inputs = Inputs { lever: 1.0, mediation: 0.5, caution: 0.5, shown: 0.0, blows: 3.0, theta: 2.5 };

    #[test]
    fn a_debt_is_settled_the_sooner_the_more_is_mediated_feared_and_given_and_the_less_is_owed() {
        let p = Parameters::at_start();
        let base = settlement(&OWED, &p);
        assert!(base > 0.0 && base < 1.0);
        for more in [
            Inputs { mediation: 1.0, ..OWED },
            Inputs { caution: 1.0, ..OWED },
            Inputs { shown: 0.5, ..OWED },
            Inputs { blows: 2.6, ..OWED },
        ] {
            assert!(settlement(&more, &p) > base, "{more:?}");
        }
        for never in [Inputs { lever: 0.0, ..OWED }, Inputs { mediation: 0.0, ..OWED }] {
            assert_eq!(settlement(&never, &p).to_bits(), 0.0_f64.to_bits(), "{never:?}");
        }
    }

    #[test]
    fn restraint_is_shown_by_letting_go_and_by_pledges_and_both_together_are_no_more_than_whole() {
        let p = Parameters::at_start();
        assert!(shown(0.0, 0.0, &p).abs() < 1e-15);
        assert!((shown(1.0, 0.0, &p) - 1.0).abs() < 1e-15 && (shown(1.0, 1.0, &p) - 1.0).abs() < 1e-15);
        assert!((shown(0.0, 1.0, &p) - p.reciprocity_pledges).abs() < 1e-15);
        assert!(pledge(0.5, 0.5).abs() < 1e-15 && (pledge(1.0, 0.5) - 1.0).abs() < 1e-15);
        assert!(pledge(0.2, 0.5).abs() < 1e-15, "less than usual is no pledge");
        assert_eq!(returned(0.0, 1.0, &p).to_bits(), 1.0_f64.to_bits());
        assert!(returned(1.0, 1.0, &p) < returned(1.0, 0.5, &p) && returned(1.0, 0.5, &p) < 1.0);
    }

    /// The threshold of war is a step without patience, and a slope of caution with it.
    #[test]
    fn past_the_threshold_caution_holds_for_a_while() {
        let p = Parameters::at_start();
        assert_eq!(onset(patience(0.0, 9.0, &p), 1.2).to_bits(), 1.0_f64.to_bits());
        let at = |largest: f64, both: f64| onset(patience(1.0, largest, &p), both);
        assert!(at(p.theta_war, 1.2) < 0.5, "{}", at(p.theta_war, 1.2));
        assert!(at(1.5 * p.theta_war, 1.2) > at(p.theta_war, 1.2), "more harm, sooner");
        assert!(at(p.theta_war, 2.0) < at(p.theta_war, 1.0), "more caution, later");
        assert!(at(10.0 * p.theta_war, 1.2) > 0.95, "no caution holds whatever happens");
        assert!((at(p.theta_war, -3.0) - 1.0).abs() < 1e-15, "boldness makes no day more than a day");
    }
}
