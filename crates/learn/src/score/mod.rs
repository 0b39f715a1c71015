//! How good a forecast was: scoring rules, simple rules to beat, and intervals of the difference.

pub mod baselines;
pub mod ingarch;
pub mod law;
pub mod minimise;
pub mod rules;
pub mod skill;
