//! What follows from the estimates: laws, bounds of rare hazards, the limits and the stationary mean of fire.

use super::Rules;
use crate::chance::quantile::{DeathLaw, NegativeBinomial};
use crate::scenario::raw::Process;
use crate::sim::force::harm::leaving;
use crate::sim::force::threat::balance;
use crate::sim::home::nuclear::MOST_GROWTH;
use std::sync::Arc;

/// Longest run, days.
const MAX_DAYS: f64 = 4000.0;

/// Deaths in one event never exceed this.
const DEATH_LIMIT: u32 = 500;

/// Events of a day up to which the share of those who leave stands in a table.
const LEAVING: u32 = 128;

/// Largest growth factor of the branching process that a prior draw may reach; the whole matrix is scaled down to it.
const RADIUS_LIMIT: f64 = 0.94;

impl Rules {
    /// Recomputes what follows from the estimates.
    pub(super) fn derive(&mut self) {
        self.full = self.p.clone();
        let frame = Arc::clone(&self.frame);
        self.put_in_force(&frame.levers);
        self.death_law = DeathLaw::new(self.p.death_exponent, DEATH_LIMIT);
        self.leaving.clear();
        self.leaving.extend((0..LEAVING).map(|events| leaving(f64::from(events), &self.p)));
        for t in &mut self.threats {
            let [me, other] = [t.holder, t.from].map(|actor| &self.actors[actor]);
            (t.balance, t.posture) = (balance(me.capability, other.capability), other.posture);
        }
        self.decapitation_retention = libm::exp2(-1.0 / self.p.decapitation_half_life);
        self.bound_hazards();
        self.funding_rate = -libm::expm1(-core::f64::consts::LN_2 / self.p.funding_half_life);
        self.adopted_retention = libm::exp2(-1.0 / self.p.adopted_half_life);
        self.veto_retention = libm::exp2(-1.0 / self.p.veto_cost_half_life);
        let personnel: f64 = self.hosts.iter().map(|h| h.personnel).sum();
        for h in &mut self.hosts {
            h.weight = if personnel > 0.0 { h.personnel / personnel } else { 0.0 };
        }
        self.weigh_stakes();
        // A group of Iraq starts where its integration does.
        let Self { incorporations, integrations, .. } = self;
        for group in incorporations.iter_mut().filter(|group| group.process == Process::Integration) {
            group.share = integrations.iter().find(|n| n.group == group.group).map_or(0.0, |n| n.share);
        }
        for s in &mut self.streams {
            if s.law.size().to_bits() != s.size.to_bits() {
                s.law = NegativeBinomial::new(s.size);
            }
        }
        for l in &mut self.ledgers {
            l.daily_retention = libm::exp2(-1.0 / l.half_life);
        }
        for s in &mut self.streams {
            let reference = f64::from(self.fronts[s.front].reference_level);
            let log_growth = libm::log(s.growth);
            for (level, factor) in s.level_factor.iter_mut().enumerate() {
                *factor = libm::exp(log_growth * (level as f64 - reference));
            }
            if reference > 1.0 {
                // Friction is isolated incidents, and not the next step of a geometric series from a campaign.
                s.level_factor[1] = s.level_factor[2] * self.p.friction_share;
                s.level_factor[0] = s.level_factor[1] * self.p.friction_share;
            }
            // A power law that starts at one death has a mean below 2 even where every event is lethal; deadlier
            // reports (a day of strikes on one town) are several incidents under one name.
            s.incidents = ((s.deaths[0].max(s.deaths[1]) / self.death_law.mean).ceil() as u32).max(1);
        }
        // Between two levels' baselines, of all streams together, half way on the scale on which levels stand.
        for f in &mut self.fronts {
            let streams = || f.streams.iter().map(|&s| &self.streams[s]);
            let baseline = |level: usize| streams().map(|s| s.mu * s.level_factor[level]).sum::<f64>();
            for level in 2..f.edges.len() {
                f.edges[level] = libm::sqrt(baseline(level - 1) * baseline(level));
            }
        }
        self.limit_radius();
        self.settle_excitation();
    }

    /// What a party has at stake at each of its tables, for the collective one: `ω ∝ |B| + c⁰`.
    fn weigh_stakes(&mut self) {
        let Some(collective) = self.collective else { return };
        for party in 0..self.tables[collective].parties.len() {
            let stakes = std::mem::take(&mut self.tables[collective].parties[party].stakes);
            let size = |&(table, at, _): &(usize, usize, f64)| {
                let p = &self.tables[table].parties[at];
                p.benefit.abs() + p.war_cost
            };
            let total: f64 = stakes.iter().map(size).sum();
            let weighed = stakes.iter().map(|s| (s.0, s.1, if total > 0.0 { size(s) / total } else { 0.0 })).collect();
            self.tables[collective].parties[party].stakes = weighed;
        }
    }

    /// Upper bounds of every rare hazard over all states: on most days the draw alone rules an event out, and no
    /// exponential is needed to know it. Each follows from the equation with every term at its most favourable.
    fn bound_hazards(&mut self) {
        let p = &self.p;
        self.step_up_bound = p.h_up * libm::exp(p.beta_ladder_trigger + p.beta_ladder_reputation);
        self.step_down_bound = p.h_down * libm::exp(p.beta_exhaustion + p.beta_ladder_mediation + p.low_stock_push);
        for i in &mut self.initiatives {
            let drive =
                2.0 * p.beta_rho.abs() + p.blow_caution * p.caution_reference + p.blow_shield * p.shield_reference;
            i.blow_bound = i.blow_rate * libm::exp(drive);
            let drive = p.preventive_defence
                + p.preventive_consent * 0.5
                + p.preventive_caution * p.caution_reference
                + p.preventive_threat * 0.5
                + p.preventive_breakout
                + p.preventive_stock * libm::log(MOST_GROWTH);
            i.preventive_bound = i.preventive_rate * libm::exp(drive);
        }
        self.alarm_factor = libm::exp(p.preventive_weaponising);
        let drive = (p.weapon_threat + p.weapon_factions + p.weapon_pressure) * 0.5 + p.weapon_shield;
        self.weapon_bound = p.weapon_rate * libm::exp(drive);
        for t in &mut self.tables {
            let log30 = libm::log(30.0);
            let log_longest = libm::log(MAX_DAYS / 30.0);
            let ageing = ((1.0 - t.shape) * log30).max((t.shape - 1.0) * log_longest).max(0.0);
            let worst = p.beta_withdrawal + p.beta_spoiler + p.beta_linked_collapse + p.beta_guarantee;
            t.collapse_bound = t.h0 * t.shape * libm::exp(ageing + worst);
        }
    }

    /// A branching process at or above radius 1 explodes; draws that come near it are scaled down together.
    fn limit_radius(&mut self) {
        let n = self.streams.len();
        let mut matrix = vec![0.0; n * n];
        for (target, s) in self.streams.iter().enumerate() {
            for &(source, weight) in &s.offspring {
                matrix[target * n + source] = weight.max(0.0);
            }
        }
        let radius = crate::scenario::spectral_radius(&matrix, n);
        if radius > RADIUS_LIMIT {
            let scale = RADIUS_LIMIT / radius;
            self.streams.iter_mut().flat_map(|s| &mut s.offspring).for_each(|(_, weight)| *weight *= scale);
        }
    }

    /// Starts every stream at the stationary mean of the levels, directives and agreements of the first day.
    fn settle_excitation(&mut self) {
        let n = self.streams.len();
        let floor = self.p.fire_floor;
        let baselines: Vec<f64> = (0..n)
            .map(|i| {
                let s = &self.streams[i];
                let level = usize::from(self.fronts[s.front].level);
                s.mu * s.level_factor[level] * self.directive_factors(i, &self.frame.levers, 1.0).0
            })
            .collect();
        let halts: Vec<f64> = (0..n).map(|i| self.directive_factors(i, &self.frame.levers, 1.0).1).collect();
        let mut mean = baselines.clone();
        for _ in 0..120 {
            let next: Vec<f64> = (0..n)
                .map(|i| {
                    let lift: f64 = self.streams[i].offspring.iter().map(|&(source, w)| w * mean[source]).sum();
                    halts[i] * (baselines[i] + lift).max(floor * baselines[i])
                })
                .collect();
            mean = next;
        }
        for (s, m) in self.streams.iter_mut().zip(&mean) {
            s.start_excitation = *m;
        }
        for i in 0..self.actors.len() {
            let events: f64 = self.streams.iter().filter(|s| s.attacker == i).map(|s| s.start_excitation).sum();
            let days = self.p.stock_days_full_rate;
            if let Some(stock) = &mut self.actors[i].stock {
                stock.full_rate_rounds = days * events * stock.per_event;
            }
        }
    }
}
