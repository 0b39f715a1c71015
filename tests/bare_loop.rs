//! The bare loop of the benches leaves the bits of the engine: only then is the time it takes a measure of the engine's.

#[path = "../benches/bare/mod.rs"]
mod bare;

use bare::Bare;
use detente::scenario;
use detente::sim::probe::Silent;
use detente::sim::rules::Rules;
use detente::sim::world::{Columns, Fate, Simulation};

/// Every bit: `Debug` prints the shortest text that reads back as the same number, and tells 0 from −0.
fn bits(columns: &Columns) -> String {
    format!("{columns:?}")
}

fn check(loaded: &scenario::Loaded, seeds: std::ops::Range<u64>) {
    let rules = Rules::new(loaded);
    let fate = Fate { seed: 0, future: 0, prior: false };
    let mut engine: Simulation<Silent> = Simulation::new(&rules, fate, Vec::new());
    let mut bare = Bare::new(&rules, fate);
    let mut columns = Columns::default();
    for seed in seeds {
        for prior in [false, true] {
            let fate = Fate { seed, future: seed % 3, prior };
            engine.begin(fate, Vec::new());
            bare.begin(fate);
            for day in 0..365 {
                engine.step();
                bare.day();
                assert_eq!(engine.events(), bare.journal.0, "{fate:?}, events of day {day}");
            }
            engine.read_columns(&mut columns);
            assert_eq!(bits(&columns), bits(&bare.columns), "{fate:?}");
            assert_eq!(engine.tally(), &bare.tally, "{fate:?}");
        }
    }
}

#[test]
fn november_2024_is_the_same_with_and_without_the_ecs() {
    check(&scenario::load("november-2024").unwrap(), 1..13);
}

#[test]
fn october_2023_is_the_same_with_and_without_the_ecs() {
    check(&scenario::load("october-2023").unwrap(), 1..7);
}

#[test]
fn every_front_at_level_5_is_the_same_with_and_without_the_ecs() {
    check(&scenario::load_text("level5.toml", include_str!("../benches/bare/level5.toml")).unwrap(), 1..7);
}
