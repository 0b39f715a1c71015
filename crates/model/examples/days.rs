//! Days and nothing else, for profilers: futures of one scenario one after the other, and a checksum of where they end.
//!
//! `cargo run --profile profiling -p detente-model --example days -- november-2024 1000 365 [prior]`; under callgrind the
//! difference of two numbers of futures gives the instructions of a day.

use detente_model::scenario;
use detente_model::sim::course::Course;
use detente_model::sim::rules::Rules;
use detente_model::sim::world::Fate;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_else(|| "november-2024".to_owned());
    let mut number = |otherwise| arguments.next().and_then(|n| n.parse().ok()).unwrap_or(otherwise);
    let (futures, days): (u32, u32) = (number(200), number(365));
    let prior = arguments.next().as_deref() == Some("prior");
    let rules = Rules::new(&scenario::load(&name).expect("a built-in scenario"));
    let fate = |future| Fate { seed: 2, future, prior };
    let mut course: Course = Course::new(&rules, fate(0), Vec::new());
    let mut sum = 0_u64;
    for future in 0..u64::from(futures) {
        course.begin(fate(future), Vec::new());
        course.run(days);
        let deaths = course.tally().deaths.iter().sum::<u64>();
        let fires = &course.columns().fires;
        sum = sum.rotate_left(7) ^ deaths ^ fires.iter().fold(0, |a: u64, f| a.rotate_left(5) ^ f.excitation.to_bits());
    }
    println!("{sum:016x}");
}
