//! Does a stronger UNIFIL lengthen a truce in Lebanon? `cargo run --release --example unifil`
//!
//! Two arms on the same random numbers: 10,000 soldiers, and 15,000 from the first day. What differs between the arms of one
//! pair is what the lever did, and nothing else.

use detente::futures::effect::effect;
use detente::futures::ensemble::{Plan, Progress};
use detente::scenario;
use detente::sim::rules::Rules;
use detente::symbols::levers::{Lever, LeverChange};
use noisy_float::prelude::r64;

fn main() -> Result<(), scenario::Errors> {
    let rules = Rules::new(&scenario::load("november-2024")?);
    let plan = |log| Plan { seed: 1, days: 180, prior: true, log, from: None };
    let more = LeverChange { day: 0, lever: Lever::UnifilTroops, value: r64(15_000.0) };
    let pairs = effect(&rules, &plan(Vec::new()), &plan(vec![more]), 1_000, 2, &Progress::default());

    let lebanon = rules.table("LEB").expect("the scenario has a table for Lebanon");
    match pairs.spells[lebanon].survival(90) {
        Some((without, with, d)) => println!(
            "Of the truces signed in Lebanon {:.1} % last 90 days, and {:.1} % with 15,000 soldiers: \
             {:+.1} points ({:+.1} to {:+.1}, 90 % interval)",
            100.0 * without.p,
            100.0 * with.p,
            100.0 * d.difference,
            100.0 * d.low,
            100.0 * d.high
        ),
        None => println!("Too few truces were signed to say."),
    }
    Ok(())
}
