//! What drives an outcome, in scenarios where that is known because they were made so.

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

use detente_model::record::outcome::{Escalation, Headline};
use detente_model::scenario::load_text;
use detente_model::sim::altered::Cause;
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{Lever, LeverChange};
use detente_study::futures::accumulate::Share;
use detente_study::futures::causes::{Came, Drivers, Row, drivers};
use detente_study::futures::ensemble::{Plan, Progress, ensemble};
use noisy_float::prelude::R64;

const RUNS: u64 = 800;

/// An estimate that is its own range.
fn fixed(value: f64) -> String {
    format!("{{ value = {value}, low = {value}, high = {value}, tag = \"A\" }}")
}

/// Iran and Israel with nothing between them but what these rates bring: blows at a leader of Iran that it answers, and strikes
/// by Israel to forestall. One blow is enough for an answer to be owed.
fn rules(blows: f64, preventive: f64) -> Rules {
    let (blows, preventive, none, low) = (fixed(blows), fixed(preventive), fixed(0.0), fixed(0.3));
    let toml = format!(
        "format = 1\nextends = \"november-2024\"\ndays = 120\n\
         without = [\"administration\", \"economy\", \"factions\", \"nuclear\", \"roadmap\", \"iraq\", \"council\", \
         \"gaza_path\"]\n\
         [ledgers.\"IRN|ISR\"]\nblows = 0\ntheta = {low}\nshares = {{ IRN = 1, HZB = 0, HAM = 0, IRI = 0, HOU = 0 }}\n\
         [initiatives.\"ISR>IRN\"]\nblow_rate = {blows}\npreventive_rate = {preventive}\n\
         victims = {{ IRN = 1, HZB = 0, HAM = 0 }}\nheld_back_by = []\n\
         [initiatives.\"IRN>ISR\"]\nblow_rate = {none}\npreventive_rate = {none}\n\
         [initiatives.\"HZB>ISR\"]\nblow_rate = {none}\n"
    );
    Rules::new(&load_text("roads.toml", &toml).unwrap_or_else(|errors| panic!("{errors}")))
}

fn plan(seed: u64) -> Plan {
    Plan { seed, days: 120, ..Plan::default() }
}

fn of(rules: &Rules, seed: u64) -> Drivers {
    drivers(rules, &plan(seed), Came::DirectFire, RUNS, 2, &Progress::default()).unwrap()
}

fn row(found: &Drivers, cause: Cause) -> &Row {
    found.causes.iter().find(|row| row.cause == cause).unwrap_or_else(|| panic!("{cause:?} is not listed: {found:?}"))
}

fn holds(share: Share, truth: f64, what: &str) {
    // A 90 % interval, and half of its arm again at either end, as several are looked at: 98.6 %.
    let slack = 0.25 * (share.high - share.low);
    assert!((share.low - slack..=share.high + slack).contains(&truth), "{what}: {truth} is not within {share:?}");
}

fn enough(row: &Row) -> f64 {
    row.sufficient.unwrap().p
}

fn count(share: Share, of: u64) -> u64 {
    (share.p * of as f64).round() as u64
}

/// How many futures come to direct fire, by the totals of an ensemble.
fn reach(rules: &Rules, seed: u64) -> u64 {
    let all = ensemble(rules, &plan(seed), 0..RUNS, 2, &Progress::default()).unwrap();
    all.runs - all.escalation(Escalation::None)
}

#[test]
fn without_any_road_nobody_gets_there() {
    let found = of(&rules(0.0, 0.0), 1);
    assert_eq!((found.with_outcome, found.example, found.road.as_ref(), found.sign), (0, None, None, None));
    // Of nothing there are no shares: none is listed as nought.
    assert!(found.causes.is_empty() && found.jointly.is_empty());
    assert_eq!((found.needed_one, found.added_to), (None, 0));
}

/// Where every future comes to it there is nobody to compare with, nor to give events to: nothing is said, and not 0 %.
#[test]
fn where_all_get_there_nothing_is_said_of_the_others() {
    let rules = rules(0.0, 0.05);
    let found = drivers(&rules, &plan(1), Came::DirectFire, 60, 2, &Progress::default()).unwrap();
    assert_eq!((found.with_outcome, found.added_to), (60, 0));
    let strike = row(&found, Cause::Preventive);
    assert_eq!((strike.before.without, strike.before.lift, strike.sufficient), (None, None, None));
    assert_eq!(count(strike.necessary, 60), 60);
}

/// One road: a blow, and the answer to it. Both are needed in every future, and needed together; the blow is there before in all
/// of them and is the earliest sign; blows added elsewhere are answered in time or not, and answers alone have nothing to answer.
#[test]
fn of_one_road_every_part_is_needed() {
    let rules = rules(0.006, 0.0);
    let found = of(&rules, 2);
    let n = found.with_outcome;
    assert!(n > 200 && n < RUNS - 200, "{n}");
    for cause in [Cause::Blow, Cause::Answer] {
        assert_eq!(count(row(&found, cause).necessary, n), n, "{cause:?}");
    }
    let others = found.causes.iter().filter(|row| ![Cause::Blow, Cause::Answer].contains(&row.cause));
    for other in others {
        assert!(other.necessary.p < 0.3, "{other:?}");
    }
    let pair = &found.jointly[0];
    assert_eq!((pair.causes, count(pair.both, n), count(pair.either, n)), ([Cause::Blow, Cause::Answer], n, 0));
    assert_eq!(count(found.needed_one.unwrap(), n), n);
    let blow = row(&found, Cause::Blow);
    assert!(blow.before.with > 0.999 && blow.before.low.unwrap() > 1.5, "{blow:?}");
    let sign = found.sign.unwrap();
    assert_eq!((sign.cause, Some(sign.without)), (Cause::Blow, blow.before.without));
    assert!(enough(blow) > 0.5 && enough(blow) < 1.0, "{blow:?}");
    // But for futures that had a blow of their own and let it pass.
    assert!(enough(row(&found, Cause::Answer)) < 0.1, "{found:?}");
    let road = found.road.as_ref().unwrap();
    assert_eq!(road.causes[..2], [Cause::Blow, Cause::Answer]);
    assert!(found.example.is_some());
}

/// Two roads of which either will do: each is needed where the other would not have led there, and where both would have, neither
/// is, but one of the two. Taking the kind of event of one road away leaves exactly the scenario that has only the other.
#[test]
fn of_two_roads_each_is_needed_where_the_other_leads_nowhere() {
    let (both, first, second) = (rules(0.006, 0.004), rules(0.006, 0.0), rules(0.0, 0.004));
    let found = of(&both, 5);
    let n = found.with_outcome;
    let (blow, strike) = (row(&found, Cause::Blow), row(&found, Cause::Preventive));
    // By counting in the scenarios with one road, on the same luck.
    let (by_blow, by_strike) = (reach(&first, 5), reach(&second, 5));
    assert_eq!(count(strike.necessary, n), n - by_blow, "those that blows alone do not bring");
    assert_eq!(count(blow.necessary, n), n - by_strike, "those that strikes alone do not bring");
    // And by the chances of the two roads, which know nothing of each other, from other seeds.
    let chance = |rules: &Rules| (10..18).map(|seed| reach(rules, seed)).sum::<u64>() as f64 / (8 * RUNS) as f64;
    let (a, b) = (chance(&first), chance(&second));
    let any = 1.0 - (1.0 - a) * (1.0 - b);
    assert!(a > 0.2 && b > 0.2, "{a} {b}");
    holds(blow.necessary, a * (1.0 - b) / any, "blows");
    holds(strike.necessary, b * (1.0 - a) / any, "preventive strikes");
    let pair = found.jointly.iter().find(|pair| pair.causes == [Cause::Blow, Cause::Preventive]).unwrap();
    assert_eq!(count(pair.both, n), 0, "no future needs both roads");
    // Pairs of which one will do stand among those that are both needed, by how many they are of.
    let weights: Vec<f64> = found.jointly.iter().map(|pair| pair.both.p.max(pair.either.p)).collect();
    assert!(weights.is_sorted_by(|a, b| a >= b), "{weights:?}");
    // A future needs the one road or the other, or one of the two: there are no others.
    let [one, two] = [found.needed_one, found.one_of_two].map(|share| count(share.unwrap(), n));
    assert_eq!(one + two, n);
    // (A few need something else besides, and are counted there.)
    assert!(two > 20 && two <= count(pair.either, n), "{two}");
    holds(pair.either, a * b / any, "either road");
    // A strike is direct fire itself, so whoever is given one gets there.
    assert_eq!(count(strike.sufficient.unwrap(), found.added_to), found.added_to);
    assert!(strike.before.with < 0.05, "what is the outcome itself did not come before it: {strike:?}");
}

/// Two kinds of event that an outcome needs together, where one of them comes by itself in many futures.
#[test]
fn of_two_parts_needed_together_neither_is_enough() {
    // Iran and the United States exchange fire only where these join a strike, and Israel strikes.
    let (none, often, low) = (fixed(0.0), fixed(0.004), fixed(0.3));
    let toml = format!(
        "format = 1\nextends = \"november-2024\"\ndays = 120\n\
         without = [\"administration\", \"economy\", \"factions\", \"nuclear\", \"roadmap\", \"iraq\", \"council\", \
         \"gaza_path\"]\n\
         [parameters]\nus_join = 0.5\n\
         [initiatives.\"ISR>IRN\"]\nblow_rate = {none}\npreventive_rate = {often}\nheld_back_by = []\n\
         [initiatives.\"IRN>ISR\"]\nblow_rate = {none}\npreventive_rate = {none}\n\
         [initiatives.\"HZB>ISR\"]\nblow_rate = {none}\n\
         [ledgers.\"IRN|ISR\"]\nblows = 0\nh_max = {none}\nwar_answer = 0\n[ledgers.\"ISR|IRN\"]\nh_max = {none}\nwar_answer = 0\n\
         [ledgers.\"IRN|USA\"]\ntheta = {low}\n"
    );
    let rules = Rules::new(&load_text("together.toml", &toml).unwrap_or_else(|errors| panic!("{errors}")));
    let came = Came::Headline(Headline::RegionalWar);
    let found = drivers(&rules, &plan(4), came, RUNS, 2, &Progress::default()).unwrap();
    let n = found.with_outcome;
    assert!(n > 10, "{n}");
    let (strike, joined) = (row(&found, Cause::Preventive), row(&found, Cause::Joining));
    assert_eq!((count(strike.necessary, n), count(joined.necessary, n)), (n, n), "{found:?}");
    let pair = found.jointly.iter().find(|pair| pair.causes == [Cause::Preventive, Cause::Joining]).unwrap();
    assert_eq!((count(pair.both, n), count(pair.either, n)), (n, 0));
    assert!(enough(joined) < 0.05, "who joins needs a strike of that day to join: {joined:?}");
    assert!(enough(strike) > 0.0 && enough(strike) < 0.9, "{strike:?}");
}

/// Whichever thread ran what: the same to the last bit; and levers moved are moved in what is run again as well.
#[test]
fn threads_do_not_show_and_levers_count() {
    let rules = Rules::new(&detente_model::scenario::load("november-2024").unwrap());
    let come = Came::Collapsed(rules.table("LEB").unwrap());
    for prior in [false, true] {
        let plan = Plan { seed: 6, days: 200, prior, ..Plan::default() };
        let of = |jobs| drivers(&rules, &plan, come, 60, jobs, &Progress::default()).unwrap();
        let one = of(1);
        assert!(one.with_outcome > 3, "{one:?}");
        assert_eq!(one, of(3));
        let signed = row(&one, Cause::Signed);
        assert_eq!(count(signed.necessary, one.with_outcome), one.with_outcome, "what was not signed cannot collapse");
    }
    // A moratorium: no blow is there to be taken away, or to be listed.
    let log = vec![LeverChange { day: 0, lever: Lever::IsraelBlowRate, value: R64::new(0.0) }];
    let log = [log, vec![LeverChange { day: 0, lever: Lever::IranBlowRate, value: R64::new(0.0) }]].concat();
    let plan = Plan { seed: 6, days: 120, log, ..Plan::default() };
    let found = drivers(&rules, &plan, Came::DirectFire, 60, 2, &Progress::default()).unwrap();
    assert!(found.causes.iter().all(|row| row.cause != Cause::Blow), "{found:?}");
}
