//! Who may know what of the seats that ship: written down here once more, apart from what the server decides by.

use detente_model::sim::event::{Event, NuclearStep};
use detente_model::sim::rules::Rules;

/// Series that everybody can count or read in a paper.
const OPEN: &[&str] = &[
    "events",
    "deaths",
    "level",
    "war",
    "status",
    "age",
    "displaced",
    "killed",
    "withdrawal",
    "corridor_open",
    "oil",
    "access",
    "phases",
    "roadmap_stage",
    "suspended",
    "integrated",
    "coalition_exit",
    "isolation",
    "aid",
    "stages",
    "governs",
    "seat",
    "deal_parts",
    "shaken",
];

/// The seat that knows an actor from inside.
fn seat_of(actor: &str) -> Option<&'static str> {
    Some(match actor {
        "USA" => "USA",
        "ISR" => "ISR",
        "IRN" => "IRN",
        "LBN" | "HZB" => "LBN",
        "IRQ" | "IRI" => "IRQ",
        "KSA" | "QAT" | "BHR" | "KWT" | "ARE" | "JOR" | "OMN" | "HOU" | "YEM" => "GLF",
        "PAL" | "HAM" | "PIJ" | "WBG" => "PSE",
        _ => return None,
    })
}

/// The seats that may know a series; none where everybody does.
pub fn knowers(series: &str) -> Option<Vec<&'static str>> {
    let (kind, id) = series.split_once('.').unwrap_or((series, ""));
    if OPEN.contains(&kind) {
        return None;
    }
    let of = |actor: Option<&str>| actor.and_then(seat_of).into_iter().collect();
    Some(match kind {
        // The hidden programme, and what only the model sees.
        "weaponising" | "breakout" | "zone" | "forum" | "mean" | "excitation" | "collapse_chance" | "exchange_gain" => {
            Vec::new()
        }
        "us_consent" | "veto_cost" => vec!["USA"],
        "trade" | "activity" | "standing" => vec!["PSE"],
        "channel" => vec!["MED"],
        "national_troops" => vec!["LBN"],
        "peacekeepers" => vec!["LBN", "UNB", "UNS"],
        "sanctions" => vec!["IRN", "USA"],
        "exposure" => seat_of(id).into_iter().chain(["USA"]).collect(),
        "ledger" | "owed" | "forgone" => of(id.split('|').next()),
        "ledger_other_count" => of(id.split('|').nth(1)),
        "threat" => of(id.split('/').next()),
        "munitions" | "launchers" | "interceptors" | "air_defence" | "shield" | "decapitation" | "opinion"
        | "resolve" | "permission" | "threatened" | "fear" | "host_harm" | "incorporated" | "revenue" | "stress"
        | "funding" | "reformists" | "patience" | "unrest" | "legitimacy" | "enriched" | "pace" => of(Some(id)),
        other => panic!("say here who may know {other}"),
    })
}

/// The seat that holds the levers of an owner.
fn holder(owner: &str) -> &'static str {
    match owner {
        "United States" => "USA",
        "Israel" => "ISR",
        "Iran" => "IRN",
        "Lebanon & UN" => "LBN",
        "Iraq" => "IRQ",
        "Gulf & Yemen" => "GLF",
        "Palestinians" => "PSE",
        "Mediators" => "MED",
        "UN bodies" => "UNB",
        "The deal" => "DEL",
        other => panic!("say here who holds the levers of {other}"),
    }
}

/// The seats that may hear of an event; none where everybody does.
pub fn hears(rules: &Rules, event: &Event) -> Option<Vec<&'static str>> {
    let of = |actor: usize| seat_of(&rules.actors[actor].id.text);
    Some(match event {
        Event::LeverMoved(change) => vec![holder(change.lever.row().owner)],
        Event::AnswerOwed { ledger } | Event::AnswerLapsed { ledger } | Event::AnswerSettled { ledger } => {
            of(rules.ledgers[usize::from(*ledger)].holder).into_iter().collect()
        }
        Event::HostsWarned { foe, hosts } => {
            let warned = rules.hosts.iter().enumerate().filter(|(at, _)| hosts >> at & 1 == 1);
            warned.filter_map(|(_, host)| of(host.actor)).chain(of(usize::from(*foe))).collect()
        }
        Event::Nuclear { step: NuclearStep::Decided | NuclearStep::Device, .. } | Event::FireDay { .. } => Vec::new(),
        _ => return None,
    })
}
