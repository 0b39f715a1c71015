//! How often the 90 % interval of a difference in counts holds the mean: killed and fire of the default scenario, with 15,000
//! peacekeepers under stronger rules against none of that, 180 days. Pairs of futures are run once; samples of 60, 400 and 2,000 are
//! drawn from them with replacement, and their intervals held against the mean of all. Samples in which no pair differs have no
//! interval, and are left out.
//!
//! `cargo run --release -p detente-study --example counts [PAIRS]`

use detente_model::chance::Key;
use detente_model::sim::rules::Rules;
use detente_model::symbols::levers::{Lever, LeverChange};
use detente_study::futures::effect::Paired;
use detente_study::futures::ensemble::{Plan, Worker};
use noisy_float::prelude::R64;

/// Samples of each size.
const SAMPLES: [(u64, u32); 3] = [(60, 1500), (400, 800), (2_000, 300)];

fn main() {
    let pairs: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(8_000);
    let loaded = detente_model::scenario::load("november-2024").unwrap_or_else(|errors| panic!("{errors}"));
    let rules = Rules::new(&loaded);
    let change = |lever, value| LeverChange { day: 0, lever, value: R64::new(value) };
    let policy = vec![change(Lever::UnifilTroops, 15_000.0), change(Lever::UnifilMandate, 1.5)];
    let arms = [Vec::new(), policy].map(|log| Plan { seed: 5, days: 180, prior: false, log, from: None });
    let mut worker = Worker::new(&rules, &arms[0]);
    // Every quantity, pair by pair: without the change and with it.
    let mut names: Vec<String> = vec!["killed in all".to_owned()];
    names.extend(rules.territories.iter().map(|t| format!("killed.{}", t.id.text)));
    names.extend(rules.streams.iter().map(|s| format!("events.{}", s.id.text)));
    names.extend(rules.streams.iter().map(|s| format!("deaths.{}", s.id.text)));
    let mut run = |future: u64| {
        arms.each_ref().map(|plan| {
            let s = worker.run_as(plan, future);
            let mut all = vec![s.killed_in_all()];
            all.extend(s.killed.iter().map(|&killed| u64::from(killed)));
            all.extend(s.streams.iter().map(|of| of.0));
            all.extend(s.streams.iter().map(|of| of.1));
            all
        })
    };
    let all: Vec<[Vec<u64>; 2]> = (0..pairs).map(&mut run).collect();
    println!("{:18} {:>10}   60 pairs      400    2,000   (normal interval in brackets)", "", "differ");
    for (at, name) in names.iter().enumerate() {
        let whole = paired(&all, at, 0..pairs);
        if whole.differ * 2_000 < pairs {
            continue;
        }
        let truth = whole.difference().difference;
        print!("{name:18} {:>9.2}%", 100.0 * whole.differ as f64 / pairs as f64);
        for (size, samples) in SAMPLES {
            let (mut held, mut normal, mut counted) = (0, 0, 0);
            for sample in 0..samples {
                let draws = Key::new(size, u64::from(sample)).of(name).timeless();
                let of = paired(&all, at, (0..size).map(|k| (draws.uniform(k as u32) * pairs as f64) as u64));
                if of.differ > 0 {
                    counted += 1;
                    let holds = |d: detente_study::futures::effect::Difference| d.low <= truth && truth <= d.high;
                    held += u32::from(holds(of.difference()));
                    normal += u32::from(holds(of.difference_within(1.645)));
                }
            }
            let share = |count: u32| 100.0 * f64::from(count) / f64::from(counted.max(1));
            print!("  {:3.0} ({:3.0})", share(held), share(normal));
        }
        println!();
    }
}

fn paired(all: &[[Vec<u64>; 2]], at: usize, futures: impl Iterator<Item = u64>) -> Paired {
    let mut paired = Paired::default();
    futures.for_each(|future| {
        let [before, after] = &all[future as usize];
        paired.add(before[at], after[at]);
    });
    paired
}
