//! How likely signings are before anything is learnt, and what their absence teaches: `cargo run --release -p detente-learn --example
//! signings -- 1000`.
//!
//! A table's signing is held back on every day, and the chance of nothing is added up: exp of that, on average over futures, is the
//! chance that none comes. Prints it by table, for all but Gaza's and for all, to 31 August 2024, at default values and with numbers
//! drawn; then, for origins as in the back-test, the chance of one within 90 days with numbers that stand still, so that every day
//! without a signing counts for good, and with numbers drawn anew on the origin. Argument: futures.

use detente_learn::decisions::Decisions;
use detente_learn::observed::{Observed, days_between};
use detente_model::scenario::load;
use detente_model::sim::course::Course;
use detente_model::sim::probe::{Conditioned, Subject};
use detente_model::sim::rules::{Point, Rules};
use detente_model::sim::world::Fate;
use jiff::civil::date;

/// Days within which the back-test asks for a signing.
const AHEAD: usize = 90;

/// By future and day, the logarithm of the chance that no signing at `tables` has come so far, after the documented ones of `record`.
fn nothing(
    rules: &Rules,
    tables: &[Subject],
    record: Option<&Decisions>,
    drawn: bool,
    futures: u64,
    days: i32,
) -> Vec<Vec<f64>> {
    let mut course: Course<Conditioned> = Course::new(rules, Fate { seed: 1, future: 0, prior: false }, Vec::new());
    let of = |future| {
        let point = if drawn { Point::Drawn { seed: 1, future } } else { Point::Default };
        course.begin_at(1, future, &point, Vec::new());
        let mut sum = 0.0;
        let day = |day| {
            if let Some(record) = record {
                record.today(day, &mut course.probe);
            }
            course.probe.happened.retain(|(subject, _)| matches!(subject, Subject::Signing(_) | Subject::Collapse(_)));
            course.probe.known = tables.to_vec();
            course.probe.log_weight = 0.0;
            let documented = !course.probe.happened.is_empty();
            course.step();
            // A day on which something is documented says nothing about its absence.
            sum += if documented { 0.0 } else { course.probe.log_weight };
            sum
        };
        (0..days).map(day).collect()
    };
    (0..futures).map(of).collect()
}

fn main() {
    let futures = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(1000);
    let rules = Rules::new(&load("october-2023").unwrap_or_else(|errors| panic!("{errors}")));
    let day = |date| days_between(rules.frame.start, date);
    let days = day(date(2024, 8, 31)) + 1;
    let id = |table: usize| rules.tables[table].id.text.as_str();
    let all: Vec<usize> = (0..rules.tables.len()).collect();
    let mut sets: Vec<(String, Vec<usize>)> = all.iter().map(|&table| (id(table).to_owned(), vec![table])).collect();
    sets.push(("all but GAZ".to_owned(), all.iter().copied().filter(|&table| id(table) != "GAZ").collect()));
    sets.push(("all".to_owned(), all.clone()));
    let subjects =
        |tables: &[usize]| -> Vec<Subject> { tables.iter().map(|&table| Subject::Signing(table as u16)).collect() };
    println!("chance that none is signed in {days} days, of {futures} futures: at default values, drawn");
    for (name, tables) in &sets {
        let chance = |drawn| {
            let sums = nothing(&rules, &subjects(tables), None, drawn, futures, days);
            sums.iter().map(|sums| libm::exp(sums[sums.len() - 1])).sum::<f64>() / futures as f64
        };
        println!("{name:<12} {:>5.1} % {:>5.1} %", 100.0 * chance(false), 100.0 * chance(true));
    }
    let record = Decisions::new(&Observed::embedded().as_of(date(2024, 8, 31)), &rules)
        .unwrap_or_else(|errors| panic!("{errors}"));
    let sums = nothing(&rules, &subjects(&all), Some(&record), true, futures, days + AHEAD as i32);
    // From the day after the pause of November 2023 broke down.
    let from = day(date(2023, 12, 1)) as usize;
    println!(
        "origin day: chance of a signing within {AHEAD} days, numbers drawn anew, and learnt from the days without one since the pause"
    );
    let (mut anew, mut learnt, mut n) = (0.0, 0.0, 0.0);
    for origin in (day(date(2023, 12, 7)) as usize..=day(date(2024, 8, 1)) as usize).step_by(14) {
        let (mut fresh, mut known, mut weight) = (0.0, 0.0, 0.0);
        for sums in &sums {
            let w = libm::exp(sums[origin] - sums[from]);
            let none = libm::exp(sums[origin + AHEAD] - sums[origin]);
            (fresh, known, weight) = (fresh + none, known + w * none, weight + w);
        }
        let chances = (1.0 - fresh / futures as f64, 1.0 - known / weight);
        (anew, learnt, n) = (anew + chances.0 * chances.0, learnt + chances.1 * chances.1, n + 1.0);
        println!("{origin:>4} {:>5.1} % {:>5.1} %", 100.0 * chances.0, 100.0 * chances.1);
    }
    println!("Brier score where none came: {:.2} and {:.2}", anew / n, learnt / n);
}
