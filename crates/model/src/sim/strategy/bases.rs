//! Phase 5c: US bases and the states that host them: warnings, permission, exposure (6.9, 12.8; claim H6).

use crate::chance::DayKey;
use crate::sim::event::{Event, EventKind};
use crate::sim::force::harm::{harm, strike_links};
use crate::sim::force::target::{Doctrine, choose_class, choose_site};
use crate::sim::luck::Luck;
use crate::sim::mechanism::{Mechanism, Node};
use crate::sim::probe::{Decision, Probe, Source, Subject, Term};
use crate::sim::rules::{HostRules, Rules};
use crate::sim::state::{Front, Host, Integration, Ledger, NEVER, Pair, Strike, StrikeKind, TargetClass};
use crate::sim::strategy::hosts::{complicity, exposure, joined, permission, threatened};
use crate::sim::strategy::{fear, step};
use crate::symbols::levers::{Lever, LeverSet};
use crate::symbols::parameters::Parameters;

/// Warnings, permission, and strikes at bases beside today's answers.
pub fn watch_hosts<P: Probe>(
    rules: &Rules,
    levers: &LeverSet,
    luck: &Luck,
    today: i32,
    ledgers: &[Ledger],
    pairs: &[Pair],
    fronts: &[Front],
    integrations: &[Integration],
    hosts: &mut [Host],
    decided: &mut Vec<Strike>,
    journal: &mut Vec<Event>,
    probe: &mut P,
) {
    let p = &rules.p;
    let sorties = levers[Lever::BaseSorties];
    let (answers, assurances) = (decided.len(), levers[Lever::HostAssurances]);
    let fears = fear::counts(p);
    for (i, (rule, host)) in rules.hosts.iter().zip(hosts).enumerate() {
        // One warning per debt, while the guest flies from this host. Nobody flies from bases that have been left.
        let personnel = fear::present(rule, levers, integrations);
        if fears && host.fear <= 0.0 {
            fear::begin(rule, host, fronts, personnel, sorties, today, p);
        }
        let flown = sorties * host.permission >= p.host_flight_floor && sorties > 0.0 && personnel > 0.0;
        let owed = rule.foe_ledgers.iter().map(|&l| &ledgers[l]).filter(|ledger| ledger.owed);
        if flown && owed.map(|ledger| ledger.owed_since).any(|day| host.warned_on == NEVER || host.warned_on < day) {
            host.warned_on = today;
            // One event for all that a foe warns on a day.
            match journal.last_mut() {
                Some(Event::HostsWarned { foe, hosts }) if usize::from(*foe) == rule.foe => *hosts |= 1 << i,
                _ => journal.push(Event::HostsWarned { foe: rule.foe as u16, hosts: 1 << i }),
            }
        }
        let rest = fear::rest(rule.permission, rule.fear_response, host.fear, p);
        let threatened = threatened(host, today, p);
        // A host at rest that nobody threatens stays at rest.
        if threatened || (host.permission - rest).abs() > 0.0 {
            host.permission = permission(host.permission, rest, threatened, assurances, p);
        }
        if fears {
            fear::feel(rule, host, fronts, personnel, sorties, today, p);
        }
        let answered = decided
            .iter()
            .take(answers)
            .any(|s| usize::from(s.actor) == rule.foe && matches!(s.kind, StrikeKind::Salvo | StrikeKind::AirStrike));
        if !answered {
            continue;
        }
        let complicit = complicity(host.permission, sorties, joined(rule, pairs, today, p));
        let chance = exposure(personnel, complicit, rule.immunity, p);
        let day = luck.base[i].day(today);
        let draw = day.uniform(step::BASE);
        probe.decided(|| explain(i as u16, rule, personnel, host, sorties, chance, draw, p));
        let draw = probe.draw(Subject::BaseStrike(i as u16), chance, draw);
        let (Some(ledger), true) = (rule.ledger, draw < chance) else { continue };
        host.struck_on = today;
        host.warned_on = today;
        let per_blow = rules.ledgers[ledger].rounds_per_blow;
        let aim = aim(rule, ledger, rules, levers, day);
        decided.push(Strike {
            kind: StrikeKind::BaseSalvo,
            actor: rule.foe as u16,
            opponent: rule.guest as u16,
            victim: aim.victim as u16,
            ledger: ledger as u16,
            initiative: i as u16,
            magnitude: if per_blow > 0.0 { p.base_rounds / per_blow } else { 0.0 },
            class: aim.class,
            site: aim.site.map_or(u16::MAX, |site| site as u16),
            telegraphed: day.uniform(step::TELEGRAPH) < rules.ledgers[ledger].telegraph,
            rounds: [p.base_rounds as u32, 0, 0],
            arrivals: 0,
            intercepted: 0,
            hits: 0,
            deaths: 0,
        });
    }
}

/// Where a salvo at a base goes.
struct Aim {
    victim: usize,
    class: TargetClass,
    site: Option<usize>,
}

/// A salvo at a base goes to one of the bases; a share of them, `host_sites`, to a site of the host's own, of a class drawn as for
/// any answer, where the model counts that state's dead.
fn aim(rule: &HostRules, ledger: usize, rules: &Rules, levers: &LeverSet, day: DayKey) -> Aim {
    let p = &rules.p;
    let u = day.uniform(step::SITE);
    let counted = !rules.actors[rule.actor].territories.is_empty();
    if p.host_sites > 0.0 && counted && day.uniform(step::OWN) < p.host_sites {
        let restraint = rules.ledgers[ledger].restraint.map_or(p.restraint_rest, |lever| levers[lever]);
        let class = choose_class(day.uniform(step::CLASS), &rules.actors[rule.actor], restraint, Doctrine::Open, p);
        return Aim { victim: rule.actor, class, site: choose_site(u, rules, rule.actor, class) };
    }
    let pick = (u * rule.bases.len() as f64) as usize;
    Aim { victim: rule.guest, class: TargetClass::Military, site: rule.bases.get(pick).copied() }
}

/// What strikes on their own sites leave in hosts' accounts with the foe, blows: each the harm of a strike (6.4), fading by half in
/// `host_memory` days.
pub fn hold_against(rules: &Rules, strikes: &[Strike], hosts: &mut [Host]) {
    if rules.p.host_sites <= 0.0 {
        return;
    }
    for (rule, host) in rules.hosts.iter().zip(hosts) {
        let own = |s: &&Strike| s.kind == StrikeKind::BaseSalvo && usize::from(s.victim) == rule.actor;
        let harm: f64 = strikes.iter().filter(own).map(|s| harm(s, &rules.p)).sum();
        host.harm = host.harm * libm::exp2(-1.0 / rules.p.host_memory) + harm;
    }
}

/// The terms of a strike at a base, each with the chance in its absence.
fn explain(
    ix: u16,
    rule: &HostRules,
    personnel: f64,
    host: &Host,
    sorties: f64,
    chance: f64,
    draw: f64,
    p: &Parameters,
) -> Decision {
    let joined = chance > 0.0;
    let of = |permission: f64, sorties: f64, joined: bool| {
        exposure(personnel, complicity(permission, sorties, joined), rule.immunity, p)
    };
    let terms = vec![
        Term {
            name: "sorties from host bases".into(),
            value: sorties,
            unit: "share",
            neutral: 0.0,
            without: of(host.permission, 0.0, joined),
            source: Source::Lever(Lever::BaseSorties),
        },
        Term {
            name: "basing permission".into(),
            value: host.permission,
            unit: "share",
            neutral: 0.0,
            without: of(0.0, sorties, joined),
            source: Source::Host(ix),
        },
        Term {
            name: "its guest joined in lately".into(),
            value: f64::from(u8::from(joined)),
            unit: "yes",
            neutral: 0.0,
            without: 0.0,
            source: Source::Joined(ix),
        },
    ];
    Decision { subject: Subject::BaseStrike(ix), chance, draw, terms }
}

/// What this file reads, writes and obeys.
pub const MECHANISM: Mechanism = Mechanism {
    id: "bases",
    phase: 5,
    title: "US bases and the states that host them: warnings, permission, exposure",
    section: "6.9, 12.8",
    reads: &["Ledger", "Pair", "Front", "Integration"],
    writes: &["Host", "Launches"],
    levers: &[Lever::BaseSorties, Lever::HostAssurances, Lever::FearOfWar],
    events: &[EventKind::HostsWarned, EventKind::BaseSalvo],
    source: concat!(include_str!("hosts.rs"), include_str!("bases.rs")),
    links,
};

fn links(rules: &Rules, link: &mut dyn FnMut(Node, Node)) {
    for (i, h) in rules.hosts.iter().enumerate() {
        let me = Node::Host(i);
        link(Node::Lever(Lever::BaseSorties), me);
        link(Node::Lever(Lever::HostAssurances), me);
        for &l in &h.foe_ledgers {
            link(Node::Ledger(l), me);
            link(Node::Answer(l), me);
        }
        h.pair.iter().for_each(|&(pair, _)| link(Node::Pair(pair), me));
        // A struck base writes what any strike on the guest writes.
        strike_links(rules, h.foe, h.guest, h.guest, me, link);
        // So does one on sites of the host's own.
        strike_links(rules, h.foe, h.guest, h.actor, me, link);
        link(me, Node::Arsenal(h.foe));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_exposed_only_by_what_is_flown_from_it_and_when_its_guest_joins() {
        let p = Parameters::at_start();
        assert!(complicity(0.5, 0.3, false).abs() < 1e-12);
        let base = exposure(10_000.0, complicity(0.5, 0.3, true), 0.0, &p);
        assert!(base > 0.0 && base < 1.0);
        assert!(exposure(10_000.0, complicity(0.5, 0.6, true), 0.0, &p) > base);
        assert!(exposure(10_000.0, complicity(0.5, 0.3, true), 0.5, &p) < base);
        assert!(exposure(0.0, 1.0, 0.0, &p).abs() < 1e-12);
    }

    #[test]
    fn threats_cost_permission_assurances_save_it_and_time_brings_it_back() {
        let p = Parameters::at_start();
        let after = |threatened: bool, assurances: f64| {
            (0..30).fold(0.5, |now, _| permission(now, 0.5, threatened, assurances, &p))
        };
        assert!(after(true, 0.0) < after(true, 0.4) && after(true, 0.4) < after(true, 1.0));
        assert!((after(true, 1.0) - 0.5).abs() < 1e-12);
        assert!(permission(0.1, 0.5, false, 0.4, &p) > 0.1);
        assert!((0.0..=1.0).contains(&permission(0.0, 0.5, true, 0.0, &p)));
    }
}
