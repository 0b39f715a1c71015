//! Writes the model's words along one axis of the key to standard output, without end, for a statistical battery:
//!
//! ```sh
//! cargo run --release --example draw_sequence -- --axis day | dieharder -a -g 200
//! ```
//!
//! All other parts of the key stay fixed, so that a battery sees exactly the neighbours that the model sees.

use clap::{Parser, ValueEnum};
use detente::chance::{DayKey, Key};
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// The part of the key that runs.
#[derive(Clone, Copy, ValueEnum)]
enum Axis {
    /// Consecutive days of one process and entity.
    Day,
    /// Entities `ACT00000>ACT00000`, `ACT00001>ACT00000`, … on one day.
    Entity,
    /// Processes `process-0`, `process-1`, … of one entity on one day.
    Process,
    /// Indices within one day of one process and entity.
    K,
    /// Consecutive seeds.
    Seed,
    /// Consecutive futures of one seed.
    Future,
    /// Timeless draws of consecutive futures, one parameter after another.
    Parameter,
    /// The order of a real ensemble: four draws of each of 60 entities on each of 365 days of each future.
    Run,
}

/// The part of each 64-bit word that is written.
#[derive(Clone, Copy, ValueEnum)]
enum Bits {
    /// All 64, low half first.
    All,
    /// The upper 32: those that decide a quantile.
    High,
    /// The lower 32.
    Low,
    /// All 64 in reverse order, so that a test that looks at high bits first meets the lowest.
    Reversed,
}

/// Words of `detente::chance` along one axis, as raw bytes on standard output, until the pipe closes.
#[derive(Parser)]
struct Arguments {
    /// Which part of the key runs.
    #[arg(long)]
    axis: Axis,
    /// Which bits of each word are written.
    #[arg(long, default_value = "all")]
    bits: Bits,
    /// The seed at which everything else is held (and at which the axis `seed` starts).
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Entities per day and days per future on the axis `run`.
const ENTITIES: u64 = 60;
const DAYS: u64 = 365;

fn word(axis: Axis, seed: u64, n: u64, entities: &[Key]) -> u64 {
    let at = |key: Key| key.of("fire").of("ACT00017>ACT00018");
    match axis {
        // A day has 32 bits; after all of them the next seed takes over.
        Axis::Day => at(Key::new(seed.wrapping_add(n >> 32), 0)).day(n as i32).word(0),
        Axis::K => at(Key::new(seed.wrapping_add(n >> 32), 0)).day(96).word(n as u32),
        Axis::Seed => at(Key::new(seed.wrapping_add(n), 0)).day(96).word(0),
        Axis::Future => at(Key::new(seed, n)).day(96).word(0),
        Axis::Entity => {
            let id = format!("ACT{:05}>ACT{:05}", n % 100_000, n / 100_000);
            Key::new(seed, 0).of("fire").of(&id).day(96).word(0)
        }
        Axis::Process => Key::new(seed, 0).of(&format!("process-{n}")).of("ACT00017>ACT00018").day(96).word(0),
        Axis::Parameter => timeless(seed, n).word(0),
        Axis::Run => {
            let (k, n) = (n % 4, n / 4);
            let (entity, day) = (n % ENTITIES, n / ENTITIES % DAYS);
            entities[entity as usize].day(day as i32).word(k as u32)
        }
    }
}

fn timeless(seed: u64, n: u64) -> DayKey {
    const PARAMETERS: [&str; 4] = ["hawkes.a", "hawkes.b", "death_exponent", "truce.base"];
    Key::new(seed, n / 4).of("parameter").of(PARAMETERS[(n % 4) as usize]).timeless()
}

fn write_words(arguments: &Arguments, out: &mut impl Write) -> io::Result<()> {
    let mut buffer = Vec::with_capacity(1 << 16);
    let mut entities = Vec::new();
    for n in 0_u64.. {
        if matches!(arguments.axis, Axis::Run) && n % (4 * ENTITIES * DAYS) == 0 {
            let future = Key::new(arguments.seed, n / (4 * ENTITIES * DAYS)).of("fire");
            entities = (0..ENTITIES).map(|e| future.of(&format!("ACT{e:05}>ACT{:05}", e + 1))).collect();
        }
        let word = word(arguments.axis, arguments.seed, n, &entities);
        match arguments.bits {
            Bits::All => buffer.extend(word.to_le_bytes()),
            Bits::High => buffer.extend(((word >> 32) as u32).to_le_bytes()),
            Bits::Low => buffer.extend((word as u32).to_le_bytes()),
            Bits::Reversed => buffer.extend(word.reverse_bits().to_le_bytes()),
        }
        if buffer.len() + 8 > buffer.capacity() {
            out.write_all(&buffer)?;
            buffer.clear();
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    match write_words(&Arguments::parse(), &mut io::stdout().lock()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            eprintln!("Standard output could not be written: {error}. Pipe it into a program that reads it.");
            ExitCode::FAILURE
        }
        // The reader has seen enough.
        _ => ExitCode::SUCCESS,
    }
}
