//! The long form of `tests/class.rs`: a lesson with fifty people whose server is killed two hundred times.
//!
//! `cargo build --no-default-features && cargo run -p detente-class --example kills -- target/debug/detente [KILLS] [PEOPLE] [SEED]`

mod driver;

use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number =
        |place: usize, default: u64| arguments.get(place).and_then(|text| text.parse().ok()).unwrap_or(default);
    let program = arguments.first().ok_or("give the path of the program, then how many kills, people, and a seed")?;
    let (kills, people, seed) = (number(1, 200), number(2, 50), number(3, 1));
    let data = std::env::temp_dir().join(format!("detente-kills-{}", std::process::id()));
    let began = Instant::now();
    let report = driver::lesson(Path::new(program), &data, people as usize, kills as u32, seed)?;
    println!(
        "{} kills, {people} people, {} orders and wishes acknowledged, {} kept, {} turns, a session of {} kB, {:.0} s: none lost, none twice, every seat as it was, and the \
         session replays to the digest",
        report.kills,
        report.acknowledged,
        report.kept,
        report.turns,
        report.session.len() / 1024,
        began.elapsed().as_secs_f64()
    );
    std::fs::remove_dir_all(&data).map_err(|error| error.to_string())
}
