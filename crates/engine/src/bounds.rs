//! What seeds, futures and days there are, and how many rows there is room for.

use crate::{Code, Error};
use detente_model::sim::world::MOST_SEED;
use detente_study::tables::run::MOST_DAYS;
use std::ops::Range;

/// The largest number that a future may have.
pub const MOST_FUTURE: u64 = 1_000_000_000;

/// Whether there are such futures: everything that is wrong with them.
pub(crate) fn bounds(seed: u64, futures: &Range<u64>, days: u32) -> Result<(), Error> {
    let Range { start, end } = *futures;
    let mut wrong = Vec::new();
    if !(1..=MOST_DAYS).contains(&days) {
        wrong.push(format!("days = {days}: a future has 1 to {MOST_DAYS} days"));
    }
    if seed > MOST_SEED {
        wrong.push(format!("seed = {seed}: seeds go from 0 to {MOST_SEED}"));
    }
    if start >= end || end > MOST_FUTURE {
        let last = MOST_FUTURE - 1;
        wrong.push(format!("futures {start}..{end}: take one at least, and numbers from 0 to {last}"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::new(Code::Bound, wrong)) }
}

/// Room for so many cells, if there is any.
pub(crate) fn room_for<T>(rows: u64) -> Result<Vec<T>, Error> {
    let mut list = Vec::new();
    let there = usize::try_from(rows).is_ok_and(|rows| list.try_reserve_exact(rows).is_ok());
    if there { Ok(list) } else { Err(too_many(rows)) }
}

/// So many cells that hold nothing yet.
pub(crate) fn room<T>(rows: u64, nothing: impl Fn() -> T) -> Result<Vec<T>, Error> {
    let mut list = room_for(rows)?;
    list.extend((0..rows).map(|_| nothing()));
    Ok(list)
}

/// What is said where there is none.
pub(crate) fn too_many(rows: u64) -> Error {
    let words = format!(
        "{rows} futures with all of their rows have no room in memory; keep sums alone (rows=False in Python) or fewer columns \
         (columns=), or run them in parts"
    );
    Error::new(Code::Bound, [words])
}

/// Bytes of memory that are free, where the system says: a system that promises more than it has would otherwise end the process.
pub(crate) fn memory() -> Option<u64> {
    let said = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = said.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}
