//! The two drivers of a day leave the same bits: the world of the ECS that a person looks at, and the plain vectors of an
//! ensemble.

#![allow(clippy::unwrap_used, reason = "what a test cannot find fails it")]

#[allow(dead_code, reason = "shared with the behaviour tests, which use the rest")]
#[path = "behaviour/common.rs"]
mod common;

use common::Choices;
use detente_model::scenario;
use detente_model::sim::course::Course;
use detente_model::sim::probe::Silent;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::{Fate, Simulation, Snapshot};
use detente_model::symbols::levers::LeverChange;

/// Every bit: `Debug` prints the shortest text that reads back as the same number, and tells 0 from −0.
fn bits(snapshot: &Snapshot) -> String {
    format!("{snapshot:?}")
}

struct Both {
    world: Simulation<Silent>,
    course: Course,
}

impl Both {
    fn new(rules: &Rules) -> Self {
        let fate = Fate { seed: 0, future: 0, prior: false };
        Self { world: Simulation::new(rules, fate, Vec::new()), course: Course::new(rules, fate, Vec::new()) }
    }

    /// `days` days in both, event by event and in the end bit by bit.
    fn run(&mut self, days: u32, what: &str) -> Snapshot {
        for _ in 0..days {
            self.world.step();
            self.course.step();
            assert_eq!(self.world.events(), self.course.events(), "{what}, events of day {}", self.course.day() - 1);
        }
        let (one, other) = (self.world.snapshot(), self.course.snapshot());
        assert_eq!(bits(&one), bits(&other), "{what}");
        one
    }

    fn begin(&mut self, fate: Fate, log: &[LeverChange]) {
        self.world.begin(fate, log.to_vec());
        self.course.begin(fate, log.to_vec());
    }
}

fn check(rules: &Rules, fates: impl IntoIterator<Item = Fate>, days: u32, what: &str) {
    let mut both = Both::new(rules);
    for fate in fates {
        both.begin(fate, &[]);
        both.run(days, &format!("{what}, {fate:?}"));
    }
}

fn fates(seeds: std::ops::Range<u64>) -> impl Iterator<Item = Fate> {
    seeds.flat_map(|seed| [false, true].map(|prior| Fate { seed, future: seed % 3, prior }))
}

#[test]
fn every_built_in_scenario_is_the_same_with_and_without_a_world() {
    for name in scenario::builtin_names() {
        let rules = Rules::new(&scenario::load(name).unwrap());
        let many = if ["november-2024", "october-2023"].contains(name) { 8 } else { 2 };
        check(&rules, fates(1..1 + many), 365, name);
    }
}

#[test]
fn every_front_at_level_5_is_the_same_with_and_without_a_world() {
    let loaded = scenario::load_text("level5.toml", include_str!("fixtures/level5.toml")).unwrap();
    check(&Rules::new(&loaded), fates(1..7), 365, "level 5");
}

/// Random levers on random days, and futures that go on from the evening of another.
#[test]
fn levers_and_resumed_futures_are_the_same_with_and_without_a_world() {
    for name in ["november-2024", "collective-deal", "the-region-incorporated", "restraint-returned"] {
        let rules = Rules::new(&scenario::load(name).unwrap());
        let mut both = Both::new(&rules);
        for k in 0..10_u64 {
            let fate = Fate { seed: 90 + k, future: k, prior: k % 2 == 1 };
            let log = Choices::new(k + 1).lever_log(8);
            both.begin(fate, &log);
            let evening = both.run(40 + 23 * k as u32, &format!("{name}, {fate:?} with levers"));
            let other = Fate { future: 100 + k, prior: !fate.prior, ..fate };
            both.world.restore(&evening, other, log.clone());
            both.course.restore(&evening, other, log.clone());
            both.run(120, &format!("{name}, {other:?} from day {}", evening.clock.day));
        }
    }
}
