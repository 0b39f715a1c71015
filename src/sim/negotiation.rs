//! Phase 4b: negotiation tables: acceptance (quantal response), signing, opening and closing (6.11, 12.6).

use super::caution::mediation;
use super::given::Given;
use super::roster::{All, AllMut};
use super::rules::{PartyRules, TableRules};
use super::state::{Agreement, Channel, Front, Standing, Status, Threat};
use crate::chance::quantile::normal;
use crate::record::event::{Event, Journal};
use crate::record::probe::{Decision, Probe, Source, Subject, Term};
use crate::scenario::raw::{Disputed, Opens, Sequencing};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;
use bevy::ecs::prelude::*;

/// What one party's acceptance rests on today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Value of the agreement (B), with what packages add.
    pub benefit: f64,
    /// Cost of going on at the reference level (c⁰).
    pub war_cost: f64,
    /// Intensity of the front against the reference level (X / X_ref).
    pub intensity: f64,
    /// Audience cost (AC), with what packages add.
    pub audience_cost: f64,
    /// Support at home for continuing (O).
    pub opinion: f64,
    /// Cost of relying on a promise (CP).
    pub commitment_cost: f64,
    /// Mean threat perceived from the others at the table (Θ); .5 is neutral.
    pub threat: f64,
    /// Sequencing term.
    pub sequencing: f64,
    /// Outside guarantee (g).
    pub guarantee: f64,
    /// Mediation (m̄).
    pub mediation: f64,
    /// Common shock (ν).
    pub shock: f64,
}

/// Utility of signing:
/// `U = B + c⁰ (.5 + .5 X/X_ref) − AC (1 + k_O O)(1 − .4 m̄) − CP (1 + k_Θ (Θ − .5))(1 − g) + seq + ν`.
#[inline]
#[must_use]
pub fn utility(i: &Inputs, p: &Parameters) -> f64 {
    let war_cost = i.war_cost * (0.5 + 0.5 * i.intensity);
    let audience =
        i.audience_cost * (1.0 + p.opinion_audience * i.opinion) * (1.0 - p.audience_mediation * i.mediation);
    let commitment = i.commitment_cost * (1.0 + p.commitment_threat * (i.threat - 0.5)) * (1.0 - i.guarantee);
    i.benefit + war_cost - audience - commitment + i.sequencing + i.shock
}

/// Chance that a party would accept: `Λ(U/τ_q − .6)`.
#[inline]
#[must_use]
pub fn acceptance(i: &Inputs, p: &Parameters) -> f64 {
    1.0 / (1.0 + libm::exp(p.acceptance_offset - utility(i, p) / p.tau_q))
}

/// Hazard of a signing: `η (1 + m̄) Π P_i`, times 3 in the fortnight before a deadline, times .7 + talks with groups.
#[inline]
#[must_use]
pub fn signing_hazard(eta: f64, mediation: f64, acceptances: f64, deadline: f64, group_talks: f64) -> f64 {
    eta * (1.0 + mediation) * acceptances * deadline * group_talks
}

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

/// Factor on signing when a deadline is within the fortnight.
#[must_use]
pub fn deadline_factor(t: &TableRules, today: i32, p: &Parameters) -> f64 {
    let near = t.deadlines.iter().any(|&d| d >= today && f64::from(d - today) <= p.deadline_days);
    if near { p.deadline_factor } else { 1.0 }
}

/// Whether a table can meet today.
#[must_use]
pub fn can_meet(t: &TableRules, levers: &LeverSet) -> bool {
    t.opens == Opens::Always || !levers.on(Lever::IranSuspendMuscat)
}

/// Opens and closes tables and lets those in talks sign.
pub fn negotiate<P: Probe>(
    given: Res<Given>,
    mut probe: ResMut<P>,
    mut journal: ResMut<Journal>,
    world: (All<Channel>, All<Standing>, All<Threat>),
    mut fronts: AllMut<Front>,
    mut agreements: AllMut<Agreement>,
) {
    let Given { rules, levers, clock, luck } = &*given;
    let p = &rules.p;
    let today = clock.day;
    let (channels, standings, threats) = (world.0.view(), world.1.view(), world.2.view());
    let mut fronts = fronts.view();
    for (position, (t, agreement)) in rules.tables.iter().zip(agreements.view().iter_mut()).enumerate() {
        match agreement.status {
            Status::InForce => continue,
            Status::Closed if can_meet(t, levers) => {
                (agreement.status, agreement.since) = (Status::Talks, today);
            }
            Status::Talks if !can_meet(t, levers) => {
                (agreement.status, agreement.since) = (Status::Closed, today);
            }
            Status::Collapsed if f64::from(today - agreement.since) >= p.reopen_days => {
                (agreement.status, agreement.since) = (Status::Talks, today);
            }
            _ => {}
        }
        if agreement.status != Status::Talks {
            continue;
        }
        let brokered = mediation(rules, levers, &channels, position);
        let group_talks = if t.needs_group_talks { 0.7 + levers[Lever::GroupTalks] } else { 1.0 };
        let deadline = deadline_factor(t, today, p);
        let draw = luck.sign[position].day(today).uniform(0);
        // Even with every party certain to accept the draw would say no: the utilities are spared.
        if draw >= signing_hazard(t.eta, brokered, 1.0, deadline, group_talks) && !P::ON {
            continue;
        }
        let intensity = t.front.map_or(1.0, |front| {
            let level = usize::from(fronts[front].level);
            let reference = usize::from(t.stalemate_level);
            match t.cost_stream.map(|s| &rules.streams[s].level_factor) {
                Some(factor) => factor[level] / factor[reference],
                None => EXCHANGE_GROWTH[level] / EXCHANGE_GROWTH[reference],
            }
        });
        let shock = p.table_shock * normal(luck.table_shock[position].day(today).uniform(0));
        let of = |party: &PartyRules| inputs(party, levers, intensity, brokered, shock, &standings, &threats, p);
        let mut acceptances = 1.0;
        for party in &t.parties {
            acceptances *= acceptance(&of(party), p);
        }
        let hazard = signing_hazard(t.eta, brokered, acceptances, deadline, group_talks);
        let chance = -libm::expm1(-hazard);
        probe.decided(|| explain(position as u16, t, chance, draw, brokered, deadline, group_talks, &of, p));
        if draw < chance {
            (agreement.status, agreement.since) = (Status::InForce, today);
            journal.0.push(Event::Signed { table: position as u16 });
            if let Some(front) = t.front.filter(|_| !t.restrains_exchange) {
                fronts[front].war_level = fronts[front].level;
                fronts[front].level = 0;
            }
        }
    }
}

/// 1.4^(level − 2): intensity of an exchange front, which has no routine fire of its own.
pub const EXCHANGE_GROWTH: [f64; 7] = [1.0 / 1.96, 1.0 / 1.4, 1.0, 1.4, 1.96, 2.744, 3.8416];

/// What a party's acceptance rests on today.
#[must_use]
pub fn inputs(
    party: &PartyRules,
    levers: &LeverSet,
    intensity: f64,
    mediation: f64,
    shock: f64,
    standings: &[Standing],
    threats: &[Threat],
    p: &Parameters,
) -> Inputs {
    let (gain, cost) = disputed_package(party.disputed, levers[Lever::IsraelDisputedAreas], p);
    let (sequencing, distrust) = sequencing_terms(party.sequencing, levers.on(Lever::DealSequencing), p);
    let threat = if party.threats.is_empty() {
        0.5
    } else {
        party.threats.iter().map(|&t| threats[t].level).sum::<f64>() / party.threats.len() as f64
    };
    Inputs {
        benefit: party.benefit + gain,
        war_cost: party.war_cost,
        intensity,
        audience_cost: party.audience_cost + cost,
        opinion: standings[party.actor].opinion,
        commitment_cost: party.commitment_cost + distrust,
        threat,
        sequencing,
        guarantee: levers[Lever::DealGuarantee],
        mediation,
        shock,
    }
}

/// The terms of a signing, each with the chance in its absence.
fn explain(
    table: u16,
    t: &TableRules,
    chance: f64,
    draw: f64,
    brokered: f64,
    deadline: f64,
    group_talks: f64,
    of: &dyn Fn(&PartyRules) -> Inputs,
    p: &Parameters,
) -> Decision {
    let with = |change: &dyn Fn(&PartyRules, Inputs) -> Inputs, m: f64, deadline: f64, talks: f64| {
        let acceptances: f64 = t.parties.iter().map(|party| acceptance(&change(party, of(party)), p)).product();
        -libm::expm1(-signing_hazard(t.eta, m, acceptances, deadline, talks))
    };
    let same: &dyn Fn(&PartyRules, Inputs) -> Inputs = &|_, i| i;
    let mut terms = vec![Term {
        name: "mediation".into(),
        value: brokered,
        unit: "intensity",
        neutral: 0.0,
        without: with(&|_, i| Inputs { mediation: 0.0, ..i }, 0.0, deadline, group_talks),
        source: Source::Given,
    }];
    if let Some(first) = t.parties.first() {
        let i = of(first);
        terms.push(Term {
            name: "intensity of the fighting against its reference".into(),
            value: i.intensity,
            unit: "times",
            neutral: 0.0,
            without: with(&|_, i| Inputs { intensity: 0.0, ..i }, brokered, deadline, group_talks),
            source: t.front.map_or(Source::Given, |front| Source::Level(front as u16)),
        });
        terms.push(Term {
            name: "outside guarantee".into(),
            value: i.guarantee,
            unit: "share",
            neutral: 0.0,
            without: with(&|_, i| Inputs { guarantee: 0.0, ..i }, brokered, deadline, group_talks),
            source: Source::Lever(Lever::DealGuarantee),
        });
        terms.push(Term {
            name: "shock common to the table".into(),
            value: i.shock,
            unit: "utility",
            neutral: 0.0,
            without: with(&|_, i| Inputs { shock: 0.0, ..i }, brokered, deadline, group_talks),
            source: Source::Given,
        });
    }
    if deadline > 1.0 {
        terms.push(Term {
            name: "a deadline within the fortnight".into(),
            value: deadline,
            unit: "times",
            neutral: 1.0,
            without: with(same, brokered, 1.0, group_talks),
            source: Source::Calendar,
        });
    }
    if t.needs_group_talks {
        terms.push(Term {
            name: "US talks with groups".into(),
            value: group_talks - 0.7,
            unit: "share",
            neutral: 0.0,
            without: with(same, brokered, deadline, 0.7),
            source: Source::Lever(Lever::GroupTalks),
        });
    }
    for party in t.parties.iter().filter(|party| of(party).sequencing < 0.0) {
        terms.push(Term {
            name: "no cease-fire before the terms".into(),
            value: of(party).sequencing,
            unit: "utility",
            neutral: 0.0,
            without: with(&|_, i| Inputs { sequencing: 0.0, ..i }, brokered, deadline, group_talks),
            source: Source::Lever(Lever::DealSequencing),
        });
    }
    Decision { subject: Subject::Signing(table), chance, draw, terms }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Israel and Hezbollah at the Lebanon table in November 2024, at full intensity.
    const ISRAEL: Inputs = Inputs {
        benefit: 0.05,
        war_cost: 0.35,
        intensity: 1.0,
        audience_cost: 0.25,
        opinion: 0.0,
        commitment_cost: 0.25,
        threat: 0.5,
        sequencing: 0.0,
        guarantee: 0.3,
        mediation: 0.5,
        shock: 0.0,
    };
    const HEZBOLLAH: Inputs =
        Inputs { benefit: 0.20, war_cost: 0.70, audience_cost: 0.30, commitment_cost: 0.30, ..ISRAEL };

    /// The specification's figure for the Lebanon table: .040 a day before the sequencing term.
    #[test]
    fn worked_example_of_the_specification() {
        let p = Parameters::default();
        let product = acceptance(&ISRAEL, &p) * acceptance(&HEZBOLLAH, &p);
        let hazard = signing_hazard(0.08, 0.5, product, 1.0, 1.0);
        assert!((hazard - 0.040).abs() < 0.001, "{hazard}");
    }

    #[test]
    fn acceptance_moves_in_its_stated_directions() {
        let p = Parameters::default();
        let base = acceptance(&ISRAEL, &p);
        for more in [
            Inputs { benefit: 0.1, ..ISRAEL },
            Inputs { intensity: 1.8, ..ISRAEL },
            Inputs { guarantee: 0.8, ..ISRAEL },
            Inputs { mediation: 1.0, ..ISRAEL },
            Inputs { opinion: -0.5, ..ISRAEL },
        ] {
            assert!(acceptance(&more, &p) > base);
        }
        for less in [
            Inputs { audience_cost: 0.4, ..ISRAEL },
            Inputs { threat: 0.9, ..ISRAEL },
            Inputs { sequencing: -0.12, ..ISRAEL },
            Inputs { commitment_cost: 0.3, ..ISRAEL },
        ] {
            assert!(acceptance(&less, &p) < base);
        }
    }

    #[test]
    fn packages_help_one_side_and_cost_the_other() {
        let p = Parameters::default();
        assert!(disputed_package(Disputed::Gains, 2.0, &p).0 > disputed_package(Disputed::Gains, 1.0, &p).0);
        assert!(disputed_package(Disputed::Pays, 2.0, &p).1 > 0.0);
        assert_eq!(disputed_package(Disputed::None, 2.0, &p), (0.0, 0.0));
        assert!(sequencing_terms(Sequencing::UnderFire, false, &p).0 < 0.0);
        assert!(sequencing_terms(Sequencing::TermsFirst, true, &p).1 > 0.0);
        assert_eq!(sequencing_terms(Sequencing::UnderFire, true, &p), (0.0, 0.0));
    }
}
