//! Phase 10: spoilers and the collapse of agreements (6.10, 6.11).

use crate::scenario::raw::ActorKind;
use crate::sim::event::{Event, EventKind};
use crate::sim::force::ladder::silenced;
use crate::sim::home::economy::funded;
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::probe::{Decision, Probe, Source, Subject, terms};
use crate::sim::rules::{Rules, TableRules};
use crate::sim::state::{Agreement, Arsenal, Economy, Fire, Front, Incorporation, Mission, Path, Status};
use crate::sim::talks::incorporation;
use crate::sim::talks::peacekeeping::{Presence, presence};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// What a collapse rests on today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Base hazard h₀.
    pub h0: f64,
    /// Weibull shape s.
    pub shape: f64,
    /// Age of the agreement, days (τ).
    pub age: f64,
    /// Peacekeepers, army, withdrawal.
    pub at: Presence,
    /// Mean excitation of the silenced streams (Ē).
    pub violations: f64,
    /// Share of linked agreements in force; of the tables that it settles, for a collective deal.
    pub cover: f64,
    /// Linkage lever, relative to its default.
    pub linkage: f64,
    /// Whether a spoiler attacked within its days.
    pub spoiler: bool,
    /// Whether a linked agreement collapsed within its days.
    pub linked_collapse: bool,
    /// Outside guarantee g.
    pub guarantee: f64,
    /// Stages of the Gaza path completed.
    pub stages: u8,
}

/// Covariates of the collapse hazard:
/// `x = −β_U u − β_L l − β_M mon + β_W (1 − w) + β_V ln(1 + Ē/3) − m₀ 2^(−τ/τ_m) − β_link cov + β_S spoiler + β_J linked −
/// β_G (g − .3) − .15 stages`.
#[inline]
#[must_use]
pub fn covariates(i: &Inputs, p: &Parameters) -> f64 {
    let mut x = -p.beta_unifil * i.at.peacekeepers - p.beta_laf * i.at.army;
    if i.at.monitored {
        x -= p.beta_mechanism;
    }
    x += p.beta_withdrawal * (1.0 - i.at.withdrawal);
    x += p.beta_violations * libm::log1p(i.violations / p.violations_scale);
    x -= p.mediation_gain * libm::exp2(-i.age / p.mediation_half_life);
    x -= p.beta_link * i.linkage * i.cover;
    if i.spoiler {
        x += p.beta_spoiler;
    }
    if i.linked_collapse {
        x += p.beta_linked_collapse;
    }
    x - p.beta_guarantee * (i.guarantee - Lever::DealGuarantee.row().default) - p.path_stage * f64::from(i.stages)
}

/// Chance of collapse today: `1 − exp(−h₀ s ((τ + 1)/30)^(s − 1) e^x)`.
#[inline]
#[must_use]
pub fn collapse_chance(i: &Inputs, p: &Parameters) -> f64 {
    let weibull = i.h0 * i.shape * libm::exp((i.shape - 1.0) * libm::log((i.age + 1.0) / 30.0));
    -libm::expm1(-weibull * libm::exp(covariates(i, p)))
}

/// Daily chance that a left-out group attacks: `s (1 − inducement)(1 − c_g d) · outside · means`, with what incorporation leaves of
/// it and of c_g, and its means.
#[inline]
#[must_use]
pub fn spoiler_chance(rate: f64, inducement: f64, held_back: f64, outside: f64, means: f64) -> f64 {
    rate * (1.0 - inducement) * held_back * outside * means
}

/// Factor of a group's means on its attacks: `1 + k (F − 1)`, with F the share of them that its funding leaves.
#[inline]
#[must_use]
pub fn spoiler_means(k: f64, funded: f64) -> f64 {
    (1.0 + k * (funded - 1.0)).max(0.0)
}

/// Mean excitation of the streams that an agreement silences (Ē). Fire on a front that a collective deal does not cover is
/// no violation of it.
#[inline]
#[must_use]
pub fn violations(table: usize, rules: &Rules, levers: &LeverSet, agreements: &[Agreement], fires: &[Fire]) -> f64 {
    let t = &rules.tables[table];
    let left_out = if t.collective { rules.left_out(levers) } else { None };
    let (mut sum, mut streams) = (0.0, 0.0);
    for &s in &t.silences {
        let front = rules.streams[s].front;
        let covered = left_out.is_none() || rules.covers(front, left_out);
        if covered && !(t.collective && rules.front_fallen(front, agreements)) {
            (sum, streams) = (sum + fires[s].excitation, streams + 1.0);
        }
    }
    if streams > 0.0 { sum / streams } else { 0.0 }
}

/// The other tables whose matters a collective deal settles: its parts, those that have fallen among them.
fn parts<'a>(collective: usize, rules: &'a Rules, levers: &LeverSet) -> impl Iterator<Item = usize> + use<'a> {
    let left_out = rules.left_out(levers);
    (0..rules.tables.len()).filter(move |&table| table != collective && rules.settles(table, left_out))
}

/// How many of its parts a collective deal holds: those that have not fallen since it was signed.
#[must_use]
pub fn parts_held(collective: usize, rules: &Rules, levers: &LeverSet, agreements: &[Agreement]) -> usize {
    parts(collective, rules, levers).filter(|&table| !rules.fallen(table, agreements)).count()
}

/// Share of the other tables that a collective deal settles: what it holds together, as links do for two agreements. A part
/// that has fallen holds nothing.
#[must_use]
pub fn settled_share(collective: usize, rules: &Rules, levers: &LeverSet, agreements: &[Agreement]) -> f64 {
    parts_held(collective, rules, levers, agreements) as f64 / (rules.tables.len() - 1).max(1) as f64
}

/// Share of the parts that signed a collective deal which it still holds.
fn held_share(collective: usize, rules: &Rules, levers: &LeverSet, agreements: &[Agreement]) -> f64 {
    let signed = parts(collective, rules, levers).count();
    parts_held(collective, rules, levers, agreements) as f64 / signed.max(1) as f64
}

/// The part of a collective deal that falls where one does: that with the most violations, the first of equals; none where what
/// is left of those who signed would be less than the share below which the deal is none.
#[must_use]
pub fn weakest(
    collective: usize,
    rules: &Rules,
    levers: &LeverSet,
    agreements: &[Agreement],
    fires: &[Fire],
) -> Option<usize> {
    let signed = parts(collective, rules, levers).count();
    let held: Vec<usize> = parts(collective, rules, levers).filter(|&table| !rules.fallen(table, agreements)).collect();
    let left = held.len().checked_sub(1)?;
    if (left as f64) < rules.p.fray_least * signed as f64 || left == 0 {
        return None;
    }
    let fire = |table: usize| violations(table, rules, levers, agreements, fires);
    held.into_iter().rev().max_by(|&a, &b| fire(a).total_cmp(&fire(b)))
}

/// Level at which a front takes up fire again after an agreement: that from before it, or, more often, at most 2. One that had
/// been dormant wakes to friction, or sleeps on.
#[inline]
#[must_use]
pub fn returned(before: u8, draw: f64, p: &Parameters) -> u8 {
    if draw < p.collapse_to_war { before.max(1) } else { before.min(2) }
}

/// What the collapse of an agreement rests on today; `agreements` as they stood in the morning.
#[must_use]
pub fn inputs(
    rules: &Rules,
    levers: &LeverSet,
    table: usize,
    agreement: &Agreement,
    agreements: &[Agreement],
    fires: &[Fire],
    missions: &[Mission],
    paths: &[Path],
    today: i32,
) -> Inputs {
    let (t, p) = (&rules.tables[table], &rules.p);
    let held = t.links.iter().filter(|&&l| rules.holder(l, levers, agreements).is_some()).count();
    let shaken = |&l: &usize| f64::from(today - agreements[l].last_collapse) <= p.linked_collapse_days;
    Inputs {
        h0: t.h0,
        shape: t.shape,
        age: f64::from(today - agreement.since),
        at: t.mission.map_or(Presence::NONE, |m| presence(&missions[m], levers, p)),
        violations: violations(table, rules, levers, agreements, fires),
        cover: if t.collective {
            settled_share(table, rules, levers, agreements)
        } else if t.links.is_empty() {
            0.0
        } else {
            held as f64 / t.links.len() as f64
        },
        linkage: levers.relative(Lever::DealLinkage),
        spoiler: f64::from(today - agreement.last_spoiler) < p.spoiler_days,
        linked_collapse: t.links.iter().any(shaken)
            || t.collective && parts(table, rules, levers).any(|part| rules.fallen(part, agreements) && shaken(&part)),
        guarantee: levers[Lever::DealGuarantee],
        stages: t.path.map_or(0, |path| paths[path].stages()),
    }
}

/// Working memory of the phase: agreements as they stood in the morning. Nothing outlives the day here.
#[derive(Clone, Debug, Default)]
pub struct Standings(
    /// Agreements.
    pub Vec<Agreement>,
);

/// Groups that an agreement leaves out: those named, and armed groups that the lever leaves out of a collective deal.
pub fn spoilers<'a>(t: &'a TableRules, levers: &'a LeverSet) -> impl Iterator<Item = (usize, u64)> + 'a {
    let excluded = t.parties.iter().filter(|party| party.left_out(levers)).map(|party| (party.actor, party.hash));
    t.spoilers.iter().copied().chain(excluded)
}

/// Whether a group that one agreement leaves out is held by another, which silences fire of its own.
fn has_truce(actor: usize, left_out_of: usize, rules: &Rules, agreements: &[Agreement]) -> bool {
    let its_own = |t: &TableRules| t.silences.iter().any(|&s| rules.streams[s].attacker == actor);
    let signed = |t: &TableRules| t.parties.iter().any(|party| party.actor == actor);
    let mut others = rules.tables.iter().zip(agreements).enumerate().filter(|(i, _)| *i != left_out_of);
    others.any(|(_, (t, agreement))| agreement.in_force() && signed(t) && its_own(t))
}

/// What a left-out group's attack rests on today.
#[derive(Clone, Copy)]
struct Spoiling {
    /// `1 − c_g d`, with what incorporation leaves of the patron's control; 1 without a directive.
    held_back: f64,
    /// The same with the control whole.
    undivided: f64,
    /// What incorporation leaves of the attacks.
    outside: f64,
    /// What its means leave of them.
    means: f64,
}

impl Spoiling {
    fn of(actor: usize, scene: &Scene<'_>) -> Self {
        let (rules, p) = (scene.rules, &scene.rules.p);
        let group = &rules.actors[actor];
        let left = |k| incorporation::of_actor(k, actor, rules, scene.incorporations);
        let held = |kept: f64| {
            let control = (group.patron_control * kept).min(1.0);
            group.directive.map_or(1.0, |lever| 1.0 - control * scene.levers[lever])
        };
        let means = if p.spoiler_funding > 0.0 {
            spoiler_means(p.spoiler_funding, funded(group, scene.economies, p))
        } else {
            1.0
        };
        Self {
            held_back: held(left(p.incorporation_control)),
            undivided: held(1.0),
            outside: left(p.incorporation_spoiler),
            means,
        }
    }

    fn chance(&self, p: &Parameters) -> f64 {
        spoiler_chance(p.spoiler_rate, p.spoiler_inducement, self.held_back, self.outside, self.means)
    }

    fn explain(&self, table: u16, actor: usize, chance: f64, draw: f64, rules: &Rules) -> Decision {
        let p = &rules.p;
        let group = &rules.actors[actor];
        let mut found = Vec::new();
        let term = terms(|spoiling: &Self| spoiling.chance(p));
        let mut factor = |name, value, without, source| found.push(term(name, value, "factor", 1.0, without, source));
        if let Some(lever) = group.directive {
            let without = Self { held_back: 1.0, ..*self };
            factor("patron's directive", self.held_back, without, Source::Lever(lever));
        }
        if let Some(g) = group.incorporation {
            let source = Source::Incorporation(g as u16);
            if (self.outside - 1.0).abs() > 1e-12 {
                factor("incorporation", self.outside, Self { outside: 1.0, ..*self }, source);
            }
            if (self.held_back - self.undivided).abs() > 1e-12 {
                let without = Self { held_back: self.undivided, ..*self };
                factor("what incorporation leaves of the patron's control", self.held_back, without, source);
            }
        }
        if (self.means - 1.0).abs() > 1e-12 {
            factor("its means", self.means, Self { means: 1.0, ..*self }, Source::Lever(Lever::IranAxisFunding));
        }
        Decision { subject: Subject::Spoiler(table, actor as u16), chance, draw, terms: found }
    }
}

/// Lets a part of the collective deal fall: its front returns to open fire, while the deal holds for the others. An agreement of
/// the table's own ends with it.
pub fn fall(
    position: usize,
    draw: f64,
    rules: &Rules,
    agreements: &mut [Agreement],
    missions: &mut [Mission],
    fronts: &mut [Front],
    today: i32,
    journal: &mut Vec<Event>,
) {
    let since = rules.collective_in_force(agreements).map_or(today, |all| agreements[all].since);
    agreements[position] =
        Agreement { status: Status::Collapsed, since: today, last_collapse: today, ..agreements[position] };
    let mut highest = 0;
    for (_, front) in fronts.iter_mut().enumerate().filter(|(i, _)| rules.fronts[*i].table == Some(position)) {
        if front.level == 0 {
            let level = returned(front.war_level, draw, &rules.p);
            if level > 0 {
                *front = Front { level, war_level: level, last_step: today, ..*front };
                highest = highest.max(level);
            }
        }
    }
    journal.push(Event::Collapsed { table: position as u16, age: today - since, level: highest });
    undo_withdrawal(&rules.tables[position], missions);
}

/// Fighting undoes a withdrawal that a table has to do with.
fn undo_withdrawal(t: &TableRules, missions: &mut [Mission]) {
    if let Some(mission) = t.mission {
        missions[mission].withdrawn = 0.0;
    }
}

/// Ends an agreement: its front returns to open fire, or every front that a collective one covered; `draw` decides how far.
pub fn end(
    position: usize,
    draw: f64,
    rules: &Rules,
    levers: &LeverSet,
    agreements: &mut [Agreement],
    missions: &mut [Mission],
    fronts: &mut [Front],
    today: i32,
    journal: &mut Vec<Event>,
) {
    let age = today - agreements[position].since;
    agreements[position] =
        Agreement { status: Status::Collapsed, since: today, last_collapse: today, ..agreements[position] };
    let t = &rules.tables[position];
    let left_out = rules.left_out(levers);
    let mut highest = 0;
    for (i, front) in fronts.iter_mut().enumerate() {
        // Another agreement may still hold a front: the collective one, or under that the front's own.
        let held = t.collective && rules.covers(i, left_out) || t.quiets == Some(i);
        if !held || front.level > 0 || silenced(i, rules, levers, agreements) {
            continue;
        }
        let level = returned(front.war_level, draw, &rules.p);
        if level > 0 {
            *front = Front { level, war_level: level, last_step: today, ..*front };
            highest = highest.max(level);
        }
    }
    journal.push(Event::Collapsed { table: position as u16, age, level: highest });
    undo_withdrawal(t, missions);
    // A collective deal has no mission of its own: those of its parts, where fire is taken up again.
    for part in rules.tables.iter().filter(|part| t.collective && part.quiets.is_some_and(|f| fronts[f].level > 0)) {
        undo_withdrawal(part, missions);
    }
}

/// What tests agreements sees of the world.
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
    /// Fire.
    pub fires: &'a [Fire],
    /// Arsenals.
    pub arsenals: &'a [Arsenal],
    /// Paths.
    pub paths: &'a [Path],
    /// Economies.
    pub economies: &'a [Economy],
    /// Incorporation.
    pub incorporations: &'a [Incorporation],
}

/// Lets spoilers attack and agreements collapse.
pub fn test<P: Probe>(
    scene: &Scene<'_>,
    morning: &mut Vec<Agreement>,
    missions: &mut [Mission],
    fronts: &mut [Front],
    agreements: &mut [Agreement],
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    let Scene { rules, levers, luck, today, fires, .. } = *scene;
    let p = &rules.p;
    if !agreements.iter().any(Agreement::in_force) {
        return;
    }
    morning.clear();
    morning.extend_from_slice(agreements);
    for (position, t) in rules.tables.iter().enumerate() {
        if !agreements[position].in_force() {
            continue;
        }
        let table = position as u16;
        for (actor, hash) in spoilers(t, levers) {
            let can = scene.arsenals[actor].munitions >= 1.0 && rules.actors[actor].kind == ActorKind::Group;
            if !can || has_truce(actor, position, rules, morning) {
                continue;
            }
            let (spoiler, draw) = (Spoiling::of(actor, scene), luck.spoiler[position].day(today).uniform(hash as u32));
            let chance = spoiler.chance(p);
            probe.decided(|| spoiler.explain(table, actor, chance, draw, rules));
            if probe.draw(Subject::Spoiler(table, actor as u16), chance, draw) < chance {
                agreements[position].last_spoiler = today;
                journal.push(Event::Spoiler { table, actor: actor as u16 });
            }
        }
        let day = luck.collapse[position].day(today);
        let how_far = day.uniform(1);
        if t.forced.last().is_some_and(|&(last, _)| today <= last) {
            // Until its last documented date an agreement ends on documented days only.
            if t.forced.contains(&(today, false)) && probe.allows(Subject::Collapse(table)) {
                end(position, how_far, rules, levers, agreements, missions, fronts, today, journal);
            }
            continue;
        }
        let frayed = t.collective && p.deal_fray > 0.0 && held_share(position, rules, levers, morning) < p.fray_least;
        if frayed && probe.allows(Subject::Collapse(table)) {
            // Truces of the parts' own have collapsed: what is left is no deal of those who signed.
            end(position, how_far, rules, levers, agreements, missions, fronts, today, journal);
            continue;
        }
        let violations = violations(position, rules, levers, morning, fires);
        let draw = day.uniform(0);
        if draw >= t.collapse_bound * (1.0 + violations / p.violations_scale) && !probe.asks() {
            continue;
        }
        let agreement = agreements[position];
        let inputs = inputs(rules, levers, position, &agreement, morning, fires, missions, scene.paths, today);
        let chance = collapse_chance(&inputs, p);
        probe.decided(|| explain(table, t, &inputs, morning, today, chance, draw, p));
        let draw = probe.draw(Subject::Collapse(table), chance, draw);
        if draw < chance {
            let frays = t.collective && day.uniform(2) < p.deal_fray;
            let part = weakest(position, rules, levers, agreements, fires).filter(|_| frays);
            if let Some(part) = part {
                fall(part, how_far, rules, agreements, missions, fronts, today, journal);
                continue;
            }
            end(position, how_far, rules, levers, agreements, missions, fronts, today, journal);
        }
    }
}

/// The terms of a collapse, each with the chance in its absence.
fn explain(
    table: u16,
    t: &TableRules,
    i: &Inputs,
    agreements: &[Agreement],
    today: i32,
    chance: f64,
    draw: f64,
    p: &Parameters,
) -> Decision {
    let term = terms(|i: &Inputs| collapse_chance(i, p));
    let mut terms = vec![
        term(
            "violations",
            i.violations,
            "events/day",
            0.0,
            Inputs { violations: 0.0, ..*i },
            t.silences.first().map_or(Source::Given, |&s| Source::Excitation(s as u16)),
        ),
        term(
            "outside guarantee",
            i.guarantee,
            "share",
            0.0,
            Inputs { guarantee: 0.0, ..*i },
            Source::Lever(Lever::DealGuarantee),
        ),
    ];
    if let Some(mission) = t.mission {
        let source = Source::Mission(mission as u16);
        let at = i.at;
        terms.push(term(
            "peacekeepers",
            at.peacekeepers,
            "strength",
            0.0,
            Inputs { at: Presence { peacekeepers: 0.0, ..at }, ..*i },
            Source::Lever(Lever::UnifilTroops),
        ));
        terms.push(term(
            "national army in the area",
            at.army,
            "share",
            0.0,
            Inputs { at: Presence { army: 0.0, ..at }, ..*i },
            source,
        ));
        terms.push(term(
            "withdrawal still to come",
            1.0 - at.withdrawal,
            "share",
            0.0,
            Inputs { at: Presence { withdrawal: 1.0, ..at }, ..*i },
            source,
        ));
        if at.monitored {
            terms.push(term(
                "monitoring mechanism",
                1.0,
                "yes",
                0.0,
                Inputs { at: Presence { monitored: false, ..at }, ..*i },
                Source::Lever(Lever::MonitoringMechanism),
            ));
        }
    }
    if i.stages > 0
        && let Some(path) = t.path
    {
        let (stages, source) = (f64::from(i.stages), Source::Path(path as u16));
        terms.push(term("stages of the path completed", stages, "stages", 0.0, Inputs { stages: 0, ..*i }, source));
    }
    if i.spoiler {
        terms.push(term(
            "a spoiler's attack",
            1.0,
            "yes",
            0.0,
            Inputs { spoiler: false, ..*i },
            Source::Spoiler(table),
        ));
    }
    if t.collective && i.cover > 0.0 {
        let source = Source::Lever(Lever::DealLinkage);
        terms.push(term("fronts settled together", i.cover, "share", 0.0, Inputs { cover: 0.0, ..*i }, source));
    }
    // Each link by itself: one collapse of two leaves the other.
    let shaken = |link: usize| f64::from(today - agreements[link].last_collapse) <= p.linked_collapse_days;
    let collapsed = t.links.iter().filter(|&&link| shaken(link)).count();
    for &link in &t.links {
        if shaken(link) {
            terms.push(term(
                "a linked agreement collapsed",
                1.0,
                "yes",
                0.0,
                Inputs { linked_collapse: collapsed > 1, ..*i },
                Source::Collapse(link as u16),
            ));
        }
        if agreements[link].in_force() {
            let share = 1.0 / t.links.len() as f64;
            terms.push(term(
                "linked agreements in force",
                share,
                "share",
                0.0,
                Inputs { cover: (i.cover - share).max(0.0), ..*i },
                Source::Agreement(link as u16),
            ));
        }
    }
    Decision { subject: Subject::Collapse(table), chance, draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "truce",
    phase: 10,
    title: "Spoilers and the collapse of agreements",
    section: "6.10, 6.11, 6.18",
    reads: &["Fire", "Arsenal", "Mission", "Path", "Economy", "Incorporation"],
    writes: &["Agreement", "Front", "Mission"],
    levers: &[
        Lever::DealLinkage,
        Lever::DealInterdependence,
        Lever::StatesIncorporation,
        Lever::DealGuarantee,
        Lever::MonitoringMechanism,
        Lever::IranDirectivePij,
        Lever::IranAxisFunding,
        Lever::DealLeftOut,
    ],
    events: &[EventKind::Spoiler, EventKind::Collapsed],
    source: include_str!("truce.rs"),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, t) in rules.tables.iter().enumerate() {
        let me = Node::Table(i);
        t.silences.iter().for_each(|&s| link(Node::Stream(s), me));
        t.links.iter().for_each(|&other| link(Node::Table(other), me));
        if let Some(all) = rules.collective {
            // A part of it can fall by itself, and what falls weighs on the whole.
            link(Node::Lever(Lever::DealInterdependence), me);
            link(me, Node::Table(all));
            link(Node::Table(all), me);
        }
        link(Node::Lever(Lever::StatesIncorporation), me);
        if !t.links.is_empty() || t.collective {
            link(Node::Lever(Lever::DealLinkage), me);
        }
        // A linked agreement may be the collective one.
        if !t.links.is_empty() {
            rules.collective.iter().for_each(|&all| link(Node::Table(all), me));
        }
        link(Node::Lever(Lever::DealGuarantee), me);
        t.path.iter().for_each(|&path| link(Node::Path(path), me));
        for party in t.parties.iter().filter(|party| party.left_out_option > 0) {
            link(Node::Lever(Lever::DealLeftOut), me);
            if let Some(lever) = rules.actors[party.actor].directive {
                link(Node::Lever(lever), me);
            }
            link(Node::Arsenal(party.actor), me);
            spoiler_links(rules, party.actor, me, link);
        }
        if let Some(mission) = t.mission {
            link(Node::Mission(mission), me);
            link(me, Node::Mission(mission));
        }
        for &(actor, _) in &t.spoilers {
            link(Node::Arsenal(actor), me);
            spoiler_links(rules, actor, me, link);
            if let Some(lever) = rules.actors[actor].directive {
                link(Node::Lever(lever), me);
            }
        }
    }
}

/// What a left-out group's attacks rest on beside its directive: its means, and what has come under political authority.
fn spoiler_links(rules: &Rules, actor: usize, to: Node, link: &mut dyn FnMut(Node, Node)) {
    rules.actors[actor].patron.iter().for_each(|&e| link(Node::Economy(e), to));
    rules.actors[actor].incorporation.iter().for_each(|&g| link(Node::Incorporation(g), to));
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUCE: Inputs = Inputs {
        h0: 0.005,
        shape: 0.75,
        age: 30.0,
        at: Presence { peacekeepers: 0.67, army: 0.4, withdrawal: 0.5, monitored: true },
        violations: 2.5,
        cover: 0.0,
        linkage: 1.0,
        spoiler: false,
        linked_collapse: false,
        guarantee: 0.3,
        stages: 0,
    };

    #[test]
    fn more_unifil_army_withdrawal_guarantee_and_linkage_lower_the_hazard() {
        let p = Parameters::at_start();
        let base = collapse_chance(&TRUCE, &p);
        for less in [
            Inputs { at: Presence { peacekeepers: 1.0, ..TRUCE.at }, ..TRUCE },
            Inputs { at: Presence { army: 0.7, ..TRUCE.at }, ..TRUCE },
            Inputs { at: Presence { withdrawal: 1.0, ..TRUCE.at }, ..TRUCE },
            Inputs { guarantee: 0.9, ..TRUCE },
            Inputs { cover: 1.0, ..TRUCE },
            Inputs { violations: 0.0, ..TRUCE },
            Inputs { age: 200.0, ..TRUCE },
        ] {
            assert!(collapse_chance(&less, &p) < base, "{less:?}");
        }
        for more in [
            Inputs { spoiler: true, ..TRUCE },
            Inputs { linked_collapse: true, ..TRUCE },
            Inputs { at: Presence { monitored: false, ..TRUCE.at }, ..TRUCE },
        ] {
            assert!(collapse_chance(&more, &p) > base);
        }
    }

    /// Hazard ratio of full strength against none: e^(−.7) = .50, from the literature.
    #[test]
    fn unifil_at_full_strength_halves_the_hazard() {
        let p = Parameters::at_start();
        let of = |u| collapse_chance(&Inputs { at: Presence { peacekeepers: u, ..TRUCE.at }, ..TRUCE }, &p);
        assert!((of(1.0) / of(0.0) - 0.5).abs() < 0.01);
    }

    #[test]
    fn mediated_gains_fade_unless_claim_h7_is_off() {
        let p = Parameters::at_start();
        let gain = |age, p: &Parameters| covariates(&Inputs { age, ..TRUCE }, p);
        assert!(gain(0.0, &p) < gain(240.0, &p));
        let lasting = Parameters { mediation_half_life: f64::INFINITY, ..p };
        assert!((gain(0.0, &lasting) - gain(240.0, &lasting)).abs() < 1e-12);
    }
}
