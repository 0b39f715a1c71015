//! Scenarios: from a file to a validated description of a world.

pub mod raw;
