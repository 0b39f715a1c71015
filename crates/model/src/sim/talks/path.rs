//! Phase 4: Gaza from truce over aid and withdrawal to one administration, elections and reconstruction (6.18, 12.11, 12.12).

use crate::chance::quantile::normal;
use crate::sim::event::{Event, EventKind, PathStep};
use crate::sim::force::ladder::quiet_since;
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node, held};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term};
use crate::sim::rules::Rules;
use crate::sim::state::{Agreement, Council, Fire, Front, NEVER, Path, Territory};
use crate::sim::talks::truce::violations;
use crate::sim::talks::{ballot, texts};
use crate::symbols::levers::{Lever, LeverSet, OFF};
use crate::symbols::parameters::Parameters;

/// Aid that the parties let in, trucks a day: the lever in war; under a truce 600, or the lever where that is more, and less
/// in proportion where the lever lies below its default.
#[inline]
#[must_use]
pub fn aid_level(lever: f64, truce: bool, p: &Parameters) -> f64 {
    if truce { lever.max(p.aid_truce * (lever / Lever::AidAccess.row().default).min(1.0)) } else { lever }
}

/// Factor of aid on deaths per event: `(1 + s − s · min(1, aid/600))` against that of the start's 60 trucks a day, at which
/// the deaths per event were chosen.
#[inline]
#[must_use]
pub fn aid_on_deaths(aid: f64, p: &Parameters) -> f64 {
    let factor = |trucks: f64| 1.0 + p.aid_deaths - p.aid_deaths * (trucks / p.aid_truce).min(1.0);
    factor(aid) / factor(Lever::AidAccess.row().default)
}

/// How far the crossings are open to trade: half under a truce, the other half once reconstruction is under way.
#[inline]
#[must_use]
pub fn crossings_open(truce: bool, rebuilding: bool) -> f64 {
    0.5 * f64::from(u8::from(truce)) + 0.5 * f64::from(u8::from(truce && rebuilding))
}

/// Economic activity tomorrow, 1 where aid under a truce comes in and nothing is traded: `y + ρ (aid/600 + trade · open − y)`.
#[inline]
#[must_use]
pub fn activity(now: f64, aid: f64, trade: f64, open: f64, p: &Parameters) -> f64 {
    now + p.activity_rate * (aid / p.aid_truce + trade * open - now)
}

/// Compliance with a truce: `1 / (1 + Ē/3)`.
#[inline]
#[must_use]
pub fn compliance(violations: f64, p: &Parameters) -> f64 {
    1.0 / (1.0 + violations / p.violations_scale)
}

/// Chance that elections are held on their date: `Λ(−1 + 2 ℒ + access + τ/180 − 2 [war])`.
#[inline]
#[must_use]
pub fn elections_chance(legitimacy: f64, truce_days: Option<f64>, p: &Parameters) -> f64 {
    let calm = truce_days.map_or(-p.election_war, |days| days / p.election_scale);
    let logit = p.election_base + p.election_legitimacy * legitimacy + p.election_access + calm;
    1.0 / (1.0 + libm::exp(-logit))
}

/// Legitimacy of the authority: what it starts with, and what a freeze of or withdrawal from settlements adds (12.9).
#[inline]
#[must_use]
pub fn legitimacy(at_start: f64, settlements: f64, p: &Parameters) -> f64 {
    let added = match settlements {
        x if x > 1.5 => p.settlement_legitimacy,
        x if x > 0.5 => p.settlement_legitimacy / 3.0,
        _ => 0.0,
    };
    (at_start + added).min(1.0)
}

/// Moves the path on by a day.
pub fn walk<P: Probe>(
    rules: &Rules,
    levers: &LeverSet,
    luck: &Luck,
    today: i32,
    agreements: &[Agreement],
    fires: &[Fire],
    fronts: &[Front],
    councils: &[Council],
    territories: &[Territory],
    paths: &mut [Path],
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    let p = &rules.p;
    for (i, (rule, path)) in rules.paths.iter().zip(paths).enumerate() {
        let ix = i as u16;
        let holder = rules.holder(rule.table, levers, agreements);
        let truce = holder.map(|holder| &agreements[holder]);
        let adopted = councils.first().map_or(0.0, |council| council.aid);
        let level = aid_level(levers[Lever::AidAccess], truce.is_some(), p) * (1.0 + adopted);
        path.aid += p.aid_rate * (level - path.aid);
        let open = crossings_open(truce.is_some(), path.rebuilt_on != NEVER);
        path.activity = activity(path.activity, path.aid, levers[Lever::PalestineTrade], open, p);
        if truce.is_none() && [path.withdrawn_on, path.unified_on, path.rebuilt_on].iter().any(|&day| day != NEVER) {
            // War undoes what was built; elections held stay held.
            *path = Path { withdrawn_on: NEVER, unified_on: NEVER, rebuilt_on: NEVER, ..*path };
            journal.push(Event::Path { path: ix, step: PathStep::Undone });
        }
        let date = levers[Lever::ElectionDate];
        let waiting = truce.is_none() || path.withdrawn_on == NEVER;
        if waiting && date <= OFF {
            // Truces are rare: most days end here.
            if truce.is_none() {
                continue;
            }
        }
        let day = luck.path[i].day(today);
        let kept = truce.map_or(0.0, |_| compliance(violations(rule.table, rules, levers, agreements, fires), p));
        let front = rules.tables[rule.table].front.map(|front| &fronts[front]);
        let age = truce.map(|truce| f64::from(today - quiet_since(front, truce)));
        // What an explanation names is the agreement that holds.
        let named = holder.unwrap_or(rule.table);
        if date > OFF && path.elected_on == NEVER && f64::from(today) >= date {
            let again = path.tried_on == NEVER || f64::from(today - path.tried_on) >= p.election_retry;
            if again {
                path.tried_on = today;
                let own = legitimacy(rule.legitimacy, levers[Lever::IsraelSettlements], p);
                let admitted = texts::admitted(rule.table, rules, councils, today);
                let standing = texts::recognised(own, admitted.is_some(), p);
                let (chance, draw) = (elections_chance(standing, age, p), day.uniform(0));
                probe.decided(|| elections(ix, named, (standing, own), admitted, age, chance, draw, p));
                let held = draw < chance;
                if held {
                    path.elected_on = today;
                }
                let step = if held { PathStep::Elected } else { PathStep::NotElected };
                journal.push(Event::Path { path: ix, step });
                if held && ballot::counted(p) {
                    let killed = rule.territory.map_or(0, |t| territories[t].killed);
                    let pulls = ballot::pulls(rules, levers, path, killed);
                    let noise = day.uniform(4);
                    probe.decided(|| ballot::decision(ix, rules, levers, path, killed, noise));
                    path.votes = ballot::shares(pulls, p.ballot_noise * normal(noise));
                    journal.push(Event::Path { path: ix, step: ballot::step(path.votes) });
                }
            }
        }
        let steps: [(bool, f64, &mut i32, PathStep, Option<Lever>); 3] = [
            (
                age.is_some_and(|age| age >= p.path_withdrawal_days),
                p.path_withdrawal * kept,
                &mut path.withdrawn_on,
                PathStep::Withdrawn,
                None,
            ),
            (
                !waiting,
                p.path_unified
                    * levers[Lever::UnifiedAdministration]
                    * (0.5 + 0.5 * levers[Lever::ReconstructionFunds]),
                &mut path.unified_on,
                PathStep::Unified,
                Some(Lever::UnifiedAdministration),
            ),
            (
                !waiting,
                p.path_rebuilt * levers[Lever::ReconstructionFunds],
                &mut path.rebuilt_on,
                PathStep::Rebuilt,
                Some(Lever::ReconstructionFunds),
            ),
        ];
        for (k, (open, hazard, done_on, step, lever)) in (1_u32..).zip(steps) {
            if !open || *done_on != NEVER {
                continue;
            }
            let (chance, draw) = (-libm::expm1(-hazard), day.uniform(k));
            probe.decided(|| stage(ix, k as u8, named, chance, draw, lever, levers));
            if draw < chance {
                *done_on = today;
                journal.push(Event::Path { path: ix, step });
            }
        }
    }
}

/// The terms of elections on their date.
fn elections(
    ix: u16,
    table: usize,
    (standing, own): (f64, f64),
    admitted: Option<usize>,
    age: Option<f64>,
    chance: f64,
    draw: f64,
    p: &Parameters,
) -> Decision {
    let mut terms = vec![Term {
        name: "legitimacy of the authority".into(),
        value: standing,
        unit: "share",
        neutral: 0.0,
        without: elections_chance(0.0, age, p),
        source: Source::Lever(Lever::IsraelSettlements),
    }];
    if let Some(council) = admitted.filter(|_| p.text_legitimacy > 0.0) {
        terms.push(Term {
            name: "an admission to the United Nations".into(),
            value: 1.0,
            unit: "yes",
            neutral: 0.0,
            without: elections_chance(own, age, p),
            source: Source::Admission(council as u16),
        });
    }
    if let Some(age) = age {
        terms.push(Term {
            name: "age of the truce".into(),
            value: age,
            unit: "days",
            neutral: 0.0,
            without: elections_chance(standing, None, p),
            source: Source::Agreement(table as u16),
        });
    }
    Decision { subject: Subject::Elections(ix), chance, draw, terms }
}

/// The terms of a stage completed.
fn stage(ix: u16, k: u8, table: usize, chance: f64, draw: f64, lever: Option<Lever>, levers: &LeverSet) -> Decision {
    let mut terms = vec![Term {
        name: "the truce".into(),
        value: 1.0,
        unit: "yes",
        neutral: 0.0,
        without: 0.0,
        source: Source::Agreement(table as u16),
    }];
    if let Some(lever) = lever {
        terms.push(Term {
            name: lever.row().name.into(),
            value: levers[lever],
            unit: "share",
            neutral: 0.0,
            without: 0.0,
            source: Source::Lever(lever),
        });
    }
    Decision { subject: Subject::PathStage(ix, k), chance, draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "path",
    phase: 4,
    title: "Gaza from truce over aid and withdrawal to one administration, elections and reconstruction",
    section: "6.18, 12.11, 12.12",
    reads: &["Agreement", "Fire", "Front", "Council", "Territory"],
    writes: &["Path"],
    levers: &[
        Lever::AidAccess,
        Lever::ElectionDate,
        Lever::UnifiedAdministration,
        Lever::ReconstructionFunds,
        Lever::IsraelSettlements,
        Lever::PalestineTrade,
        Lever::CouncilConsequences,
        Lever::StatesIncorporation,
    ],
    events: &[EventKind::Path],
    source: include_str!("path.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, path) in rules.paths.iter().enumerate() {
        let me = Node::Path(i);
        held(rules, Some(path.table), me, link);
        rules.tables[path.table].silences.iter().for_each(|&s| link(Node::Stream(s), me));
        (0..rules.councils.len()).for_each(|c| link(Node::Council(c), me));
        for lever in [
            Lever::AidAccess,
            Lever::ElectionDate,
            Lever::UnifiedAdministration,
            Lever::ReconstructionFunds,
            Lever::IsraelSettlements,
            Lever::PalestineTrade,
            Lever::CouncilConsequences,
            Lever::StatesIncorporation,
        ] {
            link(Node::Lever(lever), me);
        }
        path.territory.iter().for_each(|&t| link(Node::Territory(t), me));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aid_follows_the_lever_and_the_truce() {
        let p = Parameters::at_start();
        assert!((aid_level(60.0, false, &p) - 60.0).abs() < 1e-12);
        assert!((aid_level(60.0, true, &p) - 600.0).abs() < 1e-12);
        assert!((aid_level(900.0, true, &p) - 900.0).abs() < 1e-12);
        assert!(aid_level(0.0, true, &p).abs() < 1e-12);
        assert!((aid_level(30.0, true, &p) - 300.0).abs() < 1e-12);
    }

    #[test]
    fn aid_lowers_deaths_and_is_neutral_at_the_start() {
        let p = Parameters::at_start();
        assert!((aid_on_deaths(60.0, &p) - 1.0).abs() < 1e-12);
        assert!(aid_on_deaths(600.0, &p) < 0.9 && aid_on_deaths(0.0, &p) > 1.0);
        assert!((aid_on_deaths(600.0, &p) - aid_on_deaths(1000.0, &p)).abs() < 1e-12);
    }

    #[test]
    fn elections_need_legitimacy_and_calm() {
        let p = Parameters::at_start();
        let base = elections_chance(0.3, Some(30.0), &p);
        assert!(elections_chance(0.6, Some(30.0), &p) > base && elections_chance(0.3, Some(200.0), &p) > base);
        assert!(elections_chance(0.3, None, &p) < base);
        assert!(
            legitimacy(0.3, 2.0, &p) > legitimacy(0.3, 1.0, &p) && legitimacy(0.3, 1.0, &p) > legitimacy(0.3, 0.0, &p)
        );
        assert!(compliance(0.0, &p) > compliance(5.0, &p));
    }

    #[test]
    fn trade_and_aid_carry_activity_and_war_shuts_the_crossings() {
        let p = Parameters::at_start();
        let settle = |aid, trade, open| (0..1000).fold(0.1, |y, _| activity(y, aid, trade, open, &p));
        assert!(
            (settle(60.0, 1.0, crossings_open(false, false)) - 0.1).abs() < 1e-6,
            "as at the start, whatever the lever"
        );
        let [truce, rebuilt] = [false, true].map(|rebuilding| settle(600.0, 1.0, crossings_open(true, rebuilding)));
        assert!((truce - 1.5).abs() < 1e-3 && (rebuilt - 2.0).abs() < 1e-3, "{truce} {rebuilt}");
        assert!(crossings_open(false, true).abs() < 1e-15);
    }
}
