//! What a pointer that rests on something is told.

use super::bases::{Airspace, base};
use super::facts::{Facts, count, percent, short};
use super::fronts::{Calm, front, level_words};
use super::hits::Target;
use super::marks::CAPITALS;
use super::scene::Pick;
use super::{peace, sea, signs};
use detente_model::record::say::sentence;
use detente_model::scenario::raw::{ActorKind, Scenario, Site, SiteKind};
use detente_model::sim::strategy::fear::{counts, present};
use detente_model::sim::strategy::hosts::{joined, warned_share};
use detente_model::symbols::levers::Lever;

/// A title and lines of two columns; a line without a second column is a sentence.
pub(super) struct Tip {
    /// Title.
    pub title: String,
    /// Lines.
    pub lines: Vec<(String, String)>,
}

/// What there is to say.
pub(super) fn tip(facts: &Facts<'_>, target: Target) -> Option<Tip> {
    match target {
        Target::Pick(Pick::Front(index)) => front_tip(facts, index),
        Target::Pick(Pick::Actor(index)) => actor_tip(facts, index),
        Target::Pick(Pick::Site(index)) => site_tip(facts, index),
        Target::Pick(Pick::Mission(_)) => mission_tip(facts),
        Target::Pick(Pick::Event(id)) => {
            let (_, event) = facts.scene.history.on(id.day).iter().find(|(other, _)| *other == id)?;
            let date = facts.scene.rules.date(id.day);
            let title = format!("Day {}, {} {}", id.day, date.day(), date.strftime("%b %Y"));
            Some(Tip { title, lines: vec![(sentence(facts.scene.rules, event), String::new())] })
        }
        Target::Ships => {
            let stream = facts.scene.rules.stream("HOU>SHIPS")?;
            let started = facts.scene.today > 0;
            let attacks = if started { count(facts.fire[stream]) } else { "none counted yet".to_owned() };
            Some(Tip {
                title: "Shipping through Bab al-Mandab".to_owned(),
                lines: vec![
                    (format!("Attacks {}", facts.counted()), attacks),
                    ("Traffic drawn".to_owned(), format!("{:.0} % of usual", sea::traffic(facts)? * 100.0)),
                    ("The model counts attacks, not ships.".to_owned(), String::new()),
                ],
            })
        }
        Target::Displaced(index) => {
            let rule = &facts.scene.rules.territories[index];
            let now = facts.scene.now.columns.territories[index].displaced;
            Some(Tip { title: rule.name.clone(), lines: vec![("Displaced".to_owned(), count(now))] })
        }
    }
}

fn front_tip(facts: &Facts<'_>, index: usize) -> Option<Tip> {
    let rules = facts.scene.rules;
    let rule = &rules.fronts[index];
    let level = facts.scene.now.columns.fronts[index].level;
    let words = level_words(rule.ladder, level);
    let mut lines = vec![("Level".to_owned(), format!("{level} of 6: {words}"))];
    for &s in &rule.streams {
        let stream = &rules.streams[s];
        let name = |actor: usize| rules.actors[actor].id.text.as_str();
        let words = if facts.scene.today == 0 {
            format!("about {:.1} {} a day before the first day", stream.start_excitation, stream.unit)
        } else {
            format!("{} {} {}", count(facts.fire[s]), stream.unit, facts.counted())
        };
        lines.push((format!("{} at {}", name(stream.attacker), name(stream.target)), words));
    }
    let front = front(facts, index)?;
    if rule.streams.is_empty() {
        for (side, fire) in front.sides.iter().zip(front.fire) {
            let who = side.first().map_or("", |&a| rules.actors[a].name.as_str());
            lines.push((
                who.to_owned(),
                format!("{} strikes {}, 20 missiles counted as one", count(fire), facts.counted()),
            ));
        }
    }
    match front.calm {
        Calm::Truce(Some(days)) => {
            lines.push(("Truce".to_owned(), format!("day {days}")));
            let table = rule.table.map(|t| rules.tables[t].id.text.as_str());
            if let Some(chance) = table.and_then(|t| facts.value(&format!("collapse_chance.{t}"))) {
                lines.push(("Chance that it ends".to_owned(), format!("{:.2} % a day", chance * 100.0)));
            }
        }
        Calm::Broken(days) => lines.push(("Truce".to_owned(), format!("ended {days} days ago"))),
        Calm::DealOver(days) => lines.push(("Collective deal".to_owned(), format!("ended {days} days ago"))),
        Calm::Truce(None) | Calm::No => {}
    }
    Some(Tip { title: front_name(&rule.id.text, &rule.name), lines })
}

/// A front's code with its name: the code alone says nothing to who sees it first.
pub(super) fn front_name(id: &str, name: &str) -> String {
    format!("{id}: {name}")
}

fn actor_tip(facts: &Facts<'_>, index: usize) -> Option<Tip> {
    let rule = facts.scene.rules.actors.get(index)?;
    let columns = &facts.scene.now.columns;
    let mut lines = vec![("Capability, relative".to_owned(), format!("{:.2}", rule.capability))];
    if !rule.ledgers.is_empty() {
        lines.push(("Resolve as seen by others".to_owned(), format!("{:.2}", columns.standings[index].resolve)));
    }
    if rule.stock.is_some() {
        lines.push(("Rounds in store".to_owned(), count(columns.arsenals[index].munitions)));
    }
    if rule.interceptors.is_some() {
        lines.push(("Interceptors".to_owned(), count(columns.arsenals[index].interceptors)));
    }
    for &l in &rule.ledgers {
        let ledger = &facts.scene.rules.ledgers[l];
        let state = &columns.ledgers[l];
        let owed = if state.owed { ", an answer is owed" } else { "" };
        let against = &facts.scene.rules.actors[ledger.against].id.text;
        let words = format!("{:.1} of {:.1} blows{owed}", state.blows, ledger.theta);
        lines.push((format!("Unanswered harm by {against}"), words));
    }
    // Where nothing has moved since the start there is nothing to say.
    if let Some((state, share)) = signs::taken_in(facts, index) {
        let state = &facts.scene.rules.actors[state].name;
        lines.push((format!("Under the authority of {state}"), percent(share)));
    }
    for (actor, share) in signs::elected(facts) {
        if actor == index {
            lines.push(("Governs by votes; its list had".to_owned(), percent(share)));
        }
    }
    Some(Tip { title: rule.name.clone(), lines })
}

fn site_tip(facts: &Facts<'_>, index: usize) -> Option<Tip> {
    let (_, site, _) = facts.sites.get(index)?;
    let scene = facts.scene;
    let mut lines = Vec::new();
    if site.kind == SiteKind::UsBase {
        let base = base(facts, index);
        if let Some(host) = base.host {
            let rule = &scene.rules.hosts[host];
            let state = &scene.now.columns.hosts[host];
            let name = |actor: usize| scene.rules.actors[actor].name.as_str();
            lines.push(("Host".to_owned(), name(rule.actor).to_owned()));
            if let Some(heard) = base.warned {
                let day = scene.rules.date(state.warned_on).strftime("%-d %b %Y");
                lines.push((format!("Warned by {}", name(rule.foe)), format!("{day}; it still stands")));
                let share = scene.rules.p.host_voice * warned_share(scene.rules, &scene.now.columns.hosts, scene.today);
                let words =
                    if heard { format!("consent to a strike −{}", percent(share)) } else { "not heard".to_owned() };
                lines.push(("Hosts' warning to Washington".to_owned(), words));
            }
            lines.push((
                "US personnel in the country".to_owned(),
                format!("about {}", count(present(rule, &scene.now.levers, &scene.now.columns.integrations))),
            ));
            lines.push(("Struck within 30 days".to_owned(), percent(base.exposure)));
            let words = match base.airspace {
                Airspace::Open => "open",
                Airspace::Limited => "limited",
                Airspace::Closed => "closed",
            };
            lines.push(("Airspace".to_owned(), format!("{words} (permission {:.2})", state.permission)));
            if counts(&scene.rules.under(&scene.now.levers).p) {
                lines.push(("Fear of war".to_owned(), format!("{:.2}", state.fear)));
            }
            let owed = rule.foe_ledgers.iter().any(|&l| scene.now.columns.ledgers[l].owed);
            let foe = name(rule.foe);
            lines.push((format!("{foe} owes an answer"), if owed { "yes" } else { "no" }.to_owned()));
            let flew = joined(rule, &scene.now.columns.pairs, scene.today, &scene.rules.p);
            lines.push(("US forces struck lately".to_owned(), if flew { "yes" } else { "no" }.to_owned()));
            lines.push(("Sorties from bases".to_owned(), percent(scene.now.levers[Lever::BaseSorties])));
            if rule.immunity > 0.0 {
                lines.push(("Spared as a mediator".to_owned(), format!("{:.1}", rule.immunity)));
            }
        } else {
            lines.push(("Its host is no part of the model.".to_owned(), String::new()));
        }
    } else {
        lines.push(("Kind".to_owned(), kind(site.kind).to_owned()));
        lines.extend(belongs(scene.scenario, site).map(|(what, whose)| (what.to_owned(), whose)));
        if let Some(state) = scene.now.columns.sites.get(index)
            && state.damage > 0.0
        {
            let age = f64::from(scene.today - state.noted) / 182.6;
            lines.push(("Damage since the start".to_owned(), percent(state.damage * libm::exp2(-age.max(0.0)))));
        }
    }
    Some(Tip { title: site.name.clone(), lines })
}

/// What a scenario knows of whose a place is. It names one actor for each: a group holds what it is named for; a state's
/// name says in which country a place lies, and not who stands there; an authority's says neither.
pub(crate) fn belongs(scenario: &Scenario, site: &Site) -> Option<(&'static str, String)> {
    let of = match site.owner.as_str() {
        "DISPUTED" => return Some(("Status", "disputed".to_owned())),
        "INTERNATIONAL" => return Some(("Status", "international".to_owned())),
        "UN" => return Some(("Held by", "United Nations".to_owned())),
        id => id,
    };
    let actor = scenario.actors.get(of)?;
    let home =
        |(id, s): (&String, &Site)| s.owner == of && (s.kind == SiteKind::City || CAPITALS.contains(&id.as_str()));
    match actor.kind {
        ActorKind::Group => Some(("Held by", actor.name.clone())),
        ActorKind::Authority => None,
        // A name that says that its status is disputed says what there is to say.
        _ if site.name.contains("disputed") => None,
        _ if scenario.sites.iter().any(home) => Some(("Country", short(&actor.name).to_owned())),
        _ => Some(("Run by", actor.name.clone())),
    }
}

fn kind(kind: SiteKind) -> &'static str {
    match kind {
        SiteKind::City => "city",
        SiteKind::Base => "military base",
        SiteKind::UsBase => "base with US forces",
        SiteKind::LaunchArea => "launch area",
        SiteKind::Nuclear => "nuclear site",
        SiteKind::Energy => "oil, gas or power",
        SiteKind::Port => "port",
        SiteKind::Strait => "strait or canal",
        SiteKind::Crossing => "border crossing",
        SiteKind::Corridor => "supply corridor",
        SiteKind::Disputed => "disputed place",
        SiteKind::Unifil => "UN position",
        SiteKind::Channel => "mediation channel",
        SiteKind::Area => "area",
    }
}

fn mission_tip(facts: &Facts<'_>) -> Option<Tip> {
    let s = peace::south(facts)?;
    let movement = facts.scene.now.columns.missions[s.mission].movement;
    Some(Tip {
        title: facts.scene.rules.missions[s.mission].name.clone(),
        lines: vec![
            ("Troops".to_owned(), count(s.troops)),
            ("Freedom of movement".to_owned(), percent(movement)),
            ("The mission's strength, not this sector's".to_owned(), percent(s.strength)),
            ("Lebanese army in the area".to_owned(), count(s.army)),
            ("Withdrawal still to do".to_owned(), percent(s.held)),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_said_to_hold_what_the_scenario_does_not_know() {
        let scenario = detente_model::scenario::load("november-2024").unwrap().scenario;
        let of = |site: &str| belongs(&scenario, &scenario.sites[site]).map(|(what, whose)| format!("{what}: {whose}"));
        for site in ["gaza_city", "jabalia", "rafah", "hebron", "jerusalem"] {
            assert_eq!(of(site), None, "{site}");
        }
        assert_eq!(of("khiam").as_deref(), Some("Country: Lebanon"));
        assert_eq!(of("doha").as_deref(), Some("Country: Qatar"));
        assert_eq!(of("sanaa").as_deref(), Some("Held by: Houthis (Ansar Allah)"));
        assert_eq!(of("hmeimim").as_deref(), Some("Run by: Russia"));
        assert_eq!(of("shebaa").as_deref(), Some("Status: disputed"));
    }
}
