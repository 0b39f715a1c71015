//! How far a roadmap is, and what that takes from fire: what other mechanisms read of it (6.12).

use crate::sim::state::Roadmap;

/// Phases of the roadmap.
pub const PHASES: f64 = 12.0;

/// Share of the roadmap implemented, 0 to 1.
#[inline]
#[must_use]
pub fn implemented(roadmap: &Roadmap) -> f64 {
    (roadmap.phases / PHASES).min(1.0)
}

/// Factor on fire that the roadmap ends step by step: `1 − share · implemented` (claim H4 with `road_halt`).
#[inline]
#[must_use]
pub fn halting(share: f64, implemented: f64) -> f64 {
    1.0 - share * implemented
}
