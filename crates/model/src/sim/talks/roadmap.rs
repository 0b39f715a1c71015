//! Phase 4: the Saudi-Houthi roadmap on its way: twelve phases, inclusive talks, a constitution; and what suspends it (6.12).

use crate::sim::event::{Event, EventKind, RoadmapStep};
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node, held};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term};
use crate::sim::rules::{RoadmapRules, Rules, StageParty};
use crate::sim::state::{Agreement, Channel, Fire, Roadmap};
use crate::sim::strategy::caution::mediation;
use crate::sim::talks::negotiation::{self, acceptance};
pub use crate::sim::talks::stages::{PHASES, halting, implemented};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Hazard of a suspension: `rate · (1 − acquiescence) · ln(1 + attacks on ships a day)`.
#[inline]
#[must_use]
pub fn suspension_hazard(rate: f64, acquiescence: f64, attacks: f64) -> f64 {
    rate * (1.0 - acquiescence) * libm::log1p(attacks.max(0.0))
}

/// What a party's consent to the later stages rests on: its utilities, with no front, opinion, threat or shock of their own.
#[inline]
#[must_use]
pub fn stage_inputs(party: &StageParty, brokered: f64, guarantee: f64) -> negotiation::Inputs {
    negotiation::Inputs {
        benefit: party.benefit,
        forum: 0.0,
        war_cost: party.war_cost,
        intensity: 1.0,
        audience_cost: party.audience_cost,
        conceded: 0.0,
        recognition: 0.0,
        opinion: 0.0,
        commitment_cost: party.commitment_cost,
        threat: 0.5,
        sequencing: 0.0,
        guarantee,
        mediation: brokered,
        shock: 0.0,
    }
}

/// Factor of the parties' consent on the hazard of a later stage: `1 − c + c (1 + m̄) Π P`, as at a table that signs.
#[inline]
#[must_use]
pub fn consent(c: f64, brokered: f64, acceptances: f64) -> f64 {
    1.0 - c + c * (1.0 + brokered) * acceptances
}

/// Moves every roadmap on by a day.
pub fn follow<P: Probe>(
    rules: &Rules,
    levers: &LeverSet,
    luck: &Luck,
    today: i32,
    agreements: &[Agreement],
    channels: &[Channel],
    fires: &[Fire],
    roadmaps: &mut [Roadmap],
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    let p = &rules.p;
    for (i, (rule, r)) in rules.roadmaps.iter().zip(roadmaps).enumerate() {
        let mut step = |step: RoadmapStep| journal.push(Event::Roadmap { roadmap: i as u16, step });
        let Some(holder) = rules.holder(rule.table, levers, agreements) else {
            if r.stage > 0 {
                *r = Roadmap { phases: 0.0, stage: 0, suspended: false };
            }
            continue;
        };
        if r.stage == 0 {
            r.stage = 1;
            step(RoadmapStep::Begun);
        }
        let attacks = rule.disturbed_by.map_or(0.0, |stream| fires[stream].excitation);
        let draw = luck.roadmap[i].day(today).uniform(0);
        let (hazard, next) = if r.suspended {
            (p.roadmap_resumption, RoadmapStep::Resumed)
        } else {
            let hazard = suspension_hazard(p.roadmap_suspension, levers[Lever::RoadmapAcquiescence], attacks);
            (hazard, RoadmapStep::Suspended)
        };
        let chance = -libm::expm1(-hazard);
        probe.decided(|| explain(i as u16, rule, holder, chance, draw, r.suspended, attacks, levers, p));
        if draw < chance {
            r.suspended = !r.suspended;
            step(next);
        }
        if r.suspended {
            continue;
        }
        let before = r.phases as u32;
        r.phases = (r.phases + 1.0 / p.roadmap_phase_days).min(PHASES);
        if r.phases as u32 > before {
            step(RoadmapStep::Phase(r.phases as u8));
        }
        let further = match r.stage {
            1 if r.phases >= p.roadmap_talks_after => Some((p.roadmap_talks, RoadmapStep::Talks)),
            2 if r.phases >= PHASES => Some((p.roadmap_constitution, RoadmapStep::Constitution)),
            _ => None,
        };
        if let Some((hazard, next)) = further {
            let stage = Stage::new(rule, hazard, rules, levers, channels);
            let (draw, chance) = (luck.roadmap[i].day(today).uniform(1), stage.chance());
            probe.decided(|| stage.explain(i as u16, holder, chance, draw, levers));
            if draw < chance {
                r.stage += 1;
                step(next);
            }
        }
    }
}

/// A later stage that may come today.
struct Stage<'a> {
    rule: &'a RoadmapRules,
    hazard: f64,
    brokered: f64,
    guarantee: f64,
    p: &'a Parameters,
}

impl<'a> Stage<'a> {
    fn new(rule: &'a RoadmapRules, hazard: f64, rules: &'a Rules, levers: &LeverSet, channels: &[Channel]) -> Self {
        let waits = rules.p.roadmap_consent > 0.0;
        let brokered = if waits { mediation(rules, levers, channels, rule.table) } else { 0.0 };
        Self { rule, hazard, brokered, guarantee: levers[Lever::DealGuarantee], p: &rules.p }
    }

    /// Chance that a party consents.
    fn accepts(&self, party: &StageParty) -> f64 {
        acceptance(&stage_inputs(party, self.brokered, self.guarantee), self.p)
    }

    /// Chance of the stage today, with one party's consent certain where `but` names it.
    fn chance_but(&self, but: Option<usize>) -> f64 {
        let c = self.p.roadmap_consent;
        if c <= 0.0 || self.rule.parties.is_empty() {
            return -libm::expm1(-self.hazard);
        }
        let each = self.rule.parties.iter().enumerate();
        let all: f64 = each.map(|(i, party)| if but == Some(i) { 1.0 } else { self.accepts(party) }).product();
        -libm::expm1(-self.hazard * consent(c, self.brokered, all))
    }

    fn chance(&self) -> f64 {
        self.chance_but(None)
    }

    fn explain(&self, ix: u16, holder: usize, chance: f64, draw: f64, levers: &LeverSet) -> Decision {
        let mut terms = vec![in_force(holder)];
        if self.p.roadmap_consent > 0.0 && !self.rule.parties.is_empty() {
            for (i, party) in self.rule.parties.iter().enumerate() {
                terms.push(Term {
                    name: party.consent.clone().into(),
                    value: self.accepts(party),
                    unit: "chance",
                    neutral: 1.0,
                    without: self.chance_but(Some(i)),
                    source: Source::Given,
                });
            }
            terms.push(Term {
                name: "outside guarantee".into(),
                value: levers[Lever::DealGuarantee],
                unit: "share",
                neutral: 0.0,
                without: Self { guarantee: 0.0, ..*self }.chance(),
                source: Source::Lever(Lever::DealGuarantee),
            });
            terms.push(Term {
                name: "mediation".into(),
                value: self.brokered,
                unit: "intensity",
                neutral: 0.0,
                without: Self { brokered: 0.0, ..*self }.chance(),
                source: Source::Given,
            });
        }
        Decision { subject: Subject::RoadmapStage(ix), chance, draw, terms }
    }
}

/// The agreement that carries the roadmap: without it nothing of the kind is decided.
fn in_force(table: usize) -> Term {
    Term {
        name: "an agreement in force".into(),
        value: 1.0,
        unit: "yes",
        neutral: 0.0,
        without: 0.0,
        source: Source::Agreement(table as u16),
    }
}

/// The terms of a suspension or resumption.
fn explain(
    ix: u16,
    rule: &RoadmapRules,
    holder: usize,
    chance: f64,
    draw: f64,
    suspended: bool,
    attacks: f64,
    levers: &LeverSet,
    p: &Parameters,
) -> Decision {
    let acquiescence = levers[Lever::RoadmapAcquiescence];
    let of = |acquiescence, attacks| -libm::expm1(-suspension_hazard(p.roadmap_suspension, acquiescence, attacks));
    let terms = if suspended {
        vec![in_force(holder)]
    } else {
        vec![
            Term {
                name: "attacks on ships".into(),
                value: attacks,
                unit: "events/day",
                neutral: 0.0,
                without: of(acquiescence, 0.0),
                source: rule.disturbed_by.map_or(Source::Given, |s| Source::Excitation(s as u16)),
            },
            Term {
                name: "US acquiescence".into(),
                value: acquiescence,
                unit: "share",
                neutral: 1.0,
                without: of(1.0, attacks),
                source: Source::Lever(Lever::RoadmapAcquiescence),
            },
            in_force(holder),
        ]
    };
    Decision { subject: Subject::RoadmapSuspension(ix), chance, draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "roadmap",
    phase: 4,
    title: "The Saudi-Houthi roadmap: phases, suspension, inclusive talks, a constitution",
    section: "6.12",
    reads: &["Agreement", "Channel", "Fire"],
    writes: &["Roadmap"],
    levers: &[Lever::RoadmapAcquiescence, Lever::DealGuarantee, Lever::StatesIncorporation],
    events: &[EventKind::Roadmap],
    source: include_str!("roadmap.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, r) in rules.roadmaps.iter().enumerate() {
        held(rules, Some(r.table), Node::Roadmap(i), link);
        r.disturbed_by.iter().for_each(|&s| link(Node::Stream(s), Node::Roadmap(i)));
        link(Node::Lever(Lever::RoadmapAcquiescence), Node::Roadmap(i));
        if !r.parties.is_empty() {
            link(Node::Lever(Lever::DealGuarantee), Node::Roadmap(i));
            link(Node::Lever(Lever::StatesIncorporation), Node::Roadmap(i));
            rules.tables[r.table].channels.iter().for_each(|&(c, _)| link(Node::Channel(c), Node::Roadmap(i)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roadmap_halts_fire_in_proportion_to_what_is_implemented() {
        let half = Roadmap { phases: 6.0, stage: 1, suspended: false };
        assert!((implemented(&half) - 0.5).abs() < 1e-12);
        assert!((halting(0.3, implemented(&half)) - 0.85).abs() < 1e-12);
        assert!((halting(0.0, 1.0) - 1.0).abs() < 1e-12, "claim H4 switched off");
    }

    #[test]
    fn attacks_suspend_and_acquiescence_prevents() {
        let base = suspension_hazard(0.02, 0.3, 0.3);
        assert!(suspension_hazard(0.02, 0.3, 2.0) > base && suspension_hazard(0.02, 0.8, 0.3) < base);
        assert!(suspension_hazard(0.02, 1.0, 5.0).abs() < 1e-12 && suspension_hazard(0.02, 0.3, 0.0).abs() < 1e-12);
    }

    /// The later stages wait for consent as far as the number says: not at all at 0, and then by every party's acceptance.
    #[test]
    fn consent_delays_the_later_stages_and_mediation_and_guarantees_bring_it() {
        let party = StageParty {
            consent: "consent of the south".into(),
            benefit: 0.05,
            war_cost: 0.2,
            audience_cost: 0.3,
            commitment_cost: 0.35,
        };
        let p = Parameters::at_start();
        let of = |m, g| acceptance(&stage_inputs(&party, m, g), &p);
        assert!(of(1.0, 0.3) > of(0.0, 0.3) && of(0.0, 0.9) > of(0.0, 0.3));
        assert!((consent(0.0, 0.7, 0.1) - 1.0).abs() < 1e-15 && (consent(1.0, 0.0, 0.25) - 0.25).abs() < 1e-15);
        assert!(consent(1.0, 0.5, 0.25) > consent(1.0, 0.0, 0.25) && consent(0.5, 0.0, 0.25) > consent(1.0, 0.0, 0.25));
    }
}
