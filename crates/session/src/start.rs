//! Where a history may start beside day 0 of its scenario: nowcasts that ship with the program.

pub use detente_learn::now::{Start, fitting, shipped, shipped_start};
