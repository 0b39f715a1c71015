//! Simulation-based calibration of `detente fit`: `cargo run --release -p detente-learn --example calibration -- 300`.
//!
//! Prints rank histograms and coverage of the numbers that fits to made-up records identified. Arguments: pseudo-truths, particles,
//! seeds of each fit, weeks, threads, first pseudo-truth.

use detente_learn::fit::calibration::{Histogram, ranks};
use detente_learn::fit::{LAST, Plan};
use detente_learn::observed::later;
use detente_model::scenario::load;
use detente_model::sim::rules::Rules;
use detente_study::futures::ensemble::Progress;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let at = |i: usize, default: usize| numbers.get(i).copied().unwrap_or(default);
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (truths, particles, seeds, weeks, jobs) = (at(0, 300), at(1, 500), at(2, 4), at(3, 46), at(4, cores));
    let loaded = load("october-2023").unwrap_or_else(|errors| panic!("{errors}"));
    let rules = Rules::new(&loaded);
    let until = later(rules.frame.start, 4 + 7 * (weeks as i32 - 1)).min(LAST);
    let first = at(5, 0) as u64;
    let (mut by_id, mut identified, mut rest) = (BTreeMap::<String, Histogram>::new(), Histogram::default(), Histogram::default());
    let (mut lost, mut done) = (0, 0_usize);
    for truth in first..first + truths as u64 {
        let plan = Plan { until, particles, seed: 20_000 + 100 * truth, seeds: seeds as u64 };
        let Ok(all) = ranks(&rules, 10_000 + truth, &plan, jobs, &Progress::default()) else {
            lost += 1;
            continue;
        };
        done += 1;
        for rank in all {
            if rank.identified {
                by_id.entry(rank.id).or_default().add(rank.below);
                identified.add(rank.below);
            } else {
                rest.add(rank.below);
            }
        }
        eprintln!("{done} of {truths} pseudo-truths; identified so far {}, of which 90 % bands held {}", identified.n, identified.most);
    }
    println!("{done} pseudo-truths of {weeks} weeks, {seeds} filters of {particles} particles each; lost {lost}");
    let row = |name: &str, histogram: &Histogram| {
        let [half, most] = histogram.coverage();
        println!(
            "{name:<44} n {:>5}  50 %: {:>5.1}  90 %: {:>5.1}  chi² {:>6.1}  {:?}",
            histogram.n,
            100.0 * half,
            100.0 * most,
            histogram.chi_square(),
            histogram.bins
        );
    };
    row("identified, all", &identified);
    row("not identified, all", &rest);
    for (id, histogram) in by_id.iter().filter(|(_, histogram)| histogram.n as usize * 10 >= done) {
        row(id, histogram);
    }
}
