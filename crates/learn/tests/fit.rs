//! What the record says about numbers and claims: found where it is put in, nowhere else, and as often as it says.

#![allow(clippy::unwrap_used, reason = "tests")]

use detente_learn::evidence::{self, Arm, Weighing, strong};
use detente_learn::fit::calibration::{Histogram, ranks};
use detente_learn::fit::{BLOCK, Ended, Fit, LEAST, Plan};
use detente_learn::link::Bound;
use detente_learn::observed::{Observation, Observed, later, series};
use detente_model::scenario::{load, load_text};
use detente_model::sim::course::Course;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;
use detente_model::symbols::claims::CLAIMS;
use detente_study::futures::ensemble::Progress;
use detente_study::futures::posterior::Table;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

fn rules() -> Rules {
    Rules::new(&load("october-2023").unwrap_or_else(|errors| panic!("{errors}")))
}

/// Alerts around Gaza as a future at the scenario's numbers gives them, but for a scale at this normal score, week by week.
fn alerts(rules: &Rules, scale: f64, weeks: i32) -> Observed {
    let mut nuisances = Vec::new();
    let bound = Bound::new(series("alerts.gaza").unwrap(), rules, &mut nuisances).unwrap();
    let at = |id: &str| if id.starts_with("observed.scale") { scale } else { 0.0 };
    let values: Vec<f64> = nuisances.iter().map(|number| number.at(at(&number.id))).collect();
    let known = bound.nuisances(&values);
    let mut course: Course = Course::new(rules, Fate { seed: 77, future: 0, prior: false }, Vec::new());
    let (mut rows, mut open, mut first) = (Vec::new(), 0.0, 0);
    for day in 0..4 + 7 * (weeks - 1) + 1 {
        course.step();
        open += bound.signal(&course, &known);
        if (day - 4) % 7 == 0 {
            let value = bound.expected(open, day - first + 1, &known).round();
            let [from, to] = [first, day].map(|day| later(rules.frame.start, day));
            rows.push(Observation { from, to, value, vintage: None, source: String::new() });
            (open, first) = (0.0, day + 1);
        }
    }
    Observed::made("alerts".to_owned(), BTreeMap::from([("alerts.gaza", rows)]), Some(Vec::new()))
}

#[test]
fn a_number_that_a_made_up_record_pins_narrows_around_the_truth_and_what_reaches_nothing_is_not_identified() {
    const WEEKS: i32 = 12;
    let rules = rules();
    let until = later(rules.frame.start, 4 + 7 * (WEEKS - 1));
    let fitted = |scale: f64| {
        let observed = alerts(&rules, scale, WEEKS);
        let fit = Fit::new(&rules, &observed, Plan { until, futures: 2500, seed: 5 }).unwrap_or_else(|e| panic!("{e}"));
        let progress = Progress::default();
        let blocks = fit.run(Vec::new(), 2, &progress, |_| Ok(())).unwrap();
        assert_eq!(progress.done.load(Ordering::Relaxed), fit.work(&[]));
        let fitted = fit.of(&blocks);
        let table = fit.table(&fitted);
        (fitted, table)
    };
    let id = "observed.scale[alerts.gaza]";
    let means = [1.5, -1.0].map(|truth| {
        let (fitted, table) = fitted(truth);
        let number = &fitted.numbers[id];
        assert!(number.identified && number.contraction > 2.0 * LEAST, "{number:?}");
        assert!((number.mean - truth).abs() < 2.5 * number.sd, "{truth}: {number:?}");
        assert!((number.posterior.q50 > number.prior.q50) == (truth > 0.0), "{number:?}");
        let blind = fitted.numbers.iter().filter(|(id, _)| id.ends_with("[launches.yemen]"));
        assert!(blind.clone().count() == 2 && blind.clone().all(|(_, number)| !number.identified));
        // A table holds numbers of the model alone, and it can be read.
        assert!(table.numbers.iter().all(|row| !row.id.starts_with("observed.")));
        assert_eq!(Table::read(&table.text()).unwrap(), table);
        // One series of a dozen weeks says something about few of nine hundred numbers.
        let identified = fitted.numbers.values().filter(|number| number.identified).count();
        assert!(identified < 20, "{identified} of {}", fitted.numbers.len());
        number.mean
    });
    assert!(means[0] - means[1] > 1.0, "{means:?}");
}

/// A short form of the example `calibration`.
#[test]
fn what_is_said_of_numbers_holds_the_truth_of_futures_that_take_the_records_place_as_often_as_it_says() {
    let rules = rules();
    let until = later(rules.frame.start, 4 + 7 * 11);
    let plan = Plan { until, futures: 2500, seed: 3 };
    let fit = Fit::new(&rules, &Observed::embedded(), plan).unwrap_or_else(|errors| panic!("{errors}"));
    let blocks = fit.run(Vec::new(), 2, &Progress::default(), |_| Ok(())).unwrap();
    let (mut identified, mut rest) = (Histogram::default(), Histogram::default());
    ranks(&fit, &blocks, 40, |all| {
        for rank in all {
            if rank.identified { &mut identified } else { &mut rest }.add(rank.below);
        }
    });
    assert!(identified.n >= 100, "{identified:?}");
    let ([half, most], [rest_half, rest_most]) = (identified.coverage(), rest.coverage());
    assert!((0.40..=0.60).contains(&half) && (0.84..=0.95).contains(&most), "identified: {identified:?}");
    assert!((0.47..=0.53).contains(&rest_half) && (0.88..=0.92).contains(&rest_most), "not identified: {rest:?}");
}

#[test]
fn a_fit_that_is_told_to_stop_stops_and_futures_that_are_there_are_not_run_again() {
    let rules = rules();
    let observed = alerts(&rules, 0.0, 2);
    let until = later(rules.frame.start, 11);
    let plan = Plan { until, futures: 2 * BLOCK + 20, seed: 1 };
    let fit = Fit::new(&rules, &observed, plan).unwrap_or_else(|errors| panic!("{errors}"));
    let all = fit.run(Vec::new(), 1, &Progress::default(), |_| Ok(())).unwrap();
    assert_eq!(all.iter().map(|block| block.figures.len()).collect::<Vec<_>>(), [500, 500, 20]);
    let stopped = Progress::default();
    stopped.stop.store(true, Ordering::Relaxed);
    assert_eq!(fit.run(Vec::new(), 1, &stopped, |_| Ok(())).unwrap_err(), Ended::Stopped);
    assert_eq!(fit.run(all.clone(), 1, &stopped, |_| Ok(())).unwrap(), all, "nothing is left to do");
    assert_eq!(fit.work(&all[..2]), 20);
    let last = fit.run(all[..2].to_vec(), 2, &Progress::default(), |block| Err(format!("no room for {}", block.first)));
    assert_eq!(last.unwrap_err(), Ended::Refused("no room for 1000".to_owned()));
    let again = fit.run(all[1..].to_vec(), 2, &Progress::default(), |_| Ok(())).unwrap();
    assert_eq!(again, all, "threads do not show");
}

/// An arm holds the claim's numbers and leaves luck and draws of every other as they are: a claim that bears on nothing in these days
/// gives the same evidence to the last bit, and one whose mechanism is at work does not.
#[test]
fn arms_of_a_claim_run_on_common_luck() {
    let rules = rules();
    let observed = Observed::embedded();
    let until = later(rules.frame.start, 25);
    let plan = evidence::Plan { until, particles: 40, seed: 2, seeds: 1 };
    let weighing = Weighing::new(&rules, &observed, plan).unwrap_or_else(|errors| panic!("{errors}"));
    let progress = Progress::default();
    let of = |arm| weighing.evidence(arm, 2, 2, &progress).unwrap();
    let claim = |id: &str| CLAIMS.iter().position(|claim| claim.id == id).unwrap();
    let on = of(Arm::On);
    assert_eq!(on.to_bits(), of(Arm::On).to_bits());
    let roadmap = claim("H4");
    assert_eq!([on, on], [of(Arm::Off(roadmap)), of(Arm::Strong(roadmap))], "no roadmap is in force");
    let resolve = claim("H2");
    assert_ne!(on.to_bits(), of(Arm::Off(resolve)).to_bits());
    assert_ne!(of(Arm::Off(resolve)).to_bits(), of(Arm::Strong(resolve)).to_bits());
    assert!(Weighing::fixed(&rules).is_empty());
    let (id, value) = strong(&CLAIMS[resolve])[0];
    let text = format!("format = 1\nextends = \"october-2023\"\nname = \"fixed\"\n[parameters]\n{id} = {value}\n");
    let fixed = Rules::new(&load_text("fixed", &text).unwrap_or_else(|errors| panic!("{errors}")));
    assert_eq!(Weighing::fixed(&fixed), [("H2", id)]);
}
