//! Twin experiments by the hundred: `cargo run --release -p detente-learn --example twins -- 100 500 26 drift`.
//!
//! Prints how often 90 % bands of hidden states held the truth, by kind of state and by week, how large the effective sample was, and
//! from how many particles of the start all descend. Arguments: twins, particles, weeks, what the twin's numbers do (`drift`, as the
//! filter has it, or `still`), what the filter sees (`seen` or `blind`), threads.

use detente_learn::observed::later;
use detente_learn::twin::{Experiment, Held, Outcome, Twins};
use detente_model::scenario::load;
use detente_model::sim::rules::Rules;
use std::num::NonZeroUsize;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let at = |i: usize, default: usize| words.get(i).and_then(|word| word.parse().ok()).unwrap_or(default);
    let is = |i: usize, word: &str| words.get(i).is_some_and(|given| given == word);
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let (twins, particles, weeks) = (at(0, 100), at(1, 500), at(2, 26));
    let rules = Rules::new(&load("october-2023").unwrap_or_else(|errors| panic!("{errors}")));
    let until = later(rules.frame.start, 4 + 7 * (weeks as i32 - 1));
    let experiment =
        Experiment { until, particles, drifts: !is(3, "still"), seen: !is(4, "blind"), jobs: at(5, cores) };
    let with = Twins::new(&rules, &experiment);
    let (mut all, mut each, mut sizes, mut roots) = (Outcome::default(), Vec::new(), Vec::new(), Vec::new());
    for seed in 0..twins as u64 {
        let Some(one) = with.outcome(1_000 + seed) else { continue };
        let held = one.held();
        each.push((held.rank / f64::from(held.of), f64::from(held.within) / f64::from(held.of)));
        all.add(&one);
        sizes.push(one.effective);
        roots.push(one.roots);
    }
    println!("{twins} twins of {weeks} weeks; {experiment:?}; filters that came to nothing: {}", twins - each.len());
    let n = each.len() as f64;
    let spread = |of: &dyn Fn(&(f64, f64)) -> f64| {
        let mean = each.iter().map(of).sum::<f64>() / n;
        let variance = each.iter().map(|x| (of(x) - mean) * (of(x) - mean)).sum::<f64>() / (n - 1.0);
        (100.0 * mean, 100.0 * (variance / n).sqrt())
    };
    let ((rank, rank_error), (within, within_error)) = (spread(&|x| x.0), spread(&|x| x.1));
    println!(
        "by rank {rank:.1} ± {rank_error:.1} %, within {within:.1} ± {within_error:.1} % (mean over twins, standard error)"
    );
    let line = |name: &str, Held { of, within, rank }: Held| {
        let of = f64::from(of).max(1.0);
        println!(
            "{name:<10} by rank {:>5.1} %, within {:>5.1} % of {of}",
            100.0 * rank / of,
            100.0 * f64::from(within) / of
        );
    };
    all.kinds.iter().for_each(|(kind, held)| line(kind, *held));
    line("all", all.held());
    for (week, held) in all.weeks.iter().enumerate().filter(|(week, _)| week % 5 == 0) {
        line(&format!("week {}", week + 1), *held);
    }
    for (name, lists) in [("effective size", sizes), ("roots", roots)] {
        let mut of: Vec<f64> = lists.iter().flatten().copied().collect();
        of.sort_by(f64::total_cmp);
        let mut least: Vec<f64> = lists.iter().map(|list| list.iter().copied().fold(f64::INFINITY, f64::min)).collect();
        least.sort_by(f64::total_cmp);
        let mut last: Vec<f64> = lists.iter().filter_map(|list| list.last().copied()).collect();
        last.sort_by(f64::total_cmp);
        let median = |of: &[f64]| of.get(of.len() / 2).copied().unwrap_or(f64::NAN);
        let fifth = of.get(of.len() / 20).copied().unwrap_or(f64::NAN);
        let medians = (median(&of), median(&least), median(&last));
        println!(
            "{name}: median {:.0}, 5 % {fifth:.0}; least of a twin {:.0}, last {:.0} (medians)",
            medians.0, medians.1, medians.2
        );
    }
}
