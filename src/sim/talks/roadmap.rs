//! Phase 4: the Saudi-Houthi roadmap on its way: twelve phases, inclusive talks, a constitution; and what suspends it (6.12).

use crate::record::event::{Event, RoadmapStep};
use crate::record::probe::{Decision, Probe, Source, Subject, Term};
use crate::sim::luck::Luck;
use crate::sim::rules::{RoadmapRules, Rules};
use crate::sim::state::{Agreement, Fire, Roadmap};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Phases of the roadmap.
pub const PHASES: f64 = 12.0;

/// Share of the roadmap implemented, 0 to 1.
#[inline]
#[must_use]
pub fn implemented(roadmap: &Roadmap) -> f64 {
    (roadmap.phases / PHASES).min(1.0)
}

/// Factor on fire that the roadmap ends step by step: `1 − share · implemented` (claim H4 with `road_halt`).
#[inline]
#[must_use]
pub fn halting(share: f64, implemented: f64) -> f64 {
    1.0 - share * implemented
}

/// Hazard of a suspension: `rate · (1 − acquiescence) · ln(1 + attacks on ships a day)`.
#[inline]
#[must_use]
pub fn suspension_hazard(rate: f64, acquiescence: f64, attacks: f64) -> f64 {
    rate * (1.0 - acquiescence) * libm::log1p(attacks.max(0.0))
}

/// Moves every roadmap on by a day.
pub fn follow<P: Probe>(
    rules: &Rules,
    levers: &LeverSet,
    luck: &Luck,
    today: i32,
    agreements: &[Agreement],
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
            let (draw, chance) = (luck.roadmap[i].day(today).uniform(1), -libm::expm1(-hazard));
            probe.decided(|| Decision {
                subject: Subject::RoadmapStage(i as u16),
                chance,
                draw,
                terms: vec![in_force(holder)],
            });
            if draw < chance {
                r.stage += 1;
                step(next);
            }
        }
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
}
