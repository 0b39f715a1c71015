//! The world of Détente and its day: who acts, by which equations, on which luck, and what came of it and why.
//!
//! A run is a pure function of (scenario, seed, number of the future, lever log). Nothing here knows a window, a terminal,
//! a thread or a clock.

pub mod camps;
pub mod chance;
pub mod record;
pub mod scenario;
pub mod sim;
pub mod symbols;
