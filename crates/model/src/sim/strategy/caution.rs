//! What makes a decision maker hold back (B) and what mediators bring to a table (m̄): channels, presence, talks.

use crate::scenario::raw::{Caution, Opens};
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::rules::{Rules, TableRules};
use crate::sim::state::{Agreement, Channel, Host, Ledger, NEVER, Status};
use crate::sim::strategy::hosts;
use crate::symbols::levers::{Lever, LeverSet};

/// Intensity of a channel today: its lever, or nothing while it is suspended (12.9).
#[inline]
#[must_use]
pub fn intensity(rules: &Rules, levers: &LeverSet, channels: &[Channel], channel: usize) -> f64 {
    if channels[channel].suspended_since == NEVER { levers[rules.channels[channel].lever] } else { 0.0 }
}

/// Mediation at a table: m̄ = Σ weight · intensity over its channels, at most 1.
#[inline]
#[must_use]
pub fn mediation(rules: &Rules, levers: &LeverSet, channels: &[Channel], table: usize) -> f64 {
    let sum: f64 =
        rules.tables[table].channels.iter().map(|&(c, weight)| weight * intensity(rules, levers, channels, c)).sum();
    sum.min(1.0)
}

/// Whether talks with Iran are open: a table that needs the Muscat channel, or the collective one, is not closed. A table whose agreement has just
/// collapsed counts: the channel is open, and it will meet again.
#[inline]
#[must_use]
pub fn talks_open(rules: &Rules, agreements: &[Agreement]) -> bool {
    let with_iran = |t: &TableRules| t.opens == Opens::WithMuscat || t.collective;
    rules.tables.iter().zip(agreements).any(|(t, a)| with_iran(t) && a.status != Status::Closed)
}

/// Days since the newest suspension of a channel, if one is suspended.
#[inline]
#[must_use]
pub fn days_suspended(channels: &[Channel], today: i32) -> Option<i32> {
    channels.iter().filter(|c| c.suspended_since != NEVER).map(|c| today - c.suspended_since).min()
}

/// Caution B of a ledger holder (6.4, 12.4):
/// channels and presence: `base + .2 Σ open channels + .3 presence + .3 [talks open]`;
/// US pressure: `base + .2 [a suspension within 60 days] + threats to hosts of bases (H6)`; at rest: 0.
#[inline]
#[must_use]
pub fn caution(
    kind: Caution,
    rules: &Rules,
    levers: &LeverSet,
    channels: &[Channel],
    agreements: &[Agreement],
    hosts: &[Host],
    today: i32,
) -> f64 {
    let p = &rules.p;
    match kind {
        Caution::Rest => 0.0,
        Caution::ChannelsAndPresence => {
            let open: f64 = rules
                .channels
                .iter()
                .enumerate()
                .filter(|(_, c)| c.restrains_iran)
                .map(|(i, _)| intensity(rules, levers, channels, i))
                .sum();
            let talks = if talks_open(rules, agreements) { p.beta_talks } else { 0.0 };
            p.caution_base_irn + p.beta_channel * open + p.beta_presence * levers[Lever::DeterrentPresence] + talks
        }
        Caution::UsPressure => {
            let pressed = days_suspended(channels, today).is_some_and(|days| f64::from(days) <= p.suspension_days);
            let pressure = p.caution_base_isr + if pressed { p.beta_suspension } else { 0.0 };
            if hosts.is_empty() { pressure } else { pressure + hosts::restraint(rules, hosts, today) }
        }
    }
}

/// How near a war looks to an actor: its pair's largest ledger against the threshold of open war, at most 1 (6.19).
#[inline]
#[must_use]
pub fn war_spectre(rules: &Rules, ledgers: &[Ledger], actor: usize) -> f64 {
    let of = |l: &usize| {
        let own = ledgers[*l].blows;
        rules.ledgers[*l].reverse.map_or(own, |theirs| own.max(ledgers[theirs].blows))
    };
    let largest = rules.actors[actor].ledgers.iter().map(of).fold(0.0, f64::max);
    (largest / rules.p.theta_war).min(1.0)
}

/// Factor on blows and answers of a pair: 1, or that of mutual restraint while such an agreement is in force (12.5).
#[inline]
#[must_use]
pub fn exchange_factor(restrained_by: &[usize], agreements: &[Agreement], restraint: f64) -> f64 {
    if restrained_by.iter().any(|&t| agreements[t].in_force()) { restraint } else { 1.0 }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "caution",
    phase: 5,
    title: "What holds a decision maker back, and what mediators bring to a table",
    section: "6.4, 6.9, 12.4, 12.9",
    reads: &["Channel", "Agreement", "Host", "Ledger"],
    writes: &[],
    levers: &[
        Lever::ChannelOman,
        Lever::ChannelQatar,
        Lever::ChannelSwiss,
        Lever::DeterrentPresence,
        Lever::IranSuspendMuscat,
    ],
    events: &[],
    source: include_str!("caution.rs"),
    links: |_, _| {},
};

/// Whether a table in talks counts as talks with Iran.
pub fn with_iran(t: &TableRules) -> bool {
    t.opens == Opens::WithMuscat || t.collective
}

/// What a caution term rests on.
pub fn caution_links(kind: Caution, rules: &Rules, to: Node, link: &mut dyn FnMut(Node, Node)) {
    match kind {
        Caution::Rest => {}
        Caution::ChannelsAndPresence => {
            link(Node::Lever(Lever::DeterrentPresence), to);
            for (i, c) in rules.channels.iter().enumerate().filter(|(_, c)| c.restrains_iran) {
                link(Node::Channel(i), to);
                link(Node::Lever(c.lever), to);
            }
            for (i, _) in rules.tables.iter().enumerate().filter(|(_, t)| with_iran(t)) {
                link(Node::Table(i), to);
            }
        }
        Caution::UsPressure => {
            for (i, _) in rules.channels.iter().enumerate().filter(|(_, c)| c.suspended_by.is_some()) {
                link(Node::Channel(i), to);
            }
            (0..rules.hosts.len()).for_each(|h| link(Node::Host(h), to));
        }
    }
}
