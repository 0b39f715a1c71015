//! Twin experiments by the hundred: `cargo run --release -p detente-learn --example twins -- 100`.
//!
//! Prints how often 90 % bands of hidden states held the truth, by kind of state. Arguments: twins, particles, weeks, threads.

use detente_learn::observed::later;
use detente_learn::twin::{Coverage, add, coverage};
use detente_model::scenario::load;
use detente_model::sim::rules::Rules;
use std::num::NonZeroUsize;

fn main() {
    let numbers: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let at = |i: usize, default: usize| numbers.get(i).copied().unwrap_or(default);
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (twins, particles, weeks, jobs) = (at(0, 100), at(1, 500), at(2, 26), at(3, cores));
    let loaded = load("october-2023").unwrap_or_else(|errors| panic!("{errors}"));
    let rules = Rules::new(&loaded);
    let until = later(rules.frame.start, 4 + 7 * (weeks as i32 - 1));
    let (mut all, mut lost) = (Coverage::new(), 0);
    for seed in 0..twins as u64 {
        match coverage(&rules, 1_000 + seed, until, particles, jobs) {
            Some(one) => add(&mut all, one),
            None => lost += 1,
        }
        if (seed + 1) % 10 == 0 {
            eprintln!("{} of {twins} twins", seed + 1);
        }
    }
    println!("{twins} twins of {weeks} weeks, {particles} particles; filters that came to nothing: {lost}");
    let (mut held, mut of) = (0, 0);
    for (kind, (h, n)) in &all {
        println!("{kind:<10} {:>5.1} % of {n}", 100.0 * f64::from(*h) / f64::from(*n));
        held += h;
        of += n;
    }
    println!("{:<10} {:>5.1} % of {of}", "all", 100.0 * f64::from(held) / f64::from(of.max(1)));
}
