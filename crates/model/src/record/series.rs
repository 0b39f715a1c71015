//! Daily series: one column per quantity, one row per day.

use crate::sim::columns::Columns;
use crate::sim::force::salvo::expected_leakage;
use crate::sim::home::factions;
use crate::sim::luck::Luck;
use crate::sim::rules::Rules;
use crate::sim::state::{Agreement, Clock};
use crate::sim::strategy::answer::{self, proportionality};
use crate::sim::strategy::{fear, hosts};
use crate::sim::talks::path::{self, crossings_open};
use crate::sim::talks::peacekeeping::presence;
use crate::sim::talks::{ballot, incorporation, spread, texts, truce};
use crate::symbols::levers::{Lever, LeverSet};

/// One evening of a world, as the series see it.
#[derive(Clone, Copy)]
pub struct Evening<'a> {
    /// Rules.
    pub rules: &'a Rules,
    /// State of every entity.
    pub columns: &'a Columns,
    /// Levers in force.
    pub levers: &'a LeverSet,
    /// The day about to run.
    pub clock: Clock,
}

/// A column: its name, unit, and how it is read.
pub struct Column {
    /// Name, `quantity.entity`.
    pub name: String,
    /// Unit.
    pub unit: &'static str,
    read: Box<dyn Fn(&Evening<'_>) -> f64 + Send + Sync>,
}

impl Column {
    /// Whether it counts, or names a state by a number: whole numbers only, and no measure.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let kind = self.name.split('.').next().unwrap_or_default();
        matches!(self.unit, "events" | "level" | "yes" | "stages" | "parts")
            || self.unit.starts_with(|c: char| c.is_ascii_digit()) && self.unit.len() > 1
            || matches!(kind, "deaths" | "killed")
    }

    /// Whether it is part of a digest: all but those that came after the digests did and add no state.
    #[must_use]
    pub fn is_digested(&self) -> bool {
        let kind = self.name.split('.').next().unwrap_or_default();
        !UNDIGESTED.contains(&kind)
    }

    /// Its value this evening.
    #[must_use]
    pub fn value(&self, evening: &Evening<'_>) -> f64 {
        (self.read)(evening)
    }
}

/// Quantities read off state that a digest holds already: they came later, and the history of before keeps its digest.
const UNDIGESTED: [&str; 2] = ["deal_parts", "roadmap_stage"];

/// Every column of a scenario, in a fixed order.
#[must_use]
pub fn columns(rules: &Rules) -> Vec<Column> {
    let mut list = Vec::new();
    let mut add = |name: String, unit, read: Box<dyn Fn(&Evening<'_>) -> f64 + Send + Sync>| {
        list.push(Column { name, unit, read });
    };
    for (i, s) in rules.streams.iter().enumerate() {
        let id = &s.id.text;
        add(format!("events.{id}"), "events", Box::new(move |e| f64::from(e.columns.fires[i].events)));
        add(format!("deaths.{id}"), "persons", Box::new(move |e| f64::from(e.columns.fires[i].deaths)));
        add(format!("mean.{id}"), "events/day", Box::new(move |e| e.columns.fires[i].mean));
        add(format!("excitation.{id}"), "events/day", Box::new(move |e| e.columns.fires[i].excitation));
    }
    for (i, f) in rules.fronts.iter().enumerate() {
        add(format!("level.{}", f.id.text), "level", Box::new(move |e| f64::from(e.columns.fronts[i].level)));
    }
    for (i, l) in rules.ledgers.iter().enumerate() {
        let id = &l.id.text;
        add(format!("ledger.{id}"), "blows", Box::new(move |e| e.columns.ledgers[i].blows));
        add(format!("ledger_other_count.{id}"), "blows", Box::new(move |e| e.columns.ledgers[i].other_count));
        add(format!("owed.{id}"), "yes", Box::new(move |e| f64::from(u8::from(e.columns.ledgers[i].owed))));
        add(format!("forgone.{id}"), "share", Box::new(move |e| e.columns.ledgers[i].forgone));
    }
    for (i, pair) in rules.pairs.iter().enumerate() {
        add(format!("war.{}", pair.id.text), "yes", Box::new(move |e| f64::from(u8::from(e.columns.pairs[i].war))));
        if let &[a, b] = pair.ledgers.as_slice() {
            let name = format!("exchange_gain.{}", pair.id.text);
            add(name, "1", Box::new(move |e| exchange_gain(e, a, b)));
        }
    }
    for (i, a) in rules.actors.iter().enumerate() {
        let id = &a.id.text;
        if !a.ledgers.is_empty() {
            add(format!("resolve.{id}"), "share", Box::new(move |e| e.columns.standings[i].resolve));
        }
        if !a.territories.is_empty() {
            add(format!("opinion.{id}"), "share", Box::new(move |e| e.columns.standings[i].opinion));
        }
        if a.stock.is_some() {
            add(format!("munitions.{id}"), "rounds", Box::new(move |e| e.columns.arsenals[i].munitions));
            add(format!("launchers.{id}"), "launchers", Box::new(move |e| e.columns.arsenals[i].launchers));
        }
        if a.interceptors.is_some() {
            add(format!("interceptors.{id}"), "rounds", Box::new(move |e| e.columns.arsenals[i].interceptors));
        }
        if a.air_defence.is_some() {
            add(format!("air_defence.{id}"), "share", Box::new(move |e| e.columns.arsenals[i].air_defence));
        }
        if a.shield.is_some() {
            add(format!("shield.{id}"), "share", Box::new(move |e| e.columns.arsenals[i].shield));
        }
        if a.kind == crate::scenario::raw::ActorKind::Group {
            let name = format!("decapitation.{id}");
            add(name, "share", Box::new(move |e| e.columns.arsenals[i].decapitation));
        }
    }
    for (i, t) in rules.threats.iter().enumerate() {
        let (holder, from) = (&rules.actors[t.holder].id.text, &rules.actors[t.from].id.text);
        add(format!("threat.{holder}/{from}"), "share", Box::new(move |e| e.columns.threats[i].level));
    }
    for (i, t) in rules.tables.iter().enumerate() {
        let id = &t.id.text;
        let in_force = move |e: &Evening<'_>| Some(e.columns.agreements[i]).filter(Agreement::in_force);
        add(format!("status.{id}"), "0 closed, 1 talks, 2 in force, 3 collapsed", {
            Box::new(move |e| f64::from(e.columns.agreements[i].status as u8))
        });
        add(format!("age.{id}"), "days", {
            Box::new(move |e| in_force(e).map_or(0.0, |a| f64::from(e.clock.day - a.since)))
        });
        add(format!("collapse_chance.{id}"), "1/day", {
            Box::new(move |e| in_force(e).map_or(0.0, |a| collapse_chance(e, i, &a)))
        });
        if t.collective {
            add(format!("deal_parts.{id}"), "parts", {
                Box::new(move |e| {
                    let held = || truce::parts_held(i, e.rules, e.levers, &e.columns.agreements);
                    in_force(e).map_or(0.0, |_| held() as f64)
                })
            });
        }
        if !t.links.is_empty() {
            add(format!("shaken.{id}"), "share", Box::new(move |e| shaken(e, i)));
        }
    }
    for (i, c) in rules.channels.iter().enumerate() {
        let lever = c.lever;
        add(format!("channel.{}", c.id.text), "intensity", {
            Box::new(move |e| {
                let open = e.columns.channels[i].suspended_since == crate::sim::state::NEVER;
                if open { e.levers[lever] } else { 0.0 }
            })
        });
    }
    for (i, m) in rules.missions.iter().enumerate() {
        let id = &m.id.text;
        let at = move |e: &Evening<'_>| presence(&e.columns.missions[i], e.levers, &e.rules.p);
        add(format!("peacekeepers.{id}"), "strength", Box::new(move |e| at(e).peacekeepers));
        add(format!("national_troops.{id}"), "persons", Box::new(move |e| e.columns.missions[i].national_troops));
        add(format!("withdrawal.{id}"), "share", Box::new(move |e| at(e).withdrawal));
    }
    for (i, t) in rules.territories.iter().enumerate() {
        let id = &t.id.text;
        add(format!("displaced.{id}"), "persons", Box::new(move |e| e.columns.territories[i].displaced));
        add(format!("killed.{id}"), "persons", Box::new(move |e| f64::from(e.columns.territories[i].killed)));
    }
    for (i, h) in rules.hosts.iter().enumerate() {
        let id = &h.id.text;
        add(format!("permission.{id}"), "share", Box::new(move |e| e.columns.hosts[i].permission));
        add(format!("threatened.{id}"), "yes", {
            Box::new(move |e| {
                let host = &e.columns.hosts[i];
                f64::from(u8::from(hosts::threatened(host, e.clock.day, &e.rules.p)))
            })
        });
        add(format!("exposure.{id}"), "1/30 days", Box::new(move |e| exposure(e, i)));
        add(format!("fear.{id}"), "share", Box::new(move |e| e.columns.hosts[i].fear));
        add(format!("host_harm.{id}"), "blows", Box::new(move |e| e.columns.hosts[i].harm));
    }
    for (i, economy) in rules.economies.iter().enumerate() {
        let id = &economy.id.text;
        add(format!("sanctions.{id}"), "share", Box::new(move |e| e.columns.economies[i].sanctions));
        add(format!("oil.{id}"), "mb/d", Box::new(move |e| e.columns.economies[i].oil));
        add(format!("revenue.{id}"), "times start", Box::new(move |e| e.columns.economies[i].revenue));
        add(format!("stress.{id}"), "share", Box::new(move |e| e.columns.economies[i].stress()));
        add(format!("funding.{id}"), "times start", Box::new(move |e| e.columns.economies[i].funding));
    }
    for (i, c) in rules.corridors.iter().enumerate() {
        let name = format!("corridor_open.{}", c.id.text);
        add(name, "yes", {
            Box::new(move |e| f64::from(u8::from(e.columns.corridors[i].lost_on == crate::sim::state::NEVER)))
        });
    }
    for (i, f) in rules.factions.iter().enumerate() {
        let id = &f.id.text;
        add(format!("reformists.{id}"), "share", Box::new(move |e| e.columns.factions[i].reformists));
        add(format!("patience.{id}"), "share", Box::new(move |e| e.columns.factions[i].patience));
        add(format!("unrest.{id}"), "share", Box::new(move |e| e.columns.factions[i].unrest));
        let economy = f.economy;
        add(format!("legitimacy.{id}"), "share", {
            Box::new(move |e| {
                let stress = economy.map_or(0.0, |economy| e.columns.economies[economy].stress());
                factions::legitimacy(e.columns.factions[i].reformists, stress, &e.rules.p)
            })
        });
    }
    for (i, n) in rules.programmes.iter().enumerate() {
        let id = &n.id.text;
        add(format!("enriched.{id}"), "kg", Box::new(move |e| e.columns.programmes[i].stock));
        add(format!("breakout.{id}"), "days", Box::new(move |e| e.columns.programmes[i].breakout_days));
        add(format!("access.{id}"), "share", Box::new(move |e| e.columns.programmes[i].access));
        add(format!("pace.{id}"), "0 none, 1 low, 2 high", {
            Box::new(move |e| f64::from(e.columns.programmes[i].pace))
        });
        add(format!("weaponising.{id}"), "yes", {
            Box::new(move |e| f64::from(u8::from(e.columns.programmes[i].decided_on != crate::sim::state::NEVER)))
        });
        add(format!("zone.{id}"), "share", Box::new(move |e| e.columns.programmes[i].zone));
        add(format!("forum.{id}"), "share", Box::new(move |e| e.columns.programmes[i].forum));
    }
    for (i, r) in rules.roadmaps.iter().enumerate() {
        let id = &r.id.text;
        add(format!("phases.{id}"), "phases", Box::new(move |e| e.columns.roadmaps[i].phases));
        add(format!("roadmap_stage.{id}"), "0 not signed, 1 phases, 2 talks, 3 constitution", {
            Box::new(move |e| f64::from(e.columns.roadmaps[i].stage))
        });
        add(format!("suspended.{id}"), "yes", {
            Box::new(move |e| f64::from(u8::from(e.columns.roadmaps[i].suspended)))
        });
    }
    for (i, n) in rules.integrations.iter().enumerate() {
        let id = &n.id.text;
        add(format!("integrated.{id}"), "share", Box::new(move |e| e.columns.integrations[i].share));
        add(format!("coalition_exit.{id}"), "share", Box::new(move |e| e.columns.integrations[i].exit));
    }
    for (i, c) in rules.councils.iter().enumerate() {
        let id = &c.id.text;
        add(format!("isolation.{id}"), "share", Box::new(move |e| e.columns.councils[i].isolation));
        add(format!("veto_cost.{id}"), "yes shares", Box::new(move |e| e.columns.councils[i].veto_cost[0]));
    }
    for (i, path) in rules.paths.iter().enumerate() {
        let id = &path.id.text;
        add(format!("aid.{id}"), "trucks/day", Box::new(move |e| e.columns.paths[i].aid));
        add(format!("stages.{id}"), "stages", Box::new(move |e| f64::from(e.columns.paths[i].stages())));
    }
    for (i, path) in rules.paths.iter().enumerate() {
        let id = &path.id.text;
        add(format!("trade.{id}"), "share", {
            let table = path.table;
            Box::new(move |e| {
                let truce = e.rules.holder(table, e.levers, &e.columns.agreements).is_some();
                let rebuilding = e.columns.paths[i].rebuilt_on != crate::sim::state::NEVER;
                e.levers[Lever::PalestineTrade] * crossings_open(truce, rebuilding)
            })
        });
        add(format!("activity.{id}"), "times aid under a truce", Box::new(move |e| e.columns.paths[i].activity));
        add(format!("governs.{id}"), "0 each its part, 1 one administration, 2 the authority, 3 the group", {
            Box::new(move |e| f64::from(ballot::governs(&e.columns.paths[i])))
        });
        add(format!("standing.{id}"), "share", Box::new(move |e| standing(e, i)));
    }
    for (i, n) in rules.incorporations.iter().enumerate() {
        add(format!("incorporated.{}", n.id.text), "share", Box::new(move |e| e.columns.incorporations[i].share));
        add(format!("seat.{}", n.id.text), "share", Box::new(move |e| seat(e, i)));
    }
    add("us_consent".to_owned(), "share", Box::new(|e| e.clock.consent));
    list
}

/// Chance that a base on a host's soil is struck within 30 days, were today's debts, permission and sorties to stay: the
/// chance of an answer a day times that of a strike beside it.
fn exposure(e: &Evening<'_>, host: usize) -> f64 {
    let (rules, c, today) = (e.rules, e.columns, e.clock.day);
    let (rule, state) = (&rules.hosts[host], &c.hosts[host]);
    let joined = hosts::joined(rule, &c.pairs, today, &rules.p);
    let complicit = hosts::complicity(state.permission, e.levers[Lever::BaseSorties], joined);
    let personnel = fear::present(rule, e.levers, &c.integrations);
    let struck = hosts::exposure(personnel, complicit, rule.immunity, &rules.p);
    if struck <= 0.0 {
        return 0.0;
    }
    let luck = Luck::default();
    let scene = answer::Scene {
        rules,
        levers: e.levers,
        luck: &luck,
        today,
        agreements: &c.agreements,
        channels: &c.channels,
        hosts: &c.hosts,
        fronts: &c.fronts,
        arsenals: &c.arsenals,
        factions: &c.factions,
    };
    let silent = rule.foe_ledgers.iter().map(|&l| {
        let war = c.pairs[rules.ledgers[l].pair].war;
        let owed = c.ledgers[l].owed || war;
        if owed { 1.0 - answer::chance(&scene.inputs(l, &c.ledgers, war)) } else { 1.0 }
    });
    let daily = (1.0 - silent.product::<f64>()) * struck;
    1.0 - libm::pow(1.0 - daily, 30.0)
}

/// Share of the agreements that a table is linked with that have been shaken lately.
fn shaken(e: &Evening<'_>, table: usize) -> f64 {
    let c = e.columns;
    let today = e.clock.day;
    spread::Shocks { rules: e.rules, levers: e.levers, agreements: &c.agreements, fronts: &c.fronts, today }
        .share(table)
}

/// Legitimacy of a path's authority, with what an admission to the United Nations adds.
fn standing(e: &Evening<'_>, path: usize) -> f64 {
    let (rule, p) = (&e.rules.paths[path], &e.rules.p);
    let own = path::legitimacy(rule.legitimacy, e.levers[Lever::IsraelSettlements], p);
    let admitted = texts::admitted(rule.table, e.rules, &e.columns.councils, e.clock.day);
    texts::recognised(own, admitted.is_some(), p)
}

/// Legitimacy that an armed group has inside the state that it may join: its seat in talks and under a constitution, or its votes.
fn seat(e: &Evening<'_>, incorporation: usize) -> f64 {
    let c = e.columns;
    let rule = &e.rules.incorporations[incorporation];
    let pull = incorporation::pull(rule, e.levers, false, &c.roadmaps, &c.paths, &c.threats, &e.rules.p);
    pull.legitimacy
}

/// Chance that an agreement collapses on the coming day, were nothing else to happen.
fn collapse_chance(e: &Evening<'_>, table: usize, agreement: &Agreement) -> f64 {
    let c = e.columns;
    let (agreements, today) = (&c.agreements, e.clock.day);
    let inputs = truce::inputs(e.rules, e.levers, table, agreement, agreements, &c.fires, &c.missions, &c.paths, today);
    truce::collapse_chance(&inputs, &e.rules.p)
}

/// Exchange gain G of a pair: expected growth of the unanswered harm per full round of answers. Below 1 exchanges die
/// down, above 1 they grow. `G = e^(b_a + b_b) κ_air · κ_salvo · m₀ · .045 · ℓ` for a side that answers by air and one that
/// answers by missiles, with ℓ the leakage expected of a salvo in answer to the threshold; for two sides alike the product
/// of their proportionalities.
#[must_use]
pub fn exchange_gain(e: &Evening<'_>, a: usize, b: usize) -> f64 {
    let p = &e.rules.p;
    let mut gain = 1.0;
    for ledger in [a, b] {
        let l = &e.rules.ledgers[ledger];
        let spread = libm::exp(l.spread * l.spread / 2.0);
        let lobbying = fear::lobbying(e.rules, &e.columns.hosts, &e.columns.channels, e.clock.day);
        gain *= libm::exp(l.bias) * proportionality(l, e.levers, lobbying, p.scale_veto_effect) * spread;
        if l.means == crate::scenario::raw::Means::Salvo {
            let rounds = l.rounds_per_blow * l.theta;
            let store = e.columns.arsenals[l.against].interceptors;
            let defended = e.rules.actors[l.against].interceptors.is_some();
            gain *=
                l.rounds_per_blow * p.harm_hit * expected_leakage(rounds, defended.then_some(store), l.telegraph, p);
        }
    }
    gain
}
