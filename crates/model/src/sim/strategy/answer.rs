//! Phase 5b: who answers unanswered harm, and how large (6.4). The same equation for every holder.

use crate::chance::quantile::normal;
use crate::scenario::raw::{LadderRule, Means};
use crate::sim::event::{Event, EventKind};
use crate::sim::force::harm::strike_links;
use crate::sim::force::salvo::missile_equivalents;
use crate::sim::force::target::{self, Doctrine, choose_class, choose_site};
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term, terms};
use crate::sim::rules::{LedgerRules, Rules};
use crate::sim::state::{Agreement, Front, Ledger, Pair, Standing, Strike, StrikeKind};
use crate::sim::strategy::caution::{caution, caution_links, exchange_factor, intensity};
pub use crate::sim::strategy::scene::Scene;
use crate::sim::strategy::{fear, hosts, restraint, step};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// What one holder's decision rests on today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Unanswered harm L, blows.
    pub blows: f64,
    /// Threshold θ, blows.
    pub theta: f64,
    /// Largest daily chance.
    pub h_max: f64,
    /// a₀ … a₄.
    pub a: [f64; 5],
    /// Air defence AD; 1 where there is none to lose.
    pub air_defence: f64,
    /// Partner shield SH; 1 where there is none to lose.
    pub shield: f64,
    /// Caution B.
    pub caution: f64,
    /// Reformist weight x.
    pub reformist: f64,
    /// Weight of an audience at home under repression (a₅); 0 without one.
    pub audience: f64,
    /// Readiness lever.
    pub readiness: f64,
    /// Factor of mutual restraint.
    pub restraint: f64,
    /// In open war, or owed more than the threshold of war: the daily chance that takes the place of the equation.
    pub war: Option<f64>,
    /// Past the threshold and short of war: how far caution still holds; 0 in open war and where nothing holds.
    pub patience: f64,
    /// Caution of the other side.
    pub other_caution: f64,
    /// Whether an answer is due, so that the equation applies where war does not take its place.
    pub due: bool,
}

/// Chance that a day past the threshold of war is a day of war: 1, or what patience leaves of it.
#[inline]
#[must_use]
pub fn onset(i: &Inputs) -> f64 {
    if i.patience > 0.0 { restraint::onset(i.patience, i.caution + i.other_caution) } else { 1.0 }
}

/// Chance of an answer today:
/// `h_max · Λ(a₀ + a₁ ln(L/θ) − a₂ (1 − AD) − a₃ (1 − SH) − B + a₄ (.5 − x) + a₅ [repression])`, times readiness and restraint; in open
/// war, and for whoever is owed more than the threshold of war, a fixed daily chance, times restraint.
///
/// Readiness is a policy short of war (6.4, 12.9): harm past the threshold of war is past policy, and a war, once it is one, is
/// fought by both. With patience, a day past the threshold is a day of war by the chance `H` of [`onset`], and else one of policy:
/// `H · daily + (1 − H) · [due] · equation`.
#[inline]
#[must_use]
pub fn chance(i: &Inputs) -> f64 {
    let base = match (i.war, onset(i)) {
        (Some(daily), onset) if onset >= 1.0 => daily,
        (Some(daily), onset) => onset * daily + (1.0 - onset) * if i.due { policy(i) } else { 0.0 },
        (None, _) => policy(i),
    };
    (base * i.restraint).min(1.0)
}

/// The equation of policy short of war.
#[inline]
fn policy(i: &Inputs) -> f64 {
    let debt = libm::log(i.blows.max(1e-9) / i.theta);
    let logit = i.a[0] + i.a[1] * debt - i.a[2] * (1.0 - i.air_defence) - i.a[3] * (1.0 - i.shield) - i.caution
        + i.a[4] * (0.5 - i.reformist)
        + i.audience;
    i.readiness * i.h_max / (1.0 + libm::exp(-logit))
}

/// Draws below this are shots of war, where either side is owed more than its threshold: for whoever is owed it, what the war
/// takes of the chance; for the other, the share of the answers that falls on such days.
#[inline]
#[must_use]
pub fn warlike(i: &Inputs, chance: f64) -> f64 {
    match i.war {
        Some(daily) => (onset(i) * daily * i.restraint).min(1.0),
        None => onset(i) * chance,
    }
}

/// Size of an answer, blows: `m = κ L e^(spread z)`.
#[inline]
#[must_use]
pub fn magnitude(kappa: f64, blows: f64, spread: f64, z: f64) -> f64 {
    kappa * blows * libm::exp(spread * z)
}

/// Ledger after an answer of size `m`: `closure · max(0, L − share e^(−b) (fixed + m))`: what one does is felt as smaller
/// than what one receives.
#[inline]
#[must_use]
pub fn credited(blows: f64, m: f64, bias: f64, share: f64, fixed: f64, closure: f64) -> f64 {
    closure * (blows - share * libm::exp(-bias) * (fixed + m)).max(0.0)
}

/// Proportionality of a holder today: its lever relative to the default, and the US veto on scale (12.9) with what presses for it.
#[must_use]
pub fn proportionality(l: &LedgerRules, levers: &LeverSet, lobbying: f64, veto_effect: f64) -> f64 {
    let lever = l.proportionality.map_or(1.0, |lever| levers.relative(lever));
    let veto = if l.scale_veto { scale_veto(levers, lobbying, veto_effect) } else { 1.0 };
    l.kappa * lever * veto
}

/// Factor of the US veto on scale: `e^(−effect (v − .4))`, with `v` the lever and what hosts' fear and halted talks add to it.
#[must_use]
pub fn scale_veto(levers: &LeverSet, lobbying: f64, effect: f64) -> f64 {
    libm::exp(-effect * (levers[Lever::ScaleVeto] + lobbying - Lever::ScaleVeto.row().default))
}

/// What a missile force fires at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package {
    /// Ballistic missiles, drones, cruise missiles.
    pub rounds: [u32; 3],
}

impl Package {
    /// Its weight in missiles: a drone or cruise missile counts `slow_weight` of one, in the size of a salvo as in the store.
    #[must_use]
    pub fn missiles(&self, p: &Parameters) -> f64 {
        missile_equivalents(self.rounds, p)
    }
}

/// What is fired where `wanted` missiles' worth is meant: so much as the stores allow (`stored`, in missiles' worth) and the
/// launchers can carry; drones and cruise missiles, where they go along, in the proportion in which they were counted beside
/// `mixed_missiles`.
#[must_use]
pub fn package(wanted: f64, stored: f64, launchers: f64, mixed: bool, p: &Parameters) -> Package {
    let beside = |rounds: f64| if mixed { rounds / p.mixed_missiles } else { 0.0 };
    let (drones, cruise) = (beside(p.mixed_uav), beside(p.mixed_cruise));
    let share_of_missiles = 1.0 / (1.0 + p.slow_weight * (drones + cruise));
    let missiles = (wanted.min(stored) * share_of_missiles).min(launchers).max(0.0);
    // Whole rounds; what comes out a hair under a whole one is that one.
    Package { rounds: [missiles, drones * missiles, cruise * missiles].map(|rounds| (rounds + 1e-6) as u32) }
}

/// Which classes of targets a holder may choose today.
#[must_use]
pub fn doctrine(l: &LedgerRules, rules: &Rules, levers: &LeverSet, fronts: &[Front]) -> Doctrine {
    let by_level = |front: &usize| rules.fronts[*front].ladder == LadderRule::Hazard;
    let level = l.front.filter(by_level).map(|front| fronts[front].level);
    target::doctrine(l.target_set.map(|lever| levers[lever] as u8), level)
}

impl Scene<'_> {
    /// What one holder's decision rests on today.
    #[must_use]
    pub fn inputs(&self, me: usize, ledgers: &[Ledger], war: bool) -> Inputs {
        let Scene { rules, levers, .. } = *self;
        let ledger = &ledgers[me];
        let (l, p) = (&rules.ledgers[me], &rules.p);
        let (holder, arsenal) = (&rules.actors[l.holder], self.arsenals[l.holder]);
        let factions = holder.factions.map(|f| self.factions[f]);
        Inputs {
            blows: ledger.blows,
            theta: l.theta,
            h_max: l.h_max,
            a: l.a,
            air_defence: arsenal.air_defence,
            shield: arsenal.shield,
            caution: self.caution(me),
            reformist: factions.map_or(holder.reformist_weight, |f| f.reformists),
            audience: if factions.is_some_and(|f| f.repression) { p.audience_unrest } else { 0.0 },
            readiness: l.response_scale.map_or(1.0, |lever| levers[lever]),
            restraint: exchange_factor(&l.restrained_by, self.agreements, p.exchange_restraint),
            war: (war || ledger.blows > p.theta_war).then_some(l.war_answer),
            patience: if war { 0.0 } else { self.patience(l.pair, ledgers) },
            other_caution: if levers[Lever::ExchangeRestraint] > 0.0 { self.other_caution(l.reverse) } else { 0.0 },
            due: war || self.due(l, ledger),
        }
    }

    /// Whether an answer is owed and has waited long enough.
    fn due(&self, l: &LedgerRules, ledger: &Ledger) -> bool {
        ledger.owed && f64::from(self.today - ledger.owed_since) >= l.min_lag
    }

    /// How far caution holds past the threshold of war, by the larger ledger of a pair; nothing short of it.
    fn patience(&self, pair: usize, ledgers: &[Ledger]) -> f64 {
        let (p, lever) = (&self.rules.p, self.levers[Lever::ExchangeRestraint]);
        let largest = self.rules.pairs[pair].ledgers.iter().map(|&l| ledgers[l].blows).fold(0.0, f64::max);
        if largest > p.theta_war { restraint::patience(lever, largest, p) } else { 0.0 }
    }

    /// Caution of the holder of a ledger.
    fn caution(&self, l: usize) -> f64 {
        let kind = self.rules.ledgers[l].caution;
        caution(kind, self.rules, self.levers, self.channels, self.agreements, self.hosts, self.today)
    }

    fn other_caution(&self, reverse: Option<usize>) -> f64 {
        reverse.map_or(0.0, |theirs| self.caution(theirs))
    }

    /// Chance that a shot today, past the threshold of war, is a war's first.
    fn onset(&self, pair: usize, ledgers: &[Ledger]) -> f64 {
        let patience = self.patience(pair, ledgers);
        if patience <= 0.0 {
            return 1.0;
        }
        restraint::onset(patience, self.rules.pairs[pair].ledgers.iter().map(|&l| self.caution(l)).sum())
    }
}

/// Whether an open war has gone on for `war_quiet_days` without a shot of either side at the other.
#[inline]
#[must_use]
pub fn fallen_silent(pair: &Pair, today: i32, p: &Parameters) -> bool {
    f64::from(pair.quiet_days(today)) > p.war_quiet_days
}

/// The agreements in force that bind the two of a pair not to fire at each other.
fn binding<'a>(pair: usize, rules: &'a Rules, agreements: &'a [Agreement]) -> impl Iterator<Item = usize> + 'a {
    let tables = rules.pairs[pair].ledgers.iter().flat_map(|&l| &rules.ledgers[l].restrained_by);
    tables.copied().filter(|&table| agreements[table].in_force())
}

/// What ends an open war: an agreement, days without a shot, or, where it has been fought, a draw.
fn war_end(pair: usize, agreed: Option<usize>, quiet: Option<i32>, chance: f64, by_hazard: f64, draw: f64) -> Decision {
    let term = |name: &'static str, value, unit, source| Term {
        name: name.into(),
        value,
        unit,
        neutral: 0.0,
        without: by_hazard,
        source,
    };
    let terms = match (agreed, quiet) {
        (Some(table), _) => vec![term("mutual restraint in force", 1.0, "yes", Source::Agreement(table as u16))],
        (None, Some(days)) => vec![term("days without a shot", f64::from(days), "days", Source::Given)],
        (None, None) => Vec::new(),
    };
    Decision { subject: Subject::WarEnd(pair as u16), chance, draw, terms }
}

/// Lets ledgers fade and open wars end; whether anybody owes an answer or is at war.
///
/// A war in which both have fired ends by a daily hazard, as fought wars do, and any war by an agreement that binds both and was
/// signed since it began: what either holds against the other then counts as settled down to `war_reset · θ`, and no account is
/// raised. Or it ends because neither has fired for `war_quiet_days`: then nothing is settled.
pub fn keep_accounts<P: Probe>(
    rules: &Rules,
    luck: &Luck,
    today: i32,
    agreements: &[Agreement],
    ledgers: &mut [Ledger],
    pairs: &mut [Pair],
    journal: &mut Vec<Event>,
    probe: &mut P,
) -> bool {
    let p = &rules.p;
    let mut busy = false;
    for (i, ledger) in ledgers.iter_mut().enumerate() {
        let l = &rules.ledgers[i];
        if ledger.blows > 0.0 {
            ledger.blows *= l.daily_retention;
            ledger.other_count *= l.daily_retention;
        }
        if ledger.owed && ledger.blows < p.vow_lapse * l.theta {
            ledger.owed = false;
            journal.push(Event::AnswerLapsed { ledger: i as u16 });
        }
        busy |= ledger.owed || ledger.blows > p.theta_war;
    }
    for (i, pair) in pairs.iter_mut().enumerate().filter(|(_, pair)| pair.war) {
        busy = true;
        let agreed = binding(i, rules, agreements).find(|&table| agreements[table].since >= pair.war_since);
        let silent = agreed.is_none() && fallen_silent(pair, today, p);
        let draw = luck.war_end[i].day(today).uniform(0);
        let by_hazard = if pair.fought() { -libm::expm1(-p.war_end) } else { 0.0 };
        let chance = if silent || agreed.is_some() { 1.0 } else { by_hazard };
        probe.decided(|| war_end(i, agreed, silent.then(|| pair.quiet_days(today)), chance, by_hazard, draw));
        if draw < chance {
            pair.war = false;
            journal.push(Event::War { pair: i as u16, began: false, settled: !silent });
            if silent {
                continue;
            }
            for &l in &rules.pairs[i].ledgers {
                let settled = p.war_reset * rules.ledgers[l].theta;
                let Ledger { blows, other_count, .. } = ledgers[l];
                ledgers[l] = Ledger {
                    blows: blows.min(settled),
                    other_count: other_count.min(settled),
                    owed: false,
                    ..ledgers[l]
                };
            }
        }
    }
    busy
}

/// Decides, for every ledger, whether its holder answers today; frozen on the morning's values. A war begins with a shot:
/// where one of two fires at the other while either is owed more than the threshold of war.
pub fn settle<P: Probe>(
    scene: &Scene<'_>,
    ledgers: &mut [Ledger],
    pairs: &mut [Pair],
    standings: &mut [Standing],
    decided: &mut Vec<Strike>,
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    let Scene { rules, levers, luck, today, .. } = *scene;
    let p = &rules.p;
    let past =
        |ledgers: &[Ledger], pair: usize| rules.pairs[pair].ledgers.iter().any(|&l| ledgers[l].blows > p.theta_war);
    // Pairs whose war begins today; applied at the end, so that the others of the day decide on the morning's state.
    let mut begun: Vec<usize> = Vec::new();
    for s in decided.iter().filter(|s| s.kind == StrikeKind::Preventive) {
        let (actor, opponent) = (usize::from(s.actor), usize::from(s.opponent));
        let held = rules.ledgers.iter().find(|l| l.holder == opponent && l.against == actor);
        let war = |pair: &usize| {
            past(ledgers, *pair) && luck.war_end[*pair].day(today).uniform(1) < scene.onset(*pair, ledgers)
        };
        begun.extend(held.map(|l| l.pair).filter(war));
    }
    for me in 0..ledgers.len() {
        let l = &rules.ledgers[me];
        let war = pairs[l.pair].war;
        if !(war || ledgers[me].blows > p.theta_war || scene.due(l, &ledgers[me])) {
            continue;
        }
        let ledger = ledgers[me];
        let holder = &rules.actors[l.holder];
        let arsenal = scene.arsenals[l.holder];
        if arsenal.munitions < 1.0 {
            continue;
        }
        let inputs = scene.inputs(me, ledgers, war);
        let chance = chance(&inputs);
        let draw = luck.answer[me].day(today).uniform(0);
        probe.decided(|| explain(me as u16, &inputs, war, chance, draw, scene));
        let draw = probe.draw(Subject::Answer(me as u16), chance, draw);
        if draw >= chance {
            continue;
        }
        let warlike = warlike(&inputs, chance);
        let z = normal(luck.answer_size[me].day(today).uniform(0));
        let lobbying = if l.scale_veto { fear::lobbying(rules, scene.hosts, scene.channels, today) } else { 0.0 };
        let kappa = proportionality(l, levers, lobbying, p.scale_veto_effect);
        let mut m = magnitude(kappa, ledger.blows, l.spread, z);
        let day = luck.strike[me].day(today);
        let mut rounds = [0; 3];
        if l.means == Means::Salvo {
            // A missile force (launchers) may send drones and cruise missiles along.
            let force = holder.stock.as_ref().is_some_and(|s| s.launchers > 0.0);
            let mixed = force && day.uniform(step::MIXED) < p.mixed_salvo;
            let launchers = if force { p.salvo_launcher_share * arsenal.launchers } else { f64::INFINITY };
            let stored = p.salvo_stock_share * arsenal.munitions;
            let fired = package(l.rounds_per_blow * m, stored, launchers, mixed, p);
            m = fired.missiles(p) / l.rounds_per_blow;
            if fired.rounds[0] < 1 {
                continue;
            }
            rounds = fired.rounds;
        }
        // In open war a side may have next to nothing to answer, and what is left of a force that is worn down is kept until it
        // makes a salvo. The answer stays owed.
        if m < p.answer_least {
            continue;
        }
        let restraint = l.restraint.map_or(p.restraint_rest, |lever| levers[lever]);
        let target = &rules.actors[l.against];
        let doctrine = doctrine(l, rules, levers, scene.fronts);
        let class = choose_class(day.uniform(step::CLASS), target, restraint, doctrine, p);
        let site = choose_site(day.uniform(step::SITE), rules, l.against, class);
        decided.push(Strike {
            kind: if l.means == Means::Salvo { StrikeKind::Salvo } else { StrikeKind::AirStrike },
            actor: l.holder as u16,
            opponent: l.against as u16,
            victim: l.against as u16,
            ledger: me as u16,
            initiative: u16::MAX,
            magnitude: m,
            class,
            site: site.map_or(u16::MAX, |s| s as u16),
            // An announcement says where an answer ends; in open war nothing ends there.
            telegraphed: !(inputs.war.is_some() && draw < warlike) && day.uniform(step::TELEGRAPH) < l.telegraph,
            rounds,
            arrivals: 0,
            intercepted: 0,
            hits: 0,
            deaths: 0,
        });
        if !war && draw < warlike && past(ledgers, l.pair) {
            begun.push(l.pair);
        }
        let ledger = &mut ledgers[me];
        ledger.blows = credited(ledger.blows, m, l.bias, p.credit_share, p.credit_fixed, l.closure);
        ledger.other_count = credited(ledger.other_count, m, -l.bias, p.credit_share, p.credit_fixed, l.closure);
        ledger.owed = ledger.blows >= l.theta;
        ledger.owed_since = today;
        ledger.forgone = 0.0;
        standings[l.holder].resolve = (standings[l.holder].resolve + p.rho_gain).min(1.0);
    }
    for pair in begun {
        if !pairs[pair].war {
            (pairs[pair].war, pairs[pair].war_since) = (true, today);
            journal.push(Event::War { pair: pair as u16, began: true, settled: false });
        }
    }
}

/// The terms of the decision, each with the chance in its absence.
fn explain(ledger: u16, i: &Inputs, war: bool, chance_today: f64, draw: f64, scene: &Scene<'_>) -> Decision {
    let Scene { rules, levers, channels, .. } = *scene;
    let l = &rules.ledgers[usize::from(ledger)];
    let holder = l.holder as u16;
    let term = terms(chance);
    // Without the harm only a war that is on already takes the place of the equation; without the war, only the harm does.
    let calmer = Inputs { blows: i.theta, war: i.war.filter(|_| war), ..*i };
    let no_war = Inputs { war: i.war.filter(|_| i.blows > rules.p.theta_war), ..*i };
    let mut terms = vec![
        term("unanswered harm", i.blows, "blows", i.theta, calmer, Source::Ledger(ledger)),
        term("air defence", i.air_defence, "share", 1.0, Inputs { air_defence: 1.0, ..*i }, Source::AirDefence(holder)),
        term("partner shield", i.shield, "share", 1.0, Inputs { shield: 1.0, ..*i }, Source::Shield(holder)),
        term("reformist weight", i.reformist, "share", 0.5, Inputs { reformist: 0.5, ..*i }, Source::Given),
        term("threshold", i.theta, "blows", i.theta, *i, Source::Given),
    ];
    if i.patience > 0.0 && i.war.is_some() {
        terms.push(term(
            "what holds past the threshold of war",
            1.0 - onset(i),
            "share of days",
            0.0,
            Inputs { patience: 0.0, ..*i },
            Source::Lever(Lever::ExchangeRestraint),
        ));
    }
    if let Some(lever) = l.response_scale.filter(|_| i.war.is_none() || i.patience > 0.0) {
        terms.push(term(
            "readiness to answer",
            i.readiness,
            "times usual",
            1.0,
            Inputs { readiness: 1.0, ..*i },
            Source::Lever(lever),
        ));
    }
    // Of two in force one is enough.
    let restraining = l.restrained_by.iter().filter(|&&table| scene.agreements[table].in_force());
    let alone = restraining.clone().count() == 1;
    for &table in restraining {
        terms.push(term(
            "mutual restraint in force",
            i.restraint,
            "factor",
            1.0,
            Inputs { restraint: if alone { 1.0 } else { i.restraint }, ..*i },
            Source::Agreement(table as u16),
        ));
    }
    if i.audience > 0.0
        && let Some(factions) = rules.actors[l.holder].factions
    {
        let without = Inputs { audience: 0.0, ..*i };
        let source = Source::Unrest(factions as u16);
        terms.push(term("an audience at home under repression", i.audience, "logit", 0.0, without, source));
    }
    if war {
        terms.push(term("war mode", 1.0, "yes", 0.0, no_war, Source::War(l.pair as u16)));
    }
    if i.caution > 0.0 {
        terms.push(term("caution", i.caution, "logit", 0.0, Inputs { caution: 0.0, ..*i }, Source::Given));
        if l.caution == crate::scenario::raw::Caution::UsPressure && !scene.hosts.is_empty() {
            let restraint = hosts::restraint(rules, scene.hosts, scene.today);
            let warned = scene.hosts.iter().position(|host| hosts::threatened(host, scene.today, &rules.p));
            if let Some(host) = warned {
                let without = Inputs { caution: i.caution - restraint, ..*i };
                terms.push(term(
                    "threats to hosts of US bases",
                    restraint,
                    "logit",
                    0.0,
                    without,
                    Source::Warning(host as u16),
                ));
            }
        }
        if l.caution == crate::scenario::raw::Caution::ChannelsAndPresence {
            let presence = rules.p.beta_presence * levers[Lever::DeterrentPresence];
            terms.push(term(
                "US deterrent presence",
                levers[Lever::DeterrentPresence],
                "share",
                0.0,
                Inputs { caution: i.caution - presence, ..*i },
                Source::Lever(Lever::DeterrentPresence),
            ));
            for (c, channel) in rules.channels.iter().enumerate().filter(|(_, c)| c.restrains_iran) {
                let open = intensity(rules, levers, channels, c);
                let without = Inputs { caution: i.caution - rules.p.beta_channel * open, ..*i };
                terms.push(Term {
                    name: channel.name.clone().into(),
                    value: open,
                    unit: "intensity",
                    neutral: 0.0,
                    without: chance(&without),
                    source: Source::Channel(c as u16),
                });
            }
        }
    }
    Decision { subject: Subject::Answer(ledger), chance: chance_today, draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "answer",
    phase: 5,
    title: "Answers to unanswered harm, war mode",
    section: "6.4, 12.4",
    reads: &["Agreement", "Channel", "Host", "Front", "Arsenal", "Factions"],
    writes: &["Ledger", "Pair", "Standing", "Launches"],
    levers: &[
        Lever::DeterrentPresence,
        Lever::ScaleVeto,
        Lever::IranProportionality,
        Lever::IsraelProportionality,
        Lever::IranResponseScale,
        Lever::IsraelResponseScale,
        Lever::RestraintIrn,
        Lever::RestraintIsrIrn,
        Lever::IsraelTargetSet,
        Lever::IranTargetSet,
        Lever::ExchangeRestraint,
        Lever::FearOfWar,
    ],
    events: &[EventKind::AnswerLapsed, EventKind::WarBegan, EventKind::WarEnded],
    source: include_str!("answer.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, l) in rules.ledgers.iter().enumerate() {
        let me = Node::Answer(i);
        link(Node::Ledger(i), me);
        link(Node::Ledger(i), Node::Pair(l.pair));
        link(Node::Pair(l.pair), Node::Ledger(i));
        link(Node::Pair(l.pair), me);
        link(Node::Arsenal(l.holder), me);
        rules.actors[l.holder].factions.iter().for_each(|&f| link(Node::Factions(f), me));
        l.restrained_by.iter().for_each(|&t| link(Node::Table(t), me));
        caution_links(l.caution, rules, me, link);
        for lever in [l.proportionality, l.response_scale, l.restraint, l.target_set].into_iter().flatten() {
            link(Node::Lever(lever), me);
        }
        if l.scale_veto {
            link(Node::Lever(Lever::ScaleVeto), me);
        }
        if let Some(front) = l.front {
            link(Node::Front(front), me);
        }
        link(me, Node::Ledger(i));
        link(me, Node::Resolve(l.holder));
        link(me, Node::Arsenal(l.holder));
        link(Node::Arsenal(l.against), me);
        strike_links(rules, l.holder, l.against, l.against, me, link);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IRAN: Inputs = Inputs {
        blows: 2.6,
        theta: 2.5,
        h_max: 0.15,
        a: [-0.4, 3.2, 3.0, 2.5, 0.8],
        air_defence: 0.3,
        shield: 0.35,
        caution: 0.5,
        reformist: 0.45,
        audience: 0.0,
        readiness: 1.0,
        restraint: 1.0,
        war: None,
        patience: 0.0,
        other_caution: 0.5,
        due: true,
    };
    const ISRAEL: Inputs = Inputs { theta: 0.5, h_max: 0.085, a: [0.5, 0.0, 0.0, 0.0, 0.0], ..IRAN };

    /// Worked example of the specification: silence after 26 October 2024, and Israel's .042 a day.
    #[test]
    fn worked_examples_of_the_specification() {
        assert!((chance(&IRAN) - 0.0017).abs() < 2e-4, "{}", chance(&IRAN));
        assert!((chance(&ISRAEL) - 0.0425).abs() < 5e-4, "{}", chance(&ISRAEL));
    }

    #[test]
    fn an_answer_is_likelier_with_debt_defence_and_shield_and_rarer_with_caution_and_restraint() {
        let base = chance(&IRAN);
        for more in [
            Inputs { blows: 4.0, ..IRAN },
            Inputs { air_defence: 0.6, ..IRAN },
            Inputs { shield: 0.8, ..IRAN },
            Inputs { reformist: 0.2, ..IRAN },
            Inputs { war: Some(0.85), ..IRAN },
        ] {
            assert!(chance(&more) > base);
        }
        for less in [
            Inputs { caution: 1.0, ..IRAN },
            Inputs { restraint: 0.2, ..IRAN },
            Inputs { readiness: 0.5, ..IRAN },
            Inputs { theta: 4.0, ..IRAN },
        ] {
            assert!(chance(&less) < base);
        }
    }

    /// Readiness is a policy short of war: it moves the equation, and not the daily chance that takes its place.
    #[test]
    fn readiness_acts_short_of_war_only() {
        let never = Inputs { readiness: 0.0, ..IRAN };
        assert!(chance(&never).abs() < 1e-15);
        let past = Inputs { war: Some(0.85), ..IRAN };
        assert_eq!(chance(&past).to_bits(), chance(&Inputs { war: Some(0.85), ..never }).to_bits());
        assert!(chance(&Inputs { restraint: 0.2, ..past }) < chance(&past));
    }

    /// Without patience the threshold is a step; with it, part of the days are days of policy, and of the shots part are a war's.
    #[test]
    fn past_the_threshold_patience_makes_a_slope_of_the_step() {
        let past = Inputs { blows: 9.0, war: Some(0.85), ..IRAN };
        assert!((chance(&past) - 0.85).abs() < 1e-15 && (warlike(&past, 0.85) - 0.85).abs() < 1e-15);
        let held = Inputs { patience: 1.2, ..past };
        assert!(chance(&held) < chance(&past) && warlike(&held, chance(&held)) < chance(&held));
        assert!(chance(&Inputs { caution: 1.5, ..held }) < chance(&held));
        assert!(chance(&Inputs { other_caution: 1.5, ..held }) < chance(&held), "the other's caution too");
        assert!(chance(&Inputs { due: false, ..held }) < chance(&held), "an answer that is not due waits");
        // For whoever is not owed that much: policy as before, and a part of the answers begin a war.
        let other = Inputs { blows: 3.0, war: None, ..held };
        assert!((chance(&other) - chance(&Inputs { patience: 0.0, ..other })).abs() < 1e-15);
        assert!(warlike(&other, chance(&other)) < chance(&other));
    }

    #[test]
    fn a_package_shrinks_as_one_and_weighs_what_it_takes() {
        let p = Parameters::at_start();
        let whole = package(160.0, 1e9, 1e9, true, &p);
        assert_eq!(whole.rounds, [120, 170, 30], "13 April 2024");
        assert!((whole.missiles(&p) - 160.0).abs() < 1e-9);
        let bare = package(160.0, 1e9, 1e9, false, &p);
        assert_eq!(bare.rounds, [160, 0, 0]);
        for (wanted, stored, launchers) in [(160.0, 40.0, 1e9), (160.0, 1e9, 12.0), (20.0, 1e9, 1e9), (1.0, 1e9, 1e9)] {
            let less = package(wanted, stored, launchers, true, &p);
            assert!(less.rounds.iter().zip(whole.rounds).all(|(few, many)| *few <= many));
            let beside = f64::from(less.rounds[1]);
            assert!((beside - f64::from(less.rounds[0]) * 170.0 / 120.0).abs() < 2.5, "{less:?}");
            assert!(less.missiles(&p) <= wanted.min(stored) + 1e-5 && f64::from(less.rounds[0]) <= launchers);
        }
    }

    #[test]
    fn a_war_falls_silent_after_days_without_a_shot_of_either_side() {
        let p = Parameters::at_start();
        let at = |a, b| Pair { war: true, war_since: 0, last_fire: [a, b] };
        assert!(!fallen_silent(&at(10, 3), 10 + p.war_quiet_days as i32, &p));
        assert!(fallen_silent(&at(10, 3), 11 + p.war_quiet_days as i32, &p));
    }

    #[test]
    fn chances_stay_chances_at_the_extremes() {
        for blows in [0.0, 1e-12, 1e9] {
            for readiness in [0.0, 1.5] {
                let c = chance(&Inputs { blows, readiness, h_max: 1.0, ..IRAN });
                assert!((0.0..=1.0).contains(&c));
            }
        }
    }

    #[test]
    fn own_blows_are_felt_as_smaller_than_received_ones() {
        let fair = credited(5.0, 3.0, 0.0, 0.95, 0.6, 1.0);
        let biased = credited(5.0, 3.0, 0.3, 0.95, 0.6, 1.0);
        assert!(biased > fair);
        assert!(credited(1.0, 30.0, 0.2, 0.95, 0.6, 1.0).abs() < 1e-12, "a ledger never goes below zero");
        assert!(
            (credited(5.0, 1.0, 0.2, 0.95, 0.6, 0.2) / credited(5.0, 1.0, 0.2, 0.95, 0.6, 1.0) - 0.2).abs() < 1e-12
        );
    }
}
