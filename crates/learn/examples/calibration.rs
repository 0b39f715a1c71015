//! Simulation-based calibration of `detente fit`: `cargo run --release -p detente-learn --example calibration -- 300`.
//!
//! Prints rank histograms and coverage of the numbers that a fit identifies where a future takes the record's place. Arguments:
//! pseudo-truths, futures, weeks, threads.

use detente_learn::fit::calibration::{Histogram, ranks};
use detente_learn::fit::{Fit, LAST, Plan};
use detente_learn::observed::{Observed, later};
use detente_model::scenario::load;
use detente_model::sim::rules::Rules;
use detente_study::futures::ensemble::Progress;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let at = |i: usize, default: usize| numbers.get(i).copied().unwrap_or(default);
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (truths, futures, weeks, jobs) = (at(0, 300), at(1, 40_000), at(2, 47), at(3, cores));
    let loaded = load("october-2023").unwrap_or_else(|errors| panic!("{errors}"));
    let rules = Rules::new(&loaded);
    let until = later(rules.frame.start, 4 + 7 * (weeks as i32 - 1)).min(LAST);
    let plan = Plan { until, futures: futures as u64, seed: 1 };
    let fit = Fit::new(&rules, &Observed::embedded(), plan).unwrap_or_else(|errors| panic!("{errors}"));
    let blocks = fit.run(Vec::new(), jobs, &Progress::default(), |_| Ok(())).unwrap_or_else(|why| panic!("{why:?}"));
    let (mut by_id, mut identified, mut rest) =
        (BTreeMap::<String, Histogram>::new(), Histogram::default(), Histogram::default());
    ranks(&fit, &blocks, truths, |all| {
        for rank in all {
            if rank.identified {
                by_id.entry(rank.id).or_default().add(rank.below);
                identified.add(rank.below);
            } else {
                rest.add(rank.below);
            }
        }
    });
    println!("{truths} pseudo-truths, days to {until}, {futures} futures");
    let row = |name: &str, histogram: &Histogram| {
        let [half, most] = histogram.coverage();
        println!(
            "{name:<44} n {:>6}  50 %: {:>5.1}  90 %: {:>5.1}  chi2 {:>6.1}  {:?}",
            histogram.n,
            100.0 * half,
            100.0 * most,
            histogram.chi_square(),
            histogram.bins
        );
    };
    row("identified, all", &identified);
    row("not identified, all", &rest);
    for (id, histogram) in by_id.iter().filter(|(_, histogram)| histogram.n as usize * 10 >= truths) {
        row(id, histogram);
    }
    let fitted = fit.of(&blocks);
    println!("At the record: near {:.0}, figures {}, outside {:?}", fitted.near, fitted.figures, fitted.outside);
    println!("by chance {:.3} of {}", fitted.narrowed_by_chance, fitted.reach_nothing);
    for (id, n) in fitted.numbers.iter().filter(|(_, number)| number.identified) {
        println!("{id:<44} contraction {:.2} ± {:.2}  score {:+.2} sd {:.2}", n.contraction, n.error, n.mean, n.sd);
    }
}
