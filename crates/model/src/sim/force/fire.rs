//! Phase 7: routine fire: a daily negative-binomial Hawkes process with two couplings (6.2), and truce violations (6.10).

use crate::scenario::raw::{ActorKind, Process};
use crate::sim::event::EventKind;
use crate::sim::force::supply::firing_capability;
use crate::sim::home::economy::funded;
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term, terms};
use crate::sim::rules::{Bonds, Rules, StreamRules};
use crate::sim::state::{Agreement, Arsenal, Economy, Fire, Front, Incorporation, Integration, Mission, Path, Roadmap};
use crate::sim::talks::peacekeeping::{Presence, presence, violation_factor};
use crate::sim::talks::spread::{self, Shocks};
use crate::sim::talks::stages::{halting, implemented};
use crate::sim::talks::{incorporation, integration};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// What a stream's mean rests on today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Baseline at the reference level (μ).
    pub mu: f64,
    /// `growth^(level − reference)` at the front's level, or its level before the truce (X).
    pub level_factor: f64,
    /// Conditional solidarity (G).
    pub solidarity: f64,
    /// Patron restraint (R).
    pub directive: f64,
    /// A halt ordered by the patron: 1 − d; 1 without one.
    pub halt: f64,
    /// Share of those fired at who are still there; 1 where nobody leaves.
    pub targets: f64,
    /// What incorporation under political authority leaves of the attacker's fire, whatever it springs from; 1 without any.
    pub incorporated: f64,
    /// What economic activity leaves of it; 1 where it is that of the start.
    pub activity: f64,
    /// Capability (Ψ); 0 silences the stream.
    pub capability: f64,
    /// Factor of policies and processes on the baseline (settlements, roadmap, exit, integration).
    pub policy: f64,
    /// Tempo of the stream on the baseline; 1 where it never changes.
    pub tempo: f64,
    /// Factor of a truce on the baseline; 1 without one.
    pub truce: f64,
    /// Weight of excitation (ζ): 1 without a truce.
    pub coupling: f64,
    /// Σ A E over the sources of excitation.
    pub excitation: f64,
}

/// Mean events today: `λ = κ · halt · targets · incorporated · activity · max(.1 b, b + ζ Σ A E)` with `b = μ X G R Ψ T`, κ = 0
/// without munitions.
#[inline(always)]
#[must_use]
pub fn mean(i: &Inputs, floor: f64) -> f64 {
    let base = i.mu * i.level_factor * i.solidarity * i.directive * i.capability * i.policy * i.truce * i.tempo;
    if i.capability <= 0.0 {
        return 0.0;
    }
    i.halt * i.targets * i.incorporated * i.activity * (base + i.coupling * i.excitation).max(floor * base)
}

/// Excitation tomorrow: `E ← φ E + (1 − φ) N`.
#[inline(always)]
#[must_use]
pub fn excitation(now: f64, memory: f64, events: u32) -> f64 {
    memory * now + (1.0 - memory) * f64::from(events)
}

/// Days between two moves of a stream's tempo.
pub const TEMPO_DAYS: i32 = 7;

/// A stream's tempo a week on, in standard deviations: `z ← φ z + √(1 − φ²) ε` with `φ = 2^(−7/half-life)`; drawn from its
/// stationary law at first.
#[must_use]
pub fn tempo(now: f64, innovation: f64, half_life: f64) -> f64 {
    if now == 0.0 {
        return innovation;
    }
    let kept = libm::exp2(-f64::from(TEMPO_DAYS) / half_life);
    kept * now + libm::sqrt(1.0 - kept * kept) * innovation
}

/// The factor of a tempo on a baseline, of mean 1: `exp(σ z − σ²/2)`.
#[must_use]
pub fn tempo_factor(tempo: f64, sd: f64) -> f64 {
    libm::exp(sd * (tempo - 0.5 * sd))
}

/// Conditional solidarity: `1 − Σ χ [truce in force]`, not below its floor.
#[inline(always)]
#[must_use]
pub fn solidarity(s: &StreamRules, rules: &Rules, levers: &LeverSet, agreements: &[Agreement], floor: f64) -> f64 {
    if s.solidarity.is_empty() {
        return 1.0;
    }
    let holds = |table| rules.holder(table, levers, agreements).is_some();
    let quieted: f64 = s.solidarity.iter().map(|&(table, share)| if holds(table) { share } else { 0.0 }).sum();
    (1.0 - quieted).max(floor)
}

/// Factor of the settlements lever on fire in the West Bank: growth 1, freeze .8, withdrawal .6 (12.9).
#[inline]
#[must_use]
pub fn settlement_factor(levers: &LeverSet, p: &Parameters) -> f64 {
    match levers[Lever::IsraelSettlements] {
        x if x > 1.5 => p.settlement_withdrawal_effect,
        x if x > 0.5 => p.settlement_freeze_effect,
        _ => 1.0,
    }
}

/// Factors of the wider region's processes on baselines, by kind of bond; 1 where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Processes {
    /// The roadmap ends fire step by step.
    pub halted: f64,
    /// The roadmap draws outside strikes down.
    pub outside: f64,
    /// Foreign forces leave: what is left to fire at, whatever the fire springs from.
    pub leaving: f64,
    /// An announced exit has not come.
    pub pull: f64,
    /// Integration ends freelance fire.
    pub freelance: f64,
}

impl Processes {
    /// Today's factors.
    #[must_use]
    pub fn of(rules: &Rules, levers: &LeverSet, roadmaps: &[Roadmap], integrations: &[Integration]) -> Self {
        let p = &rules.p;
        let done = roadmaps.first().map_or(0.0, implemented);
        let (leaving, pull, freelance) = match (rules.integrations.first(), integrations.first()) {
            (Some(rule), Some(n)) => {
                let leaving = integration::targets_left(n.exit, levers[Lever::RebrandShare]);
                (leaving, integration::pull(n.extended, p), integration::freelance(n.share, rule.share, p))
            }
            _ => (1.0, 1.0, 1.0),
        };
        Self { halted: halting(p.road_halt, done), outside: halting(p.road_outside, done), leaving, pull, freelance }
    }

    /// The factor on a stream's baseline.
    #[inline]
    #[must_use]
    pub fn on(&self, bonds: Bonds) -> f64 {
        if !bonds.on_baseline() {
            return 1.0;
        }
        let pick = |on: bool, factor: f64| if on { factor } else { 1.0 };
        pick(bonds.halted, self.halted)
            * pick(bonds.outside, self.outside)
            * pick(bonds.leaving, self.pull)
            * pick(bonds.freelance, self.freelance)
    }
}

/// What a truce that silences a stream leaves of it: (residual, coupling). A collective agreement quiets streams that no
/// table of their own does by `collective_residual`, with no coupling.
#[inline]
#[must_use]
pub fn truce_terms(s: &StreamRules, p: &Parameters) -> (f64, f64) {
    if s.silenced_by.is_some() { (s.truce_residual, s.truce_coupling) } else { (p.collective_residual, 0.0) }
}

/// Working memory of the phase: what it freezes before it writes. Nothing outlives the day here.
#[derive(Clone, Debug, Default)]
pub struct Morning {
    /// Excitation of every stream in the morning.
    excitation: Vec<f64>,
    /// What each table's truce leaves of the baselines it silences.
    kept: Vec<f64>,
}

/// What fire sees of the world.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Rules.
    pub rules: &'a Rules,
    /// Levers.
    pub levers: &'a LeverSet,
    /// Draws.
    pub luck: &'a Luck,
    /// Today.
    pub today: i32,
    /// Fronts.
    pub fronts: &'a [Front],
    /// Agreements.
    pub agreements: &'a [Agreement],
    /// Missions.
    pub missions: &'a [Mission],
    /// Economies.
    pub economies: &'a [Economy],
    /// Roadmaps.
    pub roadmaps: &'a [Roadmap],
    /// Integration.
    pub integrations: &'a [Integration],
    /// Incorporation.
    pub incorporations: &'a [Incorporation],
    /// Paths.
    pub paths: &'a [Path],
}

impl<'a> Scene<'a> {
    /// What has shaken agreements lately.
    const fn shocks(&self) -> Shocks<'a> {
        let Self { rules, levers, agreements, fronts, today, .. } = *self;
        Shocks { rules, levers, agreements, fronts, today }
    }
}

/// What spreads to a table from those it is linked with: a factor on the fire that its agreement leaves.
fn spreading(table: usize, scene: &Scene<'_>) -> f64 {
    let Scene { rules, levers, .. } = *scene;
    if rules.p.violation_spread <= 0.0 {
        return 1.0;
    }
    spread::factor(scene.shocks().share(table), levers.relative(Lever::DealLinkage), &rules.p)
}

/// The terms of that: each shaken link by itself, with the mean were it calm.
fn spread_terms(inputs: &Inputs, s: &StreamRules, scene: &Scene<'_>) -> Vec<Term> {
    let (levers, p, shocks) = (scene.levers, &scene.rules.p, scene.shocks());
    let Some(table) = s.silenced_by.filter(|_| p.violation_spread > 0.0 && (inputs.truce - 1.0).abs() > 1e-15) else {
        return Vec::new();
    };
    let (share, each) = (shocks.share(table), shocks.each(table));
    let factor = |share| spread::factor(share, levers.relative(Lever::DealLinkage), p);
    let calmer = Inputs { truce: inputs.truce * factor(share - each) / factor(share), ..*inputs };
    let term = terms(|i: &Inputs| mean(i, p.fire_floor));
    let unit = "share of linked agreements shaken";
    shocks.of(table).map(|source| term("violations that spread", each, unit, 0.0, calmer, source)).collect()
}

/// Draws every stream's events of the day, from excitation as it stood in the morning.
pub fn fire_day<P: Probe>(
    scene: &Scene<'_>,
    arsenals: &mut [Arsenal],
    fires: &mut [Fire],
    memo: &mut Morning,
    probe: &mut P,
) {
    let Scene { rules, levers, luck, today, fronts, agreements, .. } = *scene;
    let p = &rules.p;
    let Morning { excitation: heat, kept } = memo;
    heat.clear();
    heat.extend(fires.iter().map(|fire| fire.excitation));
    let collective = rules.collective.filter(|&table| agreements[table].in_force());
    // One factor per table: what its truce leaves of the baseline, before each stream's own residual.
    kept.clear();
    kept.extend(rules.tables.iter().zip(agreements).enumerate().map(|(i, (table, agreement))| {
        if (agreement.in_force() || collective.is_some()) && !table.silences.is_empty() {
            let at = table.mission.map_or(Presence::NONE, |m| presence(&scene.missions[m], levers, p));
            violation_factor(&at, p) * spreading(i, scene)
        } else {
            1.0
        }
    }));
    let left_out = collective.and_then(|_| rules.left_out(levers));
    // Without a strength that incorporation or activity acts with, nobody has to look at either.
    let joins = p.incorporation_control > 0.0 || p.incorporation_fire > 0.0 || p.activity_fire > 0.0;
    let west_bank = settlement_factor(levers, p);
    let processes = Processes::of(rules, levers, scene.roadmaps, scene.integrations);
    for (i, (s, fire)) in rules.streams.iter().zip(fires.iter_mut()).enumerate() {
        let means = fronts[s.front].war_level;
        let own = s.silenced_by.filter(|&table| agreements[table].in_force());
        let truce =
            own.or(collective.filter(|_| rules.covers(s.front, left_out) && !rules.front_fallen(s.front, agreements)));
        let Arsenal { munitions, decapitation, .. } = arsenals[s.attacker];
        let attacker = &rules.actors[s.attacker];
        let capability = if munitions == f64::INFINITY && decapitation <= 0.0 {
            1.0
        } else if munitions < 1.0 {
            0.0
        } else {
            let full = attacker.stock.as_ref().map_or(0.0, |stock| stock.full_rate_rounds);
            firing_capability(munitions, full, decapitation, p.decapitation_effect)
        };
        let capability = capability * funded(attacker, scene.economies, p);
        let [control, incorporated, activity] = if joins {
            [
                incorporation::of_actor(p.incorporation_control, s.attacker, rules, scene.incorporations),
                incorporation::of_actor(p.incorporation_fire, s.attacker, rules, scene.incorporations),
                incorporation::of_activity(s.attacker, rules, scene.paths),
            ]
        } else {
            [1.0; 3]
        };
        let (directive, halt) = rules.directive_factors(i, levers, control);
        let (kept_of_it, coupling) = truce.map_or((1.0, 1.0), |table| {
            let (residual, coupling) = truce_terms(s, p);
            (residual * kept[s.silenced_by.unwrap_or(table)], coupling)
        });
        let day = luck.fire[i].day(today);
        if p.tempo_sd > 0.0 && (fire.tempo == 0.0 || today % TEMPO_DAYS == 0) {
            fire.tempo = tempo(fire.tempo, day.normal(1), p.tempo_half_life);
        }
        let inputs = Inputs {
            tempo: if p.tempo_sd > 0.0 { tempo_factor(fire.tempo, p.tempo_sd) } else { 1.0 },
            mu: s.mu,
            level_factor: s.level_factor[usize::from(means)],
            solidarity: solidarity(s, rules, levers, agreements, p.solidarity_floor),
            directive,
            halt,
            targets: if s.bonds.leaving { processes.leaving } else { 1.0 },
            incorporated,
            activity,
            capability,
            policy: if s.settlements { west_bank } else { 1.0 } * processes.on(s.bonds),
            truce: kept_of_it,
            coupling,
            excitation: s.offspring.iter().map(|&(source, weight)| weight * heat[source]).sum(),
        };
        let mean_today = mean(&inputs, p.fire_floor);
        let draw = day.uniform(0);
        fire.mean = mean_today;
        fire.events = s.law.quantile(draw, mean_today);
        fire.excitation = excitation(heat[i], s.memory, fire.events);
        probe.decided(|| {
            let mut decision = explain(i as u16, &inputs, draw, s, rules, agreements, heat, truce, &processes);
            if truce.is_some() {
                decision.terms.extend(spread_terms(&inputs, s, scene));
            }
            decision.terms.extend(joining(&inputs, s, control, rules.directive_factors(i, levers, 1.0), rules));
            decision
        });
    }
    for &(actor, _) in &rules.lists.stocked {
        let (actor, arsenal) = (&rules.actors[actor], &mut arsenals[actor]);
        let Some(stock) = actor.stock.as_ref().filter(|stock| stock.per_event > 0.0) else { continue };
        let used: u32 = actor.streams.iter().map(|&s| fires[s].events).sum();
        arsenal.munitions = (arsenal.munitions - stock.per_event * f64::from(used)).max(0.0);
    }
}

/// The terms of incorporation and of economic activity in a stream's mean; `undivided` are the factors of the directive with
/// the patron's control whole.
fn joining(i: &Inputs, s: &StreamRules, kept: f64, undivided: (f64, f64), rules: &Rules) -> Vec<Term> {
    let floor = rules.p.fire_floor;
    let Some(g) = rules.actors[s.attacker].incorporation else { return Vec::new() };
    let mut found = Vec::new();
    let term = terms(|i: &Inputs| mean(i, floor));
    let mut factor = |name, value, without, source| found.push(term(name, value, "factor", 1.0, without, source));
    let source = Source::Incorporation(g as u16);
    if (i.incorporated - 1.0).abs() > 1e-12 {
        factor("incorporation", i.incorporated, Inputs { incorporated: 1.0, ..*i }, source);
    }
    if s.directive.is_some() && (kept - 1.0).abs() > 1e-12 {
        let (directive, halt) = undivided;
        factor("what incorporation leaves of the patron's control", kept, Inputs { directive, halt, ..*i }, source);
    }
    if (i.activity - 1.0).abs() > 1e-12 {
        factor("economic activity", i.activity, Inputs { activity: 1.0, ..*i }, Source::Activity(0));
    }
    found
}

/// The terms of a stream's mean, each with the mean in its absence.
fn explain(
    stream: u16,
    i: &Inputs,
    draw: f64,
    s: &StreamRules,
    rules: &Rules,
    agreements: &[Agreement],
    heat: &[f64],
    truce: Option<usize>,
    processes: &Processes,
) -> Decision {
    let floor = rules.p.fire_floor;
    let term = terms(|i: &Inputs| mean(i, floor));
    let mut terms = vec![term(
        "level of the front",
        i.level_factor,
        "times baseline",
        1.0,
        Inputs { level_factor: 1.0, ..*i },
        Source::Level(s.front as u16),
    )];
    for &(source, weight) in &s.offspring {
        let lift = weight * heat[source];
        terms.push(term(
            if source == usize::from(stream) { "its own recent fire" } else { "recent fire elsewhere" },
            lift,
            "events/day",
            0.0,
            Inputs { excitation: i.excitation - lift, ..*i },
            Source::Excitation(source as u16),
        ));
    }
    if (i.tempo - 1.0).abs() > 1e-12 {
        terms.push(term("tempo", i.tempo, "factor", 1.0, Inputs { tempo: 1.0, ..*i }, Source::Given));
    }
    if let Some(table) = truce {
        terms.push(term(
            "truce in force",
            i.truce,
            "factor",
            1.0,
            Inputs { truce: 1.0, coupling: 1.0, ..*i },
            Source::Agreement(table as u16),
        ));
        if let Some(mission) = rules.tables[table].mission {
            terms.push(term(
                "peacekeepers, army and withdrawal",
                i.truce,
                "factor",
                s.truce_residual,
                Inputs { truce: s.truce_residual, ..*i },
                Source::Mission(mission as u16),
            ));
        }
    }
    let effects = [
        (s.bonds.halted, processes.halted, "the roadmap", Source::Roadmap(0)),
        (s.bonds.outside, processes.outside, "the roadmap", Source::Roadmap(0)),
        (s.bonds.leaving, processes.pull, "an announced exit that has not come", Source::Iraq(0)),
        (s.bonds.freelance, processes.freelance, "integration of the groups", Source::Iraq(0)),
    ];
    for (bound, factor, name, source) in effects {
        if bound && (factor - 1.0).abs() > 1e-12 {
            let policy = if factor > 0.0 { i.policy / factor } else { 1.0 };
            terms.push(term(name, factor, "factor", 1.0, Inputs { policy, ..*i }, source));
        }
    }
    if i.targets < 1.0 {
        let without = Inputs { targets: 1.0, ..*i };
        terms.push(term("the coalition's exit", i.targets, "factor", 1.0, without, Source::Iraq(0)));
    }
    // Each truce in force by itself: what would be quieted without it.
    let in_force = s.solidarity.iter().filter(|(table, _)| agreements[*table].in_force());
    let quieted: f64 = in_force.clone().map(|(_, share)| share).sum();
    for &(table, share) in in_force {
        let solidarity = (1.0 - (quieted - share)).max(rules.p.solidarity_floor);
        terms.push(term(
            "a truce elsewhere",
            share,
            "share quieted",
            0.0,
            Inputs { solidarity, ..*i },
            Source::Agreement(table as u16),
        ));
    }
    if let Some(lever) = s.directive.filter(|_| i.directive * i.halt < 1.0) {
        terms.push(term(
            "patron's directive",
            i.directive * i.halt,
            "factor",
            1.0,
            Inputs { directive: 1.0, halt: 1.0, ..*i },
            Source::Lever(lever),
        ));
    }
    if i.capability < 1.0 && rules.actors[s.attacker].kind == ActorKind::Group {
        terms.push(term("capability", i.capability, "factor", 1.0, Inputs { capability: 1.0, ..*i }, Source::Given));
    }
    let settled = i.policy / processes.on(s.bonds);
    if s.settlements && settled < 1.0 {
        terms.push(term(
            "settlements",
            settled,
            "factor",
            1.0,
            Inputs { policy: i.policy / settled, ..*i },
            Source::Lever(Lever::IsraelSettlements),
        ));
    }
    Decision { subject: Subject::Stream(stream), chance: mean(i, floor), draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "fire",
    phase: 7,
    title: "Routine fire with excitation, solidarity and patron restraint; truce violations",
    section: "6.2, 6.10, 6.12, 6.13, 12.5",
    reads: &[
        "Front",
        "Agreement",
        "Mission",
        "Arsenal",
        "Fire",
        "Economy",
        "Roadmap",
        "Integration",
        "Incorporation",
        "Path",
    ],
    writes: &["Fire", "Arsenal"],
    levers: &[
        Lever::IranDirectiveHzb,
        Lever::IranDirectiveIri,
        Lever::IranDirectiveHou,
        Lever::IranDirectiveHam,
        Lever::IranDirectiveWbg,
        Lever::IsraelSettlements,
        Lever::RebrandShare,
        Lever::DealLeftOut,
        Lever::DealInterdependence,
        Lever::StatesIncorporation,
    ],
    events: &[EventKind::Fire],
    source: include_str!("fire.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, s) in rules.streams.iter().enumerate() {
        let me = Node::Stream(i);
        s.offspring.iter().for_each(|&(source, _)| link(Node::Stream(source), me));
        s.solidarity.iter().for_each(|&(table, _)| link(Node::Table(table), me));
        if let Some(table) = s.silenced_by {
            link(Node::Lever(Lever::DealLinkage), me);
            link(Node::Lever(Lever::DealInterdependence), me);
            for &linked in &rules.tables[table].links {
                link(Node::Table(linked), me);
                rules.tables[linked].front.iter().for_each(|&front| link(Node::Front(front), me));
            }
        }
        link(Node::Front(s.front), me);
        if let Some(t) = rules.collective {
            link(Node::Table(t), me);
            link(Node::Lever(Lever::DealLeftOut), me);
        }
        if s.bonds.halted || s.bonds.outside {
            (0..rules.roadmaps.len()).for_each(|r| link(Node::Roadmap(r), me));
        }
        if s.bonds.leaving || s.bonds.freelance {
            (0..rules.integrations.len()).for_each(|n| link(Node::Integration(n), me));
        }
        if s.bonds.leaving && !rules.integrations.is_empty() {
            link(Node::Lever(Lever::RebrandShare), me);
        }
        if let Some(patron) = rules.actors[s.attacker].patron {
            link(Node::Economy(patron), me);
        }
        if let Some(g) = rules.actors[s.attacker].incorporation {
            link(Node::Incorporation(g), me);
            link(Node::Lever(Lever::StatesIncorporation), me);
            if rules.incorporations[g].process == Process::Path {
                (0..rules.paths.len()).for_each(|path| link(Node::Path(path), me));
            }
        }
        if let Some(table) = s.silenced_by {
            link(Node::Table(table), me);
            if let Some(mission) = rules.tables[table].mission {
                link(Node::Mission(mission), me);
            }
        }
        if let Some(lever) = s.directive {
            link(Node::Lever(lever), me);
        }
        if s.settlements {
            link(Node::Lever(Lever::IsraelSettlements), me);
        }
        let attacker = &rules.actors[s.attacker];
        if attacker.stock.is_some() || attacker.kind == ActorKind::Group {
            link(Node::Arsenal(s.attacker), me);
        }
        if attacker.stock.as_ref().is_some_and(|stock| stock.per_event > 0.0) {
            link(me, Node::Arsenal(s.attacker));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAR: Inputs = Inputs {
        mu: 4.0,
        level_factor: 6.0,
        solidarity: 1.0,
        directive: 1.0,
        halt: 1.0,
        targets: 1.0,
        incorporated: 1.0,
        activity: 1.0,
        capability: 1.0,
        policy: 1.0,
        tempo: 1.0,
        truce: 1.0,
        coupling: 1.0,
        excitation: 10.0,
    };

    #[test]
    fn the_mean_is_baseline_plus_excitation_and_respects_its_floor() {
        assert!((mean(&WAR, 0.1) - 34.0).abs() < 1e-12);
        assert!((mean(&Inputs { excitation: -1e6, ..WAR }, 0.1) - 2.4).abs() < 1e-12);
        assert!(mean(&Inputs { capability: 0.0, ..WAR }, 0.1).abs() < 1e-12);
        assert!(mean(&Inputs { truce: 0.0, coupling: 0.0, ..WAR }, 0.1).abs() < 1e-12, "perfect compliance");
    }

    #[test]
    fn every_factor_works_in_its_stated_direction() {
        let base = mean(&WAR, 0.1);
        for less in [
            Inputs { mu: 2.0, ..WAR },
            Inputs { level_factor: 3.0, ..WAR },
            Inputs { solidarity: 0.3, ..WAR },
            Inputs { directive: 0.5, ..WAR },
            Inputs { halt: 0.05, ..WAR },
            Inputs { incorporated: 0.4, ..WAR },
            Inputs { activity: 0.4, ..WAR },
            Inputs { capability: 0.6, ..WAR },
            Inputs { policy: 0.8, ..WAR },
            Inputs { tempo: 0.7, ..WAR },
            Inputs { truce: 0.21, ..WAR },
            Inputs { coupling: 0.3, ..WAR },
            Inputs { excitation: 2.0, ..WAR },
        ] {
            assert!(mean(&less, 0.1) < base);
        }
    }

    #[test]
    fn a_tempo_is_standard_normal_at_all_times_and_leaves_the_mean_where_it_is() {
        let (paths, weeks, sd, half_life) = (4_000, 30, 0.5, 42.0);
        let (mut sums, mut squares, mut factors, mut with_next) = (0.0, 0.0, 0.0, 0.0);
        for path in 0..paths {
            let draws = crate::chance::Key::new(path, 0).of("tempo");
            let mut z = 0.0;
            for week in 0..weeks {
                z = tempo(z, draws.day(week).normal(1), half_life);
            }
            let next = tempo(z, draws.day(weeks).normal(1), half_life);
            sums += z;
            squares += z * z;
            factors += tempo_factor(z, sd);
            with_next += z * next;
        }
        let n = paths as f64;
        assert!((sums / n).abs() < 0.06 && (squares / n - 1.0).abs() < 0.09, "{} {}", sums / n, squares / n);
        assert!((factors / n - 1.0).abs() < 0.04, "{}", factors / n);
        // Half of a departure is left after six weeks: 2^(−1/6) after one.
        assert!((with_next / n - libm::exp2(-1.0 / 6.0)).abs() < 0.09, "{}", with_next / n);
        assert!((tempo_factor(3.0, 0.0) - 1.0).abs() < 1e-15, "without a spread there is no tempo");
    }

    #[test]
    fn excitation_settles_at_a_constant_count() {
        let mut e = 0.0;
        for _ in 0..400 {
            e = excitation(e, 0.9, 7);
        }
        assert!((e - 7.0).abs() < 1e-9);
    }
}
