//! Phase 4b: negotiation tables: acceptance (quantal response), signing, opening and closing (6.11, 12.6).

use crate::chance::quantile::normal;
use crate::scenario::raw::{Disputed, LadderRule, Nuclear, Opens, RegionalRole, Sequencing, Trade};
use crate::sim::event::{Event, EventKind, LevelMover};
use crate::sim::force::ladder::{heat, silenced, worth};
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term};
use crate::sim::rules::{CouncilRules, PartyRules, Rules, TableRules};
use crate::sim::state::{
    Agreement, Channel, Council, Fire, Front, Incorporation, Ledger, Path, Programme, Standing, Status, Threat,
};
use crate::sim::strategy::caution::{mediation, war_spectre};
use crate::sim::strategy::fear;
use crate::sim::talks::packages::{
    self, Package, arms_package, disputed_package, exit_package, nuclear_package, role_package, sequencing_terms,
};
use crate::sim::talks::truce::returned;
use crate::sim::talks::{ballot, forum, incorporation, texts};
use crate::symbols::levers::{Kind, Lever, LeverSet, OFF};
use crate::symbols::parameters::Parameters;

/// What one party's acceptance rests on today.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Inputs {
    /// Value of the agreement (B), with what packages add.
    pub benefit: f64,
    /// What a security forum adds to it.
    pub forum: f64,
    /// Cost of going on at the reference level (c⁰).
    pub war_cost: f64,
    /// Intensity of the front against the reference level (X / X_ref).
    pub intensity: f64,
    /// Audience cost (AC), with what packages add.
    pub audience_cost: f64,
    /// What a fresh cease-fire text takes off it.
    pub conceded: f64,
    /// What an admission to the United Nations adds to it.
    pub recognition: f64,
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
/// `U = B + c⁰ (.5 + .5 X/X_ref) − AC (1 + k_O O)(1 − .4 m̄) − CP (1 + k_Θ (Θ − .5))(1 − g) + seq + ν`, with what texts of the
/// Council take off AC or add to it.
#[inline]
#[must_use]
pub fn utility(i: &Inputs, p: &Parameters) -> f64 {
    let war_cost = i.war_cost * (0.5 + 0.5 * i.intensity);
    let cost = i.audience_cost - i.conceded + i.recognition;
    let audience = cost * (1.0 + p.opinion_audience * i.opinion) * (1.0 - p.audience_mediation * i.mediation);
    let commitment = i.commitment_cost * (1.0 + p.commitment_threat * (i.threat - 0.5)) * (1.0 - i.guarantee);
    i.benefit + i.forum + war_cost - audience - commitment + i.sequencing + i.shock
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

/// Factor on signing when a deadline is within the fortnight.
#[must_use]
pub fn deadline_factor(t: &TableRules, today: i32, p: &Parameters) -> f64 {
    let near = t.deadlines.iter().any(|&d| d >= today && f64::from(d - today) <= p.deadline_days);
    if near { p.deadline_factor } else { 1.0 }
}

/// Whether a table can meet today: by the architecture of the deal, and with the Muscat channel where it needs it.
///
/// Piecemeal: every table but the collective one; hybrid: all; collective: that one alone (12.5). Once a collective deal is
/// in force, a table that it leaves `outside`, since one of its parties is left out, meets under every architecture: the
/// collective table has nothing more to say to that party.
#[must_use]
pub fn can_meet(t: &TableRules, levers: &LeverSet, outside: bool) -> bool {
    let architecture = levers[Lever::DealArchitecture];
    let invited = if t.collective { architecture > 0.5 } else { architecture < 1.5 || outside };
    invited && (t.opens == Opens::Always || !levers.on(Lever::IranSuspendMuscat))
}

/// Factor on the cost of relying on the others' promise by what they pledge of restraint toward a party:
/// `1 − restraint_trust · mean (g − g⁰)`, with g⁰ the lever's default; 1 where nobody pledges.
#[must_use]
pub fn trusted(pledges: &[Lever], levers: &LeverSet, p: &Parameters) -> f64 {
    if pledges.is_empty() || p.restraint_trust <= 0.0 {
        return 1.0;
    }
    let above: f64 = pledges.iter().map(|&lever| levers[lever] - lever.row().default).sum();
    (1.0 - p.restraint_trust * above / pledges.len() as f64).max(0.0)
}

/// What acquiescence and attacks on ships add to the value of an agreement that a party merely acquiesces in:
/// `.4 (lever − .3) − .02 ln(1 + attacks a day)`.
#[must_use]
pub fn acquiescence(lever: f64, attacks: f64, p: &Parameters) -> f64 {
    p.acquiescence_gain * (lever - Lever::RoadmapAcquiescence.row().default) - p.ship_attacks * libm::log1p(attacks)
}

/// What the tables see of the world this morning.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Rules.
    pub rules: &'a Rules,
    /// Levers.
    pub levers: &'a LeverSet,
    /// Today.
    pub today: i32,
    /// Channels.
    pub channels: &'a [Channel],
    /// Standings.
    pub standings: &'a [Standing],
    /// Threats.
    pub threats: &'a [Threat],
    /// Fire.
    pub fires: &'a [Fire],
    /// Ledgers.
    pub ledgers: &'a [Ledger],
    /// Fronts.
    pub fronts: &'a [Front],
    /// Councils.
    pub councils: &'a [Council],
    /// Programmes, with the security forum of their owner.
    pub programmes: &'a [Programme],
    /// Paths.
    pub paths: &'a [Path],
    /// Incorporation.
    pub incorporations: &'a [Incorporation],
}

impl Scene<'_> {
    /// Intensity of the fighting at a table's front against its reference.
    #[must_use]
    pub fn intensity(&self, t: &TableRules) -> f64 {
        t.front.map_or(1.0, |front| {
            let level = usize::from(self.fronts[front].level);
            let reference = usize::from(t.stalemate_level);
            match t.cost_stream.map(|s| &self.rules.streams[s].level_factor) {
                Some(factor) => factor[level] / factor[reference],
                None => EXCHANGE_GROWTH[level] / EXCHANGE_GROWTH[reference],
            }
        })
    }

    /// Factor on a party's cost of relying on the promise of the others at a table: what the mean incorporation of the armed
    /// groups among them leaves of it; 1 where no group among them has a state to join.
    #[must_use]
    pub fn answered_for(&self, t: &TableRules, party: &PartyRules) -> f64 {
        let (rules, k) = (self.rules, self.rules.p.incorporation_trust);
        let others = t.parties.iter().filter(|other| other.actor != party.actor);
        let groups = others.filter(|other| rules.actors[other.actor].incorporation.is_some());
        let (sum, n) = groups.fold((0.0, 0.0), |(sum, n), other| {
            (sum + incorporation::of_actor(k, other.actor, rules, self.incorporations), n + 1.0)
        });
        if n > 0.0 { sum / n } else { 1.0 }
    }

    /// What a party's acceptance rests on today, at its own table.
    #[must_use]
    pub fn inputs(&self, t: &TableRules, party: &PartyRules, mediation: f64, shock: f64) -> Inputs {
        self.inputs_with_role(t, party, mediation, shock, self.levers[Lever::RegionalRole])
    }

    /// The same with a regional role of this size on the table.
    fn inputs_with_role(&self, t: &TableRules, party: &PartyRules, mediation: f64, shock: f64, role: f64) -> Inputs {
        let (levers, p) = (self.levers, &self.rules.p);
        let (gain, cost) = disputed_package(party.disputed, levers[Lever::IsraelDisputedAreas], p);
        let (sequencing, distrust) = sequencing_terms(party.sequencing, levers.on(Lever::DealSequencing), p);
        let (cap, relief) = (levers[Lever::IranEnrichmentCap], levers[Lever::SanctionsRelief]);
        let (nuclear_gain, nuclear_cost) = nuclear_package(party.nuclear, cap, relief, p);
        let (role_gain, role_cost) = role_package(party.regional_role, p);
        let mut benefit = party.benefit + gain + nuclear_gain + role * role_gain;
        benefit += ballot::benefit(self.rules, t, party, self.paths);
        if party.acquiesces {
            let attacks = t.disturbed_by.map_or(0.0, |s| self.fires[s].excitation);
            benefit += acquiescence(levers[Lever::RoadmapAcquiescence], attacks, p);
        }
        let mut audience_cost = party.audience_cost + cost + nuclear_cost + role * role_cost;
        if self.rules.actors[party.actor].factions.is_some() {
            audience_cost *= 1.0 - p.war_spectre * war_spectre(self.rules, self.ledgers, party.actor);
        }
        if self.rules.actors[party.actor].leaned_on {
            let course = self.rules.course(levers, self.today).map_or(0.0, |course| course.council_term);
            audience_cost *= fear::leverage(levers[Lever::Leverage], course, p);
        }
        let mut commitment_cost = party.commitment_cost * trusted(&party.pledges, levers, p) + distrust;
        if p.incorporation_trust > 0.0 {
            commitment_cost *= self.answered_for(t, party);
        }
        let breaks_course = self.rules.course(levers, self.today).is_some_and(|course| course.breaks_course);
        if party.nuclear == Nuclear::Capped && breaks_course {
            commitment_cost += p.course_distrust;
        }
        let threat = if party.threats.is_empty() {
            0.5
        } else {
            party.threats.iter().map(|&t| self.threats[t].level).sum::<f64>() / party.threats.len() as f64
        };
        let (conceded, recognition) = self.texts(t, party, audience_cost);
        let seats = t.parties.iter().map(|party| party.actor);
        let forum = if p.forum_gain > 0.0 { forum::of(seats, self.rules, self.programmes) } else { None };
        Inputs {
            benefit,
            forum: forum.map_or(0.0, |n| forum::benefit(self.programmes[n].forum, p)),
            conceded,
            recognition,
            war_cost: party.war_cost,
            intensity: self.intensity(t),
            audience_cost,
            opinion: self.standings[party.actor].opinion,
            commitment_cost,
            threat,
            sequencing,
            guarantee: levers[Lever::DealGuarantee],
            mediation,
            shock,
        }
    }

    /// What texts of the Council take off a party's audience cost at its table, and add to it.
    fn texts(&self, t: &TableRules, party: &PartyRules, audience_cost: f64) -> (f64, f64) {
        let p = &self.rules.p;
        if p.text_concession <= 0.0 && p.text_recognition <= 0.0 {
            return (0.0, 0.0);
        }
        let here = |c: &&CouncilRules| c.table.is_some_and(|at| self.rules.tables[at].id.hash == t.id.hash);
        let Some((table, subject)) = self.rules.councils.iter().find(here).and_then(|c| Some((c.table?, c.subject)))
        else {
            return (0.0, 0.0);
        };
        let fresh = texts::fresh(table, self.rules, self.councils, self.today).is_some();
        let admitted =
            subject == Some(party.actor) && texts::admitted(table, self.rules, self.councils, self.today).is_some();
        (if fresh { texts::concession(audience_cost, p) } else { 0.0 }, if admitted { p.text_recognition } else { 0.0 })
    }

    /// Chance that a party accepts; `change` lets an explanation take a cause away.
    ///
    /// At the collective table a party weighs what it has at its other tables, `Σ ω U + log-rolling − .05 (n − 1)`: issues can
    /// be traded, and every further front it brings is one more to be settled (6.11). A table at which somebody left out of the
    /// deal sits is not settled by it, and weighs nothing.
    #[must_use]
    pub fn accepts(
        &self,
        t: &TableRules,
        party: &PartyRules,
        mediation: f64,
        shock: f64,
        change: &dyn Fn(Inputs) -> Inputs,
    ) -> f64 {
        if !t.collective {
            return acceptance(&change(self.inputs(t, party, mediation, shock)), &self.rules.p);
        }
        1.0 / (1.0 + libm::exp(self.reluctance(party, mediation, shock, change)))
    }

    /// How far a party of the collective table is from accepting, in logits: `acceptance_offset − U/tau_q`.
    fn reluctance(&self, party: &PartyRules, mediation: f64, shock: f64, change: &dyn Fn(Inputs) -> Inputs) -> f64 {
        let p = &self.rules.p;
        let mut sum = party.benefit + p.link_logroll;
        // The regional role is a term of the deal itself and not of any one table (12.6), and so are arms and an exit.
        let (role_gain, role_cost) = role_package(party.regional_role, p);
        let eased = 1.0 - p.audience_mediation * mediation;
        sum += self.levers[Lever::RegionalRole] * (role_gain - role_cost * eased);
        let (gain, cost) = arms_package(party.arms, self.levers[Lever::ArmsResupply], p);
        sum += gain - cost * eased;
        let (gain, cost) = exit_package(party.exit, self.levers[Lever::CoalitionExitDate], p);
        sum += gain - cost * eased;
        let left_out = self.rules.left_out(self.levers);
        let settled = || party.stakes.iter().filter(|&&(table, ..)| self.rules.settles(table, left_out));
        sum -= p.veto_player_cost * (settled().count() as f64 - 1.0).max(0.0);
        // What is weighed adds up to 1 over the tables that the deal settles.
        let weighed: f64 = if left_out.is_some() { settled().map(|&(_, _, weight)| weight).sum() } else { 1.0 };
        for &(table, at, weight) in settled() {
            let theirs = &self.rules.tables[table];
            let inputs = self.inputs_with_role(theirs, &theirs.parties[at], mediation, shock, 0.0);
            sum += weight / weighed * utility(&change(inputs), p);
        }
        p.acceptance_offset - sum / p.tau_q
    }

    /// Chance that every party accepts, those left out of a collective deal aside; at the collective table a share of proposals
    /// is free to be the package that they most likely all accept.
    #[must_use]
    pub fn all_accept(&self, t: &TableRules, mediation: f64, shock: f64, change: &dyn Fn(Inputs) -> Inputs) -> f64 {
        let offered = self.accept_offer(t, mediation, shock, change);
        let best = self.best_package(t, mediation, shock, change);
        best.map_or(offered, |(_, best)| packages::agreed(self.rules.p.package_choice, offered, best))
    }

    /// The package that the parties of a collective deal most likely all accept, with the chance that they do; none at other
    /// tables, and none where proposals are not free.
    #[must_use]
    pub fn best_package(
        &self,
        t: &TableRules,
        mediation: f64,
        shock: f64,
        change: &dyn Fn(Inputs) -> Inputs,
    ) -> Option<(Package, f64)> {
        if !t.collective || self.rules.p.package_choice <= 0.0 {
            return None;
        }
        let reluctant = |levers: &LeverSet| -> Vec<f64> {
            let scene = Scene { levers, ..*self };
            let present = t.parties.iter().filter(|party| !party.left_out(levers));
            present.map(|party| scene.reluctance(party, mediation, shock, change)).collect()
        };
        let items = packages::items(self.levers, self.today);
        let package = packages::best(&items, &reluctant(self.levers), |lever, value| {
            let mut levers = self.levers.clone();
            levers.set(lever, value);
            reluctant(&levers)
        });
        let levers = package.over(self.levers);
        Some((package, Scene { levers: &levers, ..*self }.accept_offer(t, mediation, shock, change)))
    }

    /// Chance that every party accepts what the levers offer.
    fn accept_offer(&self, t: &TableRules, mediation: f64, shock: f64, change: &dyn Fn(Inputs) -> Inputs) -> f64 {
        let mut chance = 1.0;
        for party in t.parties.iter().filter(|party| !party.left_out(self.levers)) {
            chance *= self.accepts(t, party, mediation, shock, change);
        }
        chance
    }
}

/// Whether a signing is decided from outside today: documented, or dated by the roadmap's lever. `Some(false)`: the table
/// waits for a documented date and does not sign of itself.
#[must_use]
pub fn dated(t: &TableRules, agreement: &Agreement, levers: &LeverSet, today: i32) -> Option<bool> {
    if t.forced.last().is_some_and(|&(last, _)| today <= last) {
        return Some(t.forced.contains(&(today, true)));
    }
    let date = levers[Lever::SignRoadmap];
    // Once signed and collapsed, the date is spent.
    let due = t.roadmap && date > OFF && f64::from(today) >= date && f64::from(agreement.last_collapse) < date;
    due.then_some(true)
}

/// Opens and closes a table by who may meet today; `outside` as for [`can_meet`].
pub fn convene(
    t: &TableRules,
    agreement: &mut Agreement,
    levers: &LeverSet,
    outside: bool,
    today: i32,
    p: &Parameters,
) {
    let next = match agreement.status {
        Status::Closed if can_meet(t, levers, outside) => Status::Talks,
        Status::Talks if !can_meet(t, levers, outside) => Status::Closed,
        Status::Collapsed if f64::from(today - agreement.since) >= p.reopen_days => Status::Talks,
        _ => return,
    };
    (agreement.status, agreement.since) = (next, today);
}

/// Puts an agreement in force; its front falls silent, or every front that a collective one covers.
pub fn sign(
    position: usize,
    rules: &Rules,
    levers: &LeverSet,
    agreements: &mut [Agreement],
    fires: &[Fire],
    fronts: &mut [Front],
    today: i32,
    journal: &mut Vec<Event>,
) {
    let agreement = &mut agreements[position];
    (agreement.status, agreement.since) = (Status::InForce, today);
    let t = &rules.tables[position];
    let left_out = rules.left_out(levers);
    let outside = left_out.filter(|_| t.collective).map(|actor| actor as u16);
    journal.push(Event::Signed { table: position as u16, left_out: outside });
    for (i, front) in fronts.iter_mut().enumerate() {
        let covered = t.collective && rules.covers(i, left_out) && front.level > 0;
        // A front that the collective agreement has silenced keeps its level from before that.
        if t.quiets == Some(i) && front.level > 0 || covered {
            (front.war_level, front.level) = (front.level, 0);
        } else if t.front == Some(i)
            && t.quiets.is_none()
            && front.level > 1
            && rules.fronts[i].ladder == LadderRule::Hazard
        {
            // Part of the fire goes on: the front falls to what that part comes to.
            let rest = heat(i, rules, agreements, fires);
            let level = worth(&rules.fronts[i].edges, front.level, rest);
            if level != front.level {
                journal.push(Event::LevelMoved {
                    front: i as u16,
                    from: front.level,
                    to: level,
                    by: LevelMover::Agreement,
                });
                (front.level, front.last_step) = (level, today);
            }
        }
    }
}

/// Fits the fronts to who is left out of a collective deal that is in force, on a day on which the lever moved: a front whose
/// party comes in falls silent; one whose party is put out returns to fire as it would if the deal had collapsed.
pub fn redraw(
    rules: &Rules,
    levers: &LeverSet,
    luck: &Luck,
    today: i32,
    agreements: &[Agreement],
    fronts: &mut [Front],
    journal: &mut Vec<Event>,
) {
    let Some(collective) = rules.collective_in_force(agreements) else { return };
    for (i, front) in fronts.iter_mut().enumerate() {
        let silent = silenced(i, rules, levers, agreements);
        let before = front.level;
        if silent && before > 0 {
            (front.war_level, front.level) = (before, 0);
        } else if !silent && before == 0 && front.war_level > 0 {
            front.level = returned(front.war_level, luck.collapse[collective].day(today).uniform(1), &rules.p);
            front.war_level = front.level;
        } else {
            continue;
        }
        front.last_step = today;
        journal.push(Event::LevelMoved { front: i as u16, from: before, to: front.level, by: LevelMover::Agreement });
    }
}

/// A signing of the day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signing {
    /// Table.
    pub table: usize,
    /// The package that the parties came to by themselves, where it is not what the levers offer.
    pub package: Option<Package>,
}

/// Opens and closes tables and lets those in talks sign.
pub fn hold_talks<P: Probe>(
    scene: &Scene<'_>,
    luck: &Luck,
    agreements: &mut [Agreement],
    signed: &mut Vec<Signing>,
    probe: &mut P,
) {
    let Scene { rules, levers, today, .. } = *scene;
    let p = &rules.p;
    let collective = rules.collective_in_force(agreements).is_some();
    let left_out = rules.left_out(levers);
    let fallen: Vec<usize> = if collective && p.deal_fray > 0.0 {
        (0..agreements.len()).filter(|&table| rules.fallen(table, agreements)).collect()
    } else {
        Vec::new()
    };
    // Which tables' matters an agreement settles this morning.
    let held: Vec<bool> = if p.link_separate > 0.0 {
        (0..agreements.len()).map(|table| rules.holder(table, levers, agreements).is_some()).collect()
    } else {
        Vec::new()
    };
    let appetite = rules.course(levers, today).map_or(1.0, |course| 0.5 + course.talks);
    let pressed = p.deadline_factor.max(p.text_deadline).max(1.0);
    for (position, (t, agreement)) in rules.tables.iter().zip(agreements.iter_mut()).enumerate() {
        // A collective agreement in force leaves nothing to sign at the tables whose parties are all in.
        let outside = collective && (!rules.settles(position, left_out) || fallen.contains(&position));
        if agreement.in_force() || collective && !outside {
            continue;
        }
        convene(t, agreement, levers, outside, today, p);
        match dated(t, agreement, levers, today) {
            Some(true) => {
                if probe.allows(Subject::Signing(position as u16)) {
                    signed.push(Signing { table: position, package: None });
                }
                continue;
            }
            Some(false) => continue,
            None => {}
        }
        if agreement.status != Status::Talks {
            continue;
        }
        let group_talks = if t.needs_group_talks { 0.7 + levers[Lever::GroupTalks] } else { 1.0 };
        let group_talks = if t.direct_talks { group_talks * appetite } else { group_talks };
        let draw = luck.sign[position].day(today).uniform(0);
        // Even with all mediation there can be and every deadline near, most draws say no.
        if draw >= signing_hazard(t.eta, 1.0, 1.0, pressed, group_talks) && !probe.asks() {
            continue;
        }
        let brokered = mediation(rules, levers, scene.channels, position);
        let calendar = deadline_factor(t, today, p);
        let text = if rules.councils.is_empty() { None } else { texts::fresh(position, rules, scene.councils, today) };
        let deadline = texts::pressing(calendar, text.is_some(), p);
        // Even with every party certain to accept the draw would say no: the utilities are spared.
        if draw >= signing_hazard(t.eta, brokered, 1.0, deadline, group_talks) && !probe.asks() {
            continue;
        }
        let shock = p.table_shock * normal(luck.table_shock[position].day(today).uniform(0));
        let alone = if held.is_empty() || t.links.is_empty() || t.collective {
            0.0
        } else {
            let open = t.links.iter().filter(|&&link| !held[link]).count() as f64 / t.links.len() as f64;
            p.link_separate * levers.relative(Lever::DealLinkage) * open
        };
        let acceptances = scene.all_accept(t, brokered, shock - alone, &|i| i);
        let chance = -libm::expm1(-signing_hazard(t.eta, brokered, acceptances, deadline, group_talks));
        let common = (shock, alone);
        let pressed = (deadline, calendar);
        probe.decided(|| explain(position as u16, t, chance, draw, brokered, pressed, group_talks, common, scene));
        let draw = probe.draw(Subject::Signing(position as u16), chance, draw);
        if draw < chance {
            // What is left of the chance beyond that of the offer is that of the best package.
            let package = scene.best_package(t, brokered, shock - alone, &|i| i).filter(|_| {
                let offer = scene.accept_offer(t, brokered, shock - alone, &|i| i) * (1.0 - p.package_choice);
                draw >= -libm::expm1(-signing_hazard(t.eta, brokered, offer, deadline, group_talks))
            });
            signed.push(Signing { table: position, package: package.map(|(package, _)| package) });
        }
    }
}

/// Groups at a table, or for the collective one at the tables of its parties, with a state to join.
fn joining(t: &TableRules, rules: &Rules) -> Vec<usize> {
    let own = t.parties.iter().map(|party| party.actor);
    let elsewhere =
        t.parties.iter().flat_map(|party| &party.stakes).flat_map(|&(table, ..)| &rules.tables[table].parties);
    let mut groups: Vec<usize> =
        own.chain(elsewhere.map(|party| party.actor)).filter_map(|actor| rules.actors[actor].incorporation).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// 1.4^(level − 2): intensity of an exchange front, which has no routine fire of its own.
pub const EXCHANGE_GROWTH: [f64; 7] = [1.0 / 1.96, 1.0 / 1.4, 1.0, 1.4, 1.96, 2.744, 3.8416];

/// The terms of a signing, each with the chance in its absence.
fn explain(
    table: u16,
    t: &TableRules,
    chance: f64,
    draw: f64,
    brokered: f64,
    (deadline, calendar): (f64, f64),
    group_talks: f64,
    (shock, alone): (f64, f64),
    scene: &Scene<'_>,
) -> Decision {
    let levers = scene.levers;
    let with = |change: &dyn Fn(Inputs) -> Inputs, m: f64, deadline: f64, talks: f64| {
        let acceptances = scene.all_accept(t, m, shock - alone, change);
        -libm::expm1(-signing_hazard(t.eta, m, acceptances, deadline, talks))
    };
    let same: &dyn Fn(Inputs) -> Inputs = &|i| i;
    let mut terms = vec![
        Term {
            name: "mediation".into(),
            value: brokered,
            unit: "intensity",
            neutral: 0.0,
            without: with(same, 0.0, deadline, group_talks),
            source: Source::Given,
        },
        Term {
            name: "intensity of the fighting against its reference".into(),
            value: scene.intensity(t),
            unit: "times",
            neutral: 0.0,
            without: with(&|i| Inputs { intensity: 0.0, ..i }, brokered, deadline, group_talks),
            source: t.front.map_or(Source::Given, |front| Source::Level(front as u16)),
        },
        Term {
            name: "outside guarantee".into(),
            value: levers[Lever::DealGuarantee],
            unit: "share",
            neutral: 0.0,
            without: with(&|i| Inputs { guarantee: 0.0, ..i }, brokered, deadline, group_talks),
            source: Source::Lever(Lever::DealGuarantee),
        },
        Term {
            name: "shock common to the table".into(),
            value: shock,
            unit: "utility",
            neutral: 0.0,
            without: with(&|i| Inputs { shock: i.shock - shock, ..i }, brokered, deadline, group_talks),
            source: Source::Given,
        },
    ];
    if alone > 0.0 {
        terms.push(Term {
            name: "linked tables without an agreement".into(),
            value: -alone,
            unit: "utility",
            neutral: 0.0,
            without: with(&|i| Inputs { shock: i.shock + alone, ..i }, brokered, deadline, group_talks),
            source: Source::Lever(Lever::DealLinkage),
        });
    }
    let at = usize::from(table);
    let text = texts::fresh(at, scene.rules, scene.councils, scene.today);
    if calendar > 1.0 {
        terms.push(Term {
            name: "a deadline within the fortnight".into(),
            value: calendar,
            unit: "times",
            neutral: 1.0,
            without: with(same, brokered, texts::pressing(1.0, text.is_some(), &scene.rules.p), group_talks),
            source: Source::Given,
        });
    }
    // At the collective table a party weighs what it has at its other tables, and so the texts that bear on those.
    let stakes = t.parties.iter().flat_map(|party| party.stakes.iter().map(|&(other, ..)| other));
    let tables: Vec<usize> = std::iter::once(at).chain(stakes).collect();
    let (rules, p) = (scene.rules, &scene.rules.p);
    let found = |of: fn(usize, &Rules, &[Council], i32) -> Option<usize>| {
        tables.iter().find_map(|&table| of(table, rules, scene.councils, scene.today))
    };
    if let Some(council) = found(texts::fresh).filter(|_| p.text_concession > 0.0 || p.text_deadline > 1.0) {
        terms.push(Term {
            name: "a cease-fire text of the Council".into(),
            value: 1.0,
            unit: "yes",
            neutral: 0.0,
            without: with(&|i| Inputs { conceded: 0.0, ..i }, brokered, calendar, group_talks),
            source: Source::CeaseFireText(council as u16),
        });
    }
    let seats = t.parties.iter().map(|party| party.actor);
    if let Some(n) = forum::of(seats, rules, scene.programmes).filter(|_| p.forum_benefit > 0.0) {
        terms.push(Term {
            name: "the security forum".into(),
            value: scene.programmes[n].forum,
            unit: "share",
            neutral: 0.0,
            without: with(&|i| Inputs { forum: 0.0, ..i }, brokered, deadline, group_talks),
            source: Source::Forum(n as u16),
        });
    }
    if let Some(council) = found(texts::admitted).filter(|_| p.text_recognition > 0.0) {
        terms.push(Term {
            name: "an admission to the United Nations".into(),
            value: 1.0,
            unit: "yes",
            neutral: 0.0,
            without: with(&|i| Inputs { recognition: 0.0, ..i }, brokered, deadline, group_talks),
            source: Source::Admission(council as u16),
        });
    }
    if let Some((_, best)) = scene.best_package(t, brokered, shock - alone, same) {
        let offered = scene.accept_offer(t, brokered, shock - alone, same);
        terms.push(Term {
            name: "a package of the parties' own".into(),
            value: best,
            unit: "chance that all accept it",
            neutral: offered,
            without: -libm::expm1(-signing_hazard(t.eta, brokered, offered, deadline, group_talks)),
            source: Source::Lever(Lever::DealInterdependence),
        });
    }
    if t.needs_group_talks {
        terms.push(Term {
            name: "US talks with groups".into(),
            value: levers[Lever::GroupTalks],
            unit: "share",
            neutral: 0.0,
            without: with(same, brokered, deadline, group_talks * 0.7 / (0.7 + levers[Lever::GroupTalks])),
            source: Source::Lever(Lever::GroupTalks),
        });
    }
    let seats = |what: &dyn Fn(&PartyRules) -> bool| {
        let here = t.parties.iter().any(what);
        here || t.collective
            && t.parties
                .iter()
                .flat_map(|p| &p.stakes)
                .any(|&(table, at, _)| what(&scene.rules.tables[table].parties[at]))
    };
    let sequenced = scene.levers.on(Lever::DealSequencing);
    if !sequenced && seats(&|party| party.sequencing == Sequencing::UnderFire) {
        terms.push(Term {
            name: "no cease-fire before the terms".into(),
            value: -scene.rules.p.sequencing_penalty,
            unit: "utility",
            neutral: 0.0,
            without: with(&|i| Inputs { sequencing: 0.0, ..i }, brokered, deadline, group_talks),
            source: Source::Lever(Lever::DealSequencing),
        });
    }
    let polled = |t: &TableRules| {
        t.parties.iter().any(|party| ballot::benefit(scene.rules, t, party, scene.paths).abs() > 1e-12)
    };
    let others = || t.parties.iter().flat_map(|p| &p.stakes).any(|&(table, ..)| polled(&scene.rules.tables[table]));
    if scene.rules.p.ballot_benefit > 0.0 && (polled(t) || t.collective && others()) {
        let acceptances = Scene { paths: &[], ..*scene }.all_accept(t, brokered, shock - alone, same);
        terms.push(Term {
            name: "votes counted".into(),
            value: scene.rules.p.ballot_benefit,
            unit: "utility",
            neutral: 0.0,
            without: -libm::expm1(-signing_hazard(t.eta, brokered, acceptances, deadline, group_talks)),
            source: Source::Votes(0),
        });
    }
    if scene.rules.p.incorporation_trust > 0.0 {
        for g in joining(t, scene.rules) {
            let mut apart = scene.incorporations.to_vec();
            let (share, before) = (apart[g].share, scene.rules.incorporations[g].share);
            if (share - before).abs() < 1e-12 {
                continue;
            }
            apart[g].share = before;
            let acceptances = Scene { incorporations: &apart, ..*scene }.all_accept(t, brokered, shock - alone, same);
            terms.push(Term {
                name: "incorporation".into(),
                value: share,
                unit: "share",
                neutral: before,
                without: -libm::expm1(-signing_hazard(t.eta, brokered, acceptances, deadline, group_talks)),
                source: Source::Incorporation(g as u16),
            });
        }
    }
    let leaned_on = |party: &PartyRules| scene.rules.actors[party.actor].leaned_on;
    let p = &scene.rules.p;
    let worth = |trade: fn(&PartyRules) -> Trade, gain: f64, cost: f64| {
        move |party: &PartyRules| t.collective && trade(party) != Trade::None && (gain > 0.0 || cost > 0.0)
    };
    let (arms, exit) =
        (worth(|party| party.arms, p.arms_gain, p.arms_cost), worth(|party| party.exit, p.exit_gain, p.exit_cost));
    let packages: [(Lever, &'static str, &dyn Fn(&PartyRules) -> bool); 7] = [
        (Lever::SanctionsRelief, "sanctions relief offered", &|party| party.nuclear == Nuclear::Capped),
        (Lever::IranEnrichmentCap, "enrichment cap offered", &|party| party.nuclear != Nuclear::None),
        (Lever::RegionalRole, "an accepted regional role", &|party| party.regional_role != RegionalRole::None),
        (Lever::Leverage, "US leverage on Israel to sign", &leaned_on),
        (Lever::RoadmapAcquiescence, "US acquiescence", &|party| party.acquiesces),
        (Lever::ArmsResupply, "arms for Israel", &arms),
        (Lever::CoalitionExitDate, "a dated exit from Iraq", &exit),
    ];
    for (lever, name, concerns) in packages {
        let default = lever.row().default;
        if (levers[lever] - default).abs() < 1e-12 || !seats(concerns) {
            continue;
        }
        let mut plain = levers.clone();
        plain.set(lever, default);
        let acceptances = Scene { levers: &plain, ..*scene }.all_accept(t, brokered, shock - alone, same);
        let (value, unit, neutral) = offered(lever, levers[lever]);
        terms.push(Term {
            name: name.into(),
            value,
            unit,
            neutral,
            without: -libm::expm1(-signing_hazard(t.eta, brokered, acceptances, deadline, group_talks)),
            source: Source::Lever(lever),
        });
    }
    Decision { subject: Subject::Signing(table), chance, draw, terms }
}

/// What a lever offers, as a term says it: value, unit, and the value that stands for its absence. Of a date only that there is one
/// has worth; of a choice what is chosen, in its own unit where it is a number, and never the place of the option in its list.
fn offered(lever: Lever, stored: f64) -> (f64, &'static str, f64) {
    let row = lever.row();
    match row.kind {
        Kind::Date => (1.0, "yes", 0.0),
        Kind::Choice(options) => match options.get(stored as usize).and_then(|option| option.parse().ok()) {
            Some(number) => (number, row.unit, 0.0),
            None => (1.0, "yes", 0.0),
        },
        Kind::Number => (stored, row.unit, row.default),
    }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "negotiation",
    phase: 4,
    title: "Negotiation tables: acceptance and signing",
    section: "6.11, 6.19, 12.5, 12.6",
    reads: &[
        "Channel",
        "Standing",
        "Threat",
        "Fire",
        "Ledger",
        "Front",
        "Council",
        "Programme",
        "Path",
        "Incorporation",
    ],
    writes: &["Agreement", "Front"],
    levers: &[
        Lever::GroupTalks,
        Lever::DealSequencing,
        Lever::DealGuarantee,
        Lever::IsraelDisputedAreas,
        Lever::IranSuspendMuscat,
        Lever::ChannelOman,
        Lever::ChannelQatar,
        Lever::ChannelSwiss,
        Lever::ChannelBerriHochstein,
        Lever::ChannelCairo,
        Lever::DealArchitecture,
        Lever::DealLeftOut,
        Lever::DealLinkage,
        Lever::RestraintIrn,
        Lever::RestraintIsrIrn,
        Lever::RestraintIsrLeb,
        Lever::RestraintIsrGaz,
        Lever::RestraintHzb,
        Lever::RestraintHou,
        Lever::RestraintIri,
        Lever::RestraintHam,
        Lever::SanctionsRelief,
        Lever::IranEnrichmentCap,
        Lever::RegionalRole,
        Lever::RoadmapAcquiescence,
        Lever::SignRoadmap,
        Lever::ArmsResupply,
        Lever::CoalitionExitDate,
        Lever::Administration,
        Lever::Leverage,
        Lever::ExchangeRestraint,
        Lever::DealInterdependence,
        Lever::CouncilConsequences,
        Lever::StatesIncorporation,
    ],
    events: &[EventKind::Signed, EventKind::StepUp, EventKind::StepDown],
    source: include_str!("negotiation.rs"),
    links,
};

/// The lever with which pledges toward a party are seen at its table.
fn seen(party: &PartyRules) -> Option<&'static Lever> {
    (!party.pledges.is_empty()).then_some(&Lever::ExchangeRestraint)
}

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, t) in rules.tables.iter().enumerate() {
        let table = Node::Table(i);
        if !t.links.is_empty() || t.collective {
            link(Node::Lever(Lever::DealInterdependence), table);
        }
        link(Node::Lever(Lever::StatesIncorporation), table);
        t.channels.iter().for_each(|&(c, _)| link(Node::Channel(c), table));
        for party in &t.parties {
            link(Node::Opinion(party.actor), table);
            party.threats.iter().for_each(|&threat| link(Node::Threat(threat), table));
            if party.disputed != Disputed::None {
                link(Node::Lever(Lever::IsraelDisputedAreas), table);
            }
            if party.sequencing != Sequencing::None {
                link(Node::Lever(Lever::DealSequencing), table);
            }
        }
        link(Node::Lever(Lever::DealGuarantee), table);
        if t.needs_group_talks {
            link(Node::Lever(Lever::GroupTalks), table);
        }
        if t.opens == Opens::WithMuscat {
            link(Node::Lever(Lever::IranSuspendMuscat), table);
        }
        if let Some(front) = t.front {
            link(Node::Front(front), table);
        }
        t.quiets.iter().for_each(|&front| link(table, Node::Front(front)));
        link(Node::Lever(Lever::DealArchitecture), table);
        if t.roadmap {
            link(Node::Lever(Lever::SignRoadmap), table);
        }
        if t.direct_talks && !rules.profiles.is_empty() {
            link(Node::Lever(Lever::Administration), table);
        }
        t.disturbed_by.iter().for_each(|&s| link(Node::Stream(s), table));
        t.path.iter().for_each(|&path| link(Node::Path(path), table));
        let groups = t.parties.iter().filter_map(|party| rules.actors[party.actor].incorporation);
        groups.for_each(|g| link(Node::Incorporation(g), table));
        for party in &t.parties {
            if party.nuclear != Nuclear::None {
                link(Node::Lever(Lever::SanctionsRelief), table);
                link(Node::Lever(Lever::IranEnrichmentCap), table);
                link(Node::Lever(Lever::Administration), table);
            }
            if party.regional_role != RegionalRole::None {
                link(Node::Lever(Lever::RegionalRole), table);
            }
            if party.acquiesces {
                link(Node::Lever(Lever::RoadmapAcquiescence), table);
            }
            for (trade, lever) in [(party.arms, Lever::ArmsResupply), (party.exit, Lever::CoalitionExitDate)] {
                if trade != Trade::None {
                    link(Node::Lever(lever), table);
                }
            }
            if party.left_out_option > 0 {
                link(Node::Lever(Lever::DealLeftOut), table);
            }
            party.pledges.iter().chain(seen(party)).for_each(|&lever| link(Node::Lever(lever), table));
            if rules.actors[party.actor].factions.is_some() {
                for &l in &rules.actors[party.actor].ledgers {
                    link(Node::Ledger(l), table);
                    rules.ledgers[l].reverse.iter().for_each(|&theirs| link(Node::Ledger(theirs), table));
                }
            }
        }
        if t.collective {
            collective_links(rules, i, link);
        }
    }
}

/// The collective table sees what its parties see at their own tables, and quiets every front.
fn collective_links(rules: &Rules, table: usize, link: &mut dyn FnMut(Node, Node)) {
    let me = Node::Table(table);
    let stakes = rules.tables[table].parties.iter().flat_map(|party| &party.stakes);
    for &(other, at, _) in stakes {
        let (t, party) = (&rules.tables[other], &rules.tables[other].parties[at]);
        link(Node::Opinion(party.actor), me);
        party.threats.iter().for_each(|&threat| link(Node::Threat(threat), me));
        party.pledges.iter().chain(seen(party)).for_each(|&lever| link(Node::Lever(lever), me));
        t.front.iter().for_each(|&front| link(Node::Front(front), me));
        t.path.iter().for_each(|&path| link(Node::Path(path), me));
        let groups = t.parties.iter().filter_map(|party| rules.actors[party.actor].incorporation);
        groups.for_each(|g| link(Node::Incorporation(g), me));
        t.disturbed_by.iter().for_each(|&s| link(Node::Stream(s), me));
        if party.disputed != Disputed::None {
            link(Node::Lever(Lever::IsraelDisputedAreas), me);
        }
        if party.sequencing != Sequencing::None {
            link(Node::Lever(Lever::DealSequencing), me);
        }
        if party.nuclear != Nuclear::None {
            for lever in [Lever::SanctionsRelief, Lever::IranEnrichmentCap, Lever::Administration] {
                link(Node::Lever(lever), me);
            }
        }
        if party.regional_role != RegionalRole::None {
            link(Node::Lever(Lever::RegionalRole), me);
        }
        if party.acquiesces {
            link(Node::Lever(Lever::RoadmapAcquiescence), me);
        }
        if rules.actors[party.actor].factions.is_some() {
            for &l in &rules.actors[party.actor].ledgers {
                link(Node::Ledger(l), me);
                rules.ledgers[l].reverse.iter().for_each(|&theirs| link(Node::Ledger(theirs), me));
            }
        }
    }
    for front in 0..rules.fronts.len() {
        link(me, Node::Front(front));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Israel and Hezbollah at the Lebanon table in November 2024, at full intensity.
    const ISRAEL: Inputs = Inputs {
        benefit: 0.05,
        forum: 0.0,
        war_cost: 0.35,
        intensity: 1.0,
        audience_cost: 0.25,
        conceded: 0.0,
        recognition: 0.0,
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
        let p = Parameters::at_start();
        let product = acceptance(&ISRAEL, &p) * acceptance(&HEZBOLLAH, &p);
        let hazard = signing_hazard(0.08, 0.5, product, 1.0, 1.0);
        assert!((hazard - 0.040).abs() < 0.001, "{hazard}");
    }

    #[test]
    fn a_cap_that_is_offered_is_said_in_per_cent_and_not_by_its_place_among_the_options() {
        let said = [1.0, 2.0, 3.0].map(|option| offered(Lever::IranEnrichmentCap, option));
        assert_eq!(said, [60.0, 20.0, 3.67].map(|cap| (cap, "% U-235", 0.0)));
        assert_eq!(offered(Lever::CoalitionExitDate, 40.0), (1.0, "yes", 0.0));
        assert_eq!(offered(Lever::SanctionsRelief, 0.5), (0.5, "share", 0.0));
    }

    #[test]
    fn acceptance_moves_in_its_stated_directions() {
        let p = Parameters::at_start();
        let base = acceptance(&ISRAEL, &p);
        for more in [
            Inputs { benefit: 0.1, ..ISRAEL },
            Inputs { intensity: 1.8, ..ISRAEL },
            Inputs { guarantee: 0.8, ..ISRAEL },
            Inputs { mediation: 1.0, ..ISRAEL },
            Inputs { opinion: -0.5, ..ISRAEL },
            Inputs { conceded: 0.1, ..ISRAEL },
            Inputs { forum: 0.1, ..ISRAEL },
        ] {
            assert!(acceptance(&more, &p) > base);
        }
        for less in [
            Inputs { audience_cost: 0.4, ..ISRAEL },
            Inputs { threat: 0.9, ..ISRAEL },
            Inputs { sequencing: -0.12, ..ISRAEL },
            Inputs { commitment_cost: 0.3, ..ISRAEL },
            Inputs { recognition: 0.1, ..ISRAEL },
        ] {
            assert!(acceptance(&less, &p) < base);
        }
    }
}
