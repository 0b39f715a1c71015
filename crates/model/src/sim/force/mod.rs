//! Fire and its harm: supply, threat, routine fire, salvos, targets, deaths, escalation levels.

pub mod fire;
pub mod harm;
pub mod ladder;
pub mod salvo;
pub mod supply;
pub mod target;
pub mod threat;
