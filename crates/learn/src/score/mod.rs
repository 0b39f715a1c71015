//! How good a forecast was: scoring rules, simple rules to beat, and intervals of the difference.

pub mod law;
pub mod rules;
