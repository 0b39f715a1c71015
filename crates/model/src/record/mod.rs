//! What happened and why: causes, daily series, outcomes, digests, writers.
//!
//! The simulation writes [`Event`](crate::sim::event::Event)s into the day's `Journal`; everything here reads. Text is made
//! only at the edge ([`say`]), so an ensemble of a million days formats nothing.

pub mod about;
mod accounts;
mod behind;
mod counter;
mod decided;
pub mod digest;
pub mod digits;
pub mod explain;
pub mod explained;
pub mod fates;
mod numbers;
pub mod outcome;
pub mod parts;
pub mod recorder;
mod replay;
pub mod say;
pub mod series;
pub mod summary;
mod without;
