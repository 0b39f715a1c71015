//! Does a stronger UNIFIL lengthen a truce in Lebanon? `cargo run --release -p detente-engine --example unifil`
//!
//! Two arms on the same random numbers: 10,000 soldiers, and 15,000 from the first day. What differs between the arms of one
//! pair is what the lever did, and nothing else.

use detente_engine::{Error, Model, Order, Point};

fn main() -> Result<(), Error> {
    let model = Model::load("november-2024")?;
    let futures = model.ensemble().futures(0..1_000).days(180).point(Point::Drawn);
    let effect = futures.effect(&[Order::new("unifil.troops", "15000", 0)])?;
    match effect.lasting("LEB", 90)? {
        Some(truces) => println!(
            "Of the truces signed in Lebanon {:.1} % last 90 days, and {:.1} % with 15,000 soldiers: \
             {:+.1} points ({:+.1} to {:+.1}, 90 % interval)",
            100.0 * truces.without.value,
            100.0 * truces.with.value,
            100.0 * truces.difference.value,
            100.0 * truces.difference.low,
            100.0 * truces.difference.high
        ),
        None => println!("Too few truces were signed to say."),
    }
    Ok(())
}
