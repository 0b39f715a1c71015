//! The essay's claims in the scenarios that they name: each shows there the way that it says, its switches do something there, and
//! together they are all that the levers of mechanisms put in force.

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

use detente_model::sim::columns::Columns;
use detente_model::sim::course::Course;
use detente_model::sim::rules::Rules;
use detente_model::sim::tally::Tally;
use detente_model::sim::world::Fate;
use detente_model::symbols::claims::{CLAIMS, Claim, Shows, Way};
use detente_model::symbols::levers::Lever;
use detente_model::symbols::strengths::SCALED;
use detente_study::futures::claims::{ClaimEffect, effects_of_some, paired, stages, without};
use detente_study::futures::effect::Effect;
use detente_study::futures::ensemble::{Plan, Progress};

/// A future after so many days: its state and its totals.
fn end(rules: &Rules, future: u64, days: u32) -> (Columns, Tally) {
    let mut course: Course = Course::new(rules, Fate { seed: 5, future, prior: false }, Vec::new());
    course.run(days);
    (course.columns().clone(), course.tally().clone())
}

/// Every claim is tried in the scenario that it names, and shows there in one of the quantities that it names, the way that it says
/// and well beyond chance (two and a half standard errors), at the scenario's parameters or drawn; and in none the other way.
#[test]
fn every_claim_shows_where_it_should_show() {
    let (mut silent, mut against) = (Vec::new(), Vec::new());
    let mut tried = 0;
    for (stage, claims) in stages("") {
        let loaded = detente_model::scenario::load(stage).unwrap();
        let rules = Rules::new(&loaded);
        let plan = Plan { seed: 1, days: rules.frame.days, prior: false, log: Vec::new(), from: None };
        let effects = |claims: &[usize], pairs: u64| {
            effects_of_some(&loaded, &rules, claims, &plan, pairs, 2, &Progress::default()).unwrap()
        };
        for (place, effect) in claims.iter().zip(effects(&claims, 500)) {
            let claim = &CLAIMS[*place];
            tried += 1;
            // What is beyond chance, with whether it goes the way that the claim says.
            let clear = |effect: &Effect| -> Vec<(bool, String)> {
                let each = claim.shows.iter().filter_map(|(shows, way)| {
                    let (low, high, difference) = match shows {
                        Shows::Lasting(id) => {
                            let (.., d) = effect.spells[rules.table(id)?].survival(90)?;
                            let beyond = 2.5 / 1.645 * (d.high - d.low) / 2.0;
                            (d.difference - beyond, d.difference + beyond, d.difference)
                        }
                        _ => {
                            let d = paired(&rules, shows, effect)?.difference_within(2.5);
                            (d.low, d.high, d.difference)
                        }
                    };
                    let said = format!("{shows:?} {difference:+.3}, claimed {}", way.word());
                    Way::Either.held(low, high).then(|| (way.held(low, high), said))
                });
                each.collect()
            };
            let mut shows = |pairs: u64, ClaimEffect { default, prior }: &ClaimEffect| {
                let (at_defaults, drawn) = (clear(default), clear(prior));
                println!("{} in {stage}, {pairs} pairs: {at_defaults:?}; drawn: {drawn:?}", claim.id);
                against
                    .extend(at_defaults.iter().chain(&drawn).filter(|(held, _)| !held).map(|(_, said)| said.clone()));
                at_defaults.iter().chain(&drawn).any(|(held, _)| *held)
            };
            // What moves few futures takes more pairs to be told from chance.
            if !shows(500, &effect) && !effects(&[*place], 2000).iter().any(|effect| shows(2000, effect)) {
                silent.push(format!("{} in {stage}", claim.id));
            }
        }
    }
    assert_eq!(tried, CLAIMS.len());
    assert!(silent.is_empty(), "show nothing where they should: {silent:?}");
    assert!(against.is_empty(), "go the other way: {against:?}");
}

/// With the claims off whose switches a lever scales, the lever does nothing: what stands in a claim's row is the whole of a mechanism,
/// and what is left of one is not claimed by anybody. So each scenario about it with the lever as it is has the futures that it has
/// with the lever at 0.
#[test]
fn with_its_claims_off_a_lever_of_a_mechanism_does_nothing() {
    let stage = |lever: Lever| match lever {
        Lever::ExchangeRestraint => "restraint-returned",
        Lever::DealInterdependence => "parts-need-each-other",
        Lever::StatesIncorporation => "the-region-incorporated",
        _ => "neighbours-and-votes",
    };
    for (lever, parameters) in SCALED {
        let of = |claim: &&Claim| claim.switches.iter().any(|(id, _)| parameters.iter().any(|(other, _)| other == id));
        let claims: Vec<Claim> = CLAIMS.iter().filter(of).copied().collect();
        let loaded = detente_model::scenario::load(stage(*lever)).unwrap();
        let futures = |claims: &[Claim], value: f64| -> Vec<_> {
            let mut rules = without(&loaded, claims);
            std::sync::Arc::make_mut(&mut rules.frame).levers.set(*lever, value);
            rules.reset();
            (0..40).map(|future| end(&rules, future, 400)).collect()
        };
        assert!(futures(&claims, 1.0) == futures(&claims, 0.0), "{}", lever.id());
        assert!(futures(&[], 1.0) != futures(&[], 0.0), "{} does something where its claims are on", lever.id());
    }
}

/// What a claim is switched by does something in the scenario that the claim names: each switch on its own, at the value at which it
/// does nothing, gives other futures there.
#[test]
fn no_switch_of_a_claim_is_idle_in_its_stage() {
    // Not seen in a hundred futures there. A pledge above the default (`restraint_trust`), tables beside the collective one
    // (`link_separate`) and an end of the UN mission within the days (`unami_support`) are not of these scenarios; credentials are
    // hardly ever rejected where Washington lobbies (`credentials_rally`, `credentials_arms`); the others are rare.
    const IDLE: [&str; 8] = [
        "restraint_trust",
        "link_separate",
        "exit_gain",
        "text_legitimacy",
        "credentials_rally",
        "credentials_arms",
        "host_sites",
        "unami_support",
    ];
    let mut idle = Vec::new();
    for claim in CLAIMS {
        let loaded = detente_model::scenario::load(claim.stage).unwrap();
        let rules = Rules::new(&loaded);
        let on: Vec<_> = (0..100).map(|future| end(&rules, future, rules.frame.days)).collect();
        for switch in claim.switches {
            let off = without(&loaded, &[Claim { switches: std::slice::from_ref(switch), ..*claim }]);
            if (0..).zip(&on).all(|(future, on)| end(&off, future, rules.frame.days) == *on) {
                idle.push(switch.0);
            }
        }
    }
    assert_eq!(idle, IDLE);
}
