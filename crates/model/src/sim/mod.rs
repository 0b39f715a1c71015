//! The simulation: one day, and one file per mechanism.
//!
//! Reading order: [`rules`] (what never changes in a run), [`state`] (what does), [`mod@day`] (the order of a day, and where
//! mechanisms meet the ECS), then the mechanisms. Rule functions are pure and read like the equations of the model
//! document; a mechanism's day function gathers their inputs, draws, and writes what it owns.

pub mod altered;
pub mod calendar;
pub mod columns;
pub mod course;
mod dated;
pub mod day;
pub mod event;
pub mod force;
pub mod given;
pub mod home;
pub mod luck;
pub mod mechanism;
pub mod mechanisms;
pub mod moved;
pub mod probe;
pub mod roster;
pub mod rules;
pub mod start;
pub mod state;
pub mod strategy;
pub mod talks;
pub mod tally;
pub mod world;
