//! A sitting with the model: one scenario and seed, branches of history, a playhead, lever moves that can be undone, and
//! the futures that fan out from the playhead. Nothing here draws; a window, a web page and the tests use it alike.
//!
//! What a person does becomes lever changes with a day, and nothing else: [`file`](mod@file) keeps exactly those, and replaying
//! them gives every number again.

pub mod ahead;
pub mod away;
pub mod backtest;
pub mod beside;
pub mod camps;
pub mod chart;
pub mod compare;
pub mod contest;
pub mod counted;
pub mod cover;
pub mod desk;
pub mod file;
pub mod guesses;
pub mod history;
pub mod inquiry;
mod job;
pub mod lessons;
pub mod limits;
pub mod link;
pub mod names;
pub mod needle;
pub mod policy;
pub mod replay;
pub mod report;
pub mod sitting;
pub mod start;
pub mod steps;
#[cfg(test)]
mod strangers;
pub mod tracks;
pub mod wish;

pub use history::{History, Stage};
pub use sitting::{Branch, Sitting};
